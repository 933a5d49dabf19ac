//! Ids: of contained resources, and of elements within one resource
//! (<https://hl7.org/fhir/R4/references.html#contained>).

use std::collections::HashSet;

use super::{Place, Walk};
use crate::profile::document::Id;

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
}
