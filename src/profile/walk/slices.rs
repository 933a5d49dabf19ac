//! Which slice each repetition of an element is in, and whether the slices are filled as they must be
//! (<https://hl7.org/fhir/R4/profiling.html#slicing>).

use super::members::Met;
use super::{Place, Walk, contains, equals};
use crate::profile::document::{Id, Kind};
use crate::profile::needs::Membership;
use crate::profile::plan::{Check, Plan, Slice, Slicing, Step, Test, Want};

/// What a discriminator's path leads to.
#[derive(Debug, Clone)]
struct Reached {
    node: Id,
    /// The type, where the name or the reference tells it.
    type_name: Option<String>,
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
        let mut found: Vec<Option<usize>> = Vec::with_capacity(items.len());
        for met in items {
            let kind = check.types.get(met.kind).map(|one| &*one.name);
            let fits = |slice: &&'w Slice, walk: &mut Self| walk.fits(here, slice, *met, kind);
            found.push(slicing.slices.iter().position(|slice| fits(&slice, self)));
        }
        self.openness(here, slicing, check, items, &found);
        for (number, slice) in slicing.slices.iter().enumerate() {
            let count = found.iter().filter(|one| **one == Some(number)).count();
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            if count < slice.min || count > slice.max {
                let wanted = wanted(slice.min, slice.max);
                let text =
                    format!("The slice {} of {} must be here {wanted}, not {count}.", slice.name, check.name);
                self.findings.error(here, node, "structure", text);
            }
        }
        let mut checks: Vec<Option<u32>> =
            found.iter().map(|one| one.map(|number| slicing.slices[number].check)).collect();
        self.reslice(here, node, plan, slicing, items, &mut checks);
        checks
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
        found: &[Option<usize>],
    ) {
        let mut last = 0;
        let mut open = false;
        for (index, (met, slice)) in items.iter().zip(found).enumerate() {
            let place = if check.is_list { here.item(index) } else { *here };
            let node = met.node(self.scope.resource);
            match slice {
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

    fn fits(&mut self, here: &Place<'_>, slice: &'w Slice, met: Met, kind: Option<&str>) -> bool {
        let Some(node) = met.value.or(met.shadow) else { return false };
        if slice.tests.is_empty() {
            return false;
        }
        slice.tests.iter().all(|test| self.passes(here, test, node, kind))
    }

    fn passes(&mut self, here: &Place<'_>, test: &'w Test, node: Id, kind: Option<&str>) -> bool {
        let start = Reached { node, type_name: kind.map(str::to_owned) };
        let mut reached = vec![start];
        for step in &test.path {
            reached = reached.into_iter().flat_map(|one| self.follow(&one, step)).collect();
        }
        let document = self.document;
        match &test.want {
            Want::Exists => !reached.is_empty(),
            Want::Absent => reached.is_empty(),
            Want::Unclear => false,
            Want::Fixed(value) => reached.iter().any(|one| equals(document, one.node, value)),
            Want::Pattern(value) => reached.iter().any(|one| contains(document, one.node, value)),
            Want::ValueSet(url) => reached.iter().any(|one| self.is_member(url, one.node)),
            Want::Types(names) => reached.iter().any(|one| self.is_of_type(one, names)),
            Want::Profiles(urls) => {
                reached.iter().any(|one| urls.iter().any(|url| self.conforms(here, one.node, url)))
            }
        }
    }

    fn follow(&self, from: &Reached, step: &Step) -> Vec<Reached> {
        let document = self.document;
        let node = from.node;
        match step {
            Step::Member(name) => {
                if document.kind(node) != Kind::Object {
                    return vec![];
                }
                let (child, type_name) = match document.child(node, name) {
                    Some(child) => (child, None),
                    None => match self.view().choice(node, name) {
                        Some(child) => {
                            (child, document.raw_key(child).strip_prefix(&**name).map(str::to_owned))
                        }
                        None => return vec![],
                    },
                };
                let one = |node| Reached { node, type_name: type_name.clone() };
                match document.kind(child) {
                    Kind::Array => document.children(child).map(one).collect(),
                    _ => vec![one(child)],
                }
            }
            Step::Extension(url) => {
                let extensions = self.view().items(node, "extension");
                let own = extensions.filter(|one| self.view().is(*one, "url", url));
                own.map(|node| Reached { node, type_name: None }).collect()
            }
            Step::OfType(name) => {
                if self.is_of_type(from, std::slice::from_ref(name)) {
                    vec![from.clone()]
                } else {
                    vec![]
                }
            }
            Step::Resolve => {
                let text = match document.kind(node) {
                    Kind::Object => self.view().text(node, "reference"),
                    _ => Some(document.text(node)),
                };
                let resolved = text.and_then(|text| self.resolve(&text));
                resolved.map(|node| Reached { node, type_name: None }).into_iter().collect()
            }
        }
    }

    fn is_of_type(&self, one: &Reached, names: &[Box<str>]) -> bool {
        let resource = self
            .view()
            .text(one.node, "resourceType")
            .filter(|_| self.document.kind(one.node) == Kind::Object);
        let own = resource.as_deref().or(one.type_name.as_deref());
        own.is_some_and(|own| {
            names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(own) || (&**name == "Resource" && resource.is_some()))
        })
    }

    /// Whether a code, Coding, CodeableConcept or Quantity is in a value set.
    fn is_member(&self, url: &str, node: Id) -> bool {
        let view = self.view();
        if self.document.kind(node) != Kind::Object {
            let code = self.document.text(node);
            return self.definitions().member(url, None, &code) == Membership::In;
        }
        let coded = |one: Id| {
            let (system, code) = (view.text(one, "system"), view.text(one, "code"));
            code.is_some_and(|code| {
                self.definitions().member(url, system.as_deref(), &code) == Membership::In
            })
        };
        coded(node) || view.items(node, "coding").any(coded)
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
