//! What a mapping page says, as types. `read` makes them, `to_fhir` and `to_record` follow them.

use std::sync::Arc;

use serde_json::Value;

use super::codes::CodeMap;
use super::columns::Column;
use super::path::{FhirPath, RecordPath};
use super::whereabouts::Whereabouts;
use crate::domain::{Dataset, Ground, Item};
use crate::record::Leaf;

/// A kind's mapping: both directions.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The record kind.
    pub kind: String,
    /// Its title, for people.
    pub title: String,
    /// The dataset without which the message makes no sense.
    pub about: Dataset,
    /// `MessageHeader.eventCoding`, as (system, code).
    pub event: (String, String),
    /// Where the record names its author's organisation.
    pub sender: Option<RecordPath>,
    /// The section that `MessageHeader.focus` points to.
    pub focus: Option<String>,
    /// The ground that every message of the kind claims by being sent.
    pub ground: Option<Ground>,
    /// Whether the kind is only written from FHIR.
    pub receive_only: bool,
    /// Whether it is about no child.
    pub childless: bool,
    /// Whether a message is only done with when a person at the recipient said that they read it.
    pub read_by_a_person: bool,
    /// Whether its message says that the family registered with the sender, so that a no-visit rule ends there.
    pub ends_no_visit_rule: bool,
    /// The register that messages of the kind are put on, instead of going to anybody.
    pub register: Option<Register>,
    /// One a resource, in the order of the page.
    pub sections: Vec<Section>,
    /// The columns of a CSV file of such records; none where a record is not flat.
    pub columns: Vec<Column>,
    /// What shows where a child may be found; what the schema says of its fields, which only the catalogue knows, has to be learnt first.
    pub whereabouts: Whereabouts,
}

/// A register of Kith's own, on which a kind is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    /// Which child attends which school.
    SchoolPlaces,
}

impl Register {
    /// Its name in mapping pages, and in the directory's `keeps`.
    pub fn name(self) -> &'static str {
        match self {
            Self::SchoolPlaces => "school-places",
        }
    }
}

impl std::str::FromStr for Register {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "school-places" => Ok(Self::SchoolPlaces),
            _ => Err(format!("there is no register '{word}'; there is: school-places")),
        }
    }
}

/// One resource, or one for each item of a list of the record.
#[derive(Debug, Clone)]
pub struct Section {
    /// Line of its heading.
    pub line: usize,
    /// FHIR resource type.
    pub resource: String,
    /// The name by which rows refer to it.
    pub name: String,
    /// The list it is made for each item of.
    pub each: Option<RecordPath>,
    /// Which items of that list it is made for; all when `None`.
    pub choice: Option<Choice>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// `where PATH is VALUE, VALUE`: which items of a list become this resource.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The value of an item that decides.
    pub path: RecordPath,
    /// What it is for this section.
    pub values: Vec<String>,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its line in the page.
    pub line: usize,
    /// What the schema calls the value; the path's own words until the catalogue knows better.
    pub title: String,
    /// What stands in the record column.
    pub source: Source,
    /// Where it is in the resource.
    pub fhir: FhirPath,
    /// How it is written there.
    pub shape: Shape,
    /// Whether its value shows where the child may be found: then it goes with its item only where that may be known.
    pub shows_where: bool,
    /// Whether words that its code map does not know are a value of the record; what the schema says, which only the catalogue knows.
    pub keeps_words: bool,
}

/// The record column.
#[derive(Debug, Clone)]
pub enum Source {
    /// A value of the record; it belongs to an item.
    Data(RecordPath, Item),
    /// Two values of the record that are one in FHIR: a date and its time, a code and the words it was chosen for.
    Pair(RecordPath, RecordPath, Item),
    /// A value that another row carries, written here too.
    Also(RecordPath),
    /// A fixed value by which the resource is recognised.
    Is(Value),
    /// A fixed value.
    Fixed(Value, Condition),
    /// What FHIR asks for and the record may lack: written, and told, where it lacks this.
    Default(Value, RecordPath),
    /// A reference to the resource of that section, or to each of them.
    Refers(String),
    /// The rows of the resource in words: `text`.
    Narrative,
}

impl Source {
    /// The record paths whose values this row carries, and their item.
    pub fn carried(&self) -> ([Option<&RecordPath>; 2], Option<Item>) {
        match self {
            Self::Data(path, item) => ([Some(path), None], Some(*item)),
            Self::Pair(first, second, item) => ([Some(first), Some(second)], Some(*item)),
            _ => ([None, None], None),
        }
    }
}

/// When a fixed value is written.
#[derive(Debug, Clone)]
pub enum Condition {
    /// Always.
    Always,
    /// If the record has this.
    When(RecordPath),
    /// If the record lacks this.
    Unless(RecordPath),
}

/// The `as` column.
#[derive(Debug, Clone)]
pub enum Shape {
    /// The same characters.
    Text,
    /// true or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A number with its digits.
    Decimal,
    /// A date, date and time, or time, as precise as given.
    When,
    /// A time of day by the clock, `HH:MM` in the record.
    Clock,
    /// A FHIR `code`.
    Code(Option<Arc<CodeMap>>),
    /// A Coding.
    Coding(Option<Arc<CodeMap>>),
    /// A CodeableConcept.
    Concept(Option<Arc<CodeMap>>),
    /// A Quantity in this unit, with its UCUM code.
    Quantity {
        /// The unit in words.
        unit: String,
        /// The UCUM code.
        code: String,
    },
    /// An Identifier of this system.
    Identifier(String),
    /// A Reference.
    Reference,
    /// A Reference to the item of a list that has this value: section, and the key's path.
    ReferenceBy(String, RecordPath),
    /// A Narrative.
    Narrative,
}

impl Shape {
    /// The code map that the row uses.
    pub fn code_map(&self) -> Option<&Arc<CodeMap>> {
        match self {
            Self::Code(map) | Self::Coding(map) | Self::Concept(map) => map.as_ref(),
            _ => None,
        }
    }
}

impl Mapping {
    /// Whether messages of the kind can be sent to Kith.
    pub fn has_door(&self) -> bool {
        !self.receive_only && !self.childless
    }

    /// The section of that name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// All rows that carry data, with their record path and item; a row that carries two values stands twice. Where
    /// sections divide a list among them each carries the same values, so the first speaks for all.
    pub fn data_rows(&self) -> impl Iterator<Item = (&Section, &Row, &RecordPath, Item)> {
        let sections = self.sections.iter().enumerate().filter(|(index, _)| self.family(*index) == *index);
        sections.flat_map(|(_, section)| {
            section.rows.iter().flat_map(move |row| {
                let (paths, item) = row.source.carried();
                paths.into_iter().flatten().filter_map(move |path| Some((section, row, path, item?)))
            })
        })
    }

    /// Learns from the fields of the record what each row's value is called, whether its values are a closed list, and what are free words.
    pub fn learn(&mut self, fields: &[Leaf]) {
        for row in self.sections.iter_mut().flat_map(|section| &mut section.rows) {
            let (Source::Data(path, _) | Source::Pair(path, ..) | Source::Also(path)) = &row.source else {
                continue;
            };
            let path = path.to_string();
            let Some(field) = fields.iter().find(|field| field.path == path) else { continue };
            row.keeps_words = field.values.is_none();
            if let Some(title) = &field.title {
                row.title.clone_from(title);
            }
        }
        self.whereabouts = Whereabouts::of(self, fields);
    }

    /// The first section that is made of the same list: sections that divide a list among them count its items together.
    pub fn family(&self, index: usize) -> usize {
        let each = &self.sections[index].each;
        let first = || self.sections.iter().position(|section| section.each == *each);
        if each.is_some() { first().unwrap_or(index) } else { index }
    }
}
