//! Rules that hold for any FHIR that Kith reads: message Bundles (<https://hl7.org/fhir/R4/bundle.html>,
//! <https://hl7.org/fhir/R4/messaging.html>), resource ids, NHS numbers, and what could smuggle content past a mapping.

use std::collections::HashSet;
use std::fmt;

use serde_json::Value;

use crate::domain::{NHS_NUMBER_SYSTEM, NhsNumber};
use crate::problem::{Issue, field_name};

/// Where an element stands; words are made of it only when something is wrong there.
#[derive(Debug, Clone, Copy)]
enum At<'a> {
    Resource(&'a str),
    Entry(usize),
    Member(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(kind) => f.write_str(kind),
            Self::Entry(index) => write!(f, "Bundle.entry[{index}]"),
            Self::Member(before, key) => write!(f, "{before}.{}", field_name(key)),
            Self::Item(before, index) => write!(f, "{before}[{index}]"),
        }
    }
}

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
        Some(kind) => element(resource, At::Resource(kind), &mut issues),
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
        let at = At::Entry(index);
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
                element(resource, At::Member(&at, "resource"), issues);
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
fn element(value: &Value, at: At<'_>, issues: &mut Vec<Issue>) {
    match value {
        Value::Null => issues.push(
            Issue::error("structure", "FHIR has no null here; leave the element out.").at(at.to_string()),
        ),
        Value::Array(list) => {
            if list.is_empty() {
                issues.push(
                    Issue::error("structure", "FHIR has no empty lists; leave the element out.")
                        .at(at.to_string()),
                );
            }
            // In a list of primitives, null holds the place of an element that has extensions only.
            for (index, item) in list.iter().enumerate().filter(|(_, item)| !item.is_null()) {
                element(item, At::Item(&at, index), issues);
            }
        }
        Value::Object(object) => {
            if object.is_empty() {
                issues.push(
                    Issue::error("structure", "FHIR has no empty elements; leave it out.").at(at.to_string()),
                );
            }
            own_rules(value, at, issues);
            for (key, inner) in object {
                element(inner, At::Member(&at, key), issues);
            }
        }
        _ => {}
    }
}

fn own_rules(value: &Value, at: At<'_>, issues: &mut Vec<Issue>) {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    if value.get("modifierExtension").is_some() {
        let words = "A modifierExtension may change the meaning of what Kith passes on, and Kith knows none. Remove it, or send the information another way.";
        issues.push(Issue::error("extension", words).at(format!("{at}.modifierExtension")));
    }
    if text("system") == Some(NHS_NUMBER_SYSTEM)
        && let Some(Err(error)) = text("value").map(str::parse::<NhsNumber>)
    {
        issues.push(
            Issue::error("value", format!("This NHS number is wrong: {error}.")).at(format!("{at}.value")),
        );
    }
    if value.get("resourceType").is_some() && value.get("meta").is_some_and(|meta| !meta.is_object()) {
        issues.push(Issue::error("structure", "'meta' must be an object.").at(format!("{at}.meta")));
    }
    if value.get("resourceType").is_some()
        && let Some(id) = value.get("id")
        && !id.as_str().is_some_and(is_id)
    {
        issues.push(
            Issue::error("value", "An id has 1 to 64 letters, digits, '-' and '.'.").at(format!("{at}.id")),
        );
    }
}

/// FHIR id: <https://hl7.org/fhir/R4/datatypes.html#id>.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}
