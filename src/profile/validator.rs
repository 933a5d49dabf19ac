//! From text to findings: the validator's door.

use std::sync::Arc;

use super::needs::{Definitions, Rules};
use super::plan::{Plan, Plans};
use super::walk::{Finding, Findings, Place, Settings, Walk};
use crate::json::document::parse;
use crate::problem::{Issue, Severity};

/// Checks resources against definitions. Keeps what it compiled, so one is made and used for all.
pub struct Validator {
    plans: Plans,
    rules: Arc<dyn Rules>,
    settings: Settings,
}

/// Everything that was found.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// In the order of the text.
    pub findings: Vec<Finding>,
}

impl Outcome {
    /// Whether nothing is wrong.
    pub fn is_valid(&self) -> bool {
        !self.findings.iter().any(|one| one.issue.severity == Severity::Error)
    }

    /// The issues, for an OperationOutcome.
    pub fn issues(self) -> Vec<Issue> {
        self.findings.into_iter().map(|one| Issue { profile: one.profile, ..one.issue }).collect()
    }
}

impl Validator {
    /// A validator with these definitions and rules.
    pub fn new(definitions: Arc<dyn Definitions>, rules: Arc<dyn Rules>, settings: Settings) -> Self {
        Self { plans: Plans::new(definitions), rules, settings }
    }

    /// Checks one resource in JSON against its type, the profiles it claims, and these profiles. A profile that is asked
    /// for and not known is an error: nobody can say then that the resource conforms.
    pub fn validate(&self, text: &str, profiles: &[&str]) -> Outcome {
        let without = if self.settings.comments_are_allowed { Some(without_comments(text)) } else { None };
        let text = without.as_deref().unwrap_or(text);
        let document = match parse(text, self.settings.depth_max) {
            Ok(document) => document,
            Err(faults) => {
                let faults = faults.into_iter().take(self.settings.issues_max);
                let issue = |fault: crate::json::document::Fault| {
                    Issue::error("structure", fault.text).on(fault.position.0, fault.position.1)
                };
                let finding = |issue| Finding { issue, rule: None, profile: None };
                return Outcome { findings: faults.map(issue).map(finding).collect() };
            }
        };
        let mut walk = Walk::new(&document, &self.plans, &*self.rules, &self.settings);
        let root = document.root();
        let type_name =
            document.child(root, "resourceType").map(|one| document.text(one)).unwrap_or_default();
        let place = Place::root(if type_name.is_empty() { "Resource" } else { &type_name });
        let wanted = self.wanted(&place, &mut walk.findings, root, profiles);
        walk.resource(&place, root, &wanted, true);
        let findings = walk.findings;
        Outcome { findings: findings.finish(&document) }
    }

    fn wanted(
        &self,
        place: &Place<'_>,
        findings: &mut Findings,
        root: crate::json::document::Id,
        profiles: &[&str],
    ) -> Vec<&Plan> {
        let mut plans = Vec::new();
        for url in profiles {
            match self.plans.plan(url) {
                Ok(plan) => plans.push(plan),
                Err(_) => {
                    let text =
                        format!("The profile {url} that was asked for is not known here. Load its package.");
                    findings.error(place, root, "not-found", text);
                }
            }
        }
        plans
    }
}

/// The text with blanks in place of comments, so that lines and columns stay.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut escaped) = (false, false);
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        if quoted {
            quoted = letter != '"' || escaped;
            escaped = letter == '\\' && !escaped;
            out.push(letter);
            continue;
        }
        match (letter, rest.peek()) {
            ('/', Some('/')) => {
                out.push(' ');
                while let Some(letter) = rest.next_if(|letter| *letter != '\n') {
                    out.push(if letter.is_whitespace() { letter } else { ' ' });
                }
            }
            ('/', Some('*')) => {
                out.push(' ');
                let mut last = ' ';
                for letter in rest.by_ref() {
                    out.push(if letter.is_whitespace() { letter } else { ' ' });
                    if last == '*' && letter == '/' {
                        break;
                    }
                    last = letter;
                }
            }
            _ => {
                quoted = letter == '"';
                out.push(letter);
            }
        }
    }
    out
}

impl std::fmt::Debug for Validator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Validator").finish_non_exhaustive()
    }
}
