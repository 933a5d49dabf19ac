//! What stands once: ids of contained resources (<https://hl7.org/fhir/R4/references.html#contained>), ids of elements within one
//! resource, and security labels (<https://hl7.org/fhir/R4/security-labels.html>).

use std::collections::HashSet;

use super::{Place, Walk};
use crate::json::document::Id;

impl Walk<'_, '_> {
    /// Every contained resource has an id, and no two have the same.
    pub(super) fn contained_ids(&mut self, place: &Place<'_>, node: Id) {
        let mut seen = HashSet::new();
        let view = self.view();
        for (index, one) in view.items(node, "contained").enumerate() {
            let here = place.child("contained").item(index);
            match view.text(one, "id") {
                None => {
                    let text = "A contained resource needs an id that the resource around it refers to.";
                    self.findings.error(&here, one, "invalid", text);
                }
                Some(id) if !seen.insert(id.clone()) => {
                    let text = "Another contained resource has this id. Give each its own.";
                    self.findings.error(&here, one, "invalid", text);
                }
                Some(_) => {}
            }
        }
    }

    /// No two elements of a resource have the same id.
    pub(super) fn element_ids(&mut self, place: &Place<'_>) {
        let mut ids = std::mem::take(&mut self.ids);
        ids.sort();
        ids.dedup();
        let mut seen = HashSet::new();
        for node in ids {
            if !seen.insert(self.document.text(node)) {
                let text = "Another element of this resource has this id. Give each its own.";
                self.findings.error(place, node, "invalid", text);
            }
        }
    }

    /// The security labels of a resource are a set.
    pub(super) fn security_labels(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let Some(meta) = view.get(node, "meta") else { return };
        let mut seen = HashSet::new();
        let list = place.child("meta");
        let list = list.child("security");
        for (index, label) in view.items(meta, "security").enumerate() {
            if !seen.insert((view.text(label, "system"), view.text(label, "code"))) {
                let text = "The resource has this security label already. Remove this one.";
                self.findings.error(&list.item(index), label, "business-rule", text);
            }
        }
    }
}
