//! Is a code in a value set, and is it what its system calls it? (<https://hl7.org/fhir/R4/terminologies.html>)
//!
//! Answers come from the core pack and loaded packages alone. Where a system is not held (SNOMED CT, LOINC, ICD …) the
//! answer is that it cannot be told, never a guess.

mod code_system;
mod expand;
mod expansion;
mod filter;
mod grammar;
mod lookup;
mod registers;
mod ucum;
mod value_set;

pub use code_system::{CodeSystem, Concept, Content, same_name};
pub use expansion::Expansion;
pub use lookup::Lookup;
pub use value_set::{Code, Filter, Part, ValueSet};

/// Whether a code is in a value set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// It is; with its name, where one is known.
    In(Option<String>),
    /// It is not.
    NotIn,
    /// The value set takes codes from a system of which nobody has told us.
    UnknownSystem(String),
    /// It cannot be told from what is here; with the reason, as a sentence without a full stop.
    CannotTell(String),
}
