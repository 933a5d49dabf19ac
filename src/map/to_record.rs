//! FHIR → record: reads a message Bundle by a mapping's rows and keeps account of what no row carried.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::language::{Mapping, Row, Section, Source};
use super::ledger;
use super::path::{Found, RecordPath};
use super::to_fhir::{holds, prune};
use super::value;
use crate::problem::Issue;

/// Which record paths have no closed list of values: an unknown code may stay there as text.
pub type OpenPaths = HashSet<String>;

/// The record that the Bundle's content makes, and the loss ledger: every element that is not in it, by FHIRPath.
///
/// The record is as complete as the Bundle was; whether it satisfies the kind's schema is for `record::check` to say.
pub fn to_record(mapping: &Mapping, bundle: &Value, open: &OpenPaths) -> (Value, Vec<Issue>) {
    let mut reading = Reading::new(mapping, bundle, open);
    reading.recognise();
    let mut record = json!({});
    for (index, section) in mapping.sections.iter().enumerate() {
        for (nth, entry) in reading.taken[index].clone().into_iter().enumerate() {
            for row in &section.rows {
                reading.read_row(section, row, nth, entry, &mut record);
            }
        }
    }
    // Conditions speak of the whole record, so the fixed values are compared once it is there.
    for (index, section) in mapping.sections.iter().enumerate() {
        for (nth, entry) in reading.taken[index].clone().into_iter().enumerate() {
            for row in &section.rows {
                reading.compare_fixed(row, nth, entry, &record);
            }
        }
    }
    let ledger = ledger::of(bundle, &reading.carried, &reading.taken.concat());
    prune(&mut record);
    (record, ledger)
}

struct Reading<'a> {
    mapping: &'a Mapping,
    open: &'a OpenPaths,
    /// (fullUrl, resource) of each entry.
    entries: Vec<(&'a str, &'a Value)>,
    /// For each section the entries it recognised, in the Bundle's order.
    taken: Vec<Vec<usize>>,
    /// What is accounted for: entry index and JSON pointer below the resource.
    carried: HashSet<(usize, String)>,
}

impl<'a> Reading<'a> {
    fn new(mapping: &'a Mapping, bundle: &'a Value, open: &'a OpenPaths) -> Self {
        let entries = bundle.get("entry").and_then(Value::as_array).into_iter().flatten();
        let entries = entries.map(|entry| {
            let url = entry.get("fullUrl").and_then(Value::as_str).unwrap_or_default();
            (url, entry.get("resource").unwrap_or(&Value::Null))
        });
        let taken = vec![vec![]; mapping.sections.len()];
        Self { mapping, open, entries: entries.collect(), taken, carried: HashSet::new() }
    }

    /// Gives each entry to the first section that recognises it and has room.
    fn recognise(&mut self) {
        for index in 0..self.entries.len() {
            let resource = self.entries[index].1;
            let home = self.mapping.sections.iter().enumerate().position(|(at, section)| {
                let room = section.each.is_some() || self.taken[at].is_empty();
                room && recognises(section, resource)
            });
            if let Some(home) = home {
                self.taken[home].push(index);
                self.carry(index, "/resourceType");
            }
            let kind = resource.get("resourceType").and_then(Value::as_str);
            if index == 0 && kind == Some("MessageHeader") {
                // The envelope is Kith's own affair: event, source and focus of the first entry are read before mapping.
                for pointer in ["/id", "/eventCoding", "/source/endpoint", "/focus", "/resourceType"] {
                    self.carry_all(index, pointer, resource.pointer(pointer).unwrap_or(&Value::Null));
                }
            }
        }
    }

    fn read_row(&mut self, section: &Section, row: &Row, nth: usize, entry: usize, record: &mut Value) {
        let resource = self.entries[entry].1;
        match &row.source {
            Source::Data(path, _) => {
                for found in row.fhir.read(resource) {
                    self.read_value(section, row, path, nth, entry, &found, record);
                }
            }
            Source::Is(value) => self.compare(row, entry, value),
            Source::Refers(target) => self.resolve(row, nth, entry, target),
            Source::Fixed(..) => {}
        }
    }

    #[allow(clippy::too_many_arguments)] // One value with everything that says where it comes from and goes to.
    fn read_value(
        &mut self,
        section: &Section,
        row: &Row,
        path: &RecordPath,
        nth: usize,
        entry: usize,
        found: &Found<'_>,
        record: &mut Value,
    ) {
        let open = self.open.contains(&path.to_string());
        let Some(read) = value::to_record(&row.shape, found.value, open) else { return };
        let mut indices = if section.each.is_some() { vec![nth] } else { vec![] };
        indices.extend(&found.indices);
        path.write(record, &indices, read.value);
        for part in read.carried {
            let pointer = format!("{}{part}", found.pointer);
            if let Some(value) = self.entries[entry].1.pointer(&pointer) {
                self.carry_all(entry, &pointer, value);
            }
        }
        self.carry_filters(entry, found);
    }

    /// Accounts for what the filters looked for, and for nothing that stands beside it.
    fn carry_filters(&mut self, entry: usize, found: &Found<'_>) {
        for (pointer, wanted) in &found.filters {
            if let Some(value) = self.entries[entry].1.pointer(pointer) {
                for part in equal_leaves(wanted, value) {
                    self.carry(entry, &format!("{pointer}{part}"));
                }
            }
        }
    }

    fn compare_fixed(&mut self, row: &Row, nth: usize, entry: usize, record: &Value) {
        if let Source::Fixed(value, condition) = &row.source
            && holds(condition, record, nth)
        {
            self.compare(row, entry, value);
        }
    }

    /// Accounts for those leaves of a fixed value that the resource has too.
    fn compare(&mut self, row: &Row, entry: usize, expected: &Value) {
        for found in row.fhir.read(self.entries[entry].1) {
            for pointer in equal_leaves(expected, found.value) {
                self.carry(entry, &format!("{}{pointer}", found.pointer));
            }
            self.carry_filters(entry, &found);
        }
    }

    fn resolve(&mut self, row: &Row, nth: usize, entry: usize, target: &str) {
        let Some(index) = self.mapping.sections.iter().position(|section| section.name == target) else {
            return;
        };
        for found in row.fhir.read(self.entries[entry].1) {
            let Some(reference) = found.value.get("reference").and_then(Value::as_str) else { continue };
            let expected = self.taken[index].get(nth).or(self.taken[index].first());
            if expected.is_some_and(|target| self.is_at(*target, reference)) {
                self.carry(entry, &format!("{}/reference", found.pointer));
                self.carry_filters(entry, &found);
            }
        }
    }

    /// Whether a reference leads to that entry: by its fullUrl, or as `Type/id`.
    fn is_at(&self, entry: usize, reference: &str) -> bool {
        let (url, resource) = self.entries[entry];
        let part = |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or_default();
        !reference.is_empty()
            && (reference == url || reference == format!("{}/{}", part("resourceType"), part("id")))
    }

    fn carry(&mut self, entry: usize, pointer: &str) {
        self.carried.insert((entry, pointer.to_owned()));
    }

    /// Accounts for every leaf below a pointer.
    fn carry_all(&mut self, entry: usize, pointer: &str, value: &Value) {
        match value {
            Value::Object(object) => {
                object
                    .iter()
                    .for_each(|(key, value)| self.carry_all(entry, &ledger::below(pointer, key), value));
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    self.carry_all(entry, &format!("{pointer}/{index}"), value);
                }
            }
            _ => self.carry(entry, pointer),
        }
    }
}

fn recognises(section: &Section, resource: &Value) -> bool {
    resource.get("resourceType").and_then(Value::as_str) == Some(&section.resource)
        && section.rows.iter().all(|row| match &row.source {
            Source::Is(expected) => {
                row.fhir.read(resource).iter().any(|found| contains(found.value, expected))
            }
            _ => true,
        })
}

/// Whether `value` says at least what `expected` says; display texts may differ.
fn contains(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Object(value), Value::Object(expected)) => expected
            .iter()
            .filter(|(key, _)| *key != "display")
            .all(|(key, expected)| value.get(key).is_some_and(|value| contains(value, expected))),
        (Value::Array(value), Value::Array(expected)) => {
            expected.iter().all(|expected| value.iter().any(|value| contains(value, expected)))
        }
        _ => value == expected,
    }
}

/// Pointers of the leaves that both values have and that are equal. Lists are compared element by best element.
fn equal_leaves(expected: &Value, value: &Value) -> Vec<String> {
    match (expected, value) {
        (Value::Object(expected), Value::Object(value)) => {
            let both = expected
                .iter()
                .filter_map(|(key, expected)| value.get(key).map(|value| (key, expected, value)));
            both.flat_map(|(key, expected, value)| under(key, equal_leaves(expected, value))).collect()
        }
        (Value::Array(expected), Value::Array(value)) => expected
            .iter()
            .flat_map(|expected| {
                let at = value.iter().position(|value| contains(value, expected));
                at.map_or_else(Vec::new, |at| under(&at.to_string(), equal_leaves(expected, &value[at])))
            })
            .collect(),
        _ if expected == value => vec![String::new()],
        _ => vec![],
    }
}

fn under(key: &str, pointers: Vec<String>) -> Vec<String> {
    let first = ledger::below("", key);
    pointers.into_iter().map(|pointer| format!("{first}{pointer}")).collect()
}
