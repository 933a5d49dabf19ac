//! Compares JSON with what a test expects of it, and says where they differ.

use serde_json::Value;

/// How strict the comparison is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Nothing more and nothing less.
    Exact,
    /// What is expected is there; objects may hold more fields, lists more items.
    Subset,
}

/// The first difference, or `None`. The text `*` stands for any value.
pub fn difference(expected: &Value, actual: &Value, strict: Strictness, at: &str) -> Option<String> {
    match (expected, actual) {
        (Value::String(any), _) if any == "*" => None,
        (Value::Object(want), Value::Object(got)) => {
            let missing = want.iter().find_map(|(key, value)| match got.get(key) {
                Some(found) => difference(value, found, strict, &format!("{at}.{key}")),
                None => Some(format!("{at}.{key} is missing")),
            });
            let more = || got.keys().find(|key| strict == Strictness::Exact && !want.contains_key(*key));
            missing.or_else(|| more().map(|key| format!("{at}.{key} is there and should not be")))
        }
        (Value::Array(want), Value::Array(got)) if strict == Strictness::Exact => {
            if want.len() != got.len() {
                return Some(format!("{at} has {} items instead of {}", got.len(), want.len()));
            }
            let mut pairs = want.iter().zip(got).enumerate();
            pairs.find_map(|(n, (want, got))| difference(want, got, strict, &format!("{at}[{n}]")))
        }
        (Value::Array(want), Value::Array(got)) => {
            unmatched(want, got, strict).map(|lost| format!("{at}: nothing is like {lost}"))
        }
        _ if expected == actual => None,
        _ => Some(format!("{at} is {actual} instead of {expected}")),
    }
}

/// The first expected item for which there is no item of its own.
pub fn unmatched<'e>(expected: &'e [Value], actual: &[Value], strict: Strictness) -> Option<&'e Value> {
    let mut left: Vec<&Value> = actual.iter().collect();
    expected.iter().find(|want| {
        let found = left.iter().position(|got| difference(want, got, strict, "").is_none());
        found.map(|place| left.remove(place)).is_none()
    })
}
