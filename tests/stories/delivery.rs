//! Delivery when not all is well: recipients that are down, slow or refuse, a journal that cannot be written, a restart.

mod journal;
mod circuit;
mod kept;
mod replaced;
mod unheard;

use crate::world;
use crate::world::caller::Request;
use crate::world::delivered::Delivered;
use crate::world::{Manner, World, run};
use serde_json::{Value, json};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
const TEMPLATE: &str = include_str!("../../mappings/safeguarding-template/examples/full.json");

/// The 14-day check with a word of its own, so that one can be told from another.
fn check(note: &str) -> Value {
    let mut check: Value = serde_json::from_str(CHECK).unwrap();
    check["feeding"]["notes"] = json!(note);
    check
}

fn check_of(number: &str, note: &str) -> Value {
    let mut check = check(note);
    check["child"]["nhsNumber"] = json!(number);
    check
}

fn template() -> Value {
    serde_json::from_str(TEMPLATE).unwrap()
}

/// The journal's events about deliveries to a partner, in order.
async fn events(world: &World, partner: &str) -> Vec<String> {
    let entries = world.journal().await.into_iter().filter(|entry| entry["recipient"] == partner);
    entries.map(|entry| entry["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_recipient_that_was_down_gets_it_once_and_the_receipt_says_how_it_goes() {
    run(async {
        let world = World::start().await;
        world.centre().goes_down().await;
        let sent = world.health_visitor().sends("new-birth-visit", &check("one")).await.expect(202);
        // The practice does not wait for the centre.
        world.wait_for(&sent, "weir-lane", "completed").await;
        let waiting = world.wait_for(&sent, "north-centre", "requested").await;
        assert_eq!(waiting["ground"], "consent");

        world.centre().behaves(Manner::Hold);
        world.centre().comes_back().await;
        world.centre().wait_until_arrived(1).await;
        let under_way = world.receipts(&sent).await.remove("north-centre").unwrap();
        assert_eq!(under_way["status"], "in-progress");
        world.centre().behaves(Manner::Take);
        let done = world.wait_for(&sent, "north-centre", "completed").await;
        assert!(done["attempts"].as_str().unwrap().parse::<u32>().unwrap() > 1, "{done}");

        assert_eq!(world.centre().arrived().len(), 1);
        assert_eq!(world.centre().received()[0].id(), done["id"]);
        let events = events(&world, "north-centre").await;
        assert_eq!(events.first().unwrap(), "accepted");
        assert_eq!(events[1..3], ["releasing", "retrying"]);
        assert_eq!(events[events.len() - 2..], ["releasing", "delivered"]);
    });
}

#[test]
fn a_recipient_that_is_in_trouble_gets_the_same_id_at_every_attempt() {
    run(async {
        let world = World::start().await;
        world.centre().behaves(Manner::Answer(503, json!({})));
        let sent = world.health_visitor().sends("new-birth-visit", &check("one")).await.expect(202);
        world.centre().wait_until_arrived(1).await;
        world.centre().behaves(Manner::Close);
        world.centre().wait_until_arrived(2).await;
        world.centre().behaves(Manner::Answer(429, json!({})));
        world.centre().wait_until_arrived(3).await;
        world.centre().behaves(Manner::Answer(302, json!({})));
        world.centre().wait_until_arrived(4).await;
        world.centre().behaves(Manner::Take);
        let done = world.wait_for(&sent, "north-centre", "completed").await;

        let arrived = world.centre().arrived();
        assert_eq!(done["attempts"], arrived.len().to_string());
        assert!(arrived.iter().all(|delivered| delivered.id() == done["id"]));
        assert!(
            arrived.iter().all(|delivered| delivered.bytes == arrived[0].bytes),
            "the same bytes each time"
        );
        let correlated = |delivered: &Delivered| delivered.header("x-correlation-id") == Some(delivered.id());
        assert!(arrived.iter().all(correlated), "nothing that two recipients could find in common");
        assert_eq!(world.centre().received().len(), 1);
    });
}

#[test]
fn a_recipient_that_had_it_already_says_so_and_that_counts() {
    run(async {
        let world = World::start().await;
        world.centre().behaves(Manner::Close);
        let sent = world.health_visitor().sends("new-birth-visit", &check("one")).await.expect(202);
        world.centre().wait_until_arrived(1).await;
        world.centre().behaves(Manner::Answer(409, json!({})));
        world.wait_for(&sent, "north-centre", "completed").await;
    });
}

#[test]
fn a_refused_message_is_a_dead_letter_with_the_recipients_codes_and_stops_nobody_else() {
    run(async {
        let world = World::start().await;
        let outcome = json!({ "resourceType": "OperationOutcome", "issue": [{
            "severity": "error", "code": "invalid", "diagnostics": "Maja Whitlock is not known here",
            "details": { "coding": [{ "code": "REC_BAD_REQUEST" }] },
        }] });
        world.centre().behaves(Manner::Answer(400, outcome));
        let sent = world.health_visitor().sends("new-birth-visit", &check("one")).await.expect(202);
        let mut receipts = world.wait_until_settled(&sent).await;
        let failed = receipts.remove("north-centre").unwrap();
        assert_eq!((&failed["status"], &failed["attempts"]), (&json!("failed"), &json!("1")));
        let note = failed["note"].as_str().unwrap();
        assert!(note.contains("400 (invalid, REC_BAD_REQUEST)"), "{note}");
        assert!(!note.contains("Whitlock"), "the recipient's words may name the child: {note}");
        assert_eq!(receipts.remove("weir-lane").unwrap()["status"], "completed");
        assert_eq!(events(&world, "north-centre").await, ["accepted", "releasing", "failed"]);

        // What comes after is not held up by it.
        world.centre().behaves(Manner::Take);
        let next = world.health_visitor().sends("new-birth-visit", &check("two")).await.expect(202);
        assert_eq!(world.wait_until_settled(&next).await["north-centre"]["status"], "completed");
        assert_eq!(world.centre().received().len(), 1);
    });
}

#[test]
fn a_slow_recipient_does_not_delay_another_nor_another_child() {
    run(async {
        let world = World::start().await;
        world.centre().behaves(Manner::Hold);
        let first = world.health_visitor().sends("new-birth-visit", &check("one")).await.expect(202);
        world.centre().wait_until_arrived(1).await;
        world.wait_for(&first, "weir-lane", "completed").await;
        // Another child's message goes to the same slow recipient beside it.
        let other = check_of("9991000232", "two");
        let second = world.health_visitor().sends("new-birth-visit", &other).await.expect(202);
        world.wait_for(&second, "weir-lane", "completed").await;
        world.centre().wait_until_arrived(2).await;
        // The journal said what leaves before the recipient answered.
        assert_eq!(events(&world, "north-centre").await, ["accepted", "releasing", "accepted", "releasing"]);
        world.centre().behaves(Manner::Take);
        world.wait_until_all_settled().await;
        assert_eq!(world.centre().received().len(), 2);
    });
}

#[test]
fn one_childs_messages_arrive_in_their_order() {
    run(async {
        let world = World::start().await;
        world.surgery().behaves(Manner::Answer(503, json!({})));
        let numbers = ["9990000018", "9991000240", "9991000259"];
        for turn in 0..5 {
            for number in numbers {
                let check = check_of(number, &format!("turn {turn}"));
                world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
            }
        }
        world.surgery().wait_until_arrived(3).await;
        world.surgery().behaves(Manner::Take);
        world.wait_until_all_settled().await;
        let received = world.surgery().received();
        assert_eq!(received.len(), 15);
        for number in numbers {
            let of_child =
                received.iter().map(|delivered| delivered.text()).filter(|text| text.contains(number));
            let turns: Vec<usize> = of_child
                .map(|text| (0..5).find(|turn| text.contains(&format!("turn {turn}"))).unwrap())
                .collect();
            assert_eq!(turns, [0, 1, 2, 3, 4], "a child's messages in order");
        }
    });
}

#[test]
fn a_recipient_that_asks_for_kiths_certificate_is_shown_it() {
    run(async {
        let world = World::start().await;
        let sent = world.other_gp().sends("safeguarding-template", &template()).await.expect(202);
        assert_eq!(world.wait_until_settled(&sent).await["school-nursing"]["status"], "received");
        assert_eq!(world.school_nurse().received().len(), 1);
        // Without a certificate nobody gets as far as its inbox.
        let roots = world::authority::AUTHORITY.pem.as_bytes();
        let nameless = kith::tls::http_client(Some(roots), None, false).unwrap();
        assert!(nameless.post(world.school_nurse().url()).send().await.is_err());
        assert_eq!(world.school_nurse().arrived().len(), 1);
    });
}

#[test]
fn what_waited_is_delivered_after_a_restart() {
    run(async {
        let mut world = World::start().await;
        world.centre().goes_down().await;
        let first = world.health_visitor().sends("new-birth-visit", &check("one")).await.expect(202);
        world.wait_for(&first, "weir-lane", "completed").await;
        world.closes().await;
        world.centre().comes_back().await;
        world.opens().await;
        let done = world.wait_for(&first, "north-centre", "completed").await;
        assert_eq!(world.centre().received()[0].id(), done["id"]);
        assert_eq!(world.surgery().arrived().len(), 1, "what was delivered is not delivered again");
        // The same request is known after the restart too.
        let path = "/records/new-birth-visit";
        let again = Request::new("POST", path).json(&check("one")).known_as(first.message_id);
        let again = world.health_visitor().asks(again).await.expect(202);
        assert_eq!(again.json(), first.json());
        world.wait_until_all_settled().await;
        assert_eq!(world.centre().arrived().len(), 1);
    });
}

#[test]
fn without_a_token_for_the_recipient_nothing_is_released() {
    run(async {
        let world = World::start().await;
        let directory = world.folder.path.join("directory.toml");
        let text = std::fs::read_to_string(&directory).unwrap();
        // Kith takes itself for another of its clients at the centre's provider, and is refused there.
        let wrong = text.replace("client_id = \"kith-at-north-centre\"", "client_id = \"kith-at-weir-lane\"");
        assert_ne!(text, wrong);
        std::fs::write(&directory, wrong).unwrap();
        let mut world = world;
        world.closes().await;
        world.opens().await;
        let sent = world.health_visitor().sends("new-birth-visit", &check("one")).await.expect(202);
        world.wait_until_journal_says(0, &json!({ "event": "retrying", "recipient": "north-centre" })).await;
        assert!(!events(&world, "north-centre").await.contains(&"releasing".to_owned()));
        assert!(world.centre().arrived().is_empty());

        std::fs::write(&directory, text).unwrap();
        world.closes().await;
        world.opens().await;
        world.wait_for(&sent, "north-centre", "completed").await;
    });
}
