//! Record → FHIR: a message Bundle (<https://hl7.org/fhir/R4/messaging.html>) made by a mapping's rows.

use std::collections::BTreeMap;

use serde_json::Value;

use super::envelope::{Envelope, Made, bundle, full_url};
use super::language::{Condition, Mapping, Row, Section, Shape, Source};
use super::path::{Indices, RecordPath};
use super::{narrative, pair, value};
use crate::json::Tree;
use crate::problem::Issue;

/// A resource of the Bundle: which section, which item of its list.
pub type Place = (usize, usize);

/// The message Bundle for a record, and the ledger of what could only be kept as text or was not in the record. The Bundle borrows
/// from both the mapping and the record.
pub fn to_fhir<'a>(
    mapping: &'a Mapping,
    record: &'a Tree<'a>,
    envelope: &Envelope,
) -> (Tree<'a>, Vec<Issue>) {
    let places = places(mapping, record);
    let urls = places.iter().map(|place| full_url(mapping, *place, envelope)).collect();
    let mut writing = Writing { mapping, record, places: &places, urls, ledger: Vec::new() };
    let mut resources: Vec<Tree<'a>> = Vec::with_capacity(places.len());
    for place in &places {
        resources.push(writing.resource(*place));
    }
    let made = places.iter().zip(writing.urls).zip(resources);
    let resources = made.map(|((place, url), resource)| Made { place: *place, url, resource }).collect();
    (bundle(mapping, record, envelope, resources), writing.ledger)
}

/// The resources that the record makes: those of which at least one row carries a value.
fn places(mapping: &Mapping, record: &Tree<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    for (index, section) in mapping.sections.iter().enumerate() {
        let items = section.each.as_ref().map_or(1, |list| list.count(record));
        let carries = |nth: &usize| {
            let own: &[usize] = if section.each.is_some() { &[*nth] } else { &[] };
            let paths = section.rows.iter().flat_map(|row| row.source.carried().0.into_iter().flatten());
            let mut paths = paths.map(|path| path.is_in(record, own));
            section.resource == "MessageHeader" || (chosen(section, record, *nth) && paths.any(|there| there))
        };
        places.extend((0..items).filter(carries).map(|nth| (index, nth)));
    }
    places
}

struct Writing<'a, 'p> {
    mapping: &'a Mapping,
    record: &'a Tree<'a>,
    places: &'p [Place],
    /// The address of each.
    urls: Vec<String>,
    ledger: Vec<Issue>,
}

impl<'a> Writing<'a, '_> {
    /// One resource, its elements in the order of the page.
    fn resource(&mut self, place: Place) -> Tree<'a> {
        let section = &self.mapping.sections[place.0];
        let mut resource = Tree::object([("resourceType", Tree::text(&section.resource))]);
        for row in &section.rows {
            self.row(place, row, &mut resource);
        }
        prune(&mut resource);
        resource
    }

    fn row(&mut self, place: Place, row: &'a Row, resource: &mut Tree<'a>) {
        let own: &[usize] = if self.mapping.sections[place.0].each.is_some() { &[place.1] } else { &[] };
        match &row.source {
            Source::Data(path, _) => {
                for (indices, value) in path.read(self.record, own) {
                    let written = self.value(row, path, &indices, value);
                    row.fhir.write(resource, &indices[own.len()..], written);
                }
            }
            Source::Pair(first, second, _) => {
                let mut pairs: BTreeMap<Indices, [Option<&'a Tree<'a>>; 2]> = BTreeMap::new();
                for (at, path) in [first, second].into_iter().enumerate() {
                    for (indices, value) in path.read(self.record, own) {
                        pairs.entry(indices).or_default()[at] = Some(value);
                    }
                }
                for (indices, [first, second]) in pairs {
                    row.fhir.write(resource, &indices[own.len()..], pair::to_fhir(&row.shape, first, second));
                }
            }
            _ => self.made(place, own, row, resource),
        }
    }

    fn value(&mut self, row: &'a Row, path: &RecordPath, indices: &[usize], value: &'a Tree<'a>) -> Tree<'a> {
        match &row.shape {
            Shape::ReferenceBy(section, key) => {
                let target = target_by(self.mapping, section, key, self.record, value);
                let target = target.and_then(|place| self.url(place)).map(str::to_owned);
                value::keyed_reference(value, target)
            }
            shape => {
                let written = value::to_fhir(shape, value);
                if let Some(remark) = written.remark {
                    self.remark(row, path, indices, remark);
                }
                written.value
            }
        }
    }

    /// The address of a resource that there is.
    fn url(&self, place: Place) -> Option<&str> {
        let at = self.places.binary_search(&place).ok()?;
        self.urls.get(at).map(String::as_str)
    }

    fn remark(&mut self, row: &Row, path: &RecordPath, indices: &[usize], remark: &str) {
        let text = format!("{}: {remark}.", row.fhir.text);
        self.ledger.push(Issue::information("informational", text).at(place_of(path, indices)));
    }

    /// What carries nothing of its own: fixed values, references, repetitions, the narrative.
    fn made(&mut self, place: Place, own: &[usize], row: &'a Row, resource: &mut Tree<'a>) {
        let mut fixed = |value: &'a Value| row.fhir.write(resource, &[], Tree::of(value));
        match &row.source {
            Source::Is(value) => fixed(value),
            Source::Fixed(value, condition) if holds(condition, self.record, place.1) => fixed(value),
            Source::Default(value, path) if !path.is_in(self.record, &[place.1]) => {
                fixed(value);
                let words = "the record says nothing here; the mapping's default was written";
                self.remark(row, path, own, words);
            }
            Source::Also(path) => {
                for (indices, value) in path.read(self.record, own) {
                    row.fhir.write(resource, &indices[own.len()..], value::to_fhir(&row.shape, value).value);
                }
            }
            Source::Refers(target) if row.fhir.lists() > 0 => {
                let places = self.places.iter().zip(&self.urls);
                let named = places.filter(|(place, _)| self.mapping.sections[place.0].name == *target);
                for (nth, (_, url)) in named.enumerate() {
                    row.fhir.write(resource, &[nth], reference(url));
                }
            }
            Source::Refers(target) => {
                let target = target_of(self.mapping, place, target, self.places);
                if let Some(url) = target.and_then(|target| self.url(target)) {
                    row.fhir.write(resource, &[], reference(url));
                }
            }
            Source::Narrative => {
                let section = &self.mapping.sections[place.0];
                if let Some(div) = narrative::of(section, self.record, place.1) {
                    let text = [("status", Tree::text("generated")), ("div", Tree::text(div))];
                    row.fhir.write(resource, &[], Tree::object(text));
                }
            }
            _ => {}
        }
    }
}

fn reference<'t>(url: &str) -> Tree<'t> {
    Tree::object([("reference", Tree::text(url.to_owned()))])
}

/// Whether the section is made for this item of its list.
fn chosen(section: &Section, record: &Tree<'_>, nth: usize) -> bool {
    section.choice.as_ref().is_none_or(|choice| {
        let decides = choice.path.read(record, &[nth]);
        decides.iter().any(|(_, value)| choice.values.iter().any(|known| value.as_str() == Some(known)))
    })
}

/// The item of a section's list whose key has that value.
pub fn target_by(
    mapping: &Mapping,
    section: &str,
    key: &RecordPath,
    record: &Tree<'_>,
    wanted: &Tree<'_>,
) -> Option<Place> {
    let index = mapping.sections.iter().position(|other| other.name == section)?;
    let keys = key.read(record, &[]);
    let (indices, _) = keys.iter().find(|(_, value)| *value == wanted)?;
    Some((index, *indices.first()?))
}

/// The record path with its indices, as people write it: `parents[0].name`.
pub fn place_of(path: &RecordPath, indices: &[usize]) -> String {
    let mut indices = indices.iter();
    let mut steps = Vec::new();
    for step in &path.0 {
        let index = if step.each { indices.next() } else { None };
        match index {
            Some(index) => steps.push(format!("{}[{index}]", step.name)),
            None => steps.push(step.name.clone()),
        }
    }
    steps.join(".")
}

/// Whether a fixed value is to be written for this item of the section's list.
pub fn holds(condition: &Condition, record: &Tree<'_>, nth: usize) -> bool {
    match condition {
        Condition::Always => true,
        Condition::When(path) => path.is_in(record, &[nth]),
        Condition::Unless(path) => !path.is_in(record, &[nth]),
    }
}

/// The resource a reference points to: the same item of the same list, else the section's only one.
fn target_of(mapping: &Mapping, place: Place, target: &str, places: &[Place]) -> Option<Place> {
    let index = mapping.sections.iter().position(|section| section.name == target)?;
    let same_list = mapping.sections[index].each.is_some()
        && mapping.sections[index].each == mapping.sections[place.0].each;
    let wanted = (index, if same_list { place.1 } else { 0 });
    places.contains(&wanted).then_some(wanted)
}

/// FHIR has no empty things: placeholders of withheld items go.
pub fn prune(tree: &mut Tree<'_>) {
    match tree {
        Tree::List(list) => list.retain_mut(|item| {
            prune(item);
            !item.is_empty()
        }),
        Tree::Object(members) => members.retain(|_, value| {
            prune(value);
            !value.is_empty()
        }),
        _ => {}
    }
}
