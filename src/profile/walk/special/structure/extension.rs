//! Definitions of extensions: the address they are known by, and where they may stand
//! (<https://hl7.org/fhir/R4/defining-extensions.html>).

use crate::json::document::Id;
use crate::profile::definition::Structure;
use crate::profile::walk::{Place, Walk};

/// The definition that every extension is made from.
const EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/Extension";

/// What later versions of FHIR call all that has a canonical address: which of R4's types has the elements that they share.
const SHARED: &[(&str, &str)] =
    &[("CanonicalResource", "CodeSystem"), ("MetadataResource", "PlanDefinition")];

impl Walk<'_, '_> {
    /// An extension fixes its url to the address of its definition.
    pub(super) fn own_url(&mut self, place: &Place<'_>, node: Id, own: &Structure) {
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

    /// An extension may stand on elements that there are, under conditions that are FHIRPath; nothing else has such a place.
    pub(super) fn contexts(&mut self, place: &Place<'_>, node: Id, own: &Structure) {
        if own.type_name != "Extension" {
            let is_one = !(own.contexts.is_empty() && own.context_invariants.is_empty());
            // What is written under a name of its own in JSON may be used as an extension too.
            if is_one && own.kind != "logical" {
                let text = "Only extensions have a context. Remove it.";
                self.findings.error(&place.child("context"), node, "invalid", text);
            }
            return;
        }
        let list = place.child("context");
        let plain = |expression: &str| {
            expression.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'[' | b']'))
        };
        for (index, (kind, expression)) in own.contexts.iter().enumerate() {
            if kind == "element" && plain(expression) && !self.is_element(expression) {
                // HL7's extensions for R4 name elements of later versions.
                let text = "No element is called so, so that the extension may stand nowhere. Correct the expression.";
                self.findings.warning(&list.item(index), node, "not-found", text);
            }
        }
        let list = place.child("contextInvariant");
        for (index, expression) in own.context_invariants.iter().enumerate() {
            if self.rules.compile(expression).is_err() {
                let text = "This condition is no FHIRPath. Correct it.";
                self.findings.error(&list.item(index), node, "invalid", text);
            }
        }
    }

    fn is_element(&self, path: &str) -> bool {
        let path = path.replace("[x]", "");
        let (root, rest) = path.split_once('.').unwrap_or((&path, "$this"));
        let root = SHARED.iter().find(|row| row.0 == root).map_or(root, |row| row.1);
        matches!(self.definitions().structure(root), Ok(Some(_)))
            && self.rules.misnamed(rest, root).is_empty()
    }
}
