//! What a differential limits: values of the types that an element has, lengths of what has a length, codes of what has codes
//! (<https://hl7.org/fhir/R4/elementdefinition.html>).

use super::element::SYSTEM;
use crate::json::document::Id;
use crate::profile::definition::Element;
use crate::profile::walk::datatype::is_quantity;
use crate::profile::walk::{Place, Walk};

/// Types whose values are texts, or numbers and moments written as such.
const WITH_LENGTH: &[&str] = &[
    "string",
    "markdown",
    "code",
    "id",
    "uri",
    "url",
    "canonical",
    "oid",
    "uuid",
    "integer",
    "unsignedInt",
    "positiveInt",
    "decimal",
    "date",
    "dateTime",
    "instant",
    "time",
];

/// Types whose values are no codes (<https://hl7.org/fhir/R4/terminologies.html#4.1>).
const UNCODED: &[&str] = &[
    "Reference",
    "boolean",
    "integer",
    "decimal",
    "date",
    "dateTime",
    "instant",
    "time",
    "Period",
    "Range",
    "Ratio",
    "HumanName",
    "Address",
    "ContactPoint",
    "Identifier",
    "Attachment",
    "Annotation",
    "Narrative",
];

impl Walk<'_, '_> {
    /// What a value is fixed to is of a type of the element, and only what can be coded is bound to codes.
    pub(super) fn values(&mut self, place: &Place<'_>, node: Id, known: &Element, element: &Element) {
        let types = if element.types.is_empty() { &known.types } else { &element.types };
        if types.is_empty() || types.iter().any(|one| one.code.starts_with(SYSTEM)) {
            return;
        }
        for name in ["fixed", "pattern"] {
            let Some(value) = self.view().choice(node, name) else { continue };
            let key = self.document.raw_key(value);
            let kind = key.trim_start_matches('_').strip_prefix(name).unwrap_or_default();
            if !types.iter().any(|one| one.code.eq_ignore_ascii_case(kind)) {
                let text = format!("This element is never of the type {kind}. Give a value of its own type.");
                self.findings.error(&place.child(name), value, "business-rule", text);
            }
        }
        for (name, limit) in [("minValue", &element.min_value), ("maxValue", &element.max_value)] {
            let Some((kind, _)) = limit else { continue };
            if !types.iter().any(|one| may_limit(&one.code, kind)) {
                let text = format!(
                    "A value of this element is never compared with a {kind}. Give a limit of its own type."
                );
                self.findings.error(&place.child(name), node, "business-rule", text);
            }
        }
        if element.max_length.is_some() && !types.iter().any(|one| WITH_LENGTH.contains(&&*one.code)) {
            let text = "Values of this type have no length. Remove maxLength.";
            self.findings.error(&place.child("maxLength"), node, "business-rule", text);
        }
        if element.binding.is_some() && types.iter().all(|one| UNCODED.contains(&&*one.code)) {
            let text = "Values of this type are no codes, so that they cannot be bound to a value set. Remove the binding.";
            self.findings.error(&place.child("binding"), node, "business-rule", text);
        }
        if let Some(url) = element.binding.as_ref().and_then(|binding| binding.value_set.as_deref())
            && self.is_no_value_set(url)
        {
            let text = format!("{url} is no value set. Bind the element to one.");
            self.findings.error(&place.child("binding"), node, "business-rule", text);
        }
    }
}

/// Whether values of a type are compared with a limit of a type, as the name of the limit has it: numbers with numbers, moments also with a
/// distance from now.
fn may_limit(type_name: &str, kind: &str) -> bool {
    let numbers = ["integer", "positiveInt", "unsignedInt", "decimal"];
    let is_number = |name: &str| numbers.iter().any(|one| one.eq_ignore_ascii_case(name));
    let moments = ["date", "dateTime", "instant"];
    let is_quantity = |name: &str| is_quantity(name) || name == "Quantity";
    type_name.eq_ignore_ascii_case(kind)
        || (is_number(type_name) && is_number(kind))
        || (is_quantity(type_name) && is_quantity(kind))
        || (moments.contains(&type_name)
            && (is_quantity(kind) || moments.iter().any(|one| one.eq_ignore_ascii_case(kind))))
}
