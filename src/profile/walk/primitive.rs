//! Simple values: their JSON form, their format, their limits, and the twin that holds their extensions
//! (<https://hl7.org/fhir/R4/json.html#primitive>).

use serde_json::Value;

use super::members::Met;
use super::{Place, Walk};
use crate::json::document::{Id, Kind};
use crate::profile::mend::{Mend, in_form};
use crate::profile::plan::{Check, Strength};
use crate::profile::primitive::{Form, Primitive};

impl<'w> Walk<'w, '_> {
    /// Checks a simple value and its twin.
    pub(super) fn primitive(&mut self, place: &Place<'_>, check: &'w Check, kind: Primitive, met: Met) {
        let is_null = |id: &Id| self.document.kind(*id) == Kind::Null;
        let value = met.value.filter(|id| !is_null(id));
        let shadow = met.shadow.filter(|id| !is_null(id));
        if let Some(shadow) = shadow {
            self.shadow(place, shadow);
        }
        let Some(node) = value else {
            let Some(shadow) = shadow else {
                let node = met.node(self.scope.resource);
                let text = "Null may not stand here without extensions beside it. Leave the element out.";
                self.findings.error(place, node, "structure", text);
                return;
            };
            // Extensions are not the value that must be there.
            self.fixed(place, check, shadow);
            if kind == Primitive::Code {
                self.code_is_given(place, check, met.node(self.scope.resource));
            }
            return;
        };
        let document = self.document;
        let good = match kind.form() {
            Form::Boolean => matches!(document.kind(node), Kind::True | Kind::False),
            Form::Number => document.kind(node) == Kind::Number,
            Form::String => document.is_string(node),
        };
        if !good {
            let text = match kind.form() {
                Form::Boolean => "Write true or false here, without quotes.",
                Form::Number => "Write a number here, without quotes.",
                Form::String => "Write a text in quotes here.",
            };
            self.findings.error(place, node, "structure", text);
            self.mend_form(kind, node);
            return;
        }
        self.format(place, check, kind, node);
        if kind == Primitive::ElementId {
            self.ids.push(node);
        }
        self.fixed(place, check, node);
        if let Some(binding) = &check.binding {
            self.bound(place, binding, node);
        }
    }

    /// Extensions alone are no code of a value set that is required.
    fn code_is_given(&mut self, place: &Place<'_>, check: &'w Check, node: Id) {
        let required = check.binding.as_ref().filter(|binding| binding.strength == Strength::Required);
        if let Some(binding) = required.filter(|binding| !binding.value_set.is_empty()) {
            let text = format!(
                "A code of the value set {} must be given here; extensions do not stand for it.",
                binding.value_set
            );
            self.findings.error(place, node, "code-invalid", text);
        }
    }

    fn format(&mut self, place: &Place<'_>, check: &'w Check, kind: Primitive, node: Id) {
        let text = self.document.text(node);
        if text.is_empty() {
            let text = "This value is empty. Fill it or leave the element out.";
            self.findings.error(place, node, "invalid", text);
            return;
        }
        if let Some(advice) = kind.fault(&text) {
            self.findings.error(
                place,
                node,
                "value",
                format!("This value is not in the right form. {advice}"),
            );
            if let Some(right) = in_form(kind, &text) {
                let mend = if kind.form() == Form::Number { number(&right) } else { Some(Mend::text(right)) };
                mend.into_iter().for_each(|mend| self.findings.mend(node, mend));
            }
            return;
        }
        match kind {
            Primitive::Xhtml => self.narrative(place, node, &text),
            Primitive::String | Primitive::Markdown | Primitive::Code
                if text.trim() != text && kind != Primitive::Markdown =>
            {
                let advice = "This text begins or ends with a blank. Remove it.";
                self.findings.warning(place, node, "value", advice);
                if !text.trim().is_empty() {
                    self.findings.mend(node, Mend::text(text.trim()));
                }
            }
            _ => {}
        }
        self.wary(place, kind, node, &text);
        if check.max_length.is_some_and(|most| text.chars().count() > most as usize) {
            let text =
                format!("This text is too long. Write at most {} characters.", check.max_length.unwrap_or(0));
            self.findings.error(place, node, "structure", text);
        }
        self.limits(place, check, node, &text);
        self.in_its_form(place, check, node, &text);
        self.address(place, check, kind, node, &text);
    }

    /// A text of which a profile says what it looks like.
    fn in_its_form(&mut self, place: &Place<'_>, check: &'w Check, node: Id, text: &str) {
        match &check.regex {
            Some(Ok(regex)) if !regex.is_match(text) => {
                let text = format!("This value has not the form that the profile wants: {}", regex.as_str());
                self.findings.error(place, node, "invalid", text);
            }
            Some(Err(pattern)) if self.first(format!("form {pattern}")) => {
                let text = format!("The form of this value was not checked: {pattern} cannot be used here.");
                self.findings.information(place, node, "not-supported", text);
            }
            _ => {}
        }
    }

    /// The address of a definition, of its own or of another, is absolute; or it names what the resource contains.
    fn address(&mut self, place: &Place<'_>, check: &'w Check, kind: Primitive, node: Id, text: &str) {
        let is_own = kind == Primitive::Uri
            && &*check.name == "url"
            && place.parent().is_some_and(|around| self.is_resource_type(around.type_name()));
        if kind != Primitive::Canonical && !is_own {
            return;
        }
        if let (false, Some(id)) = (is_own, text.strip_prefix('#')) {
            if !id.is_empty() && self.resolve(text).is_none() {
                let text =
                    "This names a contained resource that is not there. Add it, or correct the address.";
                self.findings.error(place, node, "not-found", text);
            }
        } else if !text.contains(':') {
            let text = "The address of a definition is absolute. Write it in full.";
            // HL7's own examples of R4 name definitions of others by `Type/id`, which their server could find.
            match is_own {
                true => self.findings.error(place, node, "invalid", text),
                false => self.findings.warning(place, node, "invalid", text),
            }
        }
    }

    /// A value of the right meaning in the wrong JSON form: quotes to be taken away, or put.
    fn mend_form(&mut self, kind: Primitive, node: Id) {
        let text = self.document.text(node);
        let mend = match (kind.form(), self.document.kind(node)) {
            (Form::Boolean, Kind::String | Kind::Escaped) => {
                match text.trim().to_ascii_lowercase().as_str() {
                    "true" => Some(Mend::Value(Value::Bool(true))),
                    "false" => Some(Mend::Value(Value::Bool(false))),
                    _ => None,
                }
            }
            (Form::Number, Kind::String | Kind::Escaped) if kind.fault(text.trim()).is_none() => {
                number(text.trim())
            }
            (Form::String, Kind::Number) if kind.fault(&text).is_none() => Some(Mend::text(text)),
            _ => None,
        };
        mend.into_iter().for_each(|mend| self.findings.mend(node, mend));
    }

    /// What is only wrong where the settings say so.
    fn wary(&mut self, place: &Place<'_>, kind: Primitive, node: Id, text: &str) {
        if self.settings.markup_is_error
            && matches!(kind, Primitive::String | Primitive::Markdown)
            && has_markup(text)
        {
            let text = "Plain text may not have markup here. Write it without tags.";
            self.findings.error(place, node, "invalid", text);
        }
        let address = matches!(kind, Primitive::Uri | Primitive::Url | Primitive::Canonical);
        if self.settings.examples_are_errors && address && text.contains("example.org") {
            let text = "This is an address of an example. Write a real one.";
            self.findings.error(place, node, "invalid", text);
        }
    }

    /// The twin: an object with an id and extensions.
    fn shadow(&mut self, place: &Place<'_>, node: Id) {
        if self.document.kind(node) != Kind::Object {
            let text = "What stands beside a value under '_' is an object with extensions.";
            self.findings.error(place, node, "structure", text);
            return;
        }
        match self.plans.plan("Element") {
            Ok(element) => self.members(place, node, element, &element.root().members),
            Err(_) => self.no_definition(place, node, "Element"),
        }
    }
}

/// A number, its digits as they are written.
fn number(text: &str) -> Option<Mend> {
    serde_json::from_str::<serde_json::Number>(text).ok().map(|number| Mend::Value(Value::Number(number)))
}

/// Whether a text has what a browser would take for a tag.
fn has_markup(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        if after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'))
            && after.contains('>')
        {
            return true;
        }
        rest = after;
    }
    false
}
