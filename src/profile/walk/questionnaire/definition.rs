//! Questionnaires by themselves: the questions that items depend on
//! (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen>).

use std::collections::HashSet;

use super::DEPTH_MAX;
use crate::profile::document::Id;
use crate::profile::walk::{Place, Walk};

impl Walk<'_, '_> {
    /// Every question that an item depends on is in the questionnaire, and not in that item.
    pub(in crate::profile::walk) fn questionnaire_items(&mut self, place: &Place<'_>, node: Id) {
        let mut links = HashSet::new();
        self.link_ids(node, &mut links, 0);
        self.conditions(place, node, &links, 0);
    }

    fn link_ids(&self, node: Id, links: &mut HashSet<String>, depth: usize) {
        let view = self.view();
        for item in view.items(node, "item") {
            links.extend(view.text(item, "linkId").map(std::borrow::Cow::into_owned));
            if depth < DEPTH_MAX {
                self.link_ids(item, links, depth + 1);
            }
        }
    }

    fn conditions(&mut self, place: &Place<'_>, node: Id, links: &HashSet<String>, depth: usize) {
        let view = self.view();
        let list = place.child("item");
        for (index, item) in view.items(node, "item").enumerate() {
            let here = list.item(index);
            let mut inner = HashSet::new();
            if view.has(item, "enableWhen") {
                self.link_ids(item, &mut inner, depth);
            }
            for condition in view.items(item, "enableWhen") {
                let Some(question) = view.text(condition, "question") else { continue };
                if !links.contains(&*question) {
                    let text = "This item depends on a question that the questionnaire does not have. Correct its linkId.";
                    self.findings.error(&here, condition, "business-rule", text);
                } else if view.is(item, "linkId", &question) || inner.contains(&*question) {
                    let text =
                        "This item depends on itself or on an item in it. Name a question outside of it.";
                    self.findings.error(&here, condition, "business-rule", text);
                }
            }
            if depth < DEPTH_MAX {
                self.conditions(&here, item, links, depth + 1);
            }
        }
    }
}
