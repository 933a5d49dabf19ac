//! Walks into an element's type, profile or referenced content, when a differential speaks of what is below it.

use super::Making;
use super::tree::Node;
use crate::profile::definition::Element;
use crate::profile::definitions::DefinitionError;

/// What elements of several types have in common.
const ELEMENT: &str = "http://hl7.org/fhir/StructureDefinition/Element";

/// Where type names without address are defined.
const TYPES: &str = "http://hl7.org/fhir/StructureDefinition/";

impl Making<'_> {
    /// Gives the node its children, if it has none yet.
    pub(super) fn unfold(&self, node: &mut Node, change: &Element) -> Result<(), DefinitionError> {
        if !node.children.is_empty() {
            return Ok(());
        }
        if let Some(reference) = node.element.content_reference.take() {
            return self.unfold_reference(node, &reference, change);
        }
        let Some(canonical) = type_address(&node.element) else {
            // The root of a new type has no children yet, and needs none.
            let is_new = !self.structure.constrains;
            let reason = "it has no type, so there is nothing below it";
            return if is_new { Ok(()) } else { Err(self.fault(change, reason)) };
        };
        let structure = self.source.structure(&canonical)?;
        let Some(tree) = Node::tree(&structure.snapshot) else {
            return Err(self.fault(change, format!("'{canonical}' has no elements that can be used")));
        };
        self.spend(tree.size())?;
        // What a profile demands of the whole element holds here too.
        let known = &mut node.element.constraints;
        for constraint in tree.element.constraints {
            if structure.constrains && !known.iter().any(|one| one.key == constraint.key) {
                known.push(constraint);
            }
        }
        node.children = tree.children;
        Ok(())
    }

    /// `#Questionnaire.item`: the element has the content that the base gives to another.
    fn unfold_reference(
        &self,
        node: &mut Node,
        reference: &str,
        change: &Element,
    ) -> Result<(), DefinitionError> {
        let id = reference.rsplit('#').next().unwrap_or_default();
        let Some(origin) = self.base.at(id.split('.').skip(1)) else {
            return Err(
                self.fault(change, format!("its content is to be that of '{id}', which is not there"))
            );
        };
        self.spend(origin.size())?;
        node.children.clone_from(&origin.children);
        node.element.types.clone_from(&origin.element.types);
        Ok(())
    }
}

/// The one structure that says what is below an element.
fn type_address(element: &Element) -> Option<String> {
    match element.types.as_slice() {
        [] => None,
        [one] => match one.profiles.as_slice() {
            [profile] => Some(profile.split('#').next().unwrap_or_default().to_owned()),
            _ if one.code.contains("://") => Some(one.code.clone()),
            _ => Some(format!("{TYPES}{}", one.code)),
        },
        _ => Some(ELEMENT.to_owned()),
    }
}
