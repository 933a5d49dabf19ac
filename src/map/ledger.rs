//! The loss ledger: what a Bundle says and no row carried, named by FHIRPath, never by value.

use std::fmt::Write;

use crate::json::{Members, Tree};
use crate::problem::{Issue, field_name};

/// What is accounted for. Elements are known by where they lie in memory: the Bundle stays where it is while it is read, and no
/// name that a sender makes up can be taken for another's.
#[derive(Default)]
pub struct Carried {
    places: Vec<usize>,
}

impl Carried {
    /// Accounts for a value, and for all that is in it.
    pub fn all(&mut self, value: &Tree<'_>) {
        match value {
            Tree::Object(members) => members.iter().for_each(|(_, inner)| self.all(inner)),
            Tree::List(list) => list.iter().for_each(|inner| self.all(inner)),
            _ => self.places.push(place(value)),
        }
    }

    /// The same, to be asked.
    fn ready(mut self) -> Self {
        self.places.sort_unstable();
        self
    }

    fn has(&self, value: &Tree<'_>) -> bool {
        self.places.binary_search(&place(value)).is_ok()
    }
}

fn place(value: &Tree<'_>) -> usize {
    std::ptr::from_ref(value).addr()
}

/// Every element of the Bundle that is not accounted for. An element of which nothing is carried is named once, as a
/// whole.
pub fn of(bundle: &Tree<'_>, carried: Carried, taken: &[usize]) -> Vec<Issue> {
    let carried = carried.ready();
    let mut issues = Vec::new();
    for (key, value) in bundle.as_object().into_iter().flat_map(Members::iter) {
        if !matches!(key, "resourceType" | "id" | "type" | "timestamp" | "entry") {
            issues.push(not_carried(&format!("Bundle.{}", field_name(key)), value));
        }
    }
    for (index, entry) in bundle.items("entry").iter().enumerate() {
        let at = format!("Bundle.entry[{index}]");
        for (key, value) in entry.as_object().into_iter().flat_map(Members::iter) {
            if !matches!(key, "fullUrl" | "resource") {
                issues.push(not_carried(&format!("{at}.{}", field_name(key)), value));
            }
        }
        let Some(resource) = entry.get("resource") else {
            issues.push(not_carried(&at, entry));
            continue;
        };
        let kind = resource.text_of("resourceType").unwrap_or("unknown");
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
    fn element(&mut self, value: &'v Tree<'v>) -> bool {
        let before = self.issues.len();
        let mut any = false;
        match value {
            Tree::Object(members) => {
                for (key, value) in members.iter() {
                    any |= self.step(Step::Member(key), value);
                }
            }
            Tree::List(list) => {
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

    fn step(&mut self, step: Step<'v>, value: &'v Tree<'v>) -> bool {
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

fn not_carried(path: &str, value: &Tree<'_>) -> Issue {
    let kind = match value {
        Tree::Object(_) | Tree::List(_) => "element",
        Tree::Text(_) => "text",
        Tree::Number(_) => "number",
        Tree::Bool(_) => "true/false value",
        Tree::Null => "empty value",
    };
    Issue::information(
        "informational",
        format!("This {kind} has no row in the mapping; it was not carried over."),
    )
    .at(path)
}
