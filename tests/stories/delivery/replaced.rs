//! What a delivery rests on changes while it waits.

use serde_json::{Value, json};

use crate::world::caller::Request;
use crate::world::{World, run};

const WAITING: &str = include_str!(
    "../../journeys/consent-withdrawn-before-delivery/1-sent-while-the-centre-is-down/given.json"
);
const CONSENTS: &str = include_str!(
    "../../journeys/consent-withdrawn-before-delivery/1-sent-while-the-centre-is-down/consents.json"
);

#[test]
fn a_recipient_that_a_consent_names_no_more_is_told_nothing_and_leaves_no_dead_letter() {
    run(async {
        let world = World::start().await;
        let health_visitor = world.health_visitor();
        let consents: Value = serde_json::from_str(CONSENTS).unwrap();
        let mut consent = consents[0]["consent"].clone();
        // A centre that only the consent brings to this child: its own area is another.
        let actor = "/provision/actor/0/reference/identifier/value";
        *consent.pointer_mut(actor).unwrap() = json!("900102");
        let kept =
            health_visitor.asks(Request::new("POST", "/fhir/Consent").json(&consent)).await.expect(201);
        let id = kept.json()["id"].as_str().unwrap().to_owned();

        world.aldermere_centre().goes_down().await;
        let waiting = serde_json::from_str(WAITING).unwrap();
        let sent = health_visitor.sends("new-birth-visit", &waiting).await.expect(202);
        let retrying = json!({ "event": "retrying", "recipient": "aldermere-centre" });
        world.wait_until_journal_says(0, &retrying).await;

        *consent.pointer_mut(actor).unwrap() = json!("900101");
        consent["id"] = json!(id);
        let path = format!("/fhir/Consent/{id}");
        let change = Request::new("PUT", &path).json(&consent).with("if-match", "W/\"1\"");
        health_visitor.asks(change).await.expect(200);
        world.aldermere_centre().comes_back().await;
        let receipt = world.wait_for(&sent, "aldermere-centre", "cancelled").await;
        let note = receipt["note"].as_str().unwrap();
        assert!(note.contains("not around this child any more"), "{note}");
        let withdrawn = json!({ "event": "withdrawn", "recipient": "aldermere-centre" });
        world.wait_until_journal_says(0, &withdrawn).await;
        assert!(world.aldermere_centre().arrived().is_empty());
    });
}
