//! Is a resource the one a section means, and what of a fixed value does it have?

use serde_json::Value;

use super::language::{Section, Source};
use super::ledger;

/// Whether a resource is one of the section: its type, and every value that the section is recognised by.
pub(super) fn recognises(section: &Section, resource: &Value) -> bool {
    resource.get("resourceType").and_then(Value::as_str) == Some(&section.resource)
        && section.rows.iter().all(|row| match &row.source {
            Source::Is(expected) => {
                row.fhir.read(resource).iter().any(|found| contains(found.value, expected))
            }
            _ => true,
        })
}

/// Whether `value` says at least what `expected` says; display texts may differ.
fn contains(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Object(value), Value::Object(expected)) => expected
            .iter()
            .filter(|(key, _)| *key != "display")
            .all(|(key, expected)| value.get(key).is_some_and(|value| contains(value, expected))),
        (Value::Array(value), Value::Array(expected)) => {
            expected.iter().all(|expected| value.iter().any(|value| contains(value, expected)))
        }
        _ => value == expected,
    }
}

/// Pointers of the leaves that both values have and that are equal. Lists are compared element by best element.
pub(super) fn equal_leaves(expected: &Value, value: &Value) -> Vec<String> {
    match (expected, value) {
        (Value::Object(expected), Value::Object(value)) => {
            let both = expected
                .iter()
                .filter_map(|(key, expected)| value.get(key).map(|value| (key, expected, value)));
            both.flat_map(|(key, expected, value)| under(key, equal_leaves(expected, value))).collect()
        }
        (Value::Array(expected), Value::Array(value)) => expected
            .iter()
            .flat_map(|expected| {
                let at = value.iter().position(|value| contains(value, expected));
                at.map_or_else(Vec::new, |at| under(&at.to_string(), equal_leaves(expected, &value[at])))
            })
            .collect(),
        _ if expected == value => vec![String::new()],
        _ => vec![],
    }
}

fn under(key: &str, pointers: Vec<String>) -> Vec<String> {
    let first = ledger::below("", key);
    pointers.into_iter().map(|pointer| format!("{first}{pointer}")).collect()
}
