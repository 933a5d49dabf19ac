//! What makes the validator whole: its needs met by the definitions at hand, and its rules by FHIRPath.

mod answers;
mod rules;

use std::sync::Arc;

pub use rules::{Clock, Engine, types};

use super::definitions::{DefinitionError, Definitions};
use super::package::{Package, Unreadable};
use super::validator::Validator;
use super::walk::Settings;

include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// Extensions that instances of Kith's profiles carry and others define (`profiles/README.md`, *UK Core*).
const EXTENSIONS_OF_OTHERS: &[&str] = &[
    "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line",
    "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col",
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey",
    "https://fhir.nhs.uk/England/StructureDefinition/Extension-England-FlagRemovalReason",
];

/// Kith's own profiles, as they are in the program.
pub fn own_package() -> Result<Package, Unreadable> {
    Package::from_archive("Kith's profiles", OWN_PACKAGE)
}

/// The package as whoever downloads it gets it: a `.tgz` with its examples.
pub fn own_archive() -> &'static [u8] {
    OWN_PACKAGE
}

/// What Kith asks of messages, if nothing else is said.
pub fn settings() -> Settings {
    let extensions_of_others = EXTENSIONS_OF_OTHERS.iter().map(|url| (*url).to_owned()).collect();
    Settings { extensions_of_others, ..Settings::default() }
}

/// A validator with these definitions; the clock is what rules that ask for the time are told.
pub fn validator(
    definitions: Arc<Definitions>,
    clock: Clock,
    settings: Settings,
) -> Result<Validator, DefinitionError> {
    let engine = Engine::new(Arc::clone(&definitions), clock)?;
    Ok(Validator::new(definitions, Arc::new(engine), settings))
}

#[cfg(test)]
mod tests;
