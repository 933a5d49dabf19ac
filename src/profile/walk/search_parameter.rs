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
        let Some(own) = view.get(node, "expression").filter(|own| self.document.is_string(*own)) else {
            return;
        };
        let (here, expression) = (place.child("expression"), self.document.text(own));
        if self.rules.compile(&expression).is_err() {
            self.findings.error(&here, own, "invalid", "The expression is no FHIRPath. Correct it.");
            return;
        }
        let bases: Vec<_> = view.items(node, "base").map(|base| self.document.text(base)).collect();
        let bases: Vec<&str> = bases.iter().map(|base| &**base).collect();
        if let Some(misnamed) = self.rules.misnamed_in_all(&expression, &bases).first() {
            let text =
                format!("The expression finds nothing in the types that the parameter is for: {misnamed}.");
            self.findings.error(&here, own, "invalid", text);
        }
    }
}
