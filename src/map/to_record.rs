//! FHIR → record: reads a message Bundle by a mapping's rows and keeps account of what no row carried.

mod compare;

use std::collections::BTreeSet;

use serde_json::Value;

use super::language::{Mapping, Row, Section, Source};
use super::ledger::{self, Carried};
use super::path::{Found, Indices, RecordPath};
use super::recognise::{equal_leaves, recognises};
use super::to_fhir::prune;
use super::{pair, value};
use crate::domain::Item;
use crate::json::Tree;
use crate::problem::Issue;

/// The record that the Bundle's content makes, and the loss ledger: every element that is not in it, by FHIRPath.
///
/// The record is as complete as the Bundle was, and borrows from it and from the mapping; whether it satisfies the kind's schema is
/// for `record::check` to say.
pub fn to_record<'a>(mapping: &'a Mapping, bundle: &'a Tree<'a>) -> (Tree<'a>, Vec<Issue>) {
    let mut reading = Reading::new(mapping, bundle);
    reading.recognise();
    let homes: Vec<(usize, Home)> = reading.homes();
    let mut record = Tree::object([]);
    for (index, home) in &homes {
        for row in &mapping.sections[*index].rows {
            reading.read_row(&mapping.sections[*index], row, *home, &mut record);
        }
    }
    // References by key and conditions speak of the whole record, so they are looked at once it is there.
    for (index, home) in &homes {
        for row in &mapping.sections[*index].rows {
            reading.resolve_key(&mapping.sections[*index], row, *home, &mut record);
        }
    }
    for (index, home) in &homes {
        for row in &mapping.sections[*index].rows {
            reading.compare_made(&mapping.sections[*index], row, *home, &record);
        }
    }
    let ledger = ledger::of(bundle, reading.carried, &reading.taken.concat());
    prune(&mut record);
    (record, ledger)
}

/// Which item of its section's list a resource is, and where it stands in the Bundle.
#[derive(Debug, Clone, Copy)]
struct Home {
    nth: usize,
    entry: usize,
}

struct Reading<'a> {
    mapping: &'a Mapping,
    /// (fullUrl, resource) of each entry.
    entries: Vec<(&'a str, &'a Tree<'a>)>,
    /// For each section the entries it recognised, in the Bundle's order.
    taken: Vec<Vec<usize>>,
    /// What is accounted for.
    carried: Carried,
}

impl<'a> Reading<'a> {
    fn new(mapping: &'a Mapping, bundle: &'a Tree<'a>) -> Self {
        let entries = bundle.items("entry").iter().map(|entry| {
            let url = entry.text_of("fullUrl").unwrap_or_default();
            (url, entry.get("resource").unwrap_or(&Tree::Null))
        });
        let taken = vec![vec![]; mapping.sections.len()];
        Self { mapping, entries: entries.collect(), taken, carried: Carried::default() }
    }

    /// Gives each entry to the first section that recognises it and has room.
    fn recognise(&mut self) {
        for index in 0..self.entries.len() {
            let resource = self.entries[index].1;
            let kind = resource.text_of("resourceType");
            let home = self.mapping.sections.iter().zip(&self.taken).position(|(section, taken)| {
                let room = section.each.is_some() || taken.is_empty();
                kind == Some(&section.resource) && room && recognises(section, resource)
            });
            if let Some(home) = home {
                self.taken[home].push(index);
                resource.get("resourceType").into_iter().for_each(|kind| self.carried.all(kind));
            }
            if index == 0 && kind == Some("MessageHeader") {
                // The envelope is Kith's own affair: event, source and focus of the first entry are read before mapping.
                let own =
                    [&["id"][..], &["eventCoding"], &["source", "endpoint"], &["focus"], &["resourceType"]];
                for names in own {
                    resource.at(names).into_iter().for_each(|value| self.carried.all(value));
                }
            }
        }
    }

    /// Each recognised resource with its section, in the order of the page. The items of a list are counted in the
    /// Bundle's order, over all sections that divide it among them.
    fn homes(&self) -> Vec<(usize, Home)> {
        let mut homes = Vec::new();
        for index in 0..self.taken.len() {
            for entry in &self.taken[index] {
                homes.push((index, Home { nth: self.nth(index, *entry), entry: *entry }));
            }
        }
        homes
    }

    fn nth(&self, section: usize, entry: usize) -> usize {
        let each = &self.mapping.sections[section].each;
        if each.is_none() {
            return 0;
        }
        let kin = self.mapping.sections.iter().zip(&self.taken).filter(|(other, _)| other.each == *each);
        kin.flat_map(|(_, taken)| taken).filter(|other| **other < entry).count()
    }

    fn read_row(&mut self, section: &Section, row: &'a Row, home: Home, record: &mut Tree<'a>) {
        let resource = self.entries[home.entry].1;
        match &row.source {
            Source::Data(path, _) => {
                for found in row.fhir.read(resource) {
                    self.read_value(section, row, path, home, &found, record);
                }
            }
            Source::Pair(first, second, _) => {
                for found in row.fhir.read(resource) {
                    let parted = pair::to_record(&row.shape, found.value);
                    if parted.first.as_ref().is_some_and(|value| makes_another(section, first, value)) {
                        continue;
                    }
                    let indices = indices(section, home, &found);
                    for (path, value) in [(first, parted.first), (second, parted.second)] {
                        if let Some(value) = value {
                            path.write(record, &indices, value);
                        }
                    }
                    self.carry_parts(&found, &parted.carried);
                }
            }
            Source::Is(value) => self.compare(row, home.entry, value),
            Source::Refers(target) => self.resolve(row, home, target),
            _ => {}
        }
    }

    fn read_value(
        &mut self,
        section: &Section,
        row: &'a Row,
        path: &'a RecordPath,
        home: Home,
        found: &Found<'a, 'a>,
        record: &mut Tree<'a>,
    ) {
        let Some(read) = value::to_record(&row.shape, found.value, row.keeps_words) else { return };
        if makes_another(section, path, &read.value) {
            return;
        }
        path.write(record, &indices(section, home, found), read.value);
        self.carry_parts(found, &read.carried);
    }

    /// Accounts for the parts of a value that said something.
    fn carry_parts(&mut self, found: &Found<'_, '_>, parts: &[&Tree<'_>]) {
        parts.iter().for_each(|part| self.carried.all(part));
        self.carry_filters(found);
    }

    /// Accounts for what the filters looked for, and for nothing that stands beside it.
    fn carry_filters(&mut self, found: &Found<'_, '_>) {
        for (value, wanted) in &found.filters {
            self.carry_equal(wanted, value);
        }
    }

    /// Accounts for those leaves of a value that another has too.
    fn carry_equal(&mut self, expected: &Value, value: &Tree<'_>) {
        let mut leaves = Vec::new();
        equal_leaves(expected, value, &mut leaves);
        leaves.into_iter().for_each(|leaf| self.carried.all(leaf));
    }

    /// Whether a reference leads to that entry: by its fullUrl, or as `Type/id`.
    fn is_at(&self, entry: usize, reference: &str) -> bool {
        let (url, resource) = self.entries[entry];
        let part = |key: &str| resource.text_of(key).unwrap_or_default();
        !reference.is_empty()
            && (reference == url || reference == format!("{}/{}", part("resourceType"), part("id")))
    }
}

/// Whether the value makes another resource of its item than this section's, so that it does not belong here.
fn makes_another(section: &Section, path: &RecordPath, value: &Tree<'_>) -> bool {
    section.choice.as_ref().is_some_and(|choice| {
        choice.path == *path && !choice.values.iter().any(|known| value.as_str() == Some(known))
    })
}

/// The indices of a found value in the record: the item of the section's list first.
fn indices(section: &Section, home: Home, found: &Found<'_, '_>) -> Indices {
    let own = section.each.is_some().then_some(home.nth);
    own.into_iter().chain(found.indices.iter().copied()).collect()
}

/// Which of the Bundle's entries hold a resource of a type that a section of the mapping recognises; others of that type have no say.
pub fn recognised(mapping: &Mapping, bundle: &Tree<'_>, resource_type: &str) -> Vec<usize> {
    let mut reading = Reading::new(mapping, bundle);
    reading.recognise();
    let sections =
        mapping.sections.iter().zip(reading.taken).filter(|(section, _)| section.resource == resource_type);
    sections.flat_map(|(_, taken)| taken).collect()
}

/// Which of the Bundle's entries the mapping reads, each with the items of which it says something.
pub fn resources(mapping: &Mapping, bundle: &Tree<'_>) -> Vec<(usize, BTreeSet<Item>)> {
    let mut reading = Reading::new(mapping, bundle);
    reading.recognise();
    let items = |section: &Section, entry: usize| {
        let resource = reading.entries[entry].1;
        let says = section.rows.iter().filter(|row| !row.fhir.read(resource).is_empty());
        (entry, says.filter_map(|row| row.source.carried().1).collect())
    };
    let taken = mapping.sections.iter().zip(&reading.taken);
    taken.flat_map(|(section, taken)| taken.iter().map(|entry| items(section, *entry))).collect()
}
