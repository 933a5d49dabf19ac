//! Every address, as a client finds it that knows FHIR and HTTP and not Kith: what is offered is there, what is not is said.

use crate::world::caller::Request;
use crate::world::{Answer, Caller, World, run};
use serde_json::{Value, json};

const CONSENT: &str = include_str!("../journeys/consent-kept/01-put-on-file/given.json");
const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");

fn nobody(world: &World) -> Caller<'_> {
    Caller::of(world, "health-visitor").with_token("missing")
}

async fn finds(world: &World, path: &str) -> Value {
    nobody(world).gets(path).await.expect(200).json()
}

fn total(bundle: &Value) -> u64 {
    bundle["total"].as_u64().unwrap_or_else(|| panic!("{bundle}"))
}

fn allowed(answer: &Answer) -> &str {
    answer.headers["allow"].to_str().unwrap()
}

/// The requests by which an interaction of the CapabilityStatement is tried.
fn calls(type_name: &str, interaction: &str) -> Vec<(&'static str, String)> {
    let one = format!("/fhir/{type_name}/example");
    match interaction {
        "read" => vec![("GET", one.clone()), ("HEAD", one)],
        "vread" => vec![("GET", one + "/_history/1")],
        "history-instance" => vec![("GET", one + "/_history")],
        "update" => vec![("PUT", one)],
        "create" => vec![("POST", format!("/fhir/{type_name}"))],
        "search-type" => {
            let all = format!("/fhir/{type_name}");
            vec![("GET", all.clone()), ("HEAD", all.clone()), ("POST", all + "/_search")]
        }
        other => panic!("{other}: how is it tried?"),
    }
}

#[test]
fn every_interaction_that_the_capability_statement_names_has_its_address() {
    run(async {
        let world = World::start().await;
        let statement = finds(&world, "/fhir/metadata").await;
        let resources = statement.pointer("/rest/0/resource").and_then(Value::as_array).unwrap();
        let mut tried = 0;
        for resource in resources {
            let name = resource["type"].as_str().unwrap();
            let interactions = resource["interaction"].as_array().into_iter().flatten();
            for interaction in interactions.map(|one| one["code"].as_str().unwrap()) {
                for (method, path) in calls(name, interaction) {
                    let answer = nobody(&world).asks(Request::new(method, &path)).await;
                    assert_ne!(answer.status, 405, "{method} {path}");
                    if answer.status == 404 && method != "HEAD" {
                        assert!(!answer.text().contains("nothing at this address"), "{method} {path}");
                    }
                    tried += 1;
                }
            }
            for path in [format!("/fhir/{name}/$validate"), format!("/fhir/{name}/example/$validate")] {
                let check = Request::new("POST", &path).json(&json!({ "resourceType": name }));
                nobody(&world).asks(check).await.expect(200);
            }
        }
        assert!(tried > 50, "{tried}");
    });
}

#[test]
fn another_method_is_told_which_ones_the_address_takes_and_another_address_that_there_is_none() {
    run(async {
        let world = World::start().await;
        for (method, path, allow) in [
            ("DELETE", "/fhir/Flag/1", "PUT"),
            ("GET", "/fhir/Flag/1", "PUT"),
            ("PATCH", "/fhir/Consent/1", "GET, HEAD, PUT"),
            ("GET", "/fhir/Consent/$explain", "POST"),
            ("GET", "/fhir/Task/_search", "POST"),
            ("DELETE", "/fhir/Patient/$school", "GET, HEAD, POST"),
            ("PUT", "/fhir/StructureDefinition/child", "GET, HEAD"),
            ("POST", "/fhir/metadata", "GET, HEAD"),
            ("PUT", "/inbox", "GET, HEAD, POST"),
            ("GET", "/school/needs", "POST"),
            ("PUT", "/school/imports/1", "DELETE, GET, HEAD, POST"),
            ("POST", "/births/2026-11", "GET, HEAD"),
            ("OPTIONS", "/records/concern", "POST"),
        ] {
            let answer = nobody(&world).asks(Request::new(method, path)).await.expect(405);
            assert_eq!(allowed(&answer), allow, "{method} {path}");
            assert!(answer.text().contains(allow), "{}", answer.text());
        }
        for (method, path) in [
            ("GET", "/fhir/Flag/1/_history"),
            ("DELETE", "/fhir/Patient/1"),
            ("PUT", "/fhir/Organization"),
            ("POST", "/nothing"),
        ] {
            nobody(&world).asks(Request::new(method, path)).await.expect(404);
        }
        let operation = nobody(&world).gets("/fhir/ValueSet/$autogen").await.expect(404);
        assert!(operation.text().contains("no such operation"), "{}", operation.text());
    });
}

#[test]
fn whoever_asks_for_the_head_gets_it_without_the_body() {
    run(async {
        let world = World::start().await;
        for path in
            ["/fhir/metadata", "/fhir/StructureDefinition/child", "/openapi.json", "/", "/health/ready"]
        {
            let whole = nobody(&world).gets(path).await.expect(200);
            let head = nobody(&world).asks(Request::new("HEAD", path)).await.expect(200);
            assert!(head.bytes.is_empty() && !whole.bytes.is_empty(), "{path}");
            for name in ["content-type", "content-length"] {
                assert_eq!(head.headers.get(name), whole.headers.get(name), "{name} of {path}");
            }
        }
    });
}

#[test]
fn an_answer_is_laid_out_for_a_person_who_asks_for_that() {
    run(async {
        let world = World::start().await;
        let plain = nobody(&world).gets("/fhir/ValueSet?_count=1").await.expect(200);
        let pretty = nobody(&world).gets("/fhir/ValueSet?_count=1&_pretty=true").await.expect(200);
        assert!(pretty.text().lines().count() > 20 && plain.text().lines().count() == 1);
        assert_eq!(plain.json(), pretty.json());
        let refused = nobody(&world).gets("/fhir/Task?_pretty=true").await.expect(401);
        assert!(refused.text().starts_with("{\n"), "{}", refused.text());
    });
}

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
        visitor.sends("new-birth-visit", &serde_json::from_str(CHECK).unwrap()).await.expect(202);
        let all = visitor.gets("/fhir/Task").await.expect(200).json();
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
        assert!(refused.text().contains("Consent.meta.tag[0]"), "{}", refused.text());
        // A refusal is taken however it comes: what may be missing of it could only permit.
        part["provision"]["type"] = json!("deny");
        puts(&part).await.expect(200);
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
fn a_sender_asks_for_what_changed_since_it_asked_last() {
    run(async {
        let world = World::start().await;
        let visitor = world.health_visitor();
        visitor.sends("new-birth-visit", &serde_json::from_str(CHECK).unwrap()).await.expect(202);
        world.wait_until_all_settled().await;
        let all = visitor.gets("/fhir/Task").await.expect(200).json();
        let tasks: Vec<&Value> =
            all["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]).collect();
        let mut times: Vec<&str> =
            tasks.iter().map(|task| task["meta"]["lastUpdated"].as_str().unwrap()).collect();
        times.sort_unstable();
        let (first, last) = (times[0], times[times.len() - 1]);
        let found = async |query: String| {
            total(&visitor.gets(&format!("/fhir/Task?{query}")).await.expect(200).json())
        };
        assert_eq!(found(format!("_lastUpdated=ge{first}")).await, total(&all));
        assert_eq!(found(format!("_lastUpdated=gt{last}")).await, 0);
        assert_eq!(found(format!("_lastUpdated=ge{first}&_lastUpdated=le{last}")).await, total(&all));
        let of_last = times.iter().filter(|time| **time == last).count() as u64;
        assert_eq!(found(format!("_lastUpdated={last}")).await, of_last);
        assert_eq!(found(format!("_lastUpdated=lt{first}")).await, 0);
        let id = tasks[0]["id"].as_str().unwrap();
        assert_eq!(found(format!("_id={id}")).await, 1);
        assert_eq!(found("_id=nothing".to_owned()).await, 0);
        visitor.gets("/fhir/Task?_lastUpdated=yesterday").await.expect(400);
        visitor.gets(&format!("/fhir/Task?_id={id}&_id={id}")).await.expect(400);
    });
}
