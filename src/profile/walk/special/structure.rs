//! StructureDefinitions: whether they can be held against anything
//! (<https://hl7.org/fhir/R4/structuredefinition.html>, <https://hl7.org/fhir/R4/profiling.html>).

mod element;
mod extension;
mod limits;
mod narrower;
mod rules;
mod slices;

use super::{Place, Walk};
use crate::json::document::Id;
use crate::profile::definition::{Element, Structure};

/// Where the types of FHIR are defined.
const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

impl Walk<'_, '_> {
    /// Checks a definition: its type, and a profile or an extension against what it is made from.
    pub(super) fn structure_definition(&mut self, place: &Place<'_>, node: Id) {
        let value = serde_json::from_str(self.document.raw(node)).ok();
        let Some(own) = value.as_ref().and_then(Structure::read) else { return };
        self.own_type(place, node, &own);
        self.contexts(place, node, &own);
        let Some(url) = &own.base else { return };
        if !self.view().has(node, "derivation") {
            let text =
                "What has a base says how it is made from it. Add derivation: constraint or specialization.";
            self.findings.error(place, node, "not-found", text);
            return;
        }
        let base = self.definitions().structure(url).ok().flatten();
        match base {
            Some(base) if own.constrains => self.constraint(place, node, &own, &base),
            Some(base) if !own.type_name.is_empty() && own.type_name == base.type_name => {
                let text =
                    "A specialisation makes a type of its own. Give it another type than its base has.";
                self.findings.error(&place.child("type"), node, "not-found", text);
            }
            None if own.constrains => {
                let text = format!(
                    "What this is made from, {url}, is not known here, so this was not checked. Load its package."
                );
                self.findings.warning(&place.child("baseDefinition"), node, "not-found", text);
            }
            _ => {}
        }
    }

    /// A type is one of FHIR's, or has an address of its own and is logical.
    fn own_type(&mut self, place: &Place<'_>, node: Id, own: &Structure) {
        let name = &*own.type_name;
        if name.is_empty() {
            return;
        }
        let address = format!("{CORE}{name}");
        let text = if name.contains(':') {
            if own.kind == "logical" {
                return;
            }
            "Only logical models may have a type that is an address. Write the name of a type of FHIR, or kind logical."
        } else if !matches!(self.definitions().structure(&address), Ok(Some(_))) {
            "FHIR has no type of this name. Write the type of what this is made from, or the address of a type of its own."
        } else if own.url != address && !own.constrains && self.view().has(node, "derivation") {
            "This type is FHIR's, and who else defines it can only constrain it. Write derivation constraint."
        } else {
            return;
        };
        self.findings.error(&place.child("type"), node, "invalid", text);
    }

    fn constraint(&mut self, place: &Place<'_>, node: Id, own: &Structure, base: &Structure) {
        if own.type_name != base.type_name {
            let text = "A constraint is of the same type as what it constrains. Make them agree.";
            self.findings.error(place, node, "not-found", text);
            return;
        }
        if own.kind != base.kind {
            let text = format!("What is made from a {} is a {}. Correct kind.", base.kind, base.kind);
            self.findings.error(&place.child("kind"), node, "business-rule", text);
        }
        self.own_url(place, node, own);
        let outer = place.child("differential");
        let list = outer.child("element");
        let view = self.view();
        let nodes: Vec<Id> =
            view.get(node, "differential").into_iter().flat_map(|one| view.items(one, "element")).collect();
        for (index, (element, at)) in own.differential.iter().zip(&nodes).enumerate() {
            self.element(&list.item(index), *at, own, base, element);
        }
        self.own_rules(&list, &nodes, own, base);
        self.slice_counts(&list, &nodes, own, base);
        if let Some(name) = self.definitions().misfit(own) {
            let is_it = |one: &Element| one.id == name || one.path == name;
            let index = own.differential.iter().position(is_it).unwrap_or_default();
            let text = "This element fits nowhere in what the definition is made from. Correct its path, id and order.";
            let at = nodes.get(index).copied().unwrap_or(node);
            self.findings.error(&list.item(index), at, "invalid", text);
        }
    }
}
