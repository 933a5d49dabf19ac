//! SearchParameters: what they look at (<https://hl7.org/fhir/R4/searchparameter.html>).

use super::{Place, Walk};
use crate::profile::document::Id;

impl Walk<'_, '_> {
    /// What a search parameter looks at is FHIRPath.
    pub(super) fn search_parameter(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        if view.is(node, "type", "composite") && view.items(node, "component").count() < 2 {
            let text = "A composite parameter has two components or more. Add them, or change its type.";
            self.findings.error(place, node, "business-rule", text);
        }
        let Some(own) = self.view().get(node, "expression") else { return };
        if self.document.is_string(own) && self.rules.compile(&self.document.text(own)).is_err() {
            let text = "The expression is no FHIRPath. Correct it.";
            self.findings.error(&place.child("expression"), own, "invalid", text);
        }
    }
}
