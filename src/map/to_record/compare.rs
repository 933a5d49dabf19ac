//! What a resource says beside the values that its rows carry: fixed values, repetitions, references, the narrative.

use serde_json::{Value, json};

use super::{Home, Reading, indices};
use crate::json::Tree;
use crate::map::language::{Row, Section, Shape, Source};
use crate::map::path::RecordPath;
use crate::map::to_fhir::holds;
use crate::map::{narrative, value};

impl<'a> Reading<'a> {
    /// Compares what Kith itself would have written beside the record's own values.
    pub(super) fn compare_made(&mut self, section: &Section, row: &'a Row, home: Home, record: &Tree<'_>) {
        match &row.source {
            Source::Fixed(value, condition) if holds(condition, record, home.nth) => {
                self.compare(row, home.entry, value);
            }
            Source::Default(value, path) if !path.is_in(record, &[home.nth]) => {
                self.compare(row, home.entry, value);
            }
            Source::Also(path) => self.compare_again(section, row, path, home, record),
            Source::Narrative => {
                if let Some(div) = narrative::of(section, record, home.nth) {
                    self.compare(row, home.entry, &json!({ "status": "generated", "div": div }));
                }
            }
            _ => {}
        }
    }

    /// A second place of a value says what the first says, or is named in the ledger.
    pub(super) fn compare_again(
        &mut self,
        section: &Section,
        row: &'a Row,
        path: &RecordPath,
        home: Home,
        record: &Tree<'_>,
    ) {
        for found in row.fhir.read(self.entries[home.entry].1) {
            let Some(read) = value::to_record(&row.shape, found.value, row.keeps_words) else { continue };
            let indices = indices(section, home, &found);
            if path.read(record, &indices).iter().any(|(at, value)| *at == indices && **value == read.value) {
                self.carry_parts(&found, &read.carried);
            }
        }
    }

    /// A reference to an item by its key: the resource referred to must be that item's; where only the resource is
    /// named, its key is the record's value.
    pub(super) fn resolve_key(&mut self, section: &Section, row: &'a Row, home: Home, record: &mut Tree<'a>) {
        let (Source::Data(path, _), Shape::ReferenceBy(target, key)) = (&row.source, &row.shape) else {
            return;
        };
        let Some(index) = self.mapping.sections.iter().position(|section| section.name == *target) else {
            return;
        };
        for found in row.fhir.read(self.entries[home.entry].1) {
            let reference = found.value.text_of("reference").unwrap_or_default();
            let Some(entry) = self.taken[index].iter().copied().find(|entry| self.is_at(*entry, reference))
            else {
                continue;
            };
            let target = key.read(record, &[self.nth(index, entry)]).first().map(|(_, key)| (*key).clone());
            let Some(target) = target else { continue };
            let indices = indices(section, home, &found);
            let said = path.read(record, &indices);
            let said = said.iter().find(|(at, _)| *at == indices).map(|(_, value)| (*value).clone());
            if said.is_none() {
                path.write(record, &indices, target.clone());
            }
            if said.is_none_or(|said| said == target) {
                let said: Vec<&Tree<'_>> = found.value.get("reference").into_iter().collect();
                self.carry_parts(&found, &said);
            }
        }
    }

    /// Accounts for those leaves of a fixed value that the resource has too.
    pub(super) fn compare(&mut self, row: &Row, entry: usize, expected: &Value) {
        for found in row.fhir.read(self.entries[entry].1) {
            self.carry_equal(expected, found.value);
            self.carry_filters(&found);
        }
    }

    pub(super) fn resolve(&mut self, row: &Row, home: Home, target: &str) {
        let Some(index) = self.mapping.sections.iter().position(|section| section.name == target) else {
            return;
        };
        let each = row.fhir.lists() > 0;
        for found in row.fhir.read(self.entries[home.entry].1) {
            let Some(reference) = found.value.text_of("reference") else { continue };
            let taken = &self.taken[index];
            let expected = if each {
                taken.iter().find(|entry| self.is_at(**entry, reference))
            } else {
                taken.get(home.nth).or(taken.first())
            };
            if expected.is_some_and(|target| self.is_at(*target, reference)) {
                found.value.get("reference").into_iter().for_each(|said| self.carried.all(said));
                self.carry_filters(&found);
            }
        }
    }
}
