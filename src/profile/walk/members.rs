//! The members of an object: known or not, how often, and in the right shape.

use smallvec::SmallVec;

use super::{Place, Seen, Walk};
use crate::json::document::{Id, Kind};
use crate::problem::field_name;
use crate::profile::mend::Mend;
use crate::profile::plan::{Check, Members, Plan, TypeForm};

/// Places of children that were met; most objects have fewer.
type Met16 = SmallVec<[u32; 16]>;

/// A child's value, its `_value`, or both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Met {
    pub value: Option<Id>,
    pub shadow: Option<Id>,
    pub kind: usize,
}

impl Met {
    /// A node to point at.
    pub fn node(&self, or: Id) -> Id {
        self.value.or(self.shadow).unwrap_or(or)
    }
}

impl<'w> Walk<'w, '_> {
    /// Checks the members of an object against the children that a plan allows.
    pub(super) fn members(&mut self, place: &Place<'_>, node: Id, plan: &'w Plan, members: &'w Members) {
        let base = self.seen.len();
        self.seen.resize(base + members.children.len(), Seen::default());
        let document = self.document;
        let is_resource = node == self.scope.resource;
        let mut met = Met16::new();
        let mut some = false;
        for child in document.children(node) {
            some = true;
            if is_resource && document.raw_key(child) == "resourceType" {
                continue;
            }
            met.extend(self.meet(place, child, plan, members, base));
        }
        if !some {
            self.findings.error(place, node, "structure", "This object is empty. Fill it or leave it out.");
        }
        for number in met {
            let seen = self.seen[base + number as usize];
            let met = Met { value: seen.value, shadow: seen.shadow, kind: usize::from(seen.kind) };
            self.child(place, node, plan, plan.check(members.children[number as usize]), met);
        }
        for number in &members.demanded {
            let seen = self.seen[base + *number as usize];
            if seen.value.is_none() && seen.shadow.is_none() {
                self.absent(place, node, plan.check(members.children[*number as usize]));
            }
        }
        self.seen.truncate(base);
    }

    /// Notes where a child was met; gives its place among the children when it was met for the first time.
    fn meet(
        &mut self,
        place: &Place<'_>,
        child: Id,
        plan: &'w Plan,
        members: &'w Members,
        base: usize,
    ) -> Option<u32> {
        let key = self.document.raw_key(child);
        let (name, is_shadow) = match key.strip_prefix('_') {
            Some(name) => (name, true),
            None => (key, false),
        };
        let Some(member) = members.find(name) else {
            // What only the type of the value has is held against that type.
            if members.is_common {
                return None;
            }
            self.unknown(place, child, name, plan, members);
            return None;
        };
        let seen = &mut self.seen[base + member.child as usize];
        let first = seen.value.is_none() && seen.shadow.is_none();
        if !first && seen.kind != member.kind {
            let text = "This element has values of two types. Leave one of them out.";
            self.findings.error(&place.child(name), child, "structure", text);
            return None;
        }
        seen.kind = member.kind;
        *(if is_shadow { &mut seen.shadow } else { &mut seen.value }) = Some(child);
        first.then_some(member.child)
    }

    fn unknown(&mut self, place: &Place<'_>, child: Id, name: &str, plan: &'w Plan, members: &'w Members) {
        if name == "fhir_comments" {
            let text = "Comments of this kind ended with DSTU2. Remove them.";
            self.findings.error(place, child, "structure", text);
            return;
        }
        let choice = members.children.iter().map(|own| plan.check(*own)).find(|check| {
            let rest = name.strip_prefix(&*check.name);
            check.is_choice && rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        });
        if let Some(check) = choice {
            let text = format!("{}[x] cannot be of this type here. Use one that is allowed.", check.name);
            self.findings.error(place, child, "structure", text);
            return;
        }
        let Some(known) = members.names().find(|known| known.eq_ignore_ascii_case(name)) else {
            let what = match field_name(name) {
                "?" => "This element".to_owned(),
                name => format!("The element '{name}'"),
            };
            let text = format!("{what} is not known here. Remove it, or check its name and where it stands.");
            self.findings.error(place, child, "structure", text);
            return;
        };
        let text = format!("This element is not known here. Write it as {known}.");
        self.findings.error(place, child, "structure", text);
        let twin = if self.document.raw_key(child).starts_with('_') { "_" } else { "" };
        let right = format!("{twin}{known}");
        let taken = self
            .document
            .neighbours(child)
            .is_some_and(|(parent, ..)| self.document.child(parent, &right).is_some());
        if !taken {
            self.findings.mend(child, Mend::Name(right));
        }
    }

    /// A child that is not there.
    fn absent(&mut self, place: &Place<'_>, node: Id, check: &'w Check) {
        if check.min > 0 {
            let text = format!("The element {} is missing. Add it.", check.name);
            self.findings.error(place, node, "required", text);
        }
        if let Some(slicing) = &check.slicing
            && check.min == 0
        {
            for slice in slicing.slices.iter().filter(|slice| slice.min > 0) {
                let text = format!("The slice {} of {} is missing. Add it.", slice.name, check.name);
                self.findings.error(place, node, "required", text);
            }
        }
    }

    /// A child that is there, as list or alone.
    fn child(&mut self, place: &Place<'_>, parent: Id, plan: &'w Plan, check: &'w Check, met: Met) {
        let node = met.node(parent);
        let mut here = place.child(&check.name);
        let one = check.types.get(met.kind);
        if let Some(one) = one {
            here = here.typed(&one.name);
            if check.is_choice {
                here = here.chosen(&one.name);
            }
        }
        if let Some(content) = check.content {
            here = here.typed(&plan.check(content).path);
        }
        if !self.step(&here, node) {
            return;
        }
        if check.max == 0 {
            let text = "This element may not be used here. Remove it.";
            self.findings.error(&here, node, "structure", text);
            return;
        }
        if check.is_list {
            self.list(&here, plan, check, met, node);
            return;
        }
        let is_array = |id: Option<Id>| id.is_some_and(|id| self.document.kind(id) == Kind::Array);
        if is_array(met.value) || is_array(met.shadow) {
            let text = "This element is no list. Write its one value without brackets.";
            self.findings.error(&here, node, "structure", text);
            return;
        }
        for (one, twin) in [(met.value, met.shadow), (met.shadow, met.value)] {
            let null = one.filter(|id| twin.is_some() && self.document.kind(*id) == Kind::Null);
            if let Some(null) = null {
                let text = "Null stands only in lists, for an item without a value or without extensions. Leave it out.";
                self.findings.error(&here, null, "structure", text);
                self.findings.mend(null, Mend::Absent);
            }
        }
        let only = [met];
        self.items(&here, parent, plan, check, &only, false);
    }

    /// A list: its shape, and its pairing with the list of extensions.
    fn list(&mut self, here: &Place<'_>, plan: &'w Plan, check: &'w Check, met: Met, node: Id) {
        let document = self.document;
        for part in [met.value, met.shadow].into_iter().flatten() {
            if document.kind(part) != Kind::Array {
                let text = "This element is a list. Put brackets around its values.";
                self.findings.error(here, part, "structure", text);
                return;
            }
            if document.children(part).next().is_none() {
                let text = "This list is empty. Fill it or leave it out.";
                self.findings.error(here, part, "invalid", text);
                self.findings.mend(part, Mend::Absent);
                return;
            }
        }
        let items: Vec<Met> = match (met.value, met.shadow) {
            (Some(value), None) => document
                .children(value)
                .map(|one| Met { value: Some(one), shadow: None, kind: met.kind })
                .collect(),
            (value, shadow) => {
                let mut values = value.into_iter().flat_map(|id| document.children(id));
                let mut shadows = shadow.into_iter().flat_map(|id| document.children(id));
                let pairs = std::iter::from_fn(|| match (values.next(), shadows.next()) {
                    (None, None) => None,
                    (value, shadow) => Some(Met { value, shadow, kind: met.kind }),
                });
                pairs.collect()
            }
        };
        if items.len() > 1 && check.types.first().is_some_and(|one| one.form == TypeForm::Extension) {
            self.extensions_repeated(here, &items);
        }
        self.items(here, node, plan, check, &items, true);
    }

    /// All items of a child: how many, in which slices, and each by itself.
    fn items(
        &mut self,
        here: &Place<'_>,
        node: Id,
        plan: &'w Plan,
        check: &'w Check,
        items: &[Met],
        is_list: bool,
    ) {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        if count < check.min || count > check.max {
            let text = match check.max {
                u32::MAX => format!("At least {} of {} must be here.", check.min, check.name),
                most => format!("{} of {} must be here, not {count}.", times(check.min, most), check.name),
            };
            self.findings.error(here, node, "structure", text);
        }
        let slices = match &check.slicing {
            Some(slicing) => self.sort_into_slices(here, node, plan, slicing, check, items),
            None => vec![],
        };
        for (index, met) in items.iter().enumerate() {
            let place = if is_list { here.item(index) } else { *here };
            let slice = slices.get(index).copied().flatten().map(|number| plan.check(number));
            match slice {
                None => self.item(&place, plan, check, *met, None),
                Some(slice) => {
                    // A slice that lists no children of its own leaves them to the element it slices.
                    if slice.members.is_empty() && !check.members.is_empty() {
                        self.item(&place, plan, check, *met, None);
                    }
                    let name = check.types.get(met.kind).map(|one| &*one.name);
                    let kind = match check.is_choice {
                        true => slice.types.iter().position(|one| Some(&*one.name) == name),
                        false => Some(met.kind),
                    };
                    let met = Met { kind: kind.unwrap_or(usize::MAX), ..*met };
                    self.item(&place, plan, slice, met, Some(check));
                }
            }
        }
    }
}

fn times(least: u32, most: u32) -> String {
    if least == most { least.to_string() } else { format!("{least} to {most}") }
}
