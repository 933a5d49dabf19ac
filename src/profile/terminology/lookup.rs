//! A code in its system, apart from any value set (<https://hl7.org/fhir/R4/codesystem-operation-lookup.html>).

use super::Content;
use super::grammar::{Grammar, Shape};
use crate::profile::definitions::{DefinitionError, Definitions};

/// What a system says of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// The system has the code.
    Known {
        /// What the system calls it, where it says so.
        display: Option<String>,
        /// Whether the name that was given is one that the system uses; true when none was given or none is known.
        is_called: bool,
        /// Whether it may be used, or is only a heading for others.
        is_selectable: bool,
    },
    /// The system is here, whole, and has no such code.
    NoSuchCode,
    /// The address is a supplement's, which has no codes of its own.
    Supplement,
    /// Nobody has told us of the system.
    UnknownSystem,
    /// It cannot be told from what is here; with the reason, as a sentence without a full stop.
    CannotTell(String),
}

impl Definitions {
    /// Looks a code up, and whether a name fits it.
    pub fn lookup(&self, system: &str, code: &str, display: Option<&str>) -> Result<Lookup, DefinitionError> {
        let held = match self.code_system_if_known(system)? {
            Some(held) if held.content.is_here() => held,
            Some(held) if held.content == Content::Supplement => return Ok(Lookup::Supplement),
            Some(_) => {
                return Ok(by_grammar(system, code).unwrap_or_else(|| Lookup::CannotTell(not_here(system))));
            }
            None => {
                let unknown = || match is_elsewhere(system) {
                    true => Lookup::CannotTell(not_here(system)),
                    false => Lookup::UnknownSystem,
                };
                return Ok(by_grammar(system, code).unwrap_or_else(unknown));
            }
        };
        Ok(match held.concept(code) {
            Some(concept) => Lookup::Known {
                is_called: concept.display.is_none() || display.is_none_or(|name| concept.is_called(name)),
                display: concept.display.clone(),
                is_selectable: concept.property("notSelectable") != Some("true"),
            },
            None if held.content == Content::Complete => Lookup::NoSuchCode,
            None => Lookup::CannotTell(format!("only a part of the code system '{system}' is here")),
        })
    }
}

fn by_grammar(system: &str, code: &str) -> Option<Lookup> {
    Some(match Grammar::of(system)?.shape(code) {
        Shape::Good => Lookup::Known { display: None, is_called: true, is_selectable: true },
        Shape::Bad => Lookup::NoSuchCode,
        Shape::Unsure(why) => Lookup::CannotTell(why),
    })
}

/// Systems that are known to exist, and that nobody but their owners may hand out or that are too large to hold.
pub(super) fn is_elsewhere(system: &str) -> bool {
    const STARTS: &[&str] = &[
        "http://snomed.info/",
        "http://loinc.org",
        "http://www.nlm.nih.gov/research/umls/",
        "http://hl7.org/fhir/sid/",
        "http://www.ama-assn.org/",
        "http://www.whocc.no/atc",
        "http://id.who.int/",
        "https://dmd.nhs.uk",
        "http://read.info/",
        "https://www.usps.com/",
        "http://unstats.un.org/",
        "http://www.genenames.org",
        "http://varnomen.hgvs.org",
        "urn:iso:",
        "urn:ietf:",
        "urn:oid:",
    ];
    STARTS.iter().any(|start| system.starts_with(start))
}

/// The reason why codes of such a system are not checked.
pub(super) fn not_here(system: &str) -> String {
    format!("the codes of '{system}' are not here, so they were not checked")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(system: &str, code: &str, display: Option<&str>) -> Lookup {
        Definitions::core().unwrap().lookup(system, code, display).unwrap()
    }

    #[test]
    fn names_are_checked_without_regard_to_case() {
        let gender = "http://hl7.org/fhir/administrative-gender";
        let known =
            |is_called| Lookup::Known { display: Some("Female".into()), is_called, is_selectable: true };
        assert_eq!(look(gender, "female", Some("FEMALE")), known(true));
        assert_eq!(look(gender, "female", None), known(true));
        assert_eq!(look(gender, "female", Some("Male")), known(false));
        assert_eq!(look(gender, "Female", None), Lookup::NoSuchCode);
    }

    #[test]
    fn what_is_not_here_is_not_guessed() {
        assert!(matches!(look("http://snomed.info/sct", "1", None), Lookup::CannotTell(_)));
        assert!(matches!(look("http://loinc.org", "1-8", None), Lookup::CannotTell(_)));
        assert_eq!(look("urn:nobody", "1", None), Lookup::UnknownSystem);
        assert!(matches!(look("urn:ietf:bcp:47", "en-GB", None), Lookup::Known { .. }));
        assert_eq!(look("urn:ietf:bcp:47", "e n", None), Lookup::NoSuchCode);
    }

    #[test]
    fn headings_are_told_from_codes() {
        let look = look("http://terminology.hl7.org/CodeSystem/v3-ActCode", "_ActEncounterCode", None);
        assert!(matches!(look, Lookup::Known { is_selectable: false, .. }), "{look:?}");
    }
}
