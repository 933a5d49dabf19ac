//! Checks whose findings are not kept: does it fit, why not, which of several fits best.
//!
//! A trial ends when its outcome is known: at its first error, or when it has as many as the best one before it.

use super::Walk;
use crate::profile::document::{Id, Kind};
use crate::profile::plan::{Check, Plan};

/// How deep fixed values and patterns are looked for to see at once that a profile is of something else.
const SIGNS_DEPTH: usize = 3;

impl<'w> Walk<'w, '_> {
    /// Whether the trial under way has come to its end before the document has.
    pub(super) fn is_lost(&self) -> bool {
        self.findings.errors() >= self.lost_at
    }

    /// Runs a check without keeping its findings, until there are so many errors.
    fn tries<T>(
        &mut self,
        errors_max: usize,
        check: impl FnOnce(&mut Self),
        ask: impl FnOnce(&Self, usize) -> T,
    ) -> T {
        let (before, outer) = (self.findings.len(), self.lost_at);
        self.lost_at = self.findings.errors().saturating_add(errors_max);
        self.trying += 1;
        check(self);
        self.trying -= 1;
        self.lost_at = outer;
        let answer = ask(self, before);
        self.findings.truncate(before);
        answer
    }

    /// Says whether a check finds no error.
    pub(super) fn trial(&mut self, check: impl FnOnce(&mut Self)) -> bool {
        self.tries(1, check, |walk, before| !walk.findings.has_error_since(before))
    }

    /// The first error that a check finds, as a sentence.
    pub(super) fn reason(&mut self, check: impl FnOnce(&mut Self)) -> Option<String> {
        self.tries(1, check, |walk, before| walk.findings.first_error_since(before))
    }

    /// Of several profiles the one by which a value has the fewest errors, and whether it has none. Where the values that they fix leave
    /// one of them only, that is the one that was meant, whatever else is wrong: then nothing is tried, and nothing is known of its fit.
    pub(super) fn nearest(
        &mut self,
        node: Id,
        plans: &[&'w Plan],
        mut check: impl FnMut(&mut Self, &'w Plan),
    ) -> Option<(&'w Plan, Option<bool>)> {
        let (mut ways, others): (Vec<&'w Plan>, Vec<&'w Plan>) =
            plans.iter().partition(|plan| !self.is_of_something_else(node, plan, plan.root(), SIGNS_DEPTH));
        if let [only] = ways.as_slice() {
            return Some((only, None));
        }
        ways.extend(others);
        let mut best: Option<(&'w Plan, usize)> = None;
        for plan in ways {
            let least = best.map_or(usize::MAX, |(_, least)| least);
            let errors = self.tries(
                least,
                |walk| check(walk, plan),
                |walk, before| walk.findings.errors_since(before),
            );
            if errors < least {
                best = Some((plan, errors));
            }
            if errors == 0 {
                break;
            }
        }
        best.map(|(plan, errors)| (plan, Some(errors == 0)))
    }

    /// Whether a value that is there contradicts one that a profile fixes.
    fn is_of_something_else(&self, node: Id, plan: &Plan, check: &Check, depth: usize) -> bool {
        if depth == 0 || self.document.kind(node) != Kind::Object {
            return false;
        }
        check.members.children.iter().map(|number| plan.check(*number)).any(|child| {
            let fixes = child.fixed.is_some() || child.pattern.is_some();
            if child.is_choice || child.slicing.is_some() || (!fixes && child.members.is_empty()) {
                return false;
            }
            let Some(value) = self.document.child(node, &child.name) else { return false };
            let contradicts = |one: Id| {
                (fixes && !self.is_as_fixed(child, one))
                    || self.is_of_something_else(one, plan, child, depth - 1)
            };
            match self.document.kind(value) {
                Kind::Array => self.document.children(value).any(contradicts),
                _ => contradicts(value),
            }
        })
    }
}
