//! What a StructureDefinition says of its elements, reduced to what validation needs
//! (<https://hl7.org/fhir/R4/elementdefinition.html>). Snapshots, plans and the FHIRPath model are made from it.

mod read;

use serde_json::Value;

pub(super) use read::{list, own, text, texts};

/// A StructureDefinition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Structure {
    /// Canonical address.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// Name for computers.
    pub name: String,
    /// `primitive-type`, `complex-type`, `resource` or `logical`.
    pub kind: String,
    /// The type it defines or constrains, such as `Patient`.
    pub type_name: String,
    /// The definition it is made from.
    pub base: Option<String>,
    /// Whether it constrains its base instead of specialising it.
    pub constrains: bool,
    /// Whether nothing can be an instance of it alone.
    pub is_abstract: bool,
    /// Where an extension may stand, as (kind of context, expression).
    pub contexts: Vec<(String, String)>,
    /// Further conditions on where an extension may stand, in FHIRPath.
    pub context_invariants: Vec<String>,
    /// All elements, resolved; empty when only the differential is known.
    pub snapshot: Vec<Element>,
    /// What it changes of its base.
    pub differential: Vec<Element>,
}

/// One element of a snapshot or differential. What the source leaves open is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Element {
    /// Unique id, such as `Patient.identifier:nhsNumber.system`.
    pub id: String,
    /// Path, such as `Patient.identifier.system`.
    pub path: String,
    /// The slice it defines.
    pub slice_name: Option<String>,
    /// Fewest occurrences.
    pub min: Option<u32>,
    /// Most occurrences: a number, or `*`.
    pub max: Option<Max>,
    /// The base's most occurrences: says whether the element is a list in JSON.
    pub base_max: Option<Max>,
    /// The element whose content this one shares, such as `#Questionnaire.item`.
    pub content_reference: Option<String>,
    /// Types it may have.
    pub types: Vec<TypeRef>,
    /// Exactly this value.
    pub fixed: Option<Value>,
    /// At least what this value says.
    pub pattern: Option<Value>,
    /// Least value, with its type.
    pub min_value: Option<(String, Value)>,
    /// Greatest value, with its type.
    pub max_value: Option<(String, Value)>,
    /// Most characters.
    pub max_length: Option<u32>,
    /// A pattern that the whole text must match (extension regex).
    pub regex: Option<String>,
    /// Rules in FHIRPath.
    pub constraints: Vec<Constraint>,
    /// Values it may have.
    pub binding: Option<Binding>,
    /// How its repetitions are told apart.
    pub slicing: Option<Slicing>,
    /// Whether it may change the meaning of what it stands in.
    pub is_modifier: bool,
    /// Whether systems must support it.
    pub must_support: bool,
    /// What it is for, in a few words.
    pub short: Option<String>,
}

/// The most occurrences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Max {
    /// So many.
    Times(u32),
    /// Any number.
    Unbounded,
}

impl Max {
    /// Reads `0`, `1`, `*` …
    pub fn read(text: &str) -> Option<Self> {
        if text == "*" { Some(Self::Unbounded) } else { text.parse().ok().map(Self::Times) }
    }

    /// The most times; as many as can be counted where there is no limit, or none is said.
    pub fn times(max: Option<Self>) -> u32 {
        match max {
            Some(Self::Times(times)) => times,
            Some(Self::Unbounded) | None => u32::MAX,
        }
    }

    /// Whether more than one fits.
    pub fn is_many(self) -> bool {
        !matches!(self, Self::Times(0 | 1))
    }
}

/// A type that an element may have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypeRef {
    /// The type's name, or its address for `http://hl7.org/fhirpath/System.String` and the like.
    pub code: String,
    /// Profiles on the type, of which one must hold.
    pub profiles: Vec<String>,
    /// Profiles on the target of a reference, of which one must hold.
    pub targets: Vec<String>,
    /// `contained`, `referenced` or `bundled`, where the kind of reference is limited.
    pub aggregation: Vec<String>,
}

/// A rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constraint {
    /// Its key, such as `pat-1`.
    pub key: String,
    /// Whether breaking it is an error (else a warning).
    pub is_error: bool,
    /// The rule in words.
    pub human: String,
    /// The rule in FHIRPath.
    pub expression: Option<String>,
    /// The definition it comes from.
    pub source: Option<String>,
}

/// A binding to a value set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Binding {
    /// `required`, `extensible`, `preferred` or `example`.
    pub strength: String,
    /// The value set's canonical, perhaps with `|version`.
    pub value_set: Option<String>,
    /// The value set that values must be in at most (extension elementdefinition-maxValueSet).
    pub max_value_set: Option<String>,
}

/// How the repetitions of an element are told apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slicing {
    /// What is looked at, as (kind, path): `value`, `exists`, `pattern`, `type` or `profile`.
    pub discriminators: Vec<(String, String)>,
    /// Whether slices stand in the order of their definition.
    pub ordered: bool,
    /// `closed`, `open` or `openAtEnd`.
    pub rules: String,
}
