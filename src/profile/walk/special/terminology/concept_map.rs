//! ConceptMaps: the codes that they map (<https://hl7.org/fhir/R4/conceptmap.html>).

use crate::json::document::Id;
use crate::problem::Issue;
use crate::profile::needs::{CodeStatus, Membership};
use crate::profile::walk::{Place, Walk};

impl Walk<'_, '_> {
    /// The codes that are mapped exist in the system and the value set that they come from.
    pub(in crate::profile::walk) fn concept_map(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let source_set = view.text(node, "sourceCanonical").or(view.text(node, "sourceUri"));
        let target_set = view.text(node, "targetCanonical").or(view.text(node, "targetUri"));
        for (name, set) in [("source", &source_set), ("target", &target_set)] {
            if let Some(url) = set.as_deref().filter(|url| self.is_no_value_set(url)) {
                let text = format!("{url} is no value set. Name the value set that the codes come from.");
                self.findings.error(&place.child(name), node, "invalid", text);
            }
        }
        let groups = place.child("group");
        for (number, group) in view.items(node, "group").enumerate() {
            let source = view.text(group, "source").unwrap_or_default();
            let target = view.text(group, "target").unwrap_or_default();
            let group_place = groups.item(number);
            let elements = group_place.child("element");
            for (index, element) in view.items(group, "element").enumerate() {
                let here = elements.item(index);
                self.mapped(&here, element, &source, source_set.as_deref());
                let targets = here.child("target");
                for (at, one) in view.items(element, "target").enumerate() {
                    self.mapped(&targets.item(at), one, &target, target_set.as_deref());
                }
            }
        }
    }

    fn mapped(&mut self, here: &Place<'_>, node: Id, system: &str, set: Option<&str>) {
        let Some(own) = self.view().get(node, "code") else { return };
        let code = self.document.text(own);
        let place = here.child("code");
        let status = match system {
            "" => CodeStatus::UnknownSystem,
            system => self.definitions().code(system, &code, None),
        };
        if let CodeStatus::Broken(reason) = &status {
            self.no_system(&place, own, system, reason);
        }
        if status == CodeStatus::Unknown {
            let text = format!("The code system {system} has no such code. Use one that it has.");
            self.findings.add(&place, own, Issue::error("code-invalid", text), None);
        } else if let Some(set) = set
            && self.definitions().member(set, Some(system), &code) == Membership::NotIn
        {
            let text = format!(
                "This code is not in the value set {set}, which the map names. Remove it, or correct the value set."
            );
            self.findings.error(&place, own, "required", text);
        }
    }
}
