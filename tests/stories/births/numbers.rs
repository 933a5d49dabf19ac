//! A child that is known by two NHS numbers is born once.

use kith::domain::PartnerId;
use serde_json::json;

use super::desk::{Desk, NAMED, family, form, number, said};
use super::messages::{rows, told};
use crate::world::caller::Request;
use crate::world::person::start;
use crate::world::{Caller, run};

#[test]
fn a_child_with_two_numbers_is_one_birth() {
    run(async {
        let desk = Desk::of_messages(start().await).await;
        told(&desk).await;
        let council = Caller::of(&desk.world, "authority");
        let numbers = async || {
            let found = council.gets("/births/2026-10").await.expect(200).json();
            (found["births"].as_str().unwrap().to_owned(), found["listed"].as_str().unwrap().to_owned())
        };
        assert_eq!(numbers().await, ("4".to_owned(), "2".to_owned()));
        // Of one of them the birth was notified, under the other the parents agreed.
        let part = |name: &str, value: String| json!({ "name": name, "valueIdentifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": value } });
        let merged = json!({ "resourceType": "Parameters", "parameter": [
            part("source-patient-identifier", number(2)), part("target-patient-identifier", number(5)),
        ] });
        let says = async |operation: &str| {
            let path = format!("/fhir/Patient/${operation}");
            council.asks(Request::new("POST", &path).json(&merged)).await.expect(200);
        };
        says("merge").await;
        assert_eq!(numbers().await, ("3".to_owned(), "2".to_owned()));
        let list = council.gets("/births/2026-10/list").await.expect(200);
        assert_eq!(said(&rows(&desk, "merged.age", &list), "Family name"), [family(0), family(5)]);
        let months = desk.world.house().births.birth_months(&PartnerId("kenfordshire".to_owned())).await;
        assert_eq!(months.unwrap(), [("2026-11".to_owned(), 1), ("2026-10".to_owned(), 3)]);

        // From files too.
        let births = desk.births(&[(2, "2026-10-03", "CV99 1AC")]);
        let files = [births, desk.forms(&[form(5, NAMED, "CV99 1AD")])];
        let made = desk.makes("of-files", &[&files[0], &files[1]], 0);
        assert_eq!((&made["births"], &made["listed"]), (&json!("1"), &json!("1")), "{made}");
        says("unmerge").await;
        assert_eq!(numbers().await, ("4".to_owned(), "2".to_owned()));
    });
}
