//! Fixed values and patterns, compared with what stands in the document.

use serde_json::Value;

use super::{Place, Walk};
use crate::json::document::{Document, Id, Kind};
use crate::profile::plan::Check;

impl<'w> Walk<'w, '_> {
    /// Whether a value is what an element fixes it to be.
    pub(super) fn is_as_fixed(&self, check: &Check, node: Id) -> bool {
        let document = self.document;
        check.fixed.as_ref().is_none_or(|fixed| equals(document, node, fixed))
            && check.pattern.as_ref().is_none_or(|pattern| contains(document, node, pattern))
    }

    /// Checks the fixed value and the pattern of an element.
    pub(super) fn fixed(&mut self, place: &Place<'_>, check: &'w Check, node: Id) {
        if let Some(fixed) = &check.fixed
            && !equals(self.document, node, fixed)
        {
            let text = format!("This value must be exactly {}.", short(fixed));
            self.findings.error(place, node, "value", text);
        }
        if let Some(pattern) = &check.pattern
            && !contains(self.document, node, pattern)
        {
            let text = format!("This value must have at least {}.", short(pattern));
            self.findings.error(place, node, "value", text);
        }
    }
}

/// A value of a definition, shortened for a sentence.
fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 160 {
        text
    } else {
        format!("{} …", text.chars().take(150).collect::<String>())
    }
}

/// Whether a node is exactly a value.
pub fn equals(document: &Document<'_>, node: Id, value: &Value) -> bool {
    compare(document, node, value, true)
}

/// Whether a node has at least what a value says (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_>).
pub fn contains(document: &Document<'_>, node: Id, value: &Value) -> bool {
    compare(document, node, value, false)
}

fn compare(document: &Document<'_>, node: Id, value: &Value, exact: bool) -> bool {
    match value {
        Value::Object(members) => {
            document.kind(node) == Kind::Object
                && (!exact || document.children(node).count() == members.len())
                && members.iter().all(|(name, inner)| {
                    document.child(node, name).is_some_and(|child| compare(document, child, inner, exact))
                })
        }
        Value::Array(items) => {
            if document.kind(node) != Kind::Array {
                return false;
            }
            if exact {
                return document.children(node).count() == items.len()
                    && document
                        .children(node)
                        .zip(items)
                        .all(|(child, item)| compare(document, child, item, true));
            }
            items
                .iter()
                .all(|item| document.children(node).any(|child| compare(document, child, item, false)))
        }
        Value::String(text) => document.is_string(node) && document.text(node) == text.as_str(),
        Value::Number(number) => {
            let raw = document.raw(node);
            document.kind(node) == Kind::Number
                && (number.to_string() == raw || number.as_f64() == raw.parse::<f64>().ok())
        }
        Value::Bool(truth) => document.kind(node) == if *truth { Kind::True } else { Kind::False },
        Value::Null => document.kind(node) == Kind::Null,
    }
}
