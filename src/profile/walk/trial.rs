//! Checks whose findings are not kept: does it fit, why not, which of several fits best.
//!
//! A trial ends when its outcome is known: at its first error, or when it has as many as the best one before it.

use super::{Place, Walk};
use crate::json::document::{Id, Kind};
use crate::profile::plan::{Check, Plan};

/// How deep fixed values and patterns are looked for to see at once that a profile is of something else.
const SIGNS_DEPTH: usize = 3;

/// So many walks for rules may be around one another: a profile whose rule asks for itself ends there.
const APART_MAX: usize = 4;

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

    /// Whether what stands somewhere in the document meets a profile, found out by a walk of its own, for a rule that asks
    /// (`conformsTo()`). `None` when the profile is not known or cannot be used, or such walks go too deep or too far.
    pub(super) fn conforms_apart(&self, node: Id, profile: &str) -> Option<bool> {
        let budget = self.work.checked_sub(self.lent.get()).filter(|left| *left > 0)?;
        if self.depth >= APART_MAX || self.document.kind(node) != Kind::Object {
            return None;
        }
        let plan = self.plans.plan(profile).ok()?;
        let mut apart = Self::new(self.document, self.plans, self.rules, self.settings);
        apart.bundles.clone_from(&self.bundles);
        apart.scope = self.scope;
        (apart.depth, apart.work) = (self.depth + 1, budget);
        let place = Place::root(&plan.type_name);
        let good = match plan.is_resource {
            true => apart.conforms_as_target(&place, node, profile),
            false => apart.conforms(&place, node, profile),
        };
        let spent = budget - apart.work + apart.lent.get();
        self.lent.set(self.lent.get().saturating_add(spent));
        // What was not looked at to its end may be wrong there.
        (apart.work > 0).then_some(good)
    }

    /// Says of what was found since a number by a profile whether FHIR itself demands it, or a profile that it was made from: then it is no fault
    /// by this one. Each of them is walked by itself, and only where there is an error: what is right is not to cost more for its remarks.
    pub(super) fn blame_what_it_was_made_from(
        &mut self,
        place: &Place<'_>,
        node: Id,
        profile: &Plan,
        before: usize,
    ) {
        if !self.findings.has_open_error_since(before) {
            return;
        }
        for url in profile.ancestors.iter().rev() {
            let left = self.work.checked_sub(self.lent.get()).filter(|left| *left > 0);
            let (Some(budget), true) = (left, self.trying == 0 && !self.finds_out) else { return };
            if !self.findings.is_open_since(before) {
                return;
            }
            let Ok(plan) = self.plans.plan(url) else { continue };
            if plan.is_abstract && !plan.is_profile {
                continue;
            }
            let mut apart = Self::new(self.document, self.plans, self.rules, self.settings);
            apart.bundles.clone_from(&self.bundles);
            apart.scope = self.scope;
            (apart.depth, apart.work, apart.finds_out) = (self.depth, budget, true);
            apart.object(place, node, plan, plan.root(), None);
            self.lent.set(self.lent.get().saturating_add(budget - apart.work));
            let demanded_by = plan.is_profile.then_some(&*plan.url);
            self.findings.blame_where_alike(before, demanded_by, &apart.findings);
        }
    }

    /// Holds a value against one of several profiles: the first that it fits, or else the one by which it has the fewest errors. Where the
    /// values that they fix leave one of them only, that is the one that was meant, whatever else is wrong. `hold` says whether
    /// the value is without faults of its own by a profile; in the second form of its call it is only tried.
    ///
    /// What comes first by its fixed values mostly fits, so it is held against in earnest at once; what is found on the way is forgotten
    /// where it does not.
    pub(super) fn one_of(
        &mut self,
        place: &Place<'_>,
        node: Id,
        plans: &[&'w Plan],
        mut hold: impl FnMut(&mut Self, &'w Plan, bool) -> bool,
    ) {
        let (mut ways, others): (Vec<&'w Plan>, Vec<&'w Plan>) =
            plans.iter().partition(|plan| !self.is_of_something_else(node, plan, plan.root(), SIGNS_DEPTH));
        let is_meant = ways.len() == 1;
        ways.extend(others);
        let Some(likely) = ways.first() else { return };
        let (found, said) = (self.findings.len(), self.said.len());
        if hold(self, likely, true) || is_meant {
            return;
        }
        self.findings.truncate(found);
        self.said.retain(|_, before| *before < said);
        let mut best = (usize::MAX, *likely);
        for plan in ways {
            let errors = self.tries(
                best.0,
                |walk| _ = hold(walk, plan, false),
                |walk, before| walk.findings.errors_since(before),
            );
            if errors < best.0 {
                best = (errors, plan);
            }
            if errors == 0 {
                break;
            }
        }
        hold(self, best.1, true);
        if best.0 > 0 && !self.findings.has_error_since(found) {
            self.findings.error(place, node, "structure", "None of the profiles that are allowed here fits.");
        }
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
