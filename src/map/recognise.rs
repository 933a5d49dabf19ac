//! Is a resource the one a section means, and what of a fixed value does it have?

use serde_json::Value;

use super::language::{Section, Source};

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

/// The leaves of `value` that `expected` has too, equal. Lists are compared element by best element.
pub(super) fn equal_leaves<'v>(expected: &Value, value: &'v Value, found: &mut Vec<&'v Value>) {
    match (expected, value) {
        (Value::Object(expected), Value::Object(value)) => {
            for (key, expected) in expected {
                if let Some(value) = value.get(key) {
                    equal_leaves(expected, value, found);
                }
            }
        }
        (Value::Array(expected), Value::Array(value)) => {
            for expected in expected {
                if let Some(value) = value.iter().find(|value| contains(value, expected)) {
                    equal_leaves(expected, value, found);
                }
            }
        }
        _ if expected == value => found.push(value),
        _ => {}
    }
}
