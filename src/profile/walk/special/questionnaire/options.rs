//! Answers that must be chosen: from options, or from a value set.

use serde_json::Value;

use super::form::{EXCLUSIVE, Form, Item, extensions, list, string, typed};
use crate::json::document::Id;
use crate::problem::Issue;
use crate::profile::needs::Membership;
use crate::profile::walk::{Place, Walk, equals};

impl Walk<'_, '_> {
    /// Checks an answer against the options of its question.
    pub(super) fn option(
        &mut self,
        place: &Place<'_>,
        value: Id,
        type_name: &str,
        form: &Form<'_>,
        item: &Item<'_>,
        count: usize,
    ) {
        let free = type_name == "string" && item.kind == "open-choice";
        if let Some(url) = string(item.source, "answerValueSet")
            && type_name == "Coding"
        {
            self.option_of_set(place, value, form, url);
            return;
        }
        let mut options = list(item.source, "answerOption").peekable();
        if options.peek().is_none() {
            return;
        }
        let Some(option) = options.find(|one| self.is_option(value, one)) else {
            if !free {
                let text = "This answer is none of the question's options. Choose one of them.";
                self.findings.error(place, value, "invariant", text);
            }
            return;
        };
        let exclusive = extensions(option, EXCLUSIVE).any(|one| one == &Value::Bool(true));
        if exclusive && count > 1 {
            let text = "This answer excludes all others. Leave it alone, or remove it.";
            self.findings.error(place, value, "invariant", text);
        }
    }

    fn is_option(&self, value: Id, option: &Value) -> bool {
        let Some((type_name, wanted)) = typed(option) else { return false };
        if type_name != "Coding" {
            return equals(self.document, value, wanted);
        }
        let view = self.view();
        let same = |name: &str| view.text(value, name).as_deref() == string(wanted, name);
        same("code") && same("system")
    }

    fn option_of_set(&mut self, place: &Place<'_>, value: Id, form: &Form<'_>, url: &str) {
        let view = self.view();
        let Some(code) = view.text(value, "code") else {
            let text = format!("The answer is a code of the value set {url}. Add the code.");
            self.findings.error(place, value, "code-invalid", text);
            return;
        };
        let system = view.text(value, "system").unwrap_or_default();
        match form.member(self.definitions(), url, Some(&system), &code) {
            Membership::In => {}
            Membership::NotIn => {
                let text = format!("This code is not in the question's value set {url}. Choose one that is.");
                self.findings.add(place, value, Issue::error("code-invalid", text), None);
            }
            Membership::Broken(reason) => self.no_codes(place, value, url, &reason),
            Membership::UnknownSystem | Membership::CannotTell => {
                let text = "Answers from this value set were not checked: its codes are not known here.";
                self.findings.information(place, value, "not-supported", text);
            }
        }
    }
}
