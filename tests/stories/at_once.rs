//! Messages about one child that come at once: each is taken, whatever the others change meanwhile, and one consent is left.

use crate::world::{Caller, World, run};
use futures_util::future::join_all;
use serde_json::{Value, json};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
const MESSAGES: usize = 12;

#[test]
fn messages_that_bring_a_consent_at_once_are_all_taken_and_one_consent_holds() {
    run(async {
        let world = World::start().await;
        let sender = Caller::of(&world, "health-visitor");
        let record: Value = serde_json::from_str(CHECK).unwrap();
        let answers = join_all((0..MESSAGES).map(|_| sender.sends("new-birth-visit", &record))).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        // 412 would tell a sender to give up, and it can do nothing about what others send.
        assert_eq!(statuses, [202; MESSAGES]);

        let number = record["child"]["nhsNumber"].as_str().unwrap();
        let path =
            format!("/fhir/Consent?patient:identifier=https://fhir.nhs.uk/Id/nhs-number|{number}&status=");
        let of = async |status: &str| sender.gets(&format!("{path}{status}")).await.json()["total"].clone();
        assert_eq!((of("active").await, of("inactive").await), (json!(1), json!(MESSAGES - 1)));
    });
}
