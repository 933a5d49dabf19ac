//! What `$explain` tells a sender is of its own message: nothing of what others' consents say of other things. Information governance reads
//! the whole decision, and of what there was nothing to tell.

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

#[test]
fn governance_learns_which_decisions_were_about_something_that_was_there() {
    run(async {
        let world = World::start().await;
        let template: Value = serde_json::from_str(FLAG).unwrap();
        let sent = world.gp().sends("safeguarding-template", &template).await.expect(202);
        world.wait_until_all_settled().await;
        let asked = json!({ "resourceType": "Parameters", "parameter": [{ "name": "message", "valueString": sent.message_id }] });
        let request = Request::new("POST", "/fhir/Consent/$explain").json(&asked);
        let answer = world.governance().asks(request).await.expect(200).json();
        let parts = |value: &Value| value["part"].as_array().cloned().unwrap_or_default();
        let of = |parts: &[Value], name: &str| parts.iter().find(|part| part["name"] == name).cloned();
        let decisions: Vec<Vec<Value>> = answer["parameter"].as_array().unwrap().iter().map(&parts).collect();
        assert!(
            decisions.iter().any(|one| of(one, "event").unwrap()["valueCode"] == "releasing"),
            "{answer}"
        );
        let mut seen = 0;
        for item in decisions.iter().flatten().filter(|part| part["name"] == "item").map(&parts) {
            let present = of(&item, "present").map(|part| part["valueBoolean"].clone());
            match of(&item, "item").unwrap()["valueCode"].as_str().unwrap() {
                "safeguarding" | "identity/name" => assert_eq!(present, Some(json!(true)), "{item:?}"),
                "feeding" | "maternal-wellbeing" => assert_eq!(present, Some(json!(false)), "{item:?}"),
                _ => continue,
            }
            seen += 1;
        }
        assert!(seen >= 8, "each decision says so: {answer}");
    });
}
