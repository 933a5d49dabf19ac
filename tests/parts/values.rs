//! The mappings on values that are kept: a test changes what it made, and compares it.

use std::collections::BTreeSet;

use kith::domain::Item;
use kith::json::Tree;
use kith::map::{self, Envelope, Mapping};
use kith::problem::Issue;
use serde_json::Value;

/// The Bundle of a record.
pub fn to_fhir(mapping: &Mapping, record: &Value, envelope: &Envelope) -> (Value, Vec<Issue>) {
    let record = Tree::of(record);
    let (bundle, ledger) = map::to_fhir(mapping, &record, envelope);
    (bundle.to_value(), ledger)
}

/// The record of a Bundle.
pub fn to_record(mapping: &Mapping, bundle: &Value) -> (Value, Vec<Issue>) {
    let bundle = Tree::of(bundle);
    let (record, ledger) = map::to_record(mapping, &bundle);
    (record.to_value(), ledger)
}

/// What of a record may leave.
pub fn cut(mapping: &Mapping, record: &Value, permitted: &BTreeSet<Item>, hides_where: bool) -> Value {
    map::cut(mapping, record, permitted, hides_where).to_value()
}

/// An envelope that follows from the record alone.
pub fn envelope(kind: &str, record: &Value) -> Envelope {
    Envelope::of_record(kind, &Tree::of(record))
}
