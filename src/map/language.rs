//! What a mapping page says, as types. `read` makes them, `to_fhir` and `to_record` follow them.

use std::sync::Arc;

use serde_json::Value;

use super::codes::CodeMap;
use super::path::{FhirPath, RecordPath};
use crate::domain::{Dataset, Ground, Item};

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
    /// One a resource, in the order of the page.
    pub sections: Vec<Section>,
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
    /// Its rows.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its line in the page.
    pub line: usize,
    /// What stands in the record column.
    pub source: Source,
    /// Where it is in the resource.
    pub fhir: FhirPath,
    /// How it is written there.
    pub shape: Shape,
}

/// The record column.
#[derive(Debug, Clone)]
pub enum Source {
    /// A value of the record; it belongs to an item.
    Data(RecordPath, Item),
    /// A fixed value by which the resource is recognised.
    Is(Value),
    /// A fixed value.
    Fixed(Value, Condition),
    /// A reference to the resource of that section.
    Refers(String),
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
    /// The section of that name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// All rows that carry data, with their record path and item.
    pub fn data_rows(&self) -> impl Iterator<Item = (&Section, &Row, &RecordPath, Item)> {
        self.sections.iter().flat_map(|section| {
            section.rows.iter().filter_map(move |row| match &row.source {
                Source::Data(path, item) => Some((section, row, path, *item)),
                _ => None,
            })
        })
    }
}
