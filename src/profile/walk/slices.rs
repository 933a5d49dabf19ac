//! Which slice each repetition of an element is in, and whether the slices are filled as they must be
//! (<https://hl7.org/fhir/R4/profiling.html#slicing>).

mod fit;

use std::collections::BTreeSet;

use super::members::Met;
use super::{Place, Walk};
use crate::json::document::Id;
use crate::profile::plan::{Check, Plan, Slicing};
use fit::Fit;

/// Which slice an item is in, and in which it may be if it is in none for certain.
#[derive(Debug, Default)]
struct Sorted {
    slice: Option<usize>,
    perhaps: Vec<usize>,
}

/// How often, in words.
fn wanted(least: u32, most: u32) -> String {
    match (least, most) {
        (1, 1) => "once".to_owned(),
        (_, u32::MAX) => format!("{least} times or more"),
        (0, 1) => "once at most".to_owned(),
        (0, _) => format!("{most} times at most"),
        _ if least == most => format!("{least} times"),
        _ => format!("{least} to {most} times"),
    }
}

impl<'w> Walk<'w, '_> {
    /// The check of the slice that each item is in; checks numbers, order and openness on the way.
    pub(super) fn sort_into_slices(
        &mut self,
        here: &Place<'_>,
        node: Id,
        plan: &'w Plan,
        slicing: &'w Slicing,
        check: &'w Check,
        items: &[Met],
    ) -> Vec<Option<u32>> {
        let mut found: Vec<Sorted> = Vec::with_capacity(items.len());
        for met in items {
            let kind = check.types.get(met.kind).map(|one| &*one.name);
            found.push(self.sorted(here, slicing, *met, kind));
        }
        self.openness(here, slicing, check, items, &found);
        self.numbers(here, node, slicing, check, &found);
        let unsure: BTreeSet<usize> = found.iter().flat_map(|one| one.perhaps.iter().copied()).collect();
        for number in unsure {
            self.usable(here, node, &slicing.slices[number]);
        }
        let mut checks: Vec<Option<u32>> =
            found.iter().map(|one| one.slice.map(|number| slicing.slices[number].check)).collect();
        self.reslice(here, node, plan, slicing, items, &mut checks);
        checks
    }

    /// The first slice that an item is in for certain.
    fn sorted(&mut self, here: &Place<'_>, slicing: &'w Slicing, met: Met, kind: Option<&str>) -> Sorted {
        let mut perhaps = vec![];
        for (number, slice) in slicing.slices.iter().enumerate() {
            match self.fits(here, slice, met, kind) {
                Fit::In => return Sorted { slice: Some(number), perhaps: vec![] },
                Fit::Maybe => perhaps.push(number),
                Fit::Out => {}
            }
        }
        Sorted { slice: None, perhaps }
    }

    /// Whether each slice has as many items as it must.
    fn numbers(
        &mut self,
        here: &Place<'_>,
        node: Id,
        slicing: &'w Slicing,
        check: &'w Check,
        found: &[Sorted],
    ) {
        for (number, slice) in slicing.slices.iter().enumerate() {
            let count = |is_one: &dyn Fn(&&Sorted) -> bool| {
                u32::try_from(found.iter().filter(|one| is_one(one)).count()).unwrap_or(u32::MAX)
            };
            let sure = count(&|one| one.slice == Some(number));
            if sure >= slice.min && sure <= slice.max {
                continue;
            }
            if sure.saturating_add(count(&|one| one.perhaps.contains(&number))) >= slice.min
                && sure <= slice.max
            {
                let text = format!(
                    "Whether the slice {} of {} is here was not checked: its codes are not known here.",
                    slice.name, check.name
                );
                self.findings.information(here, node, "not-supported", text);
                continue;
            }
            let wanted = wanted(slice.min, slice.max);
            let text =
                format!("The slice {} of {} must be here {wanted}, not {sure}.", slice.name, check.name);
            self.findings.error(here, node, "structure", text);
        }
    }

    /// Items of a slice that is itself sliced.
    fn reslice(
        &mut self,
        here: &Place<'_>,
        node: Id,
        plan: &'w Plan,
        slicing: &'w Slicing,
        items: &[Met],
        checks: &mut [Option<u32>],
    ) {
        for slice in &slicing.slices {
            let own = plan.check(slice.check);
            let Some(inner) = &own.slicing else { continue };
            let members: Vec<usize> =
                (0..items.len()).filter(|at| checks.get(*at) == Some(&Some(slice.check))).collect();
            let some: Vec<Met> = members.iter().map(|at| items[*at]).collect();
            if some.is_empty() {
                continue;
            }
            let deeper = self.sort_into_slices(here, node, plan, inner, own, &some);
            for (at, check) in members.into_iter().zip(deeper) {
                if check.is_some() {
                    checks[at] = check;
                }
            }
        }
    }

    fn openness(
        &mut self,
        here: &Place<'_>,
        slicing: &'w Slicing,
        check: &'w Check,
        items: &[Met],
        found: &[Sorted],
    ) {
        let mut last = 0;
        let mut open = false;
        for (index, (met, sorted)) in items.iter().zip(found).enumerate() {
            let place = if check.is_list { here.item(index) } else { *here };
            let node = met.node(self.scope.resource);
            match &sorted.slice {
                None if !sorted.perhaps.is_empty() => {}
                None if slicing.is_closed => {
                    let text =
                        format!("This {} is in none of the slices that are allowed. Remove it.", check.name);
                    self.findings.error(&place, node, "structure", text);
                }
                None => open = true,
                Some(number) => {
                    if slicing.ordered && *number < last {
                        let text = "This stands after a slice that must come later. Move it up.";
                        self.findings.error(&place, node, "structure", text);
                    }
                    if slicing.open_at_end && open {
                        let text = "This stands after values that are in no slice; those must come last.";
                        self.findings.error(&place, node, "structure", text);
                    }
                    last = (*number).max(last);
                }
            }
        }
    }

    /// Whether a resource or value conforms to a profile, as far as can be told.
    pub(super) fn conforms(&mut self, here: &Place<'_>, node: Id, url: &str) -> bool {
        let Ok(slot) = self.plans.slot(url) else { return false };
        let Some(plan) = self.plans.get(slot) else { return false };
        if let Some(known) = self.judged.get(&(node, slot)) {
            return *known;
        }
        // What is found out while a trial is lost already is not the whole truth.
        if self.is_lost() {
            return false;
        }
        // A circle of references is good as long as nothing else is wrong.
        self.judged.insert((node, slot), true);
        let good = self.trial(|walk| {
            if plan.is_resource {
                let outer = walk.scope;
                walk.scope.resource = node;
                walk.resource(here, node, &[plan], false);
                walk.scope = outer;
            } else {
                walk.object(here, node, plan, plan.root(), None);
            }
        });
        self.judged.insert((node, slot), good);
        good
    }
}
