//! Invariants that a questionnaire sets for whoever answers it
//! (<https://hl7.org/fhir/R4/extension-questionnaire-constraint.html>).

use serde_json::Value;

use super::Answers;
use super::form::{list, string, value};
use crate::json::document::Id;
use crate::problem::{Issue, Severity};
use crate::profile::needs::Focus;
use crate::profile::walk::{Place, Walk};

/// As R4 calls it, and as later releases do.
const INVARIANTS: &[&str] = &[
    "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint",
    "http://hl7.org/fhir/StructureDefinition/targetConstraint",
];

/// So many are asked of one response: each may look at the whole of it, so that the cost would grow with its square.
const ASKED_MAX: usize = 1_000;

impl Answers<'_> {
    /// Why a rule is not asked. Only what was loaded sets rules: who sends a questionnaire with its answers could make them as costly as
    /// it likes.
    fn refuses(&self) -> Option<String> {
        let asked = self.asked.replace(self.asked.get() + 1);
        if self.comes_along {
            return Some("a questionnaire that comes with its answers sets no rules".to_owned());
        }
        (asked >= ASKED_MAX).then(|| format!("more than {ASKED_MAX} are not asked of one response"))
    }
}

impl Walk<'_, '_> {
    /// Holds a response, or an item of one, against the invariants of what it answers. They say when a response is complete, so that
    /// one that is not finished is not held against them.
    pub(super) fn invariants(
        &mut self,
        here: &Place<'_>,
        node: Id,
        source: &Value,
        answers: &Answers<'_>,
        type_name: &str,
    ) {
        let own = |one: &&Value| string(one, "url").is_some_and(|url| INVARIANTS.contains(&url));
        for invariant in list(source, "extension").filter(own).filter(|_| answers.finished) {
            let part = |name: &str| {
                let own = |one: &&Value| string(one, "url") == Some(name);
                list(invariant, "extension").find(own).and_then(value).and_then(Value::as_str)
            };
            let Some(expression) = part("expression") else { continue };
            let key = part("key").unwrap_or("without a key");
            let focus = Focus {
                document: self.document,
                node,
                twin: None,
                type_name,
                resource: answers.response,
                root: self.scope.root,
                conforms: &|node, profile| self.conforms_apart(node, profile),
            };
            let holds = match answers.refuses() {
                Some(reason) => Err(reason),
                None => self.rules.compile(expression).and_then(|rule| rule.holds(&focus)),
            };
            match holds {
                Ok(true) => {}
                Ok(false) => {
                    let human = part("human").unwrap_or("what the questionnaire asks for does not hold");
                    let mut issue =
                        Issue::error("invariant", format!("The questionnaire's rule {key}: {human}"));
                    if part("severity") == Some("warning") {
                        issue.severity = Severity::Warning;
                    }
                    self.findings.add(here, node, issue, None);
                }
                Err(reason) if self.first(format!("questionnaire rule {key}")) => {
                    let text = format!("The questionnaire's rule {key} was not checked: {reason}.");
                    self.findings.information(here, node, "not-supported", text);
                }
                Err(_) => {}
            }
        }
    }
}
