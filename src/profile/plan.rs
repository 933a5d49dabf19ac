//! A definition's snapshot, compiled once into what the walk asks of every element
//! (<https://hl7.org/fhir/R4/elementdefinition.html>).

mod compile;
mod members;
pub mod native;
mod registry;
mod slicing;

use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use super::needs::Rule;
use super::primitive::Primitive;

pub use members::{Member, Members};
pub use native::{Native, View};
pub use registry::{Missing, Plans, Slot};
pub use slicing::{Slice, Slicing, Step, Test, Want};

/// What one definition demands. The first check is the root's.
#[derive(Debug)]
pub struct Plan {
    /// Canonical of the definition.
    pub url: Box<str>,
    /// The type it defines or constrains.
    pub type_name: Box<str>,
    /// Whether it is a resource (else a data type).
    pub is_resource: bool,
    /// Whether nothing can be an instance of it alone.
    pub is_abstract: bool,
    /// Whether it constrains a type.
    pub is_profile: bool,
    /// Whether it is an extension that may change the meaning of what it stands in.
    pub is_modifier: bool,
    /// What it was made from, and what that was made from, as far as that is known: everything they demand, it demands.
    pub ancestors: Vec<Box<str>>,
    /// Where an extension may stand, as (kind of context, expression).
    pub contexts: Vec<(String, String)>,
    /// One for each element of the snapshot; those of a parent come before those of its children.
    pub checks: Vec<Check>,
}

impl Plan {
    /// The check of the root.
    pub fn root(&self) -> &Check {
        &self.checks[0]
    }

    /// The check with that number.
    pub fn check(&self, number: u32) -> &Check {
        &self.checks[number as usize]
    }
}

/// What one element demands.
#[derive(Debug, Default)]
pub struct Check {
    /// Name without `[x]`.
    pub name: Box<str>,
    /// The path in its definition, such as `Patient.contact`.
    pub path: Box<str>,
    /// Whether the name in JSON ends in the type's.
    pub is_choice: bool,
    /// Fewest occurrences.
    pub min: u32,
    /// Most occurrences.
    pub max: u32,
    /// Whether JSON has a list here.
    pub is_list: bool,
    /// The types it may have.
    pub types: Vec<Type>,
    /// Its own children; where there are none, the type's apply.
    pub members: Members,
    /// The check whose children it shares.
    pub content: Option<u32>,
    /// Exactly this value.
    pub fixed: Option<Value>,
    /// At least what this value says.
    pub pattern: Option<Value>,
    /// Least value.
    pub min_value: Option<(String, Value)>,
    /// Greatest value.
    pub max_value: Option<(String, Value)>,
    /// Most characters.
    pub max_length: Option<u32>,
    /// The form of the whole text; `Err` with the pattern when that cannot be used here.
    pub regex: Option<Result<Regex, Box<str>>>,
    /// Rules.
    pub rules: Vec<RulePlan>,
    /// Values it may have.
    pub binding: Option<BindingPlan>,
    /// How repetitions are told apart, where there are slices.
    pub slicing: Option<Box<Slicing>>,
    /// Whether it may change the meaning of what it stands in.
    pub is_modifier: bool,
}

/// A type that an element may have.
#[derive(Debug)]
pub struct Type {
    /// Its name.
    pub name: Box<str>,
    /// What it is to the walk.
    pub form: TypeForm,
    /// Profiles on the type, of which one must hold.
    pub profiles: Vec<(Box<str>, OnceLock<Option<Slot>>)>,
    /// Profiles on the target of a reference, of which one must hold.
    pub targets: Vec<Box<str>>,
    /// How a reference may lead to its target (`contained`, `bundled`, `referenced`); in any way where none is named.
    pub aggregation: Vec<Box<str>>,
    /// Where the plan of the type lies, once it was asked for.
    pub slot: OnceLock<Option<Slot>>,
}

/// What a type is to the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeForm {
    /// A primitive.
    Primitive(Primitive),
    /// An extension.
    Extension,
    /// A reference.
    Reference,
    /// Any resource, or those of an abstract type.
    Resource,
    /// Children that the definition itself lists.
    Backbone,
    /// Another data type.
    Complex,
}

/// A rule in FHIRPath.
pub struct RulePlan {
    /// Its key.
    pub key: Box<str>,
    /// Whether breaking it is an error.
    pub is_error: bool,
    /// The rule in words.
    pub human: Box<str>,
    /// The rule in FHIRPath.
    pub expression: Box<str>,
    /// The definition it comes from.
    pub source: Option<Box<str>>,
    /// The same rule in Rust, where there is one.
    pub native: Option<Native>,
    /// The compiled rule, once it was asked for.
    pub engine: OnceLock<Result<Box<dyn Rule>, String>>,
}

impl std::fmt::Debug for RulePlan {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RulePlan").field("key", &self.key).finish_non_exhaustive()
    }
}

/// How much a binding binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Only these values.
    Required,
    /// These values where one fits.
    Extensible,
    /// Advice.
    Loose,
}

/// A small value set: every (system, code) in it, sorted by code.
pub type Codes = Vec<(Box<str>, Box<str>)>;

/// A binding to a value set.
#[derive(Debug)]
pub struct BindingPlan {
    /// How much it binds.
    pub strength: Strength,
    /// The value set.
    pub value_set: Box<str>,
    /// The value set that values must be in at most.
    pub at_most: Option<Box<str>>,
    /// The value set's codes, when they are known and few.
    pub codes: OnceLock<Option<Codes>>,
}
