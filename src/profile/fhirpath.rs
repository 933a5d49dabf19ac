//! FHIRPath: expressions over a document (FHIRPath 2.0.0, <https://hl7.org/fhirpath/N1/>, with FHIR R4's additions,
//! <https://hl7.org/fhir/R4/fhirpath.html>).
//!
//! An [`Expression`] is parsed once and evaluated often. It walks the flat tree of `json::document` and copies nothing
//! of it; what it must know of types comes from a [`Model`], and what a document alone cannot say from a [`Host`]. Nothing
//! here reads a file, a clock or the environment, and [`Limits`] bound every evaluation.

mod amount;
mod check;
mod equality;
mod evaluate;
mod expression;
mod fault;
mod function;
mod host;
mod lexer;
mod limits;
mod model;
mod node;
mod parser;
mod pattern;
mod quantity;
mod sameness;
mod temporal;
mod tree;
mod types;
mod unit;
mod value;

pub use amount::{away, compare_amounts};
pub use expression::{Environment, Expression};
pub use fault::{Fault, FaultKind};
pub use host::{Alone, Host};
pub use limits::Limits;
pub use model::{ElementType, Model, NoModel};
pub use node::Node;
pub use quantity::{Calendar, Quantity, Unit};
pub use temporal::{Precision, Shape, Temporal};
pub use types::{LazyTypes, Types};
pub use value::{Collection, Item, Value};

#[cfg(test)]
mod tests;
