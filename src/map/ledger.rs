//! The loss ledger: what a Bundle says and no row carried, named by FHIRPath, never by value.

use std::collections::HashSet;

use serde_json::Value;

use crate::problem::{Issue, field_name};

/// Every element of the Bundle that is not accounted for. An element of which nothing is carried is named once, as a
/// whole.
pub fn of(bundle: &Value, carried: &HashSet<(usize, String)>, taken: &[usize]) -> Vec<Issue> {
    let mut issues = Vec::new();
    for (key, value) in bundle.as_object().into_iter().flatten() {
        if !matches!(key.as_str(), "resourceType" | "id" | "type" | "timestamp" | "entry") {
            issues.push(not_carried(&format!("Bundle.{}", field_name(key)), value));
        }
    }
    for (index, entry) in bundle.get("entry").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let at = format!("Bundle.entry[{index}]");
        for (key, value) in entry.as_object().into_iter().flatten() {
            if !matches!(key.as_str(), "fullUrl" | "resource") {
                issues.push(not_carried(&format!("{at}.{}", field_name(key)), value));
            }
        }
        let Some(resource) = entry.get("resource") else {
            issues.push(not_carried(&at, entry));
            continue;
        };
        let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or("unknown");
        let envelope = index == 0 && kind == "MessageHeader";
        if !taken.contains(&index) && !envelope {
            let text = "This resource has no place in the record; it was not carried over.";
            issues.push(Issue::information("informational", text).at(format!("{at}.resource")));
            continue;
        }
        let mut account = Account { entry: index, carried, issues: &mut issues };
        account.element(resource, "", &format!("{at}.resource"));
    }
    issues
}

struct Account<'a> {
    entry: usize,
    carried: &'a HashSet<(usize, String)>,
    issues: &'a mut Vec<Issue>,
}

impl Account<'_> {
    /// Names what of this element is lost; gives whether anything of it was carried.
    fn element(&mut self, value: &Value, pointer: &str, path: &str) -> bool {
        let before = self.issues.len();
        let children: Vec<(String, String, &Value)> = match value {
            Value::Object(object) => object
                .iter()
                .map(|(key, value)| (below(pointer, key), format!("{path}.{}", field_name(key)), value))
                .collect(),
            Value::Array(list) => {
                let items = list.iter().enumerate();
                items.map(|(at, value)| (format!("{pointer}/{at}"), format!("{path}[{at}]"), value)).collect()
            }
            _ => {
                let carried = self.carried.contains(&(self.entry, pointer.to_owned())) || pointer == "/id";
                if !carried {
                    self.issues.push(not_carried(path, value));
                }
                return carried;
            }
        };
        let mut any = false;
        for (pointer, path, value) in children {
            any |= self.element(value, &pointer, &path);
        }
        if !any && !pointer.is_empty() {
            self.issues.truncate(before);
            self.issues.push(not_carried(path, value));
        }
        any
    }
}

/// The JSON pointer (RFC 6901) of a member. Escaped, so that no name made up by a sender reads like another path.
pub fn below(pointer: &str, key: &str) -> String {
    if key.contains(['~', '/']) {
        return format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    }
    // Nearly every name is plain, and this is asked for every element.
    [pointer, "/", key].concat()
}

fn not_carried(path: &str, value: &Value) -> Issue {
    let kind = match value {
        Value::Object(_) | Value::Array(_) => "element",
        Value::String(_) => "text",
        Value::Number(_) => "number",
        Value::Bool(_) => "true/false value",
        Value::Null => "empty value",
    };
    Issue::information(
        "informational",
        format!("This {kind} has no row in the mapping; it was not carried over."),
    )
    .at(path)
}
