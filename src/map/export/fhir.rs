//! What the export must know of FHIR: an element's name where its type is one of several, and the type below it.

use serde_json::Value;

use super::rule::{Target, Transform, Variables, quoted};
use crate::map::path::fhir::{FhirStep, Filter, Wanted};
use crate::profile::fhirpath::Model;

/// An element as the mapping language names it.
pub(super) struct Element {
    /// Its name, without the type: `value` for `valueQuantity`.
    pub(super) name: String,
    /// Its type.
    pub(super) kind: String,
    /// Whether its type is one of several.
    pub(super) choice: bool,
}

/// The element that a step of a path means in a type.
pub(super) fn element(model: &dyn Model, kind: &str, step: &str) -> Element {
    match model.member(kind, step) {
        Some((found, chosen)) => {
            Element { name: found.name.to_owned(), kind: chosen.to_owned(), choice: found.is_choice }
        }
        None => Element { name: step.to_owned(), kind: "Element".to_owned(), choice: false },
    }
}

impl Element {
    /// How the element is made before parts of it are written.
    pub(super) fn made(&self) -> Transform {
        if self.choice { Transform::Create(self.kind.clone()) } else { Transform::Element }
    }
}

/// Targets that write a literal's parts below a variable.
pub(super) fn literal(variable: &str, value: &Value, variables: &mut Variables) -> Vec<Target> {
    let Value::Object(object) = value else { return vec![] };
    let mut targets = Vec::new();
    for (key, value) in object {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for item in items {
            if item.is_object() {
                let inner = variables.new_name(key);
                targets.push(Target::set(variable, key, Transform::Element).called(&inner));
                targets.extend(literal(&inner, item, variables));
            } else {
                targets.push(Target::set(variable, key, Transform::Literal(item.clone())));
            }
        }
    }
    targets
}

/// What an element that is made for these filters holds from the beginning.
pub(super) fn filled(variable: &str, filters: &[Filter], variables: &mut Variables) -> Vec<Target> {
    let made = filters.iter().map(|filter| (filter.key.clone(), filter.made.clone()));
    literal(variable, &Value::Object(made.collect()), variables)
}

/// FHIRPath that holds for an element that all filters mean.
pub(super) fn meant(step: &FhirStep) -> Option<String> {
    let parts: Vec<String> = step
        .filters
        .iter()
        .map(|filter| match &filter.value {
            Wanted::Text(text) => format!("{} = {}", filter.key, quoted(text)),
            Wanted::Concept(system, code) | Wanted::Concepts(system, code) => {
                format!("{}.coding.where({}).exists()", filter.key, coded(system, code))
            }
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}

/// FHIRPath that holds for a Coding with that system and code.
pub(super) fn coded(system: &str, code: &str) -> String {
    format!("system = {} and code = {}", quoted(system), quoted(code))
}
