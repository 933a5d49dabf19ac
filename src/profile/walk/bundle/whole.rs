//! Documents and messages are whole: what their first resource refers to is in them
//! (<https://hl7.org/fhir/R4/documents.html#bundle>).

use std::collections::HashMap;

use crate::json::document::{Id, Kind};
use crate::profile::walk::{Place, Walk};

/// Sections nest so deep.
const DEPTH_MAX: usize = 32;

/// What is in a package of definitions may be referred to from outside of it.
const CANONICALS: &[&str] = &[
    "ActivityDefinition",
    "CapabilityStatement",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "EventDefinition",
    "GraphDefinition",
    "ImplementationGuide",
    "Library",
    "Measure",
    "MessageDefinition",
    "NamingSystem",
    "OperationDefinition",
    "PlanDefinition",
    "Questionnaire",
    "ResearchDefinition",
    "SearchParameter",
    "StructureDefinition",
    "StructureMap",
    "TestScript",
    "ValueSet",
];

impl Walk<'_, '_> {
    /// Follows the references of a Composition or MessageHeader.
    pub(super) fn linked(&mut self, place: &Place<'_>, node: Id, kind: &str) {
        let view = self.view();
        let Some(resource) = view.items(node, "entry").next().and_then(|one| view.get(one, "resource"))
        else {
            return;
        };
        let list = place.child("entry");
        let entry = list.item(0);
        let here = entry.child("resource");
        match (kind, view.text(resource, "resourceType").as_deref()) {
            ("document", Some("Composition")) => {
                for name in ["subject", "author", "encounter", "custodian"] {
                    self.all_here(&here, resource, resource, name);
                }
                for (name, inner) in [("attester", "party"), ("event", "detail")] {
                    let list = here.child(name);
                    for (index, one) in view.items(resource, name).enumerate() {
                        self.all_here(&list.item(index), resource, one, inner);
                    }
                }
                self.sections(&here, resource, resource, 0);
                self.reached(&list, node);
            }
            ("message", Some("MessageHeader")) => self.all_here(&here, resource, resource, "focus"),
            _ => {}
        }
    }

    /// Every entry of a document is there because another leads to it, or it to another: from the first on.
    fn reached(&mut self, list: &Place<'_>, node: Id) {
        let view = self.view();
        let entries: Vec<(Id, Id)> =
            view.items(node, "entry").filter_map(|one| Some((one, view.get(one, "resource")?))).collect();
        let number: HashMap<Id, usize> = entries.iter().enumerate().map(|(at, one)| (one.1, at)).collect();
        // One that leads to what is reached is reached too, so that it does not matter which way a reference points.
        let mut linked: Vec<Vec<usize>> = vec![vec![]; entries.len()];
        for (from, (_, resource)) in entries.iter().enumerate() {
            for to in self.named_in(*resource).iter().filter_map(|one| number.get(one).copied()) {
                linked[from].push(to);
                linked[to].push(from);
            }
        }
        let mut is_reached = vec![false; entries.len()];
        let mut todo = vec![0];
        while let Some(at) = todo.pop() {
            if !std::mem::replace(&mut is_reached[at], true) {
                todo.append(&mut linked[at]);
            }
        }
        for (at, (entry, _)) in entries.iter().enumerate().filter(|(at, _)| !is_reached[*at]) {
            let text = "Nothing in the document leads to this entry, nor from it to the others. Refer to it, or leave it out.";
            self.findings.error(&list.item(at), *entry, "invalid", text);
        }
    }

    /// The entries that a resource names anywhere.
    fn named_in(&self, resource: Id) -> Vec<Id> {
        let from = self.full_url_of(resource).map(|url| self.document.text(url));
        let Some(bundle) = self.bundle() else { return vec![] };
        let texts = self.document.subtree(resource).filter(|node| self.document.is_string(*node));
        texts.filter_map(|node| bundle.resolve(&self.document.text(node), from.as_deref())).collect()
    }

    fn sections(&mut self, here: &Place<'_>, first: Id, node: Id, depth: usize) {
        let view = self.view();
        let list = here.child("section");
        for (index, section) in view.items(node, "section").enumerate() {
            let place = list.item(index);
            for name in ["author", "focus", "entry"] {
                self.all_here(&place, first, section, name);
            }
            if depth < DEPTH_MAX {
                self.sections(&place, first, section, depth + 1);
            }
        }
    }

    /// The references of that name, one or many.
    fn all_here(&mut self, here: &Place<'_>, first: Id, node: Id, name: &str) {
        let view = self.view();
        let list = here.child(name);
        let is_list = view.get(node, name).is_some_and(|own| self.document.kind(own) == Kind::Array);
        for (index, one) in view.items(node, name).enumerate() {
            let place = if is_list { list.item(index) } else { list };
            self.is_here(&place, first, one);
        }
    }

    fn is_here(&mut self, here: &Place<'_>, first: Id, node: Id) {
        let Some(text) = self.view().text(node, "reference") else { return };
        if text.is_empty() || text.starts_with('#') {
            return;
        }
        let from = self.full_url_of(first).map(|url| self.document.text(url));
        let found = self.bundle().and_then(|bundle| bundle.resolve(&text, from.as_deref()));
        let canonical = || self.type_in(&text).is_some_and(|name| CANONICALS.contains(&&*name));
        if found.is_none() && !canonical() {
            let text = "What this refers to is not in the Bundle, which must be whole. Add it, or correct the reference.";
            self.findings.error(here, node, "not-found", text);
        }
    }
}
