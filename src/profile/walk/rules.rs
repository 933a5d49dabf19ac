//! Rules of elements: in Rust where a native form is known, by the engine otherwise.

use super::members::Met;
use super::{Place, Walk};
use crate::json::document::{Id, Kind};
use crate::problem::{Issue, Severity};
use crate::profile::needs::Focus;
use crate::profile::plan::{Check, Plan, RulePlan};

/// The one rule of R4 that its authors mark as best practice: a resource should have narrative. Systems speak to systems here, so
/// it is told where it is asked for, and is no warning.
const BEST_PRACTICE: &str = "dom-6";

impl<'w> Walk<'w, '_> {
    /// Checks the rules of an element; those that `known` has too were checked with it.
    pub(super) fn rules(
        &mut self,
        place: &Place<'_>,
        plan: &'w Plan,
        check: &'w Check,
        node: Id,
        known: Option<&'w Check>,
    ) {
        for rule in &check.rules {
            let twice = known.is_some_and(|other| {
                other.rules.iter().any(|one| one.key == rule.key && one.expression == rule.expression)
            });
            if !twice {
                self.rule(place, plan, check, (node, None), rule);
            }
        }
    }

    /// Checks the rules of a simple value; one that has only extensions is held against them too.
    pub(super) fn simple_rules(&mut self, place: &Place<'_>, plan: &'w Plan, check: &'w Check, met: Met) {
        let met = (met.value.filter(|id| self.document.kind(*id) != Kind::Null), met.shadow);
        let target = match met {
            (Some(value), shadow) => (value, shadow),
            (None, Some(shadow)) => (shadow, None),
            (None, None) => return,
        };
        // Whatever is here has a value or extensions, which is all that ele-1 asks.
        for rule in check.rules.iter().filter(|rule| &*rule.key != "ele-1") {
            self.rule(place, plan, check, target, rule);
        }
    }

    /// Checks a rule of an element, or of a simple value and its twin.
    fn rule(
        &mut self,
        place: &Place<'_>,
        plan: &'w Plan,
        check: &'w Check,
        (node, twin): (Id, Option<Id>),
        rule: &'w RulePlan,
    ) {
        let is_left_out = match &*rule.key {
            BEST_PRACTICE => !self.settings.best_practice_is_told,
            key => !self.settings.contained_is_checked && key.starts_with("dom-"),
        };
        if is_left_out {
            return;
        }
        let holds = match rule.native {
            Some(native) => Ok(native(&self.view(), node)),
            None => {
                let engine = rule.engine.get_or_init(|| self.rules.compile(&rule.expression));
                match engine {
                    Err(reason) => Err(reason.clone()),
                    Ok(engine) => engine.holds(&Focus {
                        document: self.document,
                        node,
                        twin,
                        type_name: type_name(place, plan, check),
                        resource: self.scope.resource,
                        root: self.scope.root,
                        conforms: &|node, profile| self.conforms_apart(node, profile),
                    }),
                }
            }
        };
        match holds {
            Ok(true) => {}
            Ok(false) => {
                let severity = match &*rule.key {
                    BEST_PRACTICE => Severity::Information,
                    _ if rule.is_error => Severity::Error,
                    _ => Severity::Warning,
                };
                let text = format!("Rule {}: {}", rule.key, rule.human);
                let mut issue = Issue::error("invariant", text);
                issue.severity = severity;
                self.findings.add(place, node, issue, Some(&rule.key));
            }
            Err(reason) => {
                let source = rule.source.as_deref().unwrap_or(&plan.url);
                if self.first(format!("rule {} {source}", rule.key)) {
                    let text = format!("Rule {} was not checked: {reason}.", rule.key);
                    self.findings.add(
                        place,
                        node,
                        Issue::information("not-supported", text),
                        Some(&rule.key),
                    );
                }
            }
        }
    }
}

/// The type of what a rule is asked of. A part of a resource has no type but its path.
fn type_name<'p>(place: &Place<'p>, plan: &'p Plan, check: &'p Check) -> &'p str {
    match place.type_name() {
        _ if !check.path.contains('.') => &plan.type_name,
        "" | "BackboneElement" | "Element" => &check.path,
        own => own,
    }
}
