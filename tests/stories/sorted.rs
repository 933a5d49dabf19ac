//! In which order what is found is shown, and whether it is said how many there are.

use crate::addresses::{finds, nobody, receipts_of_a_check};
use crate::world::caller::{Caller, Request};
use crate::world::{World, run};
use serde_json::{Value, json};

const CONSENT: &str = include_str!("../journeys/consent-kept/01-put-on-file/given.json");
const CHILD: &str = "patient:identifier=https://fhir.nhs.uk/Id/nhs-number|9991000186";

/// What each resource of a searchset says there.
fn said(bundle: &Value, pointer: &str) -> Vec<String> {
    let entries = bundle["entry"].as_array().into_iter().flatten();
    let text = |entry: &Value| entry["resource"].pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    entries.map(|entry| text(entry).unwrap_or_default()).collect()
}

async fn found(caller: &Caller<'_>, path: &str) -> Value {
    caller.gets(path).await.expect(200).json()
}

#[test]
fn receipts_come_by_when_they_were_made_or_changed() {
    run(async {
        let world = World::start().await;
        let visitor = world.health_visitor();
        receipts_of_a_check(&world).await;
        let newest = said(&receipts_of_a_check(&world).await, "/id");
        assert!(newest.len() > 2);
        assert_eq!(said(&found(&visitor, "/fhir/Task?_sort=-authored-on").await, "/id"), newest);
        let oldest = said(&found(&visitor, "/fhir/Task?_sort=authored-on").await, "/id");
        assert!(oldest.iter().eq(newest.iter().rev()), "{oldest:?} {newest:?}");

        for (name, pointer) in [("modified", "/lastModified"), ("_lastUpdated", "/meta/lastUpdated")] {
            let rising = said(&found(&visitor, &format!("/fhir/Task?_sort={name}")).await, pointer);
            assert!(rising.len() == newest.len() && rising.is_sorted(), "{rising:?}");
            let falling = said(&found(&visitor, &format!("/fhir/Task?_sort=-{name}")).await, pointer);
            assert!(falling.iter().eq(rising.iter().rev()), "{falling:?}");
        }

        // A page and the next give what the whole gives.
        let form = Request::new("POST", "/fhir/Task/_search").form("_sort=_lastUpdated&_count=2&_total=none");
        let page = visitor.asks(form).await.expect(200).json();
        assert!(page.get("total").is_none(), "{page}");
        let next = page.pointer("/link/1/url").and_then(Value::as_str).unwrap();
        let next = found(&visitor, &next[next.find("/fhir/").unwrap()..]).await;
        let whole = said(&found(&visitor, "/fhir/Task?_sort=_lastUpdated").await, "/id");
        assert_eq!([said(&page, "/id"), said(&next, "/id")].concat(), whole[..4.min(whole.len())]);

        for wrong in [
            "_sort=owner",
            "_sort=",
            "_sort=-",
            "_sort=authored-on,modified",
            "_sort=modified&_sort=modified",
            "_total=some",
            "code=read&_sort=modified",
        ] {
            let refused = visitor.gets(&format!("/fhir/Task?{wrong}")).await.expect(400).text();
            assert!(refused.contains("_sort") || refused.contains("_total"), "{refused}");
        }
    });
}

#[test]
fn events_and_consents_come_the_other_way_round() {
    run(async {
        let world = World::start().await;
        let visitor = world.health_visitor();
        let mut consent: Value = serde_json::from_str(CONSENT).unwrap();
        let posts = |consent: &Value| Request::new("POST", "/fhir/Consent").json(consent);
        let kept = visitor.asks(posts(&consent)).await.expect(201).path();
        let path = kept.split("/_history").next().unwrap();
        let first = path.rsplit('/').next().unwrap();
        consent["status"] = json!("inactive");
        let ends = Request::new("PUT", path).json(&consent).with("if-match", "W/\"1\"");
        visitor.asks(ends).await.expect(200);
        consent["status"] = json!("active");
        visitor.asks(posts(&consent)).await.expect(201);
        let by = async |sort: &str| {
            found(&visitor, &format!("/fhir/Consent?{CHILD}&_total=accurate&_sort={sort}")).await
        };
        let rising = by("_lastUpdated").await;
        assert!(rising["total"] == 2 && said(&rising, "/id")[0] == first, "{rising}");
        assert_eq!(said(&by("-_lastUpdated").await, "/id")[1], first);
        visitor.gets(&format!("/fhir/Consent?{CHILD}&_sort=date")).await.expect(400);

        let officer = world.governance();
        let newest = found(&officer, &format!("/fhir/AuditEvent?{CHILD}&_count=1000")).await;
        let before = said(&newest, "/id");
        let oldest = found(&officer, &format!("/fhir/AuditEvent?{CHILD}&_sort=date&_count=1000")).await;
        let after = said(&oldest, "/id");
        // Having looked is an event of its own, the newest.
        assert!(!before.is_empty() && after.iter().take(before.len()).eq(before.iter().rev()), "{after:?}");
        officer.gets(&format!("/fhir/AuditEvent?{CHILD}&_sort=agent")).await.expect(400);
    });
}

#[test]
fn definitions_come_by_what_they_say_of_themselves() {
    run(async {
        let world = World::start().await;
        let by = async |sort: &str| {
            finds(&world, &format!("/fhir/StructureDefinition?_count=200&_sort={sort}")).await
        };
        let names = said(&by("name").await, "/name");
        let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        assert!(names.len() > 10 && lower.is_sorted(), "{names:?}");
        assert!(said(&by("-name").await, "/name").iter().eq(names.iter().rev()));
        // All have one status; what is said next puts them in order.
        assert_eq!(said(&by("status,-name").await, "/name"), said(&by("-name").await, "/name"));
        for wrong in ["name,-name", "kind", "name,"] {
            nobody(&world).gets(&format!("/fhir/StructureDefinition?_sort={wrong}")).await.expect(400);
        }
    });
}
