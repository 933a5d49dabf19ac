//! What a step of a journey is expected to lead to, compared with what it led to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::always::always;
use super::delivered::Delivered;
use super::journey::read;
use super::like::{Strictness, difference, unmatched};
use super::{Answer, FakePartner, World};

/// A step that was taken.
pub struct Step {
    pub place: PathBuf,
    pub caller: Value,
    pub answer: Answer,
    pub entries_before: usize,
    pub arrived_before: BTreeMap<&'static str, usize>,
}

/// Everything that is not as expected.
pub async fn faults(world: &World, step: &Step) -> Vec<String> {
    let journal = world.journal().await;
    let entries = &journal[step.entries_before..];
    let mut faults = answer(step);
    faults.extend(receipts(world, step).await);
    faults.extend(deliveries(world, step));
    faults.extend(absent(world, step));
    let flat: Vec<Value> = entries.iter().map(entry).collect();
    faults.extend(list(step, "journal.json", &flat));
    faults.extend(always(world, step, &journal));
    faults
}

/// The expectation in a file; when the file is empty and blessing is asked for, what was got is written into it.
fn expectation(place: &Path, name: &str, got: impl FnOnce() -> Value) -> Option<Value> {
    let path = place.join(name);
    let empty = fs::metadata(&path).is_ok_and(|file| file.len() == 0);
    if empty {
        assert!(
            std::env::var_os("KITH_BLESS").is_some(),
            "{} is empty; set KITH_BLESS to fill it",
            path.display()
        );
        fs::write(&path, format!("{:#}\n", got())).expect("a file");
    }
    read(place, name)
}

fn answer(step: &Step) -> Vec<String> {
    let got = &step.answer;
    let issues = got.issues();
    let seen = || {
        let short = |issue: &Value| {
            let mut issue = issue.clone();
            if issue["severity"] == "information" {
                issue.as_object_mut().expect("an object").remove("says");
            }
            issue
        };
        json!({ "status": got.status, "issues": issues.iter().map(short).collect::<Vec<_>>() })
    };
    let Some(expected) = expectation(&step.place, "answer.json", seen) else {
        return vec!["answer.json is missing".to_owned()];
    };
    let mut faults = Vec::new();
    if expected["status"] != got.status {
        faults.push(format!(
            "the answer is {} instead of {}: {}",
            got.status,
            expected["status"],
            got.text()
        ));
    }
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        let header = got.header(name).map_or(Value::Null, Value::from);
        faults.extend(difference(value, &header, Strictness::Exact, &format!("header {name}")));
    }
    if let Some(body) = expected.get("body") {
        faults.extend(difference(body, &got.json(), Strictness::Subset, "answer"));
    }
    if let Some(wanted) = expected["issues"].as_array() {
        if wanted.len() != issues.len() {
            faults.push(format!(
                "the answer has {} issues instead of {}: {issues:?}",
                issues.len(),
                wanted.len()
            ));
        }
        let pairs = wanted.iter().zip(&issues).enumerate();
        faults.extend(pairs.filter_map(|(n, (want, issue))| {
            difference(want, issue, Strictness::Subset, &format!("issue[{n}]"))
        }));
    }
    faults
}

async fn receipts(world: &World, step: &Step) -> Vec<String> {
    if !step.place.join("receipts.json").exists() {
        return Vec::new();
    }
    let message = read(&step.place, "caller.json").and_then(|caller| {
        caller["receipts"].as_str().map(|id| id.parse().expect("receipts names a message's id"))
    });
    let message = message.unwrap_or(step.answer.message_id);
    let receipts = world.receipts_of(&step.answer.who, message).await;
    let short = |receipt: &Value| json!({ "status": receipt["status"], "ground": receipt["ground"], "items": receipt["items"] });
    let got: Map<String, Value> =
        receipts.iter().map(|(id, receipt)| ((*id).to_owned(), short(receipt))).collect();
    let got = Value::Object(got);
    let expected = expectation(&step.place, "receipts.json", || got.clone());
    expected
        .and_then(|expected| difference(&expected, &got, Strictness::Exact, "receipts"))
        .into_iter()
        .collect()
}

fn deliveries(world: &World, step: &Step) -> Vec<String> {
    let mut faults = Vec::new();
    for partner in world.partners() {
        let before = step.arrived_before[partner.id()];
        let taken: Vec<Delivered> = partner.arrived().split_off(before);
        let taken: Vec<&Delivered> = taken.iter().filter(|delivered| delivered.status == 200).collect();
        let (whole, record) =
            (format!("delivered/{}.json", partner.id()), format!("delivered/{}.record.json", partner.id()));
        let expects = [&whole, &record].iter().any(|name| step.place.join(name).exists());
        match taken.as_slice() {
            [] if expects => faults.push(format!("{} got nothing", partner.id())),
            [] => {}
            [one] if expects => {
                let body = one.json();
                let compare = |name: &str, got: Value| {
                    let expected = expectation(&step.place, name, || got.clone());
                    expected.and_then(|it| difference(&it, &got, Strictness::Exact, name))
                };
                faults.extend(compare(&whole, body.clone()));
                if step.place.join(&record).exists() {
                    faults.extend(compare(&record, read_back(world, &body)));
                }
            }
            many => {
                faults.push(format!("{} got {} deliveries: {}", partner.id(), many.len(), many[0].text()))
            }
        }
    }
    faults
}

/// The record that a FHIR message reads as, by the mapping of its event; with the ground that it states.
fn read_back(world: &World, bundle: &Value) -> Value {
    let header = &bundle["entry"][0]["resource"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let event = (text(&header["eventCoding"]["system"]), text(&header["eventCoding"]["code"]));
    let kind = world.house().catalogue.by_event(&event.0, &event.1).expect("a kind of ours").clone();
    let read = kith::json::Tree::of(bundle);
    let (record, lost) = kith::map::to_record(&kind.mapping, &read);
    // The header is the envelope, which Kith writes itself.
    let more = lost.iter().filter_map(|issue| issue.expression.as_deref());
    let more: Vec<&str> = more.filter(|path| !path.starts_with("Bundle.entry[0].resource.")).collect();
    assert!(more.is_empty(), "a delivery holds more than its mapping carries: {more:?}");
    json!({
        "ground": header["reason"]["coding"][0]["code"],
        "reason": header["reason"]["text"],
        "record": record.to_value(),
    })
}

fn absent(world: &World, step: &Step) -> Vec<String> {
    let mut faults = Vec::new();
    let file = read(&step.place, "absent.json").unwrap_or_else(|| json!({}));
    for (who, texts) in file.as_object().expect("absent.json is an object") {
        let texts: Vec<&str> =
            texts.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text")).collect();
        if who == "answer" {
            let answer = step.answer.text();
            let said = texts.iter().filter(|text| answer.contains(**text));
            faults
                .extend(said.map(|text| format!("the caller is answered '{text}', which it must not know")));
            continue;
        }
        let partners: Vec<&FakePartner> = world.partners().filter(|p| who == "*" || who == p.id()).collect();
        assert!(!partners.is_empty(), "absent.json: there is no partner '{who}'");
        for text in texts {
            let holds = |delivered: &Delivered| {
                delivered.text().as_bytes().windows(text.len()).any(|bytes| bytes == text.as_bytes())
            };
            let found = partners.iter().filter(|partner| partner.arrived().iter().any(holds));
            faults.extend(
                found.map(|partner| format!("{} got '{text}', which it must not know", partner.id())),
            );
        }
    }
    faults
}

/// An entry of the journal as tests speak of it.
fn entry(entry: &Value) -> Value {
    let lines = || entry["decisions"].as_array().into_iter().flatten();
    let texts = |list: &Value| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    };
    let permits: Vec<&Value> =
        lines().filter(|line| line["outcome"] == "permit").map(|line| &line["item"]).collect();
    let policies: BTreeSet<String> = lines().flat_map(|line| texts(&line["policies"])).collect();
    let mut flat = json!({
        "event": entry["event"],
        "sender": entry["sender"],
        "recipient": entry["recipient"],
        "kind": entry["kind"],
    });
    flat.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    if lines().next().is_some() {
        flat["permits"] = json!(permits);
        flat["policies"] = json!(policies);
    }
    flat
}

/// A list that must hold exactly these items, in any order.
fn list(step: &Step, name: &str, got: &[Value]) -> Vec<String> {
    let expected = expectation(&step.place, name, || json!(got));
    let Some(expected) = expected else {
        // When partners come back, what waited goes on, whatever the call.
        let silent = step.answer.status >= 400 || step.caller["method"] == "GET";
        let quiet = silent && !step.place.join("partners.json").exists();
        let wrong = quiet && !got.is_empty();
        return wrong
            .then(|| format!("{name}: nothing should be written, but {}", json!(got)))
            .into_iter()
            .collect();
    };
    let expected = expected.as_array().expect("a list").clone();
    let mut faults = Vec::new();
    if let Some(lost) = unmatched(&expected, got, Strictness::Exact) {
        faults.push(format!("{name}: nothing is like {lost}; there is {}", json!(got)));
    } else if expected.len() != got.len() {
        faults.push(format!("{name}: {} entries instead of {}: {}", got.len(), expected.len(), json!(got)));
    }
    faults
}
