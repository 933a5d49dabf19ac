//! Does this FHIR conform? The structure every message must have, and the rules that need no profile.
//!
//! `Conformance` is the room's trait: what a set of profiles says of a resource. Today the house has one, [`Structure`].

pub mod definition;
pub mod document;
pub mod fhirpath;

/// All definitions: the core, and loaded packages.
pub mod definitions;

/// Snapshots from differentials.
pub mod snapshot;

/// The core definitions in one compact file.
pub mod pack;

/// FHIR packages, read within limits.
pub mod package;

/// Codes, value sets, code systems.
pub mod terminology;
/// The validator's needs met: these definitions, and FHIRPath.
pub mod engine;
pub mod needs;
pub mod plan;
pub mod primitive;
pub mod validator;
pub mod walk;

mod structure;

pub use structure::Structure;

use serde_json::Value;

use crate::message::{Content, Received, Valid};
use crate::problem::{Category, Issue, Problem, Severity};

/// What a set of definitions says of a resource.
pub trait Conformance: Send + Sync {
    /// Every issue of a resource, in document order; errors mean that it does not conform.
    fn issues(&self, resource: &Value) -> Vec<Issue>;
}

/// Checks a received FHIR message. Records are for `record` to check.
pub fn check(received: Received) -> Result<Valid, Problem> {
    let Content::Fhir(bundle) = &received.content else { return Ok(Valid::new(received, vec![])) };
    let issues = Structure.issues(bundle.reveal());
    if issues.iter().any(|issue| issue.severity == Severity::Error) {
        return Err(Problem::with(Category::Invalid, issues));
    }
    Ok(Valid::new(received, issues))
}
