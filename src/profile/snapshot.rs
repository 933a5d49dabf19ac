//! Makes a snapshot of a structure of which only the differential is known
//! (<https://hl7.org/fhir/R4/profiling.html#snapshot>).
//!
//! The base's snapshot becomes a tree; each element of the differential finds its place in it, walking into types and
//! profiles and making slices where none were; then the tree is written out again. What a differential says replaces
//! what the base said, but for constraints, which add up.

mod merge;
mod place;
mod steps;
mod tree;
mod unfold;

use std::cell::Cell;
use std::sync::Arc;

use super::definition::{Element, Structure};
use super::definitions::DefinitionError;
use steps::Steps;
use tree::Node;

/// Elements of one snapshot. The largest of the core package has 262; slices in slices could double it at each level.
const ELEMENTS_MAX: usize = 50_000;

/// Steps of a path. Snapshots are made by recursion, so this bounds the stack.
const DEPTH_MAX: usize = 48;

/// Where other structures come from, each with a snapshot.
pub trait Source {
    /// The structure with that canonical, perhaps with `|version`.
    fn structure(&self, canonical: &str) -> Result<Arc<Structure>, DefinitionError>;
}

/// What is known while a snapshot is made.
struct Making<'m> {
    structure: &'m Structure,
    source: &'m dyn Source,
    /// The base as it was, for content references.
    base: &'m Node,
    /// How many more elements may be added.
    left: Cell<usize>,
}

/// Makes the snapshot of a structure.
pub fn generate(structure: &Structure, source: &dyn Source) -> Result<Vec<Element>, DefinitionError> {
    let mut root = match &structure.base {
        Some(base) => Node::tree(&source.structure(base)?.snapshot),
        // Only `Element`, `Resource` and logical models stand on nothing.
        None => structure.differential.first().map(|first| Node::new(first.clone(), first.path.clone())),
    }
    .ok_or_else(|| DefinitionError::NoSnapshot {
        canonical: structure.url.clone(),
        element: structure.type_name.clone(),
        reason: "neither it nor its base has elements that can be used".to_owned(),
    })?;
    if !structure.constrains {
        root.step = root_name(structure);
    }
    let base = root.clone();
    let making = Making { structure, source, base: &base, left: Cell::new(ELEMENTS_MAX) };
    making.spend(base.size())?;
    let mut before = Steps::default();
    for element in &structure.differential {
        let steps = Steps::of(element, &before);
        if steps.len() > DEPTH_MAX {
            return Err(making.too_costly(format!("paths of more than {DEPTH_MAX} steps")));
        }
        making.apply(&mut root, steps.below_root(), element)?;
        before = steps;
    }
    place::close_shortcuts(&mut root);
    Ok(root.flatten())
}

/// What a new type calls its root: what its differential begins with, or the last part of its type.
fn root_name(structure: &Structure) -> String {
    let first = structure.differential.first().and_then(|element| element.path.split('.').next());
    let name = first.or_else(|| structure.type_name.rsplit('/').next());
    name.unwrap_or_default().to_owned()
}

impl Making<'_> {
    /// Applies what a differential says to the element that is those steps below the node.
    fn apply(&self, node: &mut Node, steps: &[String], change: &Element) -> Result<(), DefinitionError> {
        let Some((step, rest)) = steps.split_first() else {
            return self.merge(node, change);
        };
        let child = self.place(node, step, change, rest.is_empty())?;
        self.apply(child, rest, change)
    }

    /// Accounts for elements that are about to be added.
    fn spend(&self, elements: usize) -> Result<(), DefinitionError> {
        let left = self.left.get().checked_sub(elements);
        let left = left.ok_or_else(|| self.too_costly(format!("more than {ELEMENTS_MAX} elements")))?;
        self.left.set(left);
        Ok(())
    }

    fn too_costly(&self, limit: String) -> DefinitionError {
        DefinitionError::TooCostly { canonical: self.structure.url.clone(), limit }
    }

    fn fault(&self, element: &Element, reason: impl Into<String>) -> DefinitionError {
        let named = if element.id.is_empty() { &element.path } else { &element.id };
        DefinitionError::NoSnapshot {
            canonical: self.structure.url.clone(),
            element: named.clone(),
            reason: reason.into(),
        }
    }
}

#[cfg(test)]
mod tests;
