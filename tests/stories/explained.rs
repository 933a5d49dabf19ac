//! What `$explain` tells a sender is of its own message: nothing of what others' consents say of other things.

use std::collections::BTreeSet;

use crate::world::caller::Request;
use crate::world::{World, run};
use serde_json::{Value, json};

const FORM: &str = include_str!("../../mappings/first-visit-form/examples/agreed-named-centre.json");
const FLAG: &str = include_str!("../../mappings/safeguarding-template/examples/full.json");

#[test]
fn a_sender_learns_of_what_its_message_holds_and_of_no_other_consent() {
    run(async {
        let world = World::start().await;
        let form: Value = serde_json::from_str(FORM).unwrap();
        let mut template: Value = serde_json::from_str(FLAG).unwrap();
        template["child"]["nhsNumber"] = form["child"]["nhsNumber"].clone();
        world.health_visitor().sends("first-visit-form", &form).await.expect(202);
        let sent = world.gp().sends("safeguarding-template", &template).await.expect(202);
        let asked = json!({ "resourceType": "Parameters", "parameter": [{ "name": "message", "valueString": sent.message_id }] });
        let request = Request::new("POST", "/fhir/Consent/$explain").json(&asked);
        let answer = world.gp().asks(request).await.expect(200).json();
        let parts = |value: &Value| value["part"].as_array().cloned().unwrap_or_default();
        let decisions = answer["parameter"].as_array().unwrap();
        let items: BTreeSet<String> = decisions
            .iter()
            .flat_map(&parts)
            .filter(|part| part["name"] == "item")
            .flat_map(|item| parts(&item))
            .filter(|part| part["name"] == "item")
            .map(|part| part["valueCode"].as_str().unwrap().to_owned())
            .collect();
        assert!(items.contains("safeguarding") && items.contains("identity/name"), "{items:?}");
        for other in ["feeding", "measurements", "maternal-wellbeing", "birth"] {
            assert!(!items.contains(other), "the template says nothing of {other}: {items:?}");
        }
        assert!(
            !answer.to_string().contains("Consent/"),
            "whose consents there are is not for the practice to know"
        );
    });
}
