//! StructureDefinitions: whether they can be held against anything
//! (<https://hl7.org/fhir/R4/structuredefinition.html>, <https://hl7.org/fhir/R4/profiling.html>).

mod element;
mod slices;

use super::{Place, Walk};
use crate::profile::definition::{Element, Structure};
use crate::profile::document::Id;

/// Where the types of FHIR are defined.
const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The definition that every extension is made from.
const EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/Extension";

impl Walk<'_, '_> {
    /// Checks a profile or an extension against what it is made from.
    pub(super) fn structure_definition(&mut self, place: &Place<'_>, node: Id) {
        let value = serde_json::from_str(self.document.raw(node)).ok();
        let Some(own) = value.as_ref().and_then(Structure::read) else { return };
        let named = |canonical: &String| self.definitions().structure(canonical).ok().flatten();
        let Some(url) = own.base.as_ref().filter(|_| own.constrains) else { return };
        let Some(base) = named(url) else {
            let text = format!(
                "What this is made from, {url}, is not known here, so this was not checked. Load its package."
            );
            self.findings.warning(&place.child("baseDefinition"), node, "not-found", text);
            return;
        };
        if own.type_name != base.type_name {
            let text = "A constraint is of the same type as what it constrains. Make them agree.";
            self.findings.error(place, node, "not-found", text);
            return;
        }
        if own.kind != base.kind {
            let text = format!("What is made from a {} is a {}. Correct kind.", base.kind, base.kind);
            self.findings.error(&place.child("kind"), node, "business-rule", text);
        }
        self.own_url(place, node, &own);
        self.contexts(place, node, &own);
        let outer = place.child("differential");
        let list = outer.child("element");
        let view = self.view();
        let nodes: Vec<Id> =
            view.get(node, "differential").into_iter().flat_map(|one| view.items(one, "element")).collect();
        for (index, (element, at)) in own.differential.iter().zip(&nodes).enumerate() {
            self.element(&list.item(index), *at, &own, &base, element);
        }
        self.slice_counts(&list, &nodes, &own, &base);
        if let Some(name) = self.definitions().misfit(&own) {
            let is_it = |one: &Element| one.id == name || one.path == name;
            let index = own.differential.iter().position(is_it).unwrap_or_default();
            let text = "This element fits nowhere in what the definition is made from. Correct its path, id and order.";
            let at = nodes.get(index).copied().unwrap_or(node);
            self.findings.error(&list.item(index), at, "invalid", text);
        }
    }

    /// An extension fixes its url to the address of its definition.
    fn own_url(&mut self, place: &Place<'_>, node: Id, own: &Structure) {
        if own.type_name != "Extension" || own.base.as_deref() != Some(EXTENSION) || own.url.is_empty() {
            return;
        }
        let url = own.differential.iter().find(|one| one.path == "Extension.url");
        let fixed = url.and_then(|one| one.fixed.as_ref()).and_then(serde_json::Value::as_str);
        if fixed != Some(&own.url) {
            let text =
                "Extension.url must be fixed to the url of this definition. Add fixedUri, or correct it.";
            self.findings.error(place, node, "invalid", text);
        }
    }

    /// An extension may stand on elements that there are.
    fn contexts(&mut self, place: &Place<'_>, node: Id, own: &Structure) {
        let list = place.child("context");
        let plain = |expression: &str| {
            expression.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'[' | b']'))
        };
        for (index, (kind, expression)) in own.contexts.iter().enumerate() {
            if kind != "element" || !plain(expression) {
                continue;
            }
            let expression = expression.replace("[x]", "");
            let (root, rest) = expression.split_once('.').unwrap_or((&expression, "$this"));
            let is_there = matches!(self.definitions().structure(root), Ok(Some(_)));
            if !is_there || !self.rules.misnamed(rest, root).is_empty() {
                let text = "No element is called so, so that the extension may stand nowhere. Correct the expression.";
                self.findings.warning(&list.item(index), node, "not-found", text);
            }
        }
    }
}
