//! A mapping in FHIR's own mapping language, so that another engine can run it: two StructureMaps
//! (<https://hl7.org/fhir/R4/structuremap.html>), one a direction, their text, and the record as a logical model.
//!
//! What that language cannot say is named in each map's `purpose`: the loss ledger, the narrative, England's clocks, references to
//! the items of a list.

mod backward;
mod fhir;
mod forward;
mod model;
mod resource;
mod rule;
mod shapes;
mod text;

use serde_json::Value;

pub use model::logical_model;

use super::language::{Mapping, Shape, Source};
use crate::domain::CANONICAL;
use crate::profile::fhirpath::Model;

/// Which way a map goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Record → FHIR message Bundle.
    ToFhir,
    /// FHIR message Bundle → record.
    ToRecord,
}

impl Direction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ToFhir, Self::ToRecord];

    /// As it ends the names of maps.
    pub fn name(self) -> &'static str {
        match self {
            Self::ToFhir => "to-fhir",
            Self::ToRecord => "to-record",
        }
    }
}

/// A mapping of one direction, in both of the forms that the language has.
#[derive(Debug)]
pub struct Exported {
    /// The StructureMap resource.
    pub resource: Value,
    /// The same in the text of the FHIR Mapping Language.
    pub text: String,
}

/// The mapping as a StructureMap of that direction; the model says which elements of FHIR have a choice of types.
pub fn export(mapping: &Mapping, direction: Direction, model: &dyn Model) -> Exported {
    let groups = match direction {
        Direction::ToFhir => forward::groups(mapping, model),
        Direction::ToRecord => backward::groups(mapping, model),
    };
    let plain = |group: rule::Group| rule::Group {
        rules: group.rules.into_iter().map(rule::Rule::plain).collect(),
        ..group
    };
    let groups = groups.into_iter().map(plain).collect();
    let map = rule::Map {
        id: format!("{}-{}", mapping.kind, direction.name()),
        title: match direction {
            Direction::ToFhir => format!("{}: record to FHIR", mapping.title),
            Direction::ToRecord => format!("{}: FHIR to record", mapping.title),
        },
        purpose: unsaid(mapping, direction).join("\n"),
        record: model_url(&mapping.kind),
        to_fhir: direction == Direction::ToFhir,
        groups,
    };
    Exported { resource: resource::of(&map), text: text::of(&map) }
}

/// The address of the logical model of a kind's record.
fn model_url(kind: &str) -> String {
    format!("{CANONICAL}StructureDefinition/record-{kind}")
}

/// What of the mapping the language cannot say, a sentence each, with the line of the page.
pub fn unsaid(mapping: &Mapping, direction: Direction) -> Vec<String> {
    let mut sentences = Vec::new();
    let line = |line: usize, text: &str| format!("Line {line} of the page: {text}");
    for section in &mapping.sections {
        for row in &section.rows {
            let sentence = match (&row.source, &row.shape, direction) {
                (Source::Narrative, ..) => Some("the narrative is not written, and not compared."),
                (Source::Pair(..), Shape::When, Direction::ToFhir) => Some(
                    "the time of day is not written, because the language knows no time zone's rules; the day is.",
                ),
                (Source::Pair(..), Shape::When, Direction::ToRecord) => Some(
                    "of a time with its zone nothing is read, because the language knows no time zone's rules.",
                ),
                (Source::Refers(_), ..) if row.fhir.lists() > 0 && direction == Direction::ToFhir => Some(
                    "references to each item of a list are not written, because ids made in one loop are not known in another.",
                ),
                (_, Shape::ReferenceBy(..), Direction::ToFhir) => {
                    Some("the reference has the key as its identifier and not the address of the resource.")
                }
                (_, Shape::ReferenceBy(..), Direction::ToRecord) => {
                    Some("a reference without the key is not followed to the resource that has it.")
                }
                (Source::Default(..), _, Direction::ToFhir) => {
                    Some("that the default was written is told to nobody.")
                }
                _ => None,
            };
            sentences.extend(sentence.map(|text| line(row.line, text)));
        }
    }
    sentences.push(match direction {
        Direction::ToFhir => "Ids are new in each run; Kith's own follow from the message.".to_owned(),
        Direction::ToRecord => {
            "What no rule reads is lost in silence: the language has no ledger. Kith names it, or refuses with --strict.".to_owned()
        }
    });
    sentences
}
