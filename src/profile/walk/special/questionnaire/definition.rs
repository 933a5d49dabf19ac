//! Questionnaires by themselves: the questions that items depend on, and the types of what they offer
//! (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen>).

use std::collections::HashMap;

use super::DEPTH_MAX;
use super::answer::types;
use crate::json::document::Id;
use crate::profile::walk::{Place, Walk};

/// Questions by linkId, each with its type.
type Questions = HashMap<String, String>;

/// Types of questions whose answers can be compared with one another.
const ALIKE: &[&[&str]] = &[&["integer", "decimal"], &["date", "dateTime"]];

impl Walk<'_, '_> {
    /// Every question that an item depends on is in the questionnaire, and not in that item; what is offered or filled in is of the
    /// type of the question.
    pub(in crate::profile::walk) fn questionnaire_items(&mut self, place: &Place<'_>, node: Id) {
        let mut questions = HashMap::new();
        self.questions(node, &mut questions, 0);
        self.items_of(place, node, &questions, 0);
        self.derived(place, node);
    }

    fn questions(&self, node: Id, found: &mut Questions, depth: usize) {
        let view = self.view();
        for item in view.items(node, "item") {
            let kind = view.text(item, "type").unwrap_or_default().into_owned();
            found.extend(view.text(item, "linkId").map(|link| (link.into_owned(), kind)));
            if depth < DEPTH_MAX {
                self.questions(item, found, depth + 1);
            }
        }
    }

    fn items_of(&mut self, place: &Place<'_>, node: Id, questions: &Questions, depth: usize) {
        let view = self.view();
        let list = place.child("item");
        for (index, item) in view.items(node, "item").enumerate() {
            let here = list.item(index);
            self.conditions(&here, item, questions, depth);
            self.offers(&here, item);
            if depth < DEPTH_MAX {
                self.items_of(&here, item, questions, depth + 1);
            }
        }
    }

    fn conditions(&mut self, here: &Place<'_>, item: Id, questions: &Questions, depth: usize) {
        let view = self.view();
        let mut inner = HashMap::new();
        if view.has(item, "enableWhen") {
            self.questions(item, &mut inner, depth);
        }
        for condition in view.items(item, "enableWhen") {
            let Some(question) = view.text(condition, "question") else { continue };
            let Some(kind) = questions.get(&*question) else {
                let text = "This item depends on a question that the questionnaire does not have. Correct its linkId.";
                self.findings.error(here, condition, "business-rule", text);
                continue;
            };
            if view.is(item, "linkId", &question) || inner.contains_key(&*question) {
                let text = "This item depends on itself or on an item in it. Name a question outside of it.";
                self.findings.error(here, condition, "business-rule", text);
            } else if !view.is(condition, "operator", "exists")
                && let Some(given) = self.type_of_choice(condition, "answer")
                && !may_answer(kind, given)
                && !is_compared(kind, given)
            {
                let text = format!("The question is of type {kind}, so that this never is its answer.");
                self.findings.warning(&here.child("enableWhen"), condition, "business-rule", text);
            }
        }
    }

    /// The options of a question that is not a choice, and what is filled in before anybody answers.
    fn offers(&mut self, here: &Place<'_>, item: Id) {
        let view = self.view();
        let kind = view.text(item, "type").unwrap_or_default();
        for name in ["answerOption", "initial"] {
            let list = here.child(name);
            for (index, one) in view.items(item, name).enumerate() {
                let Some(given) = self.type_of_choice(one, "value") else { continue };
                if !may_answer(&kind, given) {
                    let text = format!(
                        "An item of type {kind} cannot have this as its answer. Give a value of its type."
                    );
                    self.findings.error(&list.item(index), one, "business-rule", text);
                }
            }
        }
    }

    /// The type that the name of a choice element ends in.
    fn type_of_choice(&self, node: Id, name: &str) -> Option<&str> {
        let key = self.document.raw_key(self.view().choice(node, name)?);
        key.trim_start_matches('_').strip_prefix(name)
    }
}

/// Whether a question of a type may be answered by a value of a type, as choice elements name it.
fn may_answer(kind: &str, given: &str) -> bool {
    let fits = |kind: &str| types(kind, false).iter().any(|one| one.eq_ignore_ascii_case(given));
    match kind {
        // A choice may be one between anything, and other rules say that these have no answers.
        "choice" | "open-choice" | "group" | "display" | "question" | "" => true,
        "url" => fits(kind) || given == "String",
        _ => fits(kind),
    }
}

/// Whether answers of one type can be compared with values of another.
fn is_compared(kind: &str, given: &str) -> bool {
    ALIKE.iter().any(|row| row.contains(&kind) && row.iter().any(|one| may_answer(one, given)))
}
