//! What Kith counts of itself: rates, queues, circuits and parked recipients, and nothing about a child.

use crate::world::caller::Request;
use crate::world::{Manner, World, run, until};
use serde_json::{Value, json};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");

/// The number that stands behind a name with its labels, in any order of the labels.
fn number(text: &str, name: &str, labels: &[&str]) -> Option<f64> {
    let line = text.lines().find(|line| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']))
            && labels.iter().all(|label| line.contains(label))
    })?;
    line.rsplit(' ').next()?.parse().ok()
}

async fn scrape(world: &World) -> String {
    let caller = world.health_visitor().with_token("missing");
    let answer = caller.asks(Request::new("GET", "/metrics")).await.expect(200);
    let text = answer.text();
    assert!(text.ends_with("# EOF\n"), "{text}");
    text
}

#[test]
fn numbers_say_what_was_accepted_what_waits_and_whose_circuit_is_open() {
    run(async {
        let world = World::start().await;
        let before = scrape(&world).await;
        assert_eq!(number(&before, "kith_outbox_waiting", &["recipient=\"north-centre\""]), Some(0.0));
        assert_eq!(number(&before, "kith_up", &["part=\"store\""]), Some(1.0));

        world.centre().behaves(Manner::Answer(503, json!({})));
        let check: Value = serde_json::from_str(CHECK).unwrap();
        let sent = world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
        world.wait_for(&sent, "weir-lane", "completed").await;
        until("the circuit is open", || async {
            let text = scrape(&world).await;
            let circuit = number(&text, "kith_circuit", &["recipient=\"north-centre\""])?;
            (circuit > 0.0).then_some(())
        })
        .await;
        let text = scrape(&world).await;
        assert_eq!(number(&text, "kith_messages_accepted_total", &["kind=\"new-birth-visit\""]), Some(1.0));
        let delivered = ["recipient=\"weir-lane\"", "outcome=\"delivered\""];
        assert_eq!(number(&text, "kith_delivery_attempts_total", &delivered), Some(1.0));
        let retrying = ["recipient=\"north-centre\"", "outcome=\"retrying\""];
        assert!(number(&text, "kith_delivery_attempts_total", &retrying).unwrap() >= 5.0, "{text}");
        assert!(number(&text, "kith_outbox_oldest_seconds", &["north-centre"]).unwrap() > 0.0);
        let posted = ["route=\"/records/{kind}\"", "method=\"POST\"", "status=\"202\""];
        assert_eq!(number(&text, "kith_requests_total", &posted), Some(1.0));
        assert!(number(&text, "kith_journal_entries", &[]).unwrap() >= 3.0);
        assert!(number(&text, "kith_delivery_duration_seconds_count", &[]).unwrap() >= 1.0);
        assert!(!text.contains("9990000018"), "no number of a child");
    });
}

#[test]
fn what_a_proxy_passes_on_is_not_from_this_machine() {
    run(async {
        let world = World::start().await;
        let caller = world.health_visitor().with_token("missing");
        for header in ["x-forwarded-for", "forwarded"] {
            caller.asks(Request::new("GET", "/metrics").with(header, "for=192.0.2.1")).await.expect(403);
        }
    });
}

#[test]
fn an_unheard_of_method_or_address_makes_no_number_of_its_own() {
    run(async {
        let world = World::start().await;
        for method in ["BREW", "TRACE", "PROPFIND"] {
            let caller = world.health_visitor().with_token("missing");
            let _ = caller.tries(Request::new(method, "/fhir/Patient/9990000018")).await;
        }
        let text = scrape(&world).await;
        assert!(!text.contains("BREW") && !text.contains("9990000018"), "{text}");
    });
}
