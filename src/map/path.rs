//! Paths of the mapping language: one into the record, one into a FHIR resource. See `mappings/README.md`.

pub(super) mod fhir;
pub(super) mod record;
#[cfg(test)]
mod tests;

pub use fhir::{FhirPath, Found};
pub use record::{Indices, Node, RecordPath};

use crate::json::{Members, Tree};

/// The node as an object, made one if it is not.
fn as_object<'n, 't>(node: &'n mut Tree<'t>) -> &'n mut Members<'t> {
    if !matches!(node, Tree::Object(_)) {
        *node = Tree::Object(Members::default());
    }
    match node {
        Tree::Object(members) => members,
        _ => unreachable!("made an object above"),
    }
}

/// The node as a list, made one if it is not.
fn as_list<'n, 't>(node: &'n mut Tree<'t>) -> &'n mut Vec<Tree<'t>> {
    if !matches!(node, Tree::List(_)) {
        *node = Tree::List(vec![]);
    }
    match node {
        Tree::List(list) => list,
        _ => unreachable!("made a list above"),
    }
}
