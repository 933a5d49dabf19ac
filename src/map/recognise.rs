//! Is a resource the one a section means, and what of a fixed value does it have?

use serde_json::Value;

use super::language::{Section, Source};
use crate::json::Tree;

/// Whether a resource of the section's type is one of the section: whether it has every value that the section is recognised by.
pub(super) fn recognises(section: &Section, resource: &Tree<'_>) -> bool {
    section.rows.iter().all(|row| match &row.source {
        Source::Is(expected) => row.fhir.read(resource).iter().any(|found| contains(found.value, expected)),
        _ => true,
    })
}

/// Whether `tree` says at least what `expected` says; display texts may differ.
fn contains(tree: &Tree<'_>, expected: &Value) -> bool {
    match (tree, expected) {
        (Tree::Object(members), Value::Object(expected)) => expected
            .iter()
            .filter(|(key, _)| *key != "display")
            .all(|(key, expected)| members.get(key).is_some_and(|value| contains(value, expected))),
        (Tree::List(list), Value::Array(expected)) => {
            expected.iter().all(|expected| list.iter().any(|item| contains(item, expected)))
        }
        _ => tree.is(expected),
    }
}

/// The leaves of `tree` that `expected` has too, equal. Lists are compared element by best element.
pub(super) fn equal_leaves<'v>(expected: &Value, tree: &'v Tree<'v>, found: &mut Vec<&'v Tree<'v>>) {
    match (expected, tree) {
        (Value::Object(expected), Tree::Object(members)) => {
            for (key, expected) in expected {
                if let Some(value) = members.get(key) {
                    equal_leaves(expected, value, found);
                }
            }
        }
        (Value::Array(expected), Tree::List(list)) => {
            for expected in expected {
                if let Some(item) = list.iter().find(|item| contains(item, expected)) {
                    equal_leaves(expected, item, found);
                }
            }
        }
        _ if tree.is(expected) => found.push(tree),
        _ => {}
    }
}
