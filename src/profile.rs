//! Does this FHIR conform? The structure every message must have, and the rules that need no profile.
//!
//! [`Conformance`] is the room's door for messages; [`validator`] is what it asks, and what whoever tests a system asks.

pub mod definition;
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
pub mod mend;
pub mod needs;
pub mod plan;
pub mod primitive;
pub mod published;
pub mod validator;
pub mod walk;

mod conformance;
mod pattern;
mod structure;

pub use conformance::{Conformance, DELIVERED, Unusable};

use serde_json::Value;

use crate::message::{Content, Received, Valid};
use crate::problem::{Category, Problem, Severity};

/// Checks the FHIR that was made of a record, given as text too. What its schema lets pass can still be no FHIR: a language that is none, a period
/// that ends before it starts.
pub fn check_made(
    conformance: &Conformance,
    profile: Option<&str>,
    text: &str,
    bundle: &Value,
) -> Result<(), Problem> {
    let mut issues = conformance.issues(text, bundle, profile);
    if issues.is_empty() {
        return Ok(());
    }
    for issue in &mut issues {
        // The sender has no such text, so its lines say nothing.
        issue.position = None;
        issue.text = format!("In FHIR, as which recipients get it: {}", issue.text);
    }
    Err(Problem::with(Category::Invalid, issues))
}

/// Checks a received FHIR message against a profile, and those that it claims. Records are for `record` to check.
pub fn check(conformance: &Conformance, profile: Option<&str>, received: Received) -> Result<Valid, Problem> {
    let Content::Fhir(bundle) = &received.content else { return Ok(Valid::new(received, vec![])) };
    let issues = conformance.issues(&bundle.reveal().text, &bundle.reveal().value, profile);
    let (errors, remarks): (Vec<_>, Vec<_>) =
        issues.into_iter().partition(|issue| issue.severity == Severity::Error);
    if errors.is_empty() {
        Ok(Valid::new(received, remarks))
    } else {
        Err(Problem::with(Category::Invalid, errors))
    }
}
