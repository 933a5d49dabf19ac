//! What any client of FHIR may ask of an address: a part of what is there, nothing of what it has, and how much comes back.

use std::io::Read;

use crate::addresses::{finds, nobody, receipts_of_a_check, total};
use crate::world::caller::Request;
use crate::world::{World, run};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

const CONSENT: &str = include_str!("../journeys/consent-kept/01-put-on-file/given.json");
const FLAG: &str = include_str!("../journeys/flag-pushed-and-ended/1-push/given.json");

#[test]
fn definitions_are_shown_in_part_and_say_so() {
    run(async {
        let world = World::start().await;
        let all = finds(&world, "/fhir/StructureDefinition?_summary=true&_count=200").await;
        let shown = all["entry"].as_array().unwrap();
        assert_eq!(shown.len() as u64, total(&all));
        for entry in shown {
            let one = &entry["resource"];
            assert!(one.get("snapshot").is_none() && one.get("url").is_some(), "{one}");
            assert_eq!(one.pointer("/meta/tag/0/code").and_then(Value::as_str), Some("SUBSETTED"));
        }
        assert!(all.pointer("/link/0/url").and_then(Value::as_str).unwrap().contains("_summary=true"));
        let counted = finds(&world, "/fhir/StructureDefinition?_summary=count&type=Patient").await;
        assert!(total(&counted) > 0 && counted.get("entry").is_none(), "{counted}");
        let one = finds(&world, "/fhir/StructureDefinition/child?_elements=version").await;
        let names: Vec<&String> = one.as_object().unwrap().keys().collect();
        assert_eq!(
            names,
            ["resourceType", "id", "url", "version", "name", "status", "kind", "abstract", "type", "meta"]
        );
    });
}

#[test]
fn what_is_found_and_what_is_read_is_shown_in_part() {
    run(async {
        let world = World::start().await;
        let visitor = world.health_visitor();
        let all = receipts_of_a_check(&world).await;
        let counted = visitor.gets("/fhir/Task?_summary=count").await.expect(200).json();
        assert!(
            total(&all) > 0 && total(&counted) == total(&all) && counted.get("entry").is_none(),
            "{counted}"
        );
        assert_eq!(counted["link"].as_array().unwrap().len(), 1, "{counted}");
        assert!(counted.pointer("/link/0/url").and_then(Value::as_str).unwrap().contains("_summary=count"));

        let form = Request::new("POST", "/fhir/Task/_search").form("_elements=owner&_count=1");
        let found = visitor.asks(form).await.expect(200).json();
        let task = &found["entry"][0]["resource"];
        let names: Vec<&String> = task.as_object().unwrap().keys().collect();
        assert_eq!(names, ["resourceType", "id", "meta", "status", "intent", "owner"], "{task}");
        assert!(found.pointer("/link/1/url").and_then(Value::as_str).unwrap().contains("_elements=owner"));
        let path = format!("/fhir/Task/{}", task["id"].as_str().unwrap());
        let one = visitor.gets(&format!("{path}?_elements=owner")).await.expect(200).json();
        assert_eq!(&one, task);
        let summary = visitor.gets(&format!("{path}?_summary=true")).await.expect(200).json();
        assert!(summary.get("owner").is_some() && summary.get("authoredOn").is_none(), "{summary}");

        for wrong in ["?_summary=some", "?_elements=0", "?_summary=true&_elements=owner"] {
            visitor.gets(&format!("/fhir/Task{wrong}")).await.expect(400);
            visitor.gets(&format!("{path}{wrong}")).await.expect(400);
        }
        visitor.gets(&format!("{path}?_summary=count")).await.expect(400);
        visitor.gets(&format!("{path}?owner=somebody")).await.expect(400);
    });
}

#[test]
fn a_part_of_a_consent_is_not_taken_for_the_whole() {
    run(async {
        let world = World::start().await;
        let visitor = world.health_visitor();
        let consent: Value = serde_json::from_str(CONSENT).unwrap();
        let kept =
            visitor.asks(Request::new("POST", "/fhir/Consent").json(&consent)).await.expect(201).path();
        let path = kept.split("/_history").next().unwrap();
        let puts = async |consent: &Value| {
            let request = Request::new("PUT", path).json(consent).with("if-match", "W/\"1\"");
            visitor.asks(request).await
        };
        let mut part = visitor.gets(&format!("{kept}?_summary=data")).await.expect(200).json();
        assert_eq!(part["provision"], consent["provision"]);
        part["meta"]["tag"] = json!([{ "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED" }]);
        let refused = puts(&part).await.expect(422);
        assert!(refused.text().contains("Consent.meta"), "{}", refused.text());
        // A refusal is taken however it comes: what may be missing of it could only permit.
        part["provision"]["type"] = json!("deny");
        puts(&part).await.expect(200);
    });
}

#[test]
fn who_has_a_version_is_not_sent_it_again_and_who_wants_nothing_back_gets_nothing() {
    run(async {
        let world = World::start().await;
        let visitor = world.health_visitor();
        let mut consent: Value = serde_json::from_str(CONSENT).unwrap();
        let made = Request::new("POST", "/fhir/Consent").json(&consent).with("prefer", "return=minimal");
        let made = visitor.asks(made).await.expect(201);
        assert!(made.bytes.is_empty() && made.header("etag") == Some("W/\"1\""), "{}", made.text());
        let kept = made.path();
        let path = kept.split("/_history").next().unwrap();
        assert!(visitor.gets(path).await.expect(200).header("last-modified").unwrap().ends_with(" GMT"));
        for path in [path, &kept] {
            let asks = Request::new("GET", path).with("if-none-match", "W/\"1\"");
            let known = visitor.asks(asks).await.expect(304);
            assert!(known.bytes.is_empty() && known.header("etag") == Some("W/\"1\""));
        }
        consent["status"] = json!("inactive");
        let ends = Request::new("PUT", path).json(&consent).with("if-match", "W/\"1\"");
        let ended = visitor.asks(ends.with("prefer", "return=OperationOutcome")).await.expect(200);
        assert_eq!(
            (ended.json()["resourceType"].as_str(), ended.header("etag")),
            (Some("OperationOutcome"), Some("W/\"2\""))
        );
        let asks = Request::new("GET", path).with("if-none-match", "W/\"1\"");
        assert_eq!(visitor.asks(asks).await.expect(200).json()["status"], "inactive");

        let flag: Value = serde_json::from_str(FLAG).unwrap();
        let pushes = Request::new("POST", "/fhir/Flag").json(&flag).with("prefer", "return=minimal");
        let pushed = world.gp().asks(pushes.known_as(uuid::Uuid::from_u128(7))).await.expect(201);
        assert!(pushed.bytes.is_empty() && pushed.header("location").is_some(), "{}", pushed.text());
    });
}

#[test]
fn what_is_held_here_is_checked_against_the_profile_that_is_named() {
    run(async {
        let world = World::start().await;
        let named = "http://hl7.org/fhir/StructureDefinition/StructureDefinition";
        let found =
            finds(&world, &format!("/fhir/StructureDefinition/child/$validate?profile={named}")).await;
        assert_eq!(found["issue"][0]["severity"], "information", "{found}");
        nobody(&world)
            .gets("/fhir/StructureDefinition/child/$validate?profile=https://example.org/none")
            .await
            .expect(422);
    });
}

#[test]
fn what_anybody_may_have_is_known_again_and_comes_packed() {
    run(async {
        let world = World::start().await;
        let anybody = nobody(&world);
        for path in [
            "/fhir/StructureDefinition/child",
            "/fhir/ValueSet?_summary=true",
            "/fhir/metadata",
            "/openapi.json",
            "/package.tgz",
            "/maps/new-birth-visit-to-fhir.map",
        ] {
            let whole = anybody.gets(path).await.expect(200);
            assert_eq!(whole.header("cache-control"), Some("no-cache"), "{path}");
            let tag = whole.header("etag").unwrap();
            let known = anybody.asks(Request::new("GET", path).with("if-none-match", tag)).await.expect(304);
            assert!(known.bytes.is_empty() && known.header("etag") == Some(tag), "{path}");
            anybody.asks(Request::new("GET", path).with("if-none-match", "W/\"1\"")).await.expect(200);

            let packed = Request::new("GET", path).with("accept-encoding", "br, gzip;q=0.5");
            let packed = anybody.asks(packed).await.expect(200);
            assert_eq!(packed.header("etag"), Some(tag), "{path}");
            if path == "/package.tgz" {
                assert_eq!((packed.header("content-encoding"), &packed.bytes), (None, &whole.bytes));
                continue;
            }
            assert_eq!(
                (packed.header("content-encoding"), packed.header("vary")),
                (Some("gzip"), Some("accept-encoding")),
                "{path}"
            );
            let mut unpacked = Vec::new();
            GzDecoder::new(packed.bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
            assert!(unpacked == whole.bytes && packed.bytes.len() < unpacked.len() / 2, "{path}");
            let not = Request::new("GET", path).with("accept-encoding", "gzip;q=0, identity");
            assert_eq!(anybody.asks(not).await.expect(200).header("content-encoding"), None);
        }
        // About a child nothing is packed, and nobody keeps it.
        let asks = Request::new("GET", "/fhir/Task?_summary=true").with("accept-encoding", "gzip");
        let own = world.health_visitor().asks(asks).await.expect(200);
        assert_eq!((own.header("cache-control"), own.header("content-encoding")), (Some("no-store"), None));
    });
}
