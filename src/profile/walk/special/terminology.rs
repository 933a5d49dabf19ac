//! CodeSystems, ValueSets and ConceptMaps: what their definitions cannot say
//! (<https://hl7.org/fhir/R4/terminology-module.html>).

mod code_system;
mod concept_map;
mod value_set;

use super::{Place, Walk};
use crate::json::document::Id;
use crate::profile::needs::FilterName;

impl Walk<'_, '_> {
    /// Whether an address is that of something else that is known: of a type, a profile or a code system.
    pub(super) fn is_no_value_set(&self, url: &str) -> bool {
        let definitions = self.definitions();
        let is_system = || definitions.filter(url, "code") != FilterName::UnknownSystem;
        !definitions.is_value_set(url) && (matches!(definitions.structure(url), Ok(Some(_))) || is_system())
    }

    /// A code system that is here and cannot be used: nothing can be called valid then.
    pub(in crate::profile::walk) fn no_system(
        &mut self,
        place: &Place<'_>,
        node: Id,
        system: &str,
        reason: &str,
    ) {
        let text = format!("The code system {system} cannot be used, so this was not checked: {reason}.");
        self.findings.error(place, node, "exception", text);
    }
}
