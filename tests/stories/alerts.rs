//! What a person has to have read and nobody reads: who is told, by a real mail server and a webhook, when, and what is written of it.

use std::collections::{BTreeMap, BTreeSet};

use super::succession::is_taken_over;
use crate::world;
use crate::world::caller::Request;
use crate::world::hook::Hook;
use crate::world::mail::{MailServer, PASSWORD, USER};
use crate::world::{Answer, Caller, Tweaks, World, run};
use chrono::TimeDelta;
use kith::config::Config;
use kith::pipeline::{Part, Patience, Unreachable, letters, overdue};
use kith::server::Server;
use kith::store::Unread;
use serde_json::{Value, json};

/// What a health visitor tells of a child whose record is restricted.
const RESTRICTED: &str = include_str!("../journeys/restricted-and-remembered/1-marked-restricted/given.json");
const FLAG: &str = include_str!("../journeys/flag-read/1-pushed/given.json");
/// What nobody may be told in a letter.
const ABOUT_THE_CHILD: &[&str] =
    &["Weir Lane, Kenford", "14 Weir", "CV99", "342191000000101", "child protection"];

/// A world with a mail server at that port; some partners name whom to tell.
fn tweaks(port: u16, alerts: &[(&'static str, String)]) -> Tweaks {
    let more = format!(
        "[alerts]\nunread_hours = 0.0002\nagain_hours = 0.0004\ntimes = 3\n\n\
         [smtp]\nhost = \"localhost\"\nport = {port}\nuser = \"{USER}\"\npassword_file = \"mail.password\"\nfrom = \"Kith <kith@kith.test>\"\n"
    );
    let files = vec![("mail.password", format!("{PASSWORD}\n")), ("hook.secret", Hook::secret())];
    let alerts: BTreeMap<_, _> = alerts.iter().cloned().collect();
    Tweaks { more, files, alerts, ..Tweaks::default() }
}

fn by_mail(to: &[&str]) -> String {
    format!("{{ emails = {to:?} }}")
}

fn by_hook(hook: &Hook) -> String {
    format!("{{ webhook = {{ url = \"{}\", secret_file = \"hook.secret\" }} }}", hook.url())
}

async fn pushes(world: &World) -> Answer {
    let flag: Value = serde_json::from_str(FLAG).unwrap();
    world.gp().asks(Request::new("POST", "/fhir/Flag").json(&flag)).await.expect(201)
}

/// The receipt of a partner as the sender sees it, with what it says of alerts.
async fn noted(world: &World, sent: &Answer, partner: &str, word: &str) -> Value {
    let id = world.receipts(sent).await[partner]["id"].as_str().unwrap().to_owned();
    world::until(&format!("the receipt of {partner} says {word}"), || async {
        let task = world.gp().gets(&format!("/fhir/Task/{id}")).await.expect(200).json();
        task["note"][0]["text"].as_str().is_some_and(|text| text.contains(word)).then_some(task)
    })
    .await
}

async fn alerted(world: &World, id: &str) -> Vec<String> {
    let of = |entry: &Value| entry["event"] == "alerted" && entry["delivery"] == id;
    let note = |entry: Value| entry["note"].as_str().unwrap().to_owned();
    world.journal().await.into_iter().filter(of).map(note).collect()
}

fn silent_about_the_child(text: &str) {
    for word in ABOUT_THE_CHILD {
        assert!(!text.contains(word), "{word} is in {text}");
    }
}

#[test]
fn who_is_named_by_the_recipient_is_told_and_then_the_senders_persons_too_until_somebody_reads_it() {
    run(async {
        let (mail, hook) = (MailServer::start(0), Hook::open());
        let named = [
            ("north-centre", by_mail(&["duty@centre.test", "deputy@centre.test"])),
            ("weir-lane", by_hook(&hook)),
        ];
        let world = World::start_with(&tweaks(mail.port(), &named)).await;
        let sent = pushes(&world).await;
        world.wait_for(&sent, "north-centre", "received").await;
        let id = world.receipts(&sent).await["north-centre"]["id"].as_str().unwrap().to_owned();

        let letter = mail.letter("the centre's persons are told", |_| true).await;
        assert_eq!(letter["to"], json!(["duty@centre.test", "deputy@centre.test"]));
        assert_eq!((&letter["secure"], &letter["user"]), (&json!(true), &json!(USER)));
        let text = letter["text"].as_str().unwrap();
        assert!(
            text.contains(&id) && text.contains("Weir Lane Surgery") && text.contains("kith.test/inbox"),
            "{text}"
        );
        silent_about_the_child(text);

        let second =
            hook.message("the surgery is told the second time", |message| message["receipt"] == id).await;
        assert_eq!((&second["time"], &second["state"]), (&json!(2), &json!("completed")), "{second}");
        assert!(hook.told().iter().all(|told| told.signed), "every event is signed");
        silent_about_the_child(&format!("{:?}", hook.told()));

        let task = noted(&world, &sent, "north-centre", "Weir Lane Surgery were told").await;
        assert_eq!(task["status"], "received");
        let written = alerted(&world, &id).await;
        assert!(written[0].contains("Kenford North Children's Centre were told, time 1 of 3"), "{written:?}");

        let done = json!({ "resourceType": "Task", "id": id, "status": "completed", "intent": "order" });
        let path = format!("/fhir/Task/{id}");
        let read = Request::new("PUT", &path).json(&done);
        Caller::of(&world, "centre").asks(read).await.expect(200);
        assert!(!is_overdue_in_a_year(&world, &id).await, "nobody is told of what was read");
    });
}

async fn is_overdue_in_a_year(world: &World, id: &str) -> bool {
    overdue_in_a_year(world).await.iter().any(|one| one.delivery.id.to_string() == id)
}

async fn overdue_in_a_year(world: &World) -> Vec<Unread> {
    let patience = Patience { unread: TimeDelta::hours(1), again: TimeDelta::hours(1), times: 1_000 };
    let later = kith::clock::now() + TimeDelta::days(365);
    overdue(world.house(), &patience, &BTreeSet::new(), later).await.unwrap()
}

#[test]
fn whoever_took_over_a_partners_part_is_told_of_what_lies_there_unread() {
    run(async {
        let mail = MailServer::start(0);
        let named = [
            ("north-centre", by_mail(&["duty@centre.test"])),
            ("weir-lane", by_mail(&["duty@surgery.test"])),
        ];
        let mut patient = tweaks(mail.port(), &named);
        patient.more = patient.more.replace("unread_hours = 0.0002", "unread_hours = 1000");
        let mut world = World::start_with(&patient).await;
        let sent = pushes(&world).await;
        world.wait_for(&sent, "north-centre", "received").await;
        for (succeeds, told) in
            [(false, ("weir-lane", Part::Sender)), (true, ("new-north-centre", Part::Recipient))]
        {
            is_taken_over(&world, "north-centre", succeeds).await;
            // What is looked at here is what it was opened with.
            world.closes().await;
            world.opens().await;
            let unread = overdue_in_a_year(&world).await;
            let at_the_centre = unread.iter().filter(|one| one.delivery.recipient.as_str() == "north-centre");
            let letters = letters(world.house(), at_the_centre, &Unreachable::new());
            let whose: Vec<_> = letters.iter().map(|letter| (letter.partner.as_str(), letter.part)).collect();
            assert_eq!(whose, [told]);
        }
    });
}

#[test]
fn who_is_around_a_restricted_child_is_not_named_to_the_persons_of_a_sender_who_does_not_know_it() {
    run(async {
        let (mail, hook) = (MailServer::start(0), Hook::open());
        let named = [("north-centre", by_mail(&["duty@centre.test"])), ("aldermere", by_hook(&hook))];
        let world = World::start_with(&tweaks(mail.port(), &named)).await;
        let mut flag: Value = serde_json::from_str(FLAG).unwrap();
        flag["contained"][0]["identifier"][0]["value"] = json!("9991000216");
        let restricted: Value = serde_json::from_str(RESTRICTED).unwrap();
        let message = Request::new("POST", "/fhir/$process-message").json(&restricted);
        world.health_visitor().asks(message).await.expect(200);
        let known = world.gp().asks(Request::new("POST", "/fhir/Flag").json(&flag)).await.expect(201);
        assert!(world.receipts(&known).await.contains_key("north-centre"), "its sender gave the address");

        let child = flag["contained"][0].as_object_mut().unwrap();
        child.retain(|name, _| name != "address" && name != "generalPractitioner");
        flag["author"] = json!({ "identifier": { "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Y99902" } });
        let sent = world.other_gp().asks(Request::new("POST", "/fhir/Flag").json(&flag)).await.expect(201);
        let search = format!("/fhir/Task?group-identifier={}", sent.message_id);
        let receipts = || async { world.other_gp().gets(&search).await.expect(200).json() };
        let ids: Vec<String> = receipts().await["entry"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["resource"]["id"].as_str().unwrap().to_owned())
            .collect();
        assert!(ids.len() > 1, "{ids:?}");
        let of_these = |text: &str| ids.iter().any(|id| text.contains(id));
        let letter = mail
            .letter("the centre's persons are told", |letter| of_these(letter["text"].as_str().unwrap()))
            .await;
        assert!(letter["text"].as_str().unwrap().contains("Kenford North"), "{letter}");
        let told = |message: &Value| of_these(&message.to_string()) && message["time"] == 2;
        hook.message("the practice's persons are told", told).await;
        world::until("every receipt says who was told", || async {
            let tasks = receipts().await;
            let noted =
                tasks["entry"].as_array().unwrap().iter().all(|one| one["resource"]["note"].is_array());
            noted.then_some(())
        })
        .await;
        let told = format!("{:?} {}", hook.told(), receipts().await);
        assert!(told.contains(kith::pipeline::CONCEALED), "{told}");
        for name in ["Kenford", "north-centre", "8KN01", "RZ998", "health-visiting"] {
            assert!(!told.contains(name), "{name} is in {told}");
        }
    });
}

#[test]
fn what_never_arrived_is_told_too_and_the_telling_is_tried_again_until_it_gets_through() {
    run(async {
        let hook = Hook::open();
        hook.answers(503);
        let world = World::start_with(&tweaks(1, &[("north-centre", by_hook(&hook))])).await;
        world.centre().behaves(world::Manner::Hold);
        let sent = pushes(&world).await;
        let id = world.receipts(&sent).await["north-centre"]["id"].as_str().unwrap().to_owned();
        hook.message("it is tried", |message| message["receipt"] == id).await;
        world::until("it is tried again", || async { (hook.told().len() > 2).then_some(()) }).await;
        assert_eq!(alerted(&world, &id).await, Vec::<String>::new(), "nobody was told yet");
        hook.answers(200);
        let task = noted(&world, &sent, "north-centre", "time 1 of 3").await;
        assert_eq!(task["status"], "in-progress");
        world.centre().behaves(world::Manner::Take);
    });
}

#[test]
fn where_nobody_is_named_the_receipt_says_so_once() {
    run(async {
        let world = World::start_with(&tweaks(1, &[])).await;
        let sent = pushes(&world).await;
        let task = noted(&world, &sent, "north-centre", "names nobody").await;
        let written = alerted(&world, task["id"].as_str().unwrap()).await;
        assert_eq!(written.len(), 1, "{written:?}");
    });
}

#[test]
fn a_mail_server_that_refuses_an_address_leaves_nobody_told() {
    run(async {
        let mail = MailServer::start(0);
        let named = [("north-centre", by_mail(&["refused@centre.test"]))];
        let world = World::start_with(&tweaks(mail.port(), &named)).await;
        let sent = pushes(&world).await;
        let id = world.receipts(&sent).await["north-centre"]["id"].as_str().unwrap().to_owned();
        let failed = r#"kith_alerts_total{partner="north-centre",way="e-mail",outcome="failed"}"#;
        world::until("the failure is counted", || async {
            let numbers = Caller::of(&world, "gp").gets("/metrics").await.expect(200);
            String::from_utf8_lossy(&numbers.bytes).contains(failed).then_some(())
        })
        .await;
        assert_eq!(alerted(&world, &id).await, Vec::<String>::new());
        assert_eq!(mail.letters(), Vec::<Value>::new());
    });
}

#[test]
fn where_the_recipients_persons_cannot_be_reached_the_senders_are_told_at_once() {
    run(async {
        let (mail, hook) = (MailServer::start(0), Hook::open());
        let named = [("north-centre", by_mail(&["refused@centre.test"])), ("weir-lane", by_hook(&hook))];
        let world = World::start_with(&tweaks(mail.port(), &named)).await;
        let sent = pushes(&world).await;
        let id = world.receipts(&sent).await["north-centre"]["id"].as_str().unwrap().to_owned();
        let first = hook.message("the surgery is told", |message| message["receipt"] == id).await;
        assert_eq!(first["time"], json!(1), "not only the second time");
        noted(&world, &sent, "north-centre", "named by Weir Lane Surgery were told, time 1").await;
    });
}

#[test]
fn what_cannot_be_used_is_named_at_the_start() {
    run(async {
        let bad = [
            ("north-centre", r#"{ emails = ["duty"] }"#, "number 1 is not an e-mail address"),
            (
                "north-centre",
                r#"{ webhook = { url = "http://far.test", secret_file = "hook.secret" } }"#,
                "not an https address",
            ),
            (
                "weir-lane",
                r#"{ webhook = { url = "https://near.test", secret_file = "kith.key" } }"#,
                "whsec_",
            ),
            ("weir-lane", r#"{ emails = ["duty@surgery.test"] }"#, "smtp.host"),
        ];
        for (partner, alerts, expected) in bad {
            let files = vec![("hook.secret", Hook::secret())];
            let alerts = BTreeMap::from([(partner, alerts.to_owned())]);
            let world = World::without_gateway(&Tweaks { alerts, files, ..Tweaks::default() }).await;
            let faults = match Server::build(&Config::read(&world.folder.path).unwrap()).await {
                Ok(_) => panic!("it starts, although: {expected}"),
                Err(faults) => format!("{faults:?}"),
            };
            assert!(faults.contains(expected) && faults.contains(partner), "{faults}");
            assert!(!faults.contains("duty"), "an address is a person's: {faults}");
        }
    });
}
