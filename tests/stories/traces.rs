//! What Kith does about a message is one trace, from the door to every recipient, and a collector gets it: by the message's id, or by the
//! trace that the caller began; and nothing in it tells of a child.

use std::collections::BTreeSet;

use crate::world::caller::Request;
use crate::world::collector::{Collector, attribute};
use crate::world::load::{Program, free_port, is_live};
use crate::world::{Caller, Tweaks, World, run, until};
use serde_json::{Value, json};
use uuid::Uuid;

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
/// A trace of the caller's, that is to be collected.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[test]
fn a_message_is_followed_from_the_door_to_its_recipients() {
    run(async {
        let collector = Collector::open();
        let port = free_port();
        let tweaks = Tweaks { bind: format!("127.0.0.1:{port}"), ..Tweaks::default() };
        let world = World::without_gateway(&tweaks).await;
        let endpoint = [("KITH__TELEMETRY__OTLP_ENDPOINT", collector.url())];
        let _program = Program::start_with(&world.folder, &endpoint);
        let base = format!("http://127.0.0.1:{port}");
        until("the program answers", || is_live(&base)).await;
        let sender = Caller::at(&base, "health-visitor");

        let check: Value = serde_json::from_str(CHECK).unwrap();
        let id = Uuid::new_v4();
        let request = Request::new("POST", "/records/new-birth-visit").json(&check).known_as(id);
        sender.asks(request).await.expect(202);
        let trace = id.simple().to_string();
        let spans = until("the whole trace has arrived", || async {
            let spans = collector.of_trace(&trace);
            let attempts = spans.iter().filter(|span| span.name == "attempt").count();
            (attempts >= 2 && spans.iter().any(|span| span.name.starts_with("POST"))).then_some(spans)
        })
        .await;
        let names: BTreeSet<&str> = spans.iter().map(|span| span.name.as_str()).collect();
        for name in ["check", "map", "decide", "accept", "token", "journal", "hand over", "settle"] {
            assert!(names.contains(name), "{name} is in {names:?}");
        }
        let door = spans.iter().find(|span| span.name == "POST /records/{kind}").expect("the door");
        assert!(door.parent_span_id.is_empty());
        assert_eq!(attribute(door, "http.response.status_code").as_deref(), Some("202"));
        assert_eq!(attribute(door, "request.id"), Some(id.to_string()));
        let check_span = spans.iter().find(|span| span.name == "check").expect("the check");
        assert_eq!(check_span.parent_span_id, door.span_id);
        let told: BTreeSet<String> = spans.iter().filter_map(|span| attribute(span, "recipient")).collect();
        assert!(told.contains("north-centre") && told.contains("weir-lane"), "{told:?}");

        let traceparent = format!("00-{TRACE}-00f067aa0ba902b7-01");
        let mut second = check.clone();
        second["needs"]["plan"][0]["action"] = json!("Turn 2");
        let request = Request::new("POST", "/records/new-birth-visit").json(&second);
        sender.asks(request.with("traceparent", &traceparent)).await.expect(202);
        let spans = until("the caller's trace goes on", || async {
            Some(collector.of_trace(TRACE)).filter(|spans| spans.len() >= 4)
        })
        .await;
        let door = spans.iter().find(|span| span.name == "POST /records/{kind}").expect("the door");
        assert_eq!(door.parent_span_id, 0x00f0_67aa_0ba9_02b7_u64.to_be_bytes());

        let id = Uuid::new_v4();
        let request = Request::new("GET", "/fhir/Task?_count=0").known_as(id);
        sender.asks(request.with("traceparent", "00-no-trace-at-all")).await.expect(200);
        until("what cannot be read counts as none", || async {
            (!collector.of_trace(&id.simple().to_string()).is_empty()).then_some(())
        })
        .await;

        for partner in world.partners() {
            for delivered in partner.arrived() {
                assert_eq!(delivered.header("traceparent"), None, "recipients cannot compare traces");
            }
        }
        let all = collector.text();
        let child = &check["child"];
        for private in [&child["nhsNumber"], &child["name"]["family"], &child["birthDate"]] {
            let private = private.as_str().expect("it is in the record");
            assert!(!all.contains(private), "{private} is in what was collected");
        }
    });
}
