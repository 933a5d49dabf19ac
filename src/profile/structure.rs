//! Rules that hold for any FHIR that Kith reads: message Bundles (<https://hl7.org/fhir/R4/bundle.html>,
//! <https://hl7.org/fhir/R4/messaging.html>), resource ids, NHS numbers, and what could smuggle content past a mapping.

use std::collections::HashSet;

use serde_json::Value;

use crate::domain::{NHS_NUMBER_SYSTEM, NhsNumber};
use crate::problem::{Issue, field_name};

/// At most so many resources in one message.
const ENTRIES_MAX: usize = 500;

/// What is wrong with the structure of a resource or a message Bundle.
pub fn issues(resource: &Value) -> Vec<Issue> {
    let mut issues = Vec::new();
    match resource.get("resourceType").and_then(Value::as_str) {
        None => issues.push(
            Issue::error("structure", "This is not a FHIR resource: 'resourceType' is missing.")
                .at("resourceType"),
        ),
        Some("Bundle") => bundle(resource, &mut issues),
        Some(kind) => element(resource, kind, &mut issues),
    }
    issues
}

fn bundle(bundle: &Value, issues: &mut Vec<Issue>) {
    if bundle.get("type").and_then(Value::as_str) == Some("message") {
        message(bundle, issues);
    }
    let Some(entries) = bundle.get("entry") else { return };
    let Some(entries) = entries.as_array() else {
        issues.push(Issue::error("structure", "'entry' must be a list.").at("Bundle.entry"));
        return;
    };
    if entries.len() > ENTRIES_MAX {
        issues.push(
            Issue::error("too-costly", format!("A message holds at most {ENTRIES_MAX} entries."))
                .at("Bundle.entry"),
        );
        return;
    }
    let mut urls = HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let at = format!("Bundle.entry[{index}]");
        let url = entry.get("fullUrl").and_then(Value::as_str);
        if let Some(url) = url
            && !urls.insert(url)
        {
            issues.push(
                Issue::error("duplicate", "Two entries have this fullUrl; give each its own.")
                    .at(format!("{at}.fullUrl")),
            );
        }
        match entry.get("resource") {
            Some(resource) if resource.get("resourceType").is_some_and(Value::is_string) => {
                element(resource, &format!("{at}.resource"), issues);
            }
            _ => issues.push(
                Issue::error("structure", "The entry holds no resource with a resourceType.")
                    .at(format!("{at}.resource")),
            ),
        }
    }
}

fn message(bundle: &Value, issues: &mut Vec<Issue>) {
    let header = bundle.pointer("/entry/0/resource");
    let is_header =
        header.and_then(|r| r.get("resourceType")).and_then(Value::as_str) == Some("MessageHeader");
    if !is_header {
        let text = "The first entry of a message is its MessageHeader (bdl-12).";
        issues.push(Issue::error("required", text).at("Bundle.entry[0].resource"));
        return;
    }
    for (pointer, path, what) in [
        ("/entry/0/resource/eventCoding/code", "eventCoding.code", "the event"),
        ("/entry/0/resource/source/endpoint", "source.endpoint", "the sender's endpoint"),
    ] {
        if bundle.pointer(pointer).and_then(Value::as_str).is_none() {
            let text = format!("The MessageHeader does not say {what}. Add '{path}'.");
            issues.push(Issue::error("required", text).at(format!("Bundle.entry[0].resource.{path}")));
        }
    }
}

/// Walks an element for what is wrong wherever it stands.
fn element(value: &Value, path: &str, issues: &mut Vec<Issue>) {
    match value {
        Value::Null => {
            issues.push(Issue::error("structure", "FHIR has no null here; leave the element out.").at(path))
        }
        Value::Array(list) => {
            if list.is_empty() {
                issues.push(
                    Issue::error("structure", "FHIR has no empty lists; leave the element out.").at(path),
                );
            }
            // In a list of primitives, null holds the place of an element that has extensions only.
            for (index, item) in list.iter().enumerate().filter(|(_, item)| !item.is_null()) {
                element(item, &format!("{path}[{index}]"), issues);
            }
        }
        Value::Object(object) => {
            if object.is_empty() {
                issues.push(Issue::error("structure", "FHIR has no empty elements; leave it out.").at(path));
            }
            own_rules(value, path, issues);
            for (key, inner) in object {
                element(inner, &format!("{path}.{}", field_name(key)), issues);
            }
        }
        _ => {}
    }
}

fn own_rules(value: &Value, path: &str, issues: &mut Vec<Issue>) {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    if value.get("modifierExtension").is_some() {
        let words = "A modifierExtension may change the meaning of what Kith passes on, and Kith knows none. Remove it, or send the information another way.";
        issues.push(Issue::error("extension", words).at(format!("{path}.modifierExtension")));
    }
    if text("system") == Some(NHS_NUMBER_SYSTEM)
        && let Some(Err(error)) = text("value").map(str::parse::<NhsNumber>)
    {
        issues.push(
            Issue::error("value", format!("This NHS number is wrong: {error}.")).at(format!("{path}.value")),
        );
    }
    if value.get("resourceType").is_some() && value.get("meta").is_some_and(|meta| !meta.is_object()) {
        issues.push(Issue::error("structure", "'meta' must be an object.").at(format!("{path}.meta")));
    }
    if value.get("resourceType").is_some()
        && let Some(id) = value.get("id")
        && !id.as_str().is_some_and(is_id)
    {
        issues.push(
            Issue::error("value", "An id has 1 to 64 letters, digits, '-' and '.'.").at(format!("{path}.id")),
        );
    }
}

/// FHIR id: <https://hl7.org/fhir/R4/datatypes.html#id>.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}
