//! The loss ledger: what a Bundle says and no row carried, named by FHIRPath, never by value.

use std::fmt::Write;

use serde_json::Value;

use crate::problem::{Issue, field_name};

/// What is accounted for. Elements are known by where they lie in memory: the Bundle stays where it is while it is read, and no
/// name that a sender makes up can be taken for another's.
#[derive(Default)]
pub struct Carried {
    places: Vec<usize>,
}

impl Carried {
    /// Accounts for a value, and for all that is in it.
    pub fn all(&mut self, value: &Value) {
        match value {
            Value::Object(object) => object.values().for_each(|inner| self.all(inner)),
            Value::Array(list) => list.iter().for_each(|inner| self.all(inner)),
            _ => self.places.push(place(value)),
        }
    }

    /// The same, to be asked.
    fn ready(mut self) -> Self {
        self.places.sort_unstable();
        self
    }

    fn has(&self, value: &Value) -> bool {
        self.places.binary_search(&place(value)).is_ok()
    }
}

fn place(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

/// Every element of the Bundle that is not accounted for. An element of which nothing is carried is named once, as a
/// whole.
pub fn of(bundle: &Value, carried: Carried, taken: &[usize]) -> Vec<Issue> {
    let carried = carried.ready();
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
        let root = format!("{at}.resource");
        let mut account = Account { root: &root, steps: vec![], carried: &carried, issues: &mut issues };
        account.element(resource);
    }
    issues
}

/// A step from the resource to an element.
#[derive(Clone, Copy)]
enum Step<'v> {
    Member(&'v str),
    Item(usize),
}

struct Account<'a, 'v> {
    /// The resource's own path.
    root: &'a str,
    /// From there to the element that is looked at.
    steps: Vec<Step<'v>>,
    carried: &'a Carried,
    issues: &'a mut Vec<Issue>,
}

impl<'v> Account<'_, 'v> {
    /// Names what of this element is lost; gives whether anything of it was carried.
    fn element(&mut self, value: &'v Value) -> bool {
        let before = self.issues.len();
        let mut any = false;
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    any |= self.step(Step::Member(key), value);
                }
            }
            Value::Array(list) => {
                for (at, value) in list.iter().enumerate() {
                    any |= self.step(Step::Item(at), value);
                }
            }
            _ => {
                // The resource's own id is how others speak of it in the message.
                let id = matches!(self.steps.as_slice(), [Step::Member("id")]);
                any = id || self.carried.has(value);
            }
        }
        if !any && !self.steps.is_empty() {
            self.issues.truncate(before);
            self.issues.push(not_carried(&self.path(), value));
        }
        any
    }

    fn step(&mut self, step: Step<'v>, value: &'v Value) -> bool {
        self.steps.push(step);
        let any = self.element(value);
        self.steps.pop();
        any
    }

    /// The path as people and FHIRPath write it; made only for what is lost.
    fn path(&self) -> String {
        let mut path = self.root.to_owned();
        for step in &self.steps {
            let _ = match step {
                Step::Member(key) => write!(path, ".{}", field_name(key)),
                Step::Item(at) => write!(path, "[{at}]"),
            };
        }
        path
    }
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
