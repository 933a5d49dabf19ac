//! A service goes to another provider, a practice merges: whoever takes over a partner's part ends what that partner can end no more.

use super::answered::{NHS, held, withdraws};
use super::deliveries::kith;
use super::reload::calls_itself;
use crate::world::caller::Request;
use crate::world::{Answer, Caller, World, run};
use serde_json::{Value, json};

const FLAG: &str = include_str!("../journeys/flag-pushed-and-ended/1-push/given.json");
/// One that goes to a centre, where a person has to have read it.
const TO_READ: &str = include_str!("../journeys/flag-read/1-pushed/given.json");
const END: &str = include_str!("../journeys/flag-pushed-and-ended/9a-end/given.json");
/// The end of the flag, said of a child that moved to another town.
const ENDED_ELSEWHERE: &str =
    include_str!("../journeys/flag-ended-after-a-move/2-end-from-the-new-address/given.json");
const CONSENT: &str = include_str!("../journeys/consent-kept/01-put-on-file/given.json");
const SEALED: &str = include_str!("../journeys/sealed-and-remembered/1-marked-sealed/given.json");
/// A check whose parent agreed that the local centres may know of it.
const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
const AFTERWARDS: &str =
    include_str!("../journeys/sealed-and-remembered/2-a-record-without-the-mark/given.json");

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// From now on a partner is known by another name, and has taken over the part of the one that it was, or has not.
pub async fn is_taken_over(world: &World, id: &str, succeeds: bool) {
    world.folder.changes("directory.toml", |text| {
        let was = format!("id = \"{id}\"\n");
        let text = text.replace(&format!("id = \"other-{id}\"\n"), &was);
        let now = match succeeds {
            true => format!("id = \"new-{id}\"\nsucceeds = [\"{id}\"]\n"),
            false => format!("id = \"other-{id}\"\n"),
        };
        text.replace(&was, &now)
    });
    // What was written before counts when this does.
    calls_itself(world, &format!("https://kith-{succeeds}.test")).await;
}

async fn puts(world: &World, client: &str, path: &str, version: &str, body: &Value) -> Answer {
    let request = Request::new("PUT", path).with("if-match", version).json(body);
    Caller::of(world, client).asks(request).await
}

#[test]
fn a_flag_is_ended_by_whoever_took_over_the_practice_and_by_nobody_else() {
    run(async {
        let world = World::start().await;
        let pushed = world.gp().asks(Request::new("POST", "/fhir/Flag").json(&value(FLAG))).await.expect(201);
        let path = pushed.path();
        is_taken_over(&world, "weir-lane", false).await;
        puts(&world, "gp", &path, "W/\"1\"", &value(END)).await.expect(404);
        is_taken_over(&world, "weir-lane", true).await;
        let again = world.gp().asks(Request::new("POST", "/fhir/Flag").json(&value(FLAG))).await.expect(422);
        assert!(again.text().contains(path.trim_start_matches("/fhir/")), "{}", again.text());
        puts(&world, "gp", &path, "W/\"1\"", &value(END)).await.expect(200);
        world.wait_until_all_settled().await;
        let told = world.partner("health-visiting").received();
        assert_eq!(told.len(), 2, "who was told that it began is told that it ended");
    });
}

#[test]
fn a_consent_is_read_and_withdrawn_at_whoever_took_over_the_service() {
    run(async {
        let world = World::start().await;
        let mut consent = value(CONSENT);
        let kept = world
            .health_visitor()
            .asks(Request::new("POST", "/fhir/Consent").json(&consent))
            .await
            .expect(201);
        let path = kept.path();
        let path = path.split("/_history").next().unwrap();
        is_taken_over(&world, "health-visiting", false).await;
        world.health_visitor().gets(path).await.expect(404);
        is_taken_over(&world, "health-visiting", true).await;
        assert_eq!(world.health_visitor().gets(path).await.expect(200).json()["status"], "active");
        consent["status"] = json!("inactive");
        puts(&world, "health-visitor", path, "W/\"1\"", &consent).await.expect(200);
        let journal = world.journal().await;
        let changed = journal.iter().rfind(|entry| entry["event"] == "consent-changed").unwrap();
        assert_eq!(changed["sender"], "new-health-visiting", "{changed}");
    });
}

/// The ids of the Tasks that a search finds.
async fn tasks(caller: &Caller<'_>, search: &str) -> Vec<String> {
    let found = caller.gets(&format!("/fhir/Task?{search}")).await.expect(200).json();
    let entries = found["entry"].as_array().cloned().unwrap_or_default();
    assert_eq!(found["total"], entries.len(), "{found}");
    entries.iter().map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_became_of_what_was_sent_and_what_is_to_be_read_is_seen_by_whoever_took_over() {
    run(async {
        let world = World::start().await;
        let pushed =
            world.gp().asks(Request::new("POST", "/fhir/Flag").json(&value(TO_READ))).await.expect(201);
        world.wait_for(&pushed, "north-centre", "received").await;
        let receipt = world.receipts(&pushed).await["north-centre"]["id"].as_str().unwrap().to_owned();
        let path = format!("/fhir/Task/{receipt}");
        let of_message = format!("group-identifier={}", pushed.message_id);
        let sent = tasks(&world.gp(), &of_message).await;
        assert!(sent.contains(&receipt), "{sent:?}");
        let centre = Caller::of(&world, "centre");

        is_taken_over(&world, "weir-lane", false).await;
        world.gp().gets(&path).await.expect(404);
        assert!(tasks(&world.gp(), &of_message).await.is_empty());
        is_taken_over(&world, "weir-lane", true).await;
        assert_eq!(world.gp().gets(&path).await.expect(200).json()["status"], "received");
        assert_eq!(tasks(&world.gp(), &of_message).await, sent);
        assert_eq!(tasks(&world.gp(), "_sort=modified").await.len(), sent.len());
        let why = json!({ "resourceType": "Parameters", "parameter": [{ "name": "delivery", "valueId": receipt }] });
        let explain = || Request::new("POST", "/fhir/Consent/$explain").json(&why);
        world.gp().asks(explain()).await.expect(200);
        world.other_gp().asks(explain()).await.expect(404);
        world.other_gp().gets(&path).await.expect(404);

        let read = json!({ "resourceType": "Task", "id": receipt, "status": "completed", "intent": "order" });
        is_taken_over(&world, "north-centre", false).await;
        centre.asks(Request::new("PUT", &path).json(&read)).await.expect(404);
        assert!(tasks(&centre, "code=read").await.is_empty());
        is_taken_over(&world, "north-centre", true).await;
        assert_eq!(tasks(&centre, "code=read").await, [receipt.as_str()]);
        centre.asks(Request::new("PUT", &path).json(&read)).await.expect(200);
        assert_eq!(world.gp().gets(&path).await.expect(200).json()["status"], "completed");
    });
}

/// The message, saying of the record that it is sealed or open.
fn says(code: &str) -> Request<'static> {
    let id = uuid::Uuid::new_v4();
    let text = SEALED.replace("61cefe6a-9a5b-5fa0-8f85-19875b80550e", &id.to_string());
    let body = value(&text.replace("\"code\": \"sealed\"", &format!("\"code\": \"{code}\"")));
    Request::new("POST", "/fhir/$process-message").known_as(id).json(&body)
}

#[test]
fn what_closed_a_record_is_taken_back_by_whoever_took_over_the_service() {
    run(async {
        let world = World::start().await;
        world.health_visitor().asks(says("sealed")).await.expect(200);
        is_taken_over(&world, "health-visiting", false).await;
        world.health_visitor().asks(says("open")).await.expect(200);
        let record = value(AFTERWARDS);
        world.health_visitor().sends("new-birth-visit", &record).await.expect(202);
        world.wait_until_all_settled().await;
        assert!(world.partners().all(|partner| partner.received().is_empty()), "it is closed still");
        is_taken_over(&world, "health-visiting", true).await;
        world.health_visitor().asks(says("open")).await.expect(200);
        world.health_visitor().sends("new-birth-visit", &record).await.expect(202);
        world.wait_until_all_settled().await;
        assert!(world.partners().any(|partner| !partner.received().is_empty()), "it is open");
    });
}

/// A world in which the centre took a check on a consent, is known by another name since, and the consent was withdrawn.
async fn asked_back(succeeds: bool) -> World {
    let world = World::start().await;
    let check = value(CHECK);
    let number = check["child"]["nhsNumber"].as_str().unwrap();
    let sent = world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
    world.wait_for(&sent, "north-centre", "completed").await;
    is_taken_over(&world, "north-centre", succeeds).await;
    // What changes nothing asks nothing back.
    let mut other = value(CONSENT);
    other["patient"]["identifier"]["value"] = json!(number);
    other["performer"] = json!([{ "display": "Tom Whitlock" }]);
    world.health_visitor().asks(Request::new("POST", "/fhir/Consent").json(&other)).await.expect(201);
    assert!(!world.journal().await.iter().any(|entry| entry["event"] == "recalled"), "{succeeds}");
    withdraws(&world, number).await;
    world.wait_until_all_settled().await;
    world
}

#[test]
fn what_a_partner_holds_that_left_is_asked_back_from_whoever_took_over_its_part() {
    run(async {
        let world = asked_back(true).await;
        let notices = world.centre().wait_until_arrived(2).await;
        assert_eq!(notices[1].header("x-record-kind"), Some("recall-notice"));
    });
}

#[test]
fn what_nobody_can_be_asked_for_is_a_dead_letter_for_people_to_see_to() {
    run(async {
        let world = asked_back(false).await;
        assert_eq!(world.centre().arrived().len(), 1, "it is not the partner that it was");
        let receipts = world.health_visitor().gets("/fhir/Task?status=failed").await.expect(200).json();
        let receipt = &receipts["entry"][0]["resource"];
        // Both consents were withdrawn, one after the other.
        assert_eq!((&receipts["total"], &receipt["status"]), (&json!(2), &json!("failed")), "{receipts}");
        let says = receipt.to_string();
        assert!(says.contains("north-centre: cannot be asked to delete a message"), "{says}");
        let journal = world.journal().await;
        let failed = journal.iter().find(|entry| entry["event"] == "failed").unwrap();
        assert_eq!(failed["recipient"], "north-centre", "{failed}");
        // It comes back, and is sent what it was to be asked.
        world.folder.changes("directory.toml", |text| text.replace("other-north-centre", "north-centre"));
        calls_itself(&world, "https://kith-again.test").await;
        let (text, code) = kith(&world, &["replay", receipt["id"].as_str().unwrap(), "--commit"]);
        assert_eq!(code, 0, "{text}");
        let notices = world.centre().wait_until_arrived(2).await;
        assert_eq!(notices[1].header("x-record-kind"), Some("recall-notice"));
    });
}

#[test]
fn what_the_old_service_held_is_asked_for_at_whoever_took_over_its_records() {
    run(async {
        let world = World::start().await;
        let check = value(CHECK);
        let number = check["child"]["nhsNumber"].as_str().unwrap();
        world.health_visiting().holds(&held(number));
        let sent = world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
        world.wait_for(&sent, "north-centre", "completed").await;
        let weight = format!("/fhir/Observation?patient:identifier={NHS}%7C{number}");
        let found = async || world.gp().gets(&weight).await.expect(200).json()["total"].clone();
        assert_eq!(found().await, 1);
        is_taken_over(&world, "health-visiting", false).await;
        assert_eq!(found().await, 0, "it never said anything about this child");
        is_taken_over(&world, "health-visiting", true).await;
        assert_eq!(found().await, 1);
    });
}

#[test]
fn that_a_flag_ended_is_told_to_whoever_took_over_the_part_of_one_that_was_told_of_it() {
    run(async {
        for succeeds in [false, true] {
            let world = World::start().await;
            let pushed =
                world.gp().asks(Request::new("POST", "/fhir/Flag").json(&value(FLAG))).await.expect(201);
            world.wait_for(&pushed, "north-centre", "received").await;
            is_taken_over(&world, "north-centre", succeeds).await;
            puts(&world, "gp", &pushed.path(), "W/\"1\"", &value(ENDED_ELSEWHERE)).await.expect(200);
            world.wait_until_all_settled().await;
            assert_eq!(world.centre().arrived().len(), if succeeds { 2 } else { 1 }, "{succeeds}");
        }
    });
}
