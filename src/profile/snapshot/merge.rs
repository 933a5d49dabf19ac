//! Puts what a differential says of an element over what is known of it.

use super::Making;
use super::tree::Node;
use crate::profile::definition::{Binding, Constraint, Element, Max, Slicing};
use crate::profile::definitions::DefinitionError;

impl Making<'_> {
    /// Merges; fails where the result could hold for nothing.
    pub(super) fn merge(&self, node: &mut Node, change: &Element) -> Result<(), DefinitionError> {
        let element = &mut node.element;
        replace(&mut element.min, &change.min);
        replace(&mut element.max, &change.max);
        replace(&mut element.fixed, &change.fixed);
        replace(&mut element.pattern, &change.pattern);
        replace(&mut element.min_value, &change.min_value);
        replace(&mut element.max_value, &change.max_value);
        replace(&mut element.max_length, &change.max_length);
        replace(&mut element.regex, &change.regex);
        replace(&mut element.short, &change.short);
        replace(&mut element.content_reference, &change.content_reference);
        if let Some(slice) = &change.slice_name {
            // A slice of `value[x]` may carry its name although the path calls it `valueQuantity`.
            element.slice_name = Some(slice.clone());
        }
        if !change.types.is_empty() {
            element.types.clone_from(&change.types);
        }
        if let Some(binding) = &change.binding {
            bind(&mut element.binding, binding);
        }
        if let Some(slicing) = &change.slicing {
            slice(&mut element.slicing, slicing);
        }
        element.is_modifier |= change.is_modifier;
        element.must_support |= change.must_support;
        self.constrain(&mut element.constraints, &change.constraints);
        self.check_slice_name(node, change)
    }

    /// Constraints add up; one whose key is known is said anew.
    fn constrain(&self, known: &mut Vec<Constraint>, more: &[Constraint]) {
        for constraint in more {
            let mut constraint = constraint.clone();
            constraint.source.get_or_insert_with(|| self.structure.url.clone());
            match known.iter_mut().find(|one| one.key == constraint.key) {
                Some(one) => *one = constraint,
                None => known.push(constraint),
            }
        }
    }

    /// The unsliced element has no slice name, whatever a differential says.
    fn check_slice_name(&self, node: &mut Node, change: &Element) -> Result<(), DefinitionError> {
        if node.slice().is_none() {
            node.element.slice_name = None;
        }
        let element = &node.element;
        let most = match element.max {
            Some(Max::Times(most)) => most,
            _ => u32::MAX,
        };
        // A base's minimum above a maximum of 0 is how some profiles forbid an element; others are mistakes.
        if change.min.is_some_and(|min| min > most) {
            return Err(self.fault(change, "its min is greater than its max"));
        }
        Ok(())
    }
}

fn replace<T: Clone>(known: &mut Option<T>, said: &Option<T>) {
    if said.is_some() {
        known.clone_from(said);
    }
}

/// A binding to another value set replaces the base's whole; one that only changes the strength keeps its value set.
fn bind(known: &mut Option<Binding>, said: &Binding) {
    match known {
        Some(known) if said.value_set.is_none() => {
            if !said.strength.is_empty() {
                known.strength.clone_from(&said.strength);
            }
            replace(&mut known.max_value_set, &said.max_value_set);
        }
        _ => *known = Some(said.clone()),
    }
}

/// Discriminators add up (<https://hl7.org/fhir/R4/profiling.html#slicing>: a derived profile may add more).
fn slice(known: &mut Option<Slicing>, said: &Slicing) {
    let Some(known) = known else {
        *known = Some(said.clone());
        return;
    };
    for discriminator in &said.discriminators {
        if !known.discriminators.contains(discriminator) {
            known.discriminators.push(discriminator.clone());
        }
    }
    known.ordered |= said.ordered;
    if !said.rules.is_empty() {
        known.rules.clone_from(&said.rules);
    }
}
