//! The list that is made of what messages told: kept sealed, decided about when it is taken, by a person or a program.

use std::fs;
use std::process::Command;

use kith::domain::PartnerId;
use kith::store::Kept;
use serde_json::{Value, json};

use super::super::answered::withdraws;
use super::desk::{Desk, MONTH, NAMED, REFUSED, family, form, number, opens, said, table};
use crate::world::caller::Request;
use crate::world::person::{Browser, start, token};
use crate::world::{Answer, Caller, run};
use chrono::{DateTime, Utc};

/// A visit, with as little as the form allows.
const VISIT: &str = include_str!("../../../mappings/new-birth-visit/examples/minimal.json");

/// A notification of the birth of the child of that number.
fn birth(of: usize, day: &str, postcode: &str) -> Value {
    json!({
        "from": { "odsCode": "RZ998" },
        "child": {
            "nhsNumber": number(of),
            "name": { "family": family(of) },
            "birthDate": day,
            "address": { "lines": ["1 Canary Row"], "town": "Kenford", "postcode": postcode },
        },
        "birth": { "weightKg": 3.217 },
    })
}

/// What the health visitors told: four babies of October, of one of whom the parents agreed and of one refused; one of November; and one
/// in no area.
pub async fn told(desk: &Desk) {
    let visitor = desk.world.health_visitor();
    let born = [
        (0, "2026-10-01", "CV99 1AA"),
        (1, "2026-10-02", "CV99 1AB"),
        (2, "2026-10-03", "CV99 1AC"),
        (3, "2026-11-04", "CV99 1AA"),
        (4, "2026-10-05", "B1 1AA"),
    ];
    for (of, day, postcode) in born {
        let sent = visitor.sends("birth-notification", &birth(of, day, postcode)).await.expect(202);
        assert_eq!(sent.text().contains("noted for its list"), of != 4, "{}", sent.text());
    }
    for form in [form(0, NAMED, "CV99 1AA"), form(1, REFUSED, "CV99 1AB"), form(5, NAMED, "CV99 1AD")] {
        visitor.sends("first-visit-form", &form).await.expect(202);
    }
}

/// A message of its kind as FHIR, of which the Patient says by this label who may see its record.
fn labelled(desk: &Desk, kind: &str, record: &Value, label: &Value) -> Request<'static> {
    let file = desk.put("labelled.json", &record.to_string());
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    let mapped = command.args(["map", "to-fhir", "--kind", kind]).arg(file).output().unwrap();
    let mut bundle: Value = serde_json::from_slice(&mapped.stdout).unwrap();
    let entries = bundle["entry"].as_array_mut().unwrap();
    let patient = entries.iter_mut().find(|entry| entry["resource"]["resourceType"] == "Patient").unwrap();
    patient["resource"]["meta"] = json!({ "security": [label] });
    let request = Request::new("POST", "/fhir/$process-message").json(&bundle);
    request.with("content-type", "application/fhir+json")
}

/// The label of PDS for a restricted record.
fn restricted() -> Value {
    json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R" })
}

/// What is kept of October, opened.
async fn kept(desk: &Desk) -> Vec<String> {
    let house = desk.world.house();
    let kept = house.births.births(&PartnerId("kenfordshire".to_owned()), MONTH, 100).await.unwrap().concat();
    let opened = kept.iter().map(|birth| {
        let context = format!("birth/kenfordshire/{}/{}", birth.sender, birth.message_id);
        house.open_json(&context, &birth.record).unwrap().to_string()
    });
    opened.collect()
}

/// The rows of a list as it was handed over.
pub fn rows(desk: &Desk, name: &str, list: &Answer) -> Vec<Value> {
    let path = desk.world.folder.path.join(name);
    fs::write(&path, &list.bytes).unwrap();
    opened(desk, &path)
}

/// The key by which lists are signed, as the page names it.
fn key_of(html: &str) -> String {
    let from = html.find("ssh-ed25519 ").expect("a key");
    html[from..].split('<').next().unwrap().to_owned()
}

fn opened(desk: &Desk, path: &std::path::Path) -> Vec<Value> {
    let output = opens(&desk.key, path, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    table(&output.stdout)
}

#[test]
fn what_messages_told_is_listed_as_far_as_it_may_be_known_on_that_day() {
    run(async {
        let desk = Desk::of_messages(start().await).await;
        told(&desk).await;
        let council = Caller::of(&desk.world, "authority");
        let numbers = council.gets("/births/2026-10").await.expect(200).json();
        assert_eq!((&numbers["births"], &numbers["listed"]), (&json!("4"), &json!("2")), "{numbers}");
        assert_eq!((&numbers["elsewhere"], &numbers["unfit"]), (&json!("0"), &json!("0")), "{numbers}");
        assert!(!numbers.to_string().contains("Canary"), "{numbers}");

        let list = council.gets("/births/2026-10/list").await.expect(200);
        assert_eq!(
            list.header("content-disposition"),
            Some("attachment; filename=\"births-2026-10-kenfordshire.csv.age\"")
        );
        let letters = list.header("x-list-signature").unwrap();
        let signature = format!("-----BEGIN SSH SIGNATURE-----\n{letters}\n-----END SSH SIGNATURE-----\n");
        let key = numbers["signedBy"].as_str().unwrap();
        let is_signed = |bytes| kith::secrecy::is_ssh_signed(key, "births@kith.example", bytes, &signature);
        assert!(is_signed(list.bytes.as_slice()) && !is_signed(b"another list"));
        let listed = rows(&desk, "one.age", &list);
        assert_eq!(said(&listed, "Family name"), [family(0), family(5)]);
        assert_eq!(said(&listed, "Address postcode"), ["CV99 1AA", "CV99 1AD"]);

        // Nothing clinical is kept, and what is lies nowhere open.
        let kept_of_october = kept(&desk).await;
        assert_eq!(kept_of_october.len(), 6, "three notifications and three forms");
        assert!(kept_of_october.iter().all(|one| one.contains("Canary") && !one.contains("weightKg")));
        for file in ["kith.sqlite", "kith.sqlite-wal"] {
            let bytes = fs::read(desk.world.folder.store().with_file_name(file)).unwrap_or_default();
            assert!(!bytes.windows(6).any(|part| part == b"Canary"), "{file}");
        }
        let entries = desk.world.journal().await;
        let of = |event: &str| entries.iter().filter(|entry| entry["event"] == event).count();
        assert_eq!((of("kept"), of("listed")), (7, 3), "two children and the list");
        let entry = entries.iter().rfind(|entry| entry["event"] == "listed").unwrap();
        assert!(entry["note"].as_str().unwrap().contains("a program of the authority's took it"), "{entry}");

        // It is decided about again whenever it is taken, by whichever door.
        withdraws(&desk.world, &number(0)).await;
        let later = council.gets("/births/2026-10/list").await.expect(200);
        assert_eq!(said(&rows(&desk, "two.age", &later), "Family name"), [family(5)]);
        let made = desk.makes("of-messages", &[], 0);
        assert_eq!(made["records"], 6, "{made}");
        assert_eq!(said(&desk.rows("of-messages"), "Family name"), [family(5)]);

        // Its time ends.
        let never = DateTime::<Utc>::MIN_UTC;
        let kept = Kept {
            dead_letters_since: never,
            answers_since: never,
            inbox_since: never,
            signed_out_since: never,
            births_until: DateTime::<Utc>::MAX_UTC,
        };
        assert_eq!(desk.world.house().store.expire(kept).await.unwrap(), 7);
        let numbers = council.gets("/births/2026-10").await.expect(200).json();
        assert_eq!(numbers["births"], "0");
    });
}

#[test]
fn a_child_whose_home_nobody_may_know_is_counted_and_nothing_of_it_is_kept() {
    run(async {
        let desk = Desk::of_messages(start().await).await;
        let born = labelled(&desk, "birth-notification", &birth(0, "2026-10-01", "CV99 1AA"), &restricted());
        desk.world.health_visitor().asks(born).await.expect(200);
        desk.world.health_visitor().sends("first-visit-form", &form(0, NAMED, "CV99 1AA")).await.expect(202);

        let council = Caller::of(&desk.world, "authority");
        let numbers = council.gets("/births/2026-10").await.expect(200).json();
        assert_eq!((&numbers["births"], &numbers["listed"]), (&json!("1"), &json!("0")), "{numbers}");
        assert_eq!(numbers["elsewhere"], "1", "nor in which area it was");
        let kept = kept(&desk).await;
        assert_eq!(kept.len(), 2);
        assert!(
            kept.iter().all(|one| !["Canary", "CV99", "weightKg"].iter().any(|part| one.contains(part))),
            "{kept:?}"
        );
    });
}

#[test]
fn what_was_kept_of_a_child_goes_when_its_home_becomes_secret() {
    let sealed =
        json!({ "system": "https://kith.example/fhir/CodeSystem/record-protection", "code": "sealed" });
    for label in [restricted(), sealed] {
        run(async {
            let desk = Desk::of_messages(start().await).await;
            told(&desk).await;
            // Another kind says it, of which no list is made.
            let mut visit: Value = serde_json::from_str(VISIT).unwrap();
            visit["child"]["nhsNumber"] = json!(number(0));
            desk.world
                .health_visitor()
                .asks(labelled(&desk, "new-birth-visit", &visit, &label))
                .await
                .expect(200);

            let council = Caller::of(&desk.world, "authority");
            let numbers = council.gets("/births/2026-10").await.expect(200).json();
            assert_eq!((&numbers["births"], &numbers["listed"]), (&json!("4"), &json!("1")), "{numbers}");
            assert_eq!(numbers["elsewhere"], "1", "{numbers}");
            let list = council.gets("/births/2026-10/list").await.expect(200);
            assert_eq!(said(&rows(&desk, "hidden.age", &list), "Family name"), [family(5)]);
            let of_child: Vec<_> =
                kept(&desk).await.into_iter().filter(|one| one.contains(&number(0))).collect();
            assert_eq!(of_child.len(), 2, "the notification and the form");
            for one in of_child {
                for part in ["Canary", "CV99", &family(0)] {
                    assert!(!one.contains(part), "{part}: {one}");
                }
            }
        });
    }
}

#[test]
fn only_the_data_lead_takes_it() {
    run(async {
        let desk = Desk::of_messages(start().await).await;
        told(&desk).await;
        for (client, path, status) in [
            ("authority", "/births/October", 400),
            ("authority", "/births/2026-13/list", 400),
            ("centre", "/births/2026-10", 403),
            ("health-visitor", "/births/2026-10/list", 403),
            ("governance", "/births/2026-10/list", 403),
        ] {
            let answer = Caller::of(&desk.world, client).gets(path).await.expect(status);
            assert_eq!(answer.json()["resourceType"], "OperationOutcome", "{path}");
        }

        let mut browser = Browser::new(&desk.world);
        let html = browser.ends("/births", "council").await.text().await.unwrap();
        assert!(html.contains("November 2026") && html.contains("<td>1</td>"), "{html}");
        let html = browser.goes("/births?month=2026-10", None).await.text().await.unwrap();
        assert!(html.contains("<th scope=\"row\">All</th><td>4</td><td>2</td>"), "{html}");
        assert!(!html.contains("Canary"), "{html}");
        assert_eq!(browser.goes("/births?month=nonsense", None).await.status(), 400);

        let token = token(&html);
        for (act, token, status) in [("list", "forged", 403), ("burn", token.as_str(), 400)] {
            let fields = [("act", act), ("month", MONTH), ("token", token)];
            assert_eq!(browser.goes("/births", Some(&fields)).await.status(), status, "{act}");
        }
        let taken =
            browser.goes("/births", Some(&[("act", "list"), ("month", MONTH), ("token", &token)])).await;
        let path = desk.world.folder.path.join("taken.tar");
        fs::write(&path, taken.bytes().await.unwrap()).unwrap();
        assert_eq!(said(&opened(&desk, &path), "Family name"), [family(0), family(5)]);
        let key = key_of(&html);
        assert!(opens(&desk.key, &path, &["--signer", &key]).status.success());
        let others = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
        let refused = opens(&desk.key, &path, &["--signer", others]);
        let says = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            !refused.status.success() && says.contains("is no signature of this list by that key"),
            "{says}"
        );
        let count =
            browser.goes("/births", Some(&[("act", "count"), ("month", MONTH), ("token", &token)])).await;
        let count = count.text().await.unwrap();
        assert!(count.contains("\nAll,,4,2\n"), "{count}");
        let entries = desk.world.journal().await;
        let entry = entries.iter().rfind(|entry| entry["event"] == "listed").unwrap();
        assert!(entry["note"].as_str().unwrap().contains("a person (council"), "{entry}");

        let mut other = Browser::new(&desk.world);
        let refused = other.ends("/births", "nurse").await;
        assert_eq!(refused.status(), 403);
        assert!(refused.text().await.unwrap().contains("for local authorities"));
    });
}
