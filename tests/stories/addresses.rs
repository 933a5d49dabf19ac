//! Every address, as a client finds it that knows FHIR and HTTP and not Kith: what is offered is there, what is not is said.

use crate::world::caller::Request;
use crate::world::{Answer, Caller, World, run};
use serde_json::{Value, json};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");

pub fn nobody(world: &World) -> Caller<'_> {
    Caller::of(world, "health-visitor").with_token("missing")
}

/// The receipts of a check that the health visitor sent, once none of them moves on any more.
pub async fn receipts_of_a_check(world: &World) -> Value {
    let visitor = world.health_visitor();
    visitor.sends("new-birth-visit", &serde_json::from_str(CHECK).unwrap()).await.expect(202);
    world.wait_until_all_settled().await;
    visitor.gets("/fhir/Task").await.expect(200).json()
}

pub async fn finds(world: &World, path: &str) -> Value {
    nobody(world).gets(path).await.expect(200).json()
}

pub fn total(bundle: &Value) -> u64 {
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
        let gp = world.gp();
        let posted = |form| gp.asks(Request::new("POST", "/fhir/Task/_search").form(form));
        assert!(posted("_count=1&_pretty=true").await.expect(200).text().starts_with("{\n"));
        assert!(posted("_count=1&_pretty=false").await.expect(200).text().starts_with("{\""));
    });
}

#[test]
fn a_sender_asks_for_what_changed_since_it_asked_last() {
    run(async {
        let world = World::start().await;
        let visitor = world.health_visitor();
        let all = receipts_of_a_check(&world).await;
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
