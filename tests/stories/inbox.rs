//! The inbox of a children's centre without a system of its own: what its people read, whom they may visit, and what they take out.

use crate::answered::withdraws;
use crate::succession::is_taken_over;
use crate::world::caller::Request;
use crate::world::person::{Browser, start, token};
use crate::world::{Caller, World, run};
use serde_json::{Value, json};

const FORM: &str =
    include_str!("../../mappings/first-visit-form/examples/agreed-local-centres-no-visit.json");
const REGISTRATION: &str = include_str!("../../mappings/centre-registration/examples/attending.json");

/// A form about a child in the south of Kenford, whose parents asked not to be visited.
fn form(number: &str) -> Value {
    let mut form: Value = serde_json::from_str(FORM).unwrap();
    form["child"]["nhsNumber"] = json!(number);
    form["child"]["address"]["postcode"] = json!("CV99 3AB");
    form["consent"]["for"] = json!(["name", "birth-date", "address"]);
    form
}

async fn page(browser: &mut Browser<'_>, path: &str) -> String {
    let answer = browser.goes(path, None).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

async fn messages(world: &World) -> Vec<Value> {
    let all = Caller::of(world, "south").gets("/inbox/messages").await.expect(200).json();
    all["messages"].as_array().unwrap().clone()
}

/// The id of the delivery whose form stands first on the page.
fn first_delivery(html: &str) -> String {
    let rest = html.split("name=\"delivery\" value=\"").nth(1).unwrap_or_else(|| panic!("{html}"));
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn a_family_that_asked_not_to_be_visited_is_marked_until_somebody_says_that_it_registered() {
    run(async {
        let world = start().await;
        let sent = world.health_visitor().sends("first-visit-form", &form("9990000018")).await.expect(202);
        world.wait_for(&sent, "south-centre", "completed").await;
        let mut browser = Browser::new(&world);
        let html = browser.ends("/inbox", "centre").await.text().await.unwrap();
        assert!(html.contains("Do not visit this family"), "{html}");
        assert_eq!(messages(&world).await[0]["mayVisit"], false);

        let (token, id) = (token(&html), first_delivery(&html));
        for (act, token, status) in [("registered", "forged", 403), ("nonsense", token.as_str(), 400)] {
            let fields = [("act", act), ("delivery", id.as_str()), ("token", token)];
            assert_eq!(browser.goes("/inbox", Some(&fields)).await.status(), status, "{act}");
        }
        for act in ["referred", "read"] {
            let fields = [("act", act), ("delivery", id.as_str()), ("token", token.as_str())];
            let html = browser.goes("/inbox", Some(&fields)).await.text().await.unwrap();
            assert!(html.contains("it ended: the family was referred to you"), "{html}");
            assert!(!html.contains("Do not visit"), "{html}");
        }
        let message = &messages(&world).await[0];
        assert_eq!(message["mayVisit"], true);
        assert!(message["acknowledged"].is_string() && message["received"] != message["acknowledged"]);
        let events: Vec<Value> =
            world.journal().await.into_iter().map(|entry| entry["event"].clone()).collect();
        assert_eq!(events.iter().filter(|event| **event == "visits-allowed").count(), 1);
    });
}

#[test]
fn a_registration_that_the_centres_program_sends_ends_the_rule_too() {
    run(async {
        let world = start().await;
        let sent = world.health_visitor().sends("first-visit-form", &form("9990000018")).await.expect(202);
        world.wait_for(&sent, "south-centre", "completed").await;
        let mut registration: Value = serde_json::from_str(REGISTRATION).unwrap();
        registration["child"]["nhsNumber"] = json!("9990000018");
        registration["from"] =
            json!({ "odsCode": "8KS01", "urn": "900103", "name": "Kenford South Children's Centre" });
        Caller::of(&world, "south").sends("centre-registration", &registration).await.expect(202);
        assert_eq!(messages(&world).await[0]["mayVisit"], true);
        let mut browser = Browser::new(&world);
        let html = browser.ends("/inbox", "centre").await.text().await.unwrap();
        assert!(html.contains("it ended: the family has registered with you"), "{html}");
    });
}

#[test]
fn a_rule_about_a_family_holds_by_whichever_number_a_message_names_its_child() {
    run(async {
        let world = start().await;
        let (old, new) = ("9990000018", "9990000026");
        for (number, rule) in [(old, true), (new, false)] {
            let mut form = form(number);
            form["noVisitRule"] = json!(rule);
            if !rule {
                form.as_object_mut().unwrap().retain(|key, _| !key.starts_with("noVisit"));
            }
            let sent = world.health_visitor().sends("first-visit-form", &form).await.expect(202);
            world.wait_for(&sent, "south-centre", "completed").await;
        }
        let may = async || {
            let all = messages(&world).await;
            all.iter().map(|message| message["mayVisit"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(may().await, [Value::Null, json!(false)], "they are two children");
        let part = |name: &str, value: &str| json!({ "name": name, "valueIdentifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": value } });
        let merged = json!({ "resourceType": "Parameters", "parameter": [
            part("source-patient-identifier", old), part("target-patient-identifier", new),
        ] });
        let council = Caller::of(&world, "authority");
        council.asks(Request::new("POST", "/fhir/Patient/$merge").json(&merged)).await.expect(200);
        assert_eq!(may().await, [json!(false), json!(false)], "nobody said that the rule ended");
        let mut browser = Browser::new(&world);
        let cards = browser.ends("/inbox/cards", "centre").await.text().await.unwrap();
        assert_eq!(cards.matches("To the parents of").count(), 1, "{cards}");

        let mut registration: Value = serde_json::from_str(REGISTRATION).unwrap();
        registration["child"]["nhsNumber"] = json!(new);
        registration["from"] =
            json!({ "odsCode": "8KS01", "urn": "900103", "name": "Kenford South Children's Centre" });
        Caller::of(&world, "south").sends("centre-registration", &registration).await.expect(202);
        assert_eq!(may().await, [json!(true), json!(true)]);
    });
}

#[test]
fn labels_go_to_families_that_agreed_once_a_child_and_a_spreadsheet_has_what_the_page_has() {
    run(async {
        let world = start().await;
        for (number, id) in [("9990000018", 1), ("9990000018", 2), ("9990000026", 3)] {
            let mut form = form(number);
            form["child"]["name"]["given"] = json!([if id == 3 { "=Zoe" } else { "Maja" }]);
            let sent = world.health_visitor().sends("first-visit-form", &form).await.expect(202);
            world.wait_for(&sent, "south-centre", "completed").await;
        }
        let mut browser = Browser::new(&world);
        let cards = browser.ends("/inbox/cards", "centre").await.text().await.unwrap();
        assert_eq!(cards.matches("To the parents of").count(), 2, "{cards}");
        assert!(cards.contains("CV99 3AB") && !cards.contains("9990000018"), "{cards}");
        assert!(page(&mut browser, "/inbox/cards?since=2999-01-01").await.contains("No family"));
        assert_eq!(browser.goes("/inbox/cards?since=soon", None).await.status(), 400);

        let answer = browser.goes("/inbox/export", None).await;
        assert!(answer.headers()["content-disposition"].to_str().unwrap().contains("kith-inbox.csv"));
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let table = answer.text().await.unwrap();
        assert_eq!(table.trim().lines().count(), 4, "{table}");
        assert!(table.contains("do not visit") && table.contains("CV99 3AB"), "{table}");
        assert!(table.contains(",'=Zoe"), "no formula: {table}");

        let mut other = Browser::new(&world);
        assert_eq!(other.ends("/inbox/cards", "nurse").await.status(), 403);
        let notes = world.journal().await;
        let notes: Vec<&str> = notes.iter().filter_map(|entry| entry["note"].as_str()).collect();
        assert!(notes.iter().any(|note| note.contains("label for a welcome card")), "{notes:?}");
        assert!(notes.iter().any(|note| note.contains("into a spreadsheet")), "{notes:?}");
    });
}

#[test]
fn when_consent_ends_what_was_read_there_is_asked_back_and_what_nobody_read_is_gone() {
    run(async {
        for is_read in [true, false] {
            let world = start().await;
            let sent =
                world.health_visitor().sends("first-visit-form", &form("9990000018")).await.expect(202);
            world.wait_for(&sent, "south-centre", "completed").await;
            if is_read {
                assert_eq!(messages(&world).await.len(), 1);
            }
            withdraws(&world, "9990000018").await;
            world.wait_until_all_settled().await;
            let left = messages(&world).await;
            let kinds: Vec<&Value> = left.iter().map(|message| &message["kind"]).collect();
            let expected = if is_read { vec!["recall-notice"] } else { vec![] };
            assert_eq!(kinds, expected, "{left:?}");
        }
    });
}

#[test]
fn what_lies_there_for_a_centre_that_left_is_read_by_whoever_took_over_its_part() {
    run(async {
        let world = start().await;
        let sent = world.health_visitor().sends("first-visit-form", &form("9990000018")).await.expect(202);
        world.wait_for(&sent, "south-centre", "completed").await;
        is_taken_over(&world, "south-centre", false).await;
        assert!(messages(&world).await.is_empty());
        is_taken_over(&world, "south-centre", true).await;
        let lies = messages(&world).await;
        assert_eq!((lies.len(), &lies[0]["mayVisit"]), (1, &json!(false)), "{lies:?}");
        let journal = world.journal().await;
        let by_it = |entry: &&Value| entry["event"] == "read" && entry["sender"] == "new-south-centre";
        assert_eq!(journal.iter().filter(by_it).count(), 1);

        withdraws(&world, "9990000018").await;
        world.wait_until_all_settled().await;
        let lies = messages(&world).await;
        assert_eq!((lies.len(), &lies[0]["kind"]), (1, &json!("recall-notice")), "{lies:?}");
    });
}
