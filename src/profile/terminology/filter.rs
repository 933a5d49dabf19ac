//! Which concepts of a code system filters select
//! (<https://hl7.org/fhir/R4/valueset-filter-operator.html>, <https://hl7.org/fhir/R4/codesystem.html#filters>).

use super::{CodeSystem, Concept, Filter};
use crate::profile::pattern::whole;

/// A filter that is not understood, and why. Guessing would let codes through, or stop them.
#[derive(Debug)]
pub(super) struct Unsupported(pub(super) String);

/// For every concept whether all filters select it.
pub(super) fn select(system: &CodeSystem, filters: &[Filter]) -> Result<Vec<bool>, Unsupported> {
    let mut selected = vec![true; system.concepts().len()];
    for filter in filters {
        for (all, this) in selected.iter_mut().zip(one(system, filter)?) {
            *all &= this;
        }
    }
    Ok(selected)
}

fn one(system: &CodeSystem, filter: &Filter) -> Result<Vec<bool>, Unsupported> {
    let Filter { property, operator, value } = filter;
    let is_hierarchy = matches!(property.as_str(), "concept" | "code");
    match operator.as_str() {
        "is-a" if is_hierarchy => kinds_of(system, value, true),
        "descendent-of" if is_hierarchy => kinds_of(system, value, false),
        "is-not-a" if is_hierarchy => {
            Ok(kinds_of(system, value, true)?.into_iter().map(|is_in| !is_in).collect())
        }
        "generalizes" if is_hierarchy => generalizes(system, value),
        "=" => by_value(system, property, |held| held == value),
        "in" => by_value(system, property, |held| value.split(',').any(|one| one.trim() == held)),
        "not-in" => {
            let inside = by_value(system, property, |held| value.split(',').any(|one| one.trim() == held))?;
            Ok(inside.into_iter().map(|is_in| !is_in).collect())
        }
        "exists" => {
            let wanted = value == "true";
            let exist = by_value(system, property, |_| true)?;
            Ok(exist.into_iter().map(|exists| exists == wanted).collect())
        }
        "regex" => {
            let pattern = whole(value)
                .ok_or_else(|| Unsupported(format!("the pattern '{value}' of a filter cannot be used")))?;
            by_value(system, property, |held| pattern.is_match(held))
        }
        _ => Err(Unsupported(format!("the filter '{property} {operator}' is not supported"))),
    }
}

fn kinds_of(system: &CodeSystem, code: &str, with_itself: bool) -> Result<Vec<bool>, Unsupported> {
    let inside = system.subsumed(code);
    let mut inside = inside.ok_or_else(|| {
        Unsupported(format!("a filter names '{code}', which '{}' does not have", system.url))
    })?;
    if !with_itself {
        for (is_in, concept) in inside.iter_mut().zip(system.concepts()) {
            *is_in &= concept.code != code;
        }
    }
    Ok(inside)
}

/// The concept and all that it is a kind of.
fn generalizes(system: &CodeSystem, code: &str) -> Result<Vec<bool>, Unsupported> {
    let start = system.concepts().iter().position(|concept| concept.code == code);
    let start = start.ok_or_else(|| {
        Unsupported(format!("a filter names '{code}', which '{}' does not have", system.url))
    })?;
    let mut above = vec![false; system.concepts().len()];
    let mut next = vec![start];
    while let Some(number) = next.pop() {
        let Some(is_seen) = above.get_mut(number) else { continue };
        if !std::mem::replace(is_seen, true) {
            let concept = system.concepts().get(number);
            next.extend(
                concept.into_iter().flat_map(|concept| &concept.parents).map(|parent| *parent as usize),
            );
        }
    }
    Ok(above)
}

/// Concepts with a value of that property for which `holds`.
fn by_value(
    system: &CodeSystem,
    property: &str,
    holds: impl Fn(&str) -> bool,
) -> Result<Vec<bool>, Unsupported> {
    let concepts = system.concepts();
    let code_of = |number: &u32| concepts.get(*number as usize).map(|concept| concept.code.as_str());
    let by = |of: &dyn Fn(&Concept) -> bool| concepts.iter().map(of).collect();
    Ok(match property {
        "code" | "concept" => by(&|concept| holds(&concept.code)),
        "display" => by(&|concept| concept.display.as_deref().is_some_and(&holds)),
        "parent" => by(&|concept| concept.parents.iter().filter_map(code_of).any(&holds)),
        "child" => {
            let mut found = vec![false; concepts.len()];
            for concept in concepts.iter().filter(|concept| holds(&concept.code)) {
                for parent in &concept.parents {
                    if let Some(is_in) = found.get_mut(*parent as usize) {
                        *is_in = true;
                    }
                }
            }
            found
        }
        _ => by(&|concept| concept.properties.iter().any(|(name, value)| name == property && holds(value))),
    })
}
