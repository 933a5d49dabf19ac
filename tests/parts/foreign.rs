//! FHIR of others, read by every mapping: nothing makes it panic, and every element is in the record or in the ledger.
//!
//! `foreign/` holds messages in the style of Digital Child Health, written by hand; FHIR_EXAMPLES names a folder of resources, such as
//! the official R4 examples, each of which is read as a message too.

use kith::catalogue::{Catalogue, Kind};
use serde_json::{Value, json};

use crate::values::to_record;

/// The largest resource of FHIR_EXAMPLES that is looked into element by element.
const BYTES_MAX: usize = 60_000;

/// Every place that holds a single value, with its JSON pointer and its path as the ledger writes it.
fn leaves(value: &Value, pointer: &str, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                leaves(inner, &format!("{pointer}/{escaped}"), &format!("{path}.{key}"), found);
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                leaves(inner, &format!("{pointer}/{at}"), &format!("{path}[{at}]"), found);
            }
        }
        _ => found.push((pointer.to_owned(), path.to_owned())),
    }
}

fn another(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Bool(yes) => json!(!yes),
        Value::Number(_) => json!(77),
        other => other.clone(),
    }
}

/// Elements that are neither in the ledger nor, when they are changed, in record or ledger.
fn unaccounted(kind: &Kind, bundle: &Value) -> Vec<String> {
    let (record, ledger) = to_record(&kind.mapping, bundle);
    let named = |ledger: &[kith::problem::Issue], path: &str| {
        ledger.iter().filter_map(|issue| issue.expression.as_deref()).any(|known| {
            path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    };
    let mut found = Vec::new();
    leaves(bundle, "", "Bundle", &mut found);
    // The message's own frame, and how its resources refer to each other, is not what a record holds.
    let frame = |path: &str| {
        let ends = ["resourceType", "fullUrl", "Bundle.type", "Bundle.id", "Bundle.timestamp", ".reference"];
        ends.iter().any(|end| path.ends_with(end))
            || path.starts_with("Bundle.entry[0].resource.")
            || path.matches('.').count() == 3 && path.ends_with(".resource.id")
    };
    let silent = |(pointer, path): &(String, String)| {
        if frame(path) || named(&ledger, path) {
            return false;
        }
        let mut changed = bundle.clone();
        let Some(place) = changed.pointer_mut(pointer) else { return true };
        *place = another(place);
        let (record_then, ledger_then) = to_record(&kind.mapping, &changed);
        record_then == record && !named(&ledger_then, path) && ledger_then.len() == ledger.len()
    };
    found.iter().filter(|leaf| silent(leaf)).map(|(_, path)| path.clone()).collect()
}

#[test]
fn messages_in_the_style_of_digital_child_health_are_accounted_for() {
    let bundle: Value =
        serde_json::from_str(include_str!("../foreign/dch-new-baby-review.json")).expect("JSON");
    let catalogue = Catalogue::builtin().expect("the catalogue");
    for kind in catalogue.kinds() {
        assert_eq!(unaccounted(kind, &bundle), Vec::<String>::new(), "{}", kind.name);
    }
    // What the 14-day check has a row for is read; what it has none for is named.
    let kind = catalogue.kind("new-birth-visit").expect("the kind");
    let (record, ledger) = to_record(&kind.mapping, &bundle);
    assert_eq!(record["feeding"]["status"], "partially-breast-milk");
    assert_eq!(record["measurements"]["weight"]["kg"].to_string(), "3.62");
    assert_eq!(record["household"]["members"][0]["relationship"], "birth-mother");
    let places: Vec<&str> = ledger.iter().filter_map(|issue| issue.expression.as_deref()).collect();
    for place in [
        "name[1]",
        "resource._birthDate",
        "contact",
        "address[0].district",
        "entry[2].resource",
        "item[2]",
        "note",
    ] {
        assert!(places.iter().any(|one| one.contains(place)), "{place}: {places:#?}");
    }
    let strict = kind.schema.faults(&record);
    assert!(strict.is_empty(), "{strict:#?}");
}

#[test]
#[allow(clippy::disallowed_methods, reason = "where the examples lie is told from outside")]
fn examples_of_others_are_accounted_for() {
    let Ok(folder) = std::env::var("FHIR_EXAMPLES") else {
        println!("skipped: FHIR_EXAMPLES names no folder of resources");
        return;
    };
    let catalogue = Catalogue::builtin().expect("the catalogue");
    let files = std::fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let (mut read, mut wrong) = (0, Vec::new());
    for file in files.filter(|file| file.extension().is_some_and(|ending| ending == "json")) {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let Ok(resource) = serde_json::from_str::<Value>(&text) else { continue };
        if resource["resourceType"].as_str().is_none() {
            continue;
        }
        read += 1;
        let header = json!({ "fullUrl": "urn:uuid:0a", "resource": { "resourceType": "MessageHeader" } });
        let message = match resource["resourceType"].as_str() {
            Some("Bundle") => resource,
            _ => {
                json!({ "resourceType": "Bundle", "type": "message", "entry": [header, { "fullUrl": "urn:uuid:0b", "resource": resource }] })
            }
        };
        for kind in catalogue.kinds() {
            let _ = to_record(&kind.mapping, &message);
            if text.len() <= BYTES_MAX {
                let places = unaccounted(kind, &message);
                wrong.extend(
                    places.into_iter().map(|place| format!("{} {}: {place}", kind.name, file.display())),
                );
            }
        }
    }
    println!("{read} resources of others, {} elements unaccounted for", wrong.len());
    assert!(read > 0 && wrong.is_empty(), "{wrong:#?}");
}
