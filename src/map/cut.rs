//! Cuts a record down to what was permitted: only values whose row belongs to a permitted item are copied over.
//!
//! What is not copied does not exist for the later stages, so that nothing withheld can be written by mistake: not in
//! narrative, not in an extension, not in an element that no row knows.

use std::collections::BTreeSet;

use serde_json::Value;

use super::language::Mapping;
use super::path::Node;
use super::to_fhir::prune;
use crate::domain::{Dataset, Item};
use crate::json::Tree;

/// The items of which the record says something.
pub fn held(mapping: &Mapping, record: &impl Node) -> BTreeSet<Item> {
    let rows = mapping.data_rows().filter(|(_, _, path, _)| path.is_in(record, &[]));
    rows.map(|(_, _, _, item)| item).collect()
}

/// The items that records of this mapping may hold.
pub fn carried(mapping: &Mapping) -> BTreeSet<Item> {
    mapping.data_rows().map(|(_, _, _, item)| item).collect()
}

/// What the record says first of an item (`identity/birth-date`), as text.
pub fn said(mapping: &Mapping, record: &Value, item: &str) -> Option<String> {
    let mut rows = mapping.data_rows().filter(|(_, _, _, of)| of.to_string() == item);
    let found = rows.find_map(|(_, _, path, _)| path.read(record, &[]).pop());
    found.and_then(|(_, value)| value.as_str()).map(str::to_owned)
}

/// Whether what was cut out still says whose it is and what it is about: a message about nobody helps nobody.
pub fn makes_sense(mapping: &Mapping, cut: &impl Node) -> bool {
    let held = held(mapping, cut);
    // An address, with the rule that goes with it, or a sex is nobody's by itself.
    let says_whose =
        |item: &Item| item.dataset == Dataset::Identity && !matches!(item.part, Some("address" | "sex"));
    held.iter().any(says_whose) && held.iter().any(|item| item.dataset == mapping.about)
}

/// The record with the values of these items alone; without those that show where the child may be found, where nobody may know that
/// (`Demographics::hides_where`).
pub fn cut<'t>(
    mapping: &'t Mapping,
    record: &'t Value,
    permitted: &BTreeSet<Item>,
    hides_where: bool,
) -> Tree<'t> {
    let mut kept = Tree::object([]);
    for (_, row, path, item) in mapping.data_rows() {
        if permitted.contains(&item) && !(hides_where && row.shows_where) {
            for (indices, value) in path.read(record, &[]) {
                path.write(&mut kept, &indices, Tree::of(value));
            }
        }
    }
    prune(&mut kept);
    kept
}
