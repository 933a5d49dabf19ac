//! Is a code in a value set, and is it what its system calls it? (<https://hl7.org/fhir/R4/terminologies.html>)

mod code_system;
mod value_set;

pub use code_system::{CodeSystem, Concept, Content, same_name};
pub use value_set::{Code, Filter, Part, ValueSet};
