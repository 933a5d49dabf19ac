//! QuestionnaireResponses against the Questionnaire that they answer
//! (<https://hl7.org/fhir/R4/questionnaireresponse.html#link>).

mod answer;
mod definition;
mod derived;
mod enable;
mod form;
mod invariants;
mod options;

use std::cell::Cell;
use std::sync::Arc;

use serde_json::Value;

use super::{Place, Walk};
use crate::json::document::{Id, Kind};
use crate::problem::{Issue, Severity};
use enable::is_enabled;
use form::{Form, Item};

pub(super) use form::{list, string};

/// Items of questionnaires are followed so deep.
const DEPTH_MAX: usize = 64;

impl Walk<'_, '_> {
    /// Checks the answers of a response.
    pub(super) fn questionnaire_response(&mut self, place: &Place<'_>, node: Id) {
        let Some(questionnaire) = self.form(place, node, "questionnaire", "Questionnaire") else { return };
        let view = self.view();
        let form = Form::read(&questionnaire);
        // Someone who has not finished, or says it was a mistake, may leave questions open.
        let finished = matches!(view.text(node, "status").as_deref(), Some("completed" | "amended"));
        let comes_along = view.text(node, "questionnaire").is_some_and(|named| named.starts_with('#'));
        let answers = Answers { form: &form, response: node, finished, comes_along, asked: Cell::new(0) };
        self.subject_fits(place, node, &questionnaire);
        self.answer_items(place, node, &answers, &form.items, 0);
        self.invariants(place, node, &questionnaire, &answers, "QuestionnaireResponse");
    }

    /// A form about children is not answered about somebody else's practice.
    fn subject_fits(&mut self, place: &Place<'_>, node: Id, questionnaire: &Value) {
        let wanted: Vec<&str> = list(questionnaire, "subjectType").filter_map(Value::as_str).collect();
        let view = self.view();
        let Some(subject) = view.get(node, "subject") else { return };
        let Some(kind) = view.text(subject, "reference").and_then(|text| self.type_in(&text)) else { return };
        if !wanted.is_empty() && !wanted.contains(&kind.as_str()) {
            let text = format!(
                "The questionnaire is answered about {}, and this is about a {kind}. Correct one of them.",
                wanted.join(" or ")
            );
            self.findings.warning(&place.child("subject"), subject, "business-rule", text);
        }
    }

    /// The Questionnaire or Measure that a response or report names in a member. Where it cannot be had, that is said, and that what
    /// depends on it was not checked.
    pub(super) fn form(
        &mut self,
        place: &Place<'_>,
        node: Id,
        member: &str,
        type_name: &str,
    ) -> Option<Arc<Value>> {
        let named = self.view().get(node, member).filter(|one| self.document.is_string(*one))?;
        let here = place.child(member);
        match self.form_named(&self.document.text(named), type_name) {
            Ok(Some(form)) => return Some(form),
            Ok(None) => {
                let text = format!(
                    "The {member} is not known here, so this was not checked against it. Load its package."
                );
                self.findings.warning(&here, named, "not-found", text);
            }
            Err(reason) => {
                let text =
                    format!("The {member} cannot be used, so this was not checked against it: {reason}.");
                self.findings.error(&here, named, "exception", text);
            }
        }
        None
    }

    /// From the resource itself, or from the definitions.
    fn form_named(&self, canonical: &str, type_name: &str) -> Result<Option<Arc<Value>>, String> {
        let found = match canonical.starts_with('#') {
            true => {
                let node = self.resolve(canonical);
                node.and_then(|node| serde_json::from_str(self.document.raw(node)).ok()).map(Arc::new)
            }
            false => self.definitions().form(canonical)?,
        };
        let is_one = |one: &Arc<Value>| string(one, "resourceType") == Some(type_name);
        Ok(found.filter(is_one))
    }

    /// The items of a response, a group or an answer, against those that the questionnaire has there.
    fn answer_items(
        &mut self,
        place: &Place<'_>,
        parent: Id,
        answers: &Answers<'_>,
        wanted: &[Item<'_>],
        depth: usize,
    ) {
        if depth > DEPTH_MAX {
            self.findings.error(place, parent, "too-costly", "Items nest too deep to be checked.");
            return;
        }
        let view = self.view();
        let list = place.child("item");
        let items: Vec<(usize, Id, Option<usize>)> = view
            .items(parent, "item")
            .filter(|one| self.document.kind(*one) == Kind::Object)
            .enumerate()
            .map(|(index, one)| {
                let link = view.text(one, "linkId").unwrap_or_default();
                (index, one, wanted.iter().position(|item| item.link == link))
            })
            .collect();
        let mut last = 0;
        for (index, node, found) in &items {
            let here = list.item(*index);
            match found {
                None => self.unknown_link(&here, *node, answers),
                Some(number) if *number < last => {
                    let text =
                        "This item stands after one that comes later in the questionnaire. Move it up.";
                    self.findings.error(&here, *node, "structure", text);
                }
                Some(number) => last = *number,
            }
        }
        for (number, item) in wanted.iter().enumerate() {
            let own: Vec<(usize, Id)> =
                items.iter().filter(|one| one.2 == Some(number)).map(|one| (one.0, one.1)).collect();
            self.answer_item(place, parent, answers, item, &own, depth);
        }
    }

    fn unknown_link(&mut self, here: &Place<'_>, node: Id, answers: &Answers<'_>) {
        let link = self.view().text(node, "linkId").unwrap_or_default();
        if link.is_empty() {
            return;
        }
        if answers.form.find(&link).is_some() {
            let text = "The questionnaire has this item elsewhere. Move it to where it belongs.";
            self.findings.error(here, node, "structure", text);
        } else {
            let text = "The questionnaire has no item with this linkId. Correct or remove it.";
            self.findings.error(here, node, "not-found", text);
        }
    }

    /// All occurrences of one item of the questionnaire.
    fn answer_item(
        &mut self,
        place: &Place<'_>,
        parent: Id,
        answers: &Answers<'_>,
        item: &Item<'_>,
        own: &[(usize, Id)],
        depth: usize,
    ) {
        let enabled = is_enabled(&self.view(), answers.response, item);
        let list = place.child("item");
        let Some((first, node)) = own.first().copied() else {
            if enabled && item.required && item.kind != "display" {
                self.open_question(place, parent, answers, item);
            }
            return;
        };
        let here = list.item(first);
        if !enabled {
            let view = self.view();
            let answered = own.iter().any(|(_, one)| view.has(*one, "answer") || view.has(*one, "item"));
            if answered {
                let text = "This item has an answer, though the answers before say that it does not apply. Remove it.";
                self.findings.error(&here, node, "invalid", text);
            }
            return;
        }
        if own.len() > 1 && !item.repeats {
            let text = "This item may not be repeated. Leave one of them.";
            self.findings.error(&here, node, "invalid", text);
        }
        if item.kind == "question" {
            let text = "The questionnaire gives this item a type that no answer can have.";
            self.findings.error(&here, node, "structure", text);
            return;
        }
        for (index, node) in own {
            let here = list.item(*index);
            self.words(&here, *node, item);
            self.invariants(&here, *node, item.source, answers, "QuestionnaireResponse.item");
            if item.kind == "group" || item.kind == "display" {
                self.group(&here, *node, answers, item, depth);
            } else {
                self.question(&here, *node, answers, item, depth);
            }
        }
    }

    fn open_question(&mut self, place: &Place<'_>, node: Id, answers: &Answers<'_>, item: &Item<'_>) {
        let text = format!("The required item {} has no answer. Answer it.", item.link);
        let mut issue = Issue::error("required", text);
        if !answers.finished {
            issue.severity = Severity::Warning;
        }
        self.findings.add(place, node, issue, None);
    }

    /// An item may repeat the words of its question, but not change them.
    fn words(&mut self, here: &Place<'_>, node: Id, item: &Item<'_>) {
        let own = self.view().text(node, "text").unwrap_or_default();
        if !own.is_empty() && string(item.source, "text") != Some(&own) {
            let text =
                "This text is not that of the question. Write it as the questionnaire does, or leave it out.";
            self.findings.error(here, node, "invalid", text);
        }
    }

    fn group(&mut self, here: &Place<'_>, node: Id, answers: &Answers<'_>, item: &Item<'_>, depth: usize) {
        if self.view().has(node, "answer") {
            let text = "A group or display has no answer of its own. Remove it.";
            self.findings.error(here, node, "structure", text);
        }
        if item.kind == "group" {
            if item.required && !self.view().has(node, "item") {
                let text = "This group must be filled. Answer at least one of its questions.";
                self.findings.error(here, node, "required", text);
            }
            self.answer_items(here, node, answers, &item.items, depth + 1);
        } else if self.view().has(node, "item") {
            let text = "A display has no items. Remove them.";
            self.findings.error(here, node, "structure", text);
        }
    }

    fn question(&mut self, here: &Place<'_>, node: Id, answers: &Answers<'_>, item: &Item<'_>, depth: usize) {
        let view = self.view();
        let given: Vec<Id> =
            view.items(node, "answer").filter(|one| self.document.kind(*one) == Kind::Object).collect();
        if view.has(node, "item") {
            let text = "Items below a question stand in its answer. Move them there.";
            self.findings.error(here, node, "structure", text);
        }
        if given.is_empty() && item.required {
            self.open_question(here, node, answers, item);
        }
        if given.len() > 1 && !item.repeats {
            let text = "This question takes one answer. Leave one.";
            self.findings.error(here, node, "invalid", text);
        }
        self.occurrences(here, node, answers, item, given.len());
        let list = here.child("answer");
        for (index, answer) in given.iter().enumerate() {
            let place = list.item(index);
            self.answer(&place, *answer, answers.form, item, given.len());
            self.answer_items(&place, *answer, answers, &item.items, depth + 1);
        }
    }

    fn occurrences(
        &mut self,
        here: &Place<'_>,
        node: Id,
        answers: &Answers<'_>,
        item: &Item<'_>,
        count: usize,
    ) {
        let limit = |name: &str| item.number(name).map(|number| number as usize);
        if limit(form::MIN_OCCURS).is_some_and(|least| count < least) && answers.finished {
            self.findings.error(here, node, "invalid", "This question needs more answers. Add them.");
        }
        if limit(form::MAX_OCCURS).is_some_and(|most| count > most) {
            self.findings.error(here, node, "invalid", "This question takes fewer answers. Remove some.");
        }
    }
}

/// What the checks of all items share.
struct Answers<'f> {
    form: &'f Form<'f>,
    response: Id,
    finished: bool,
    /// Whether the response contains its questionnaire.
    comes_along: bool,
    /// How many rules of the questionnaire were asked so far.
    asked: Cell<usize>,
}
