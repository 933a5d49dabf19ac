//! Does FHIR have what a row names? Each step of its path against the elements of R4, the last one against the row's type.

use crate::map::language::{Mapping, Row, Section, Shape};
use crate::map::read::LineFault;
use crate::profile::fhirpath::Model;

/// Every row whose path FHIR does not have, that repeats where FHIR does not or the reverse, or that writes a value of
/// another type than FHIR has there; each with its line.
pub fn elements(mapping: &Mapping, model: &dyn Model) -> Vec<LineFault> {
    let mut faults = Vec::new();
    for section in &mapping.sections {
        if !model.is_subtype(&section.resource, "Resource") {
            faults.push((section.line, format!("FHIR R4 has no resource '{}'", section.resource)));
            continue;
        }
        for row in &section.rows {
            faults.extend(fault(section, row, model).map(|text| (row.line, text)));
        }
    }
    faults
}

fn fault(section: &Section, row: &Row, model: &dyn Model) -> Option<String> {
    let mut at = section.resource.clone();
    for step in &row.fhir.steps {
        let (name, primitive) = match step.name.strip_prefix('_') {
            Some(name) => (name, true),
            None => (step.name.as_str(), false),
        };
        let Some((element, kind)) = model.member(&at, name) else {
            return Some(missing(&at, name, model));
        };
        if element.is_list != step.list {
            return Some(match element.is_list {
                true => format!(
                    "'{name}' of {at} repeats in FHIR: write {name}[0], {name}[] or {name}[property=value]"
                ),
                false => format!("'{name}' of {at} does not repeat in FHIR: write it without brackets"),
            });
        }
        let kind = if primitive { "Element" } else { kind };
        for filter in &step.filters {
            if model.member(kind, &filter.key).is_none() {
                return Some(missing(kind, &filter.key, model));
            }
        }
        kind.clone_into(&mut at);
    }
    let taken = types(&row.shape);
    let fits = taken.iter().any(|name| model.is_subtype(&at, name));
    (!fits).then(|| format!("'{}' is of the type {at} in FHIR; the row writes {}", row.fhir.text, taken[0]))
}

fn missing(kind: &str, name: &str, model: &dyn Model) -> String {
    match model.element(kind, name) {
        Some(choice) => {
            let raised = |word: &str| word[..1].to_uppercase() + &word[1..];
            let types = choice.types.iter().take(4).map(|word| format!("{name}{}", raised(word)));
            format!(
                "'{name}' of {kind} has a type of several: write {}",
                types.collect::<Vec<_>>().join(", ")
            )
        }
        None => format!("{kind} has no element '{name}' in FHIR R4"),
    }
}

/// The FHIR types that a row of this shape can write; the first is named where none fits.
fn types(shape: &Shape) -> &'static [&'static str] {
    match shape {
        Shape::Text => &["string", "uri", "code", "base64Binary", "dateTime", "date", "time"],
        Shape::Boolean => &["boolean"],
        Shape::Integer => &["integer", "decimal"],
        Shape::Decimal => &["decimal"],
        Shape::When => &["dateTime", "date", "instant"],
        Shape::Clock => &["time"],
        Shape::Code(_) => &["code", "string", "uri"],
        Shape::Coding(_) => &["Coding"],
        Shape::Concept(_) => &["CodeableConcept"],
        Shape::Quantity { .. } => &["Quantity"],
        Shape::Identifier(_) => &["Identifier"],
        Shape::Reference | Shape::ReferenceBy(..) => &["Reference"],
        Shape::Narrative => &["Narrative"],
    }
}
