//! What HL7 defines for R4 outside of R4 itself: extensions and code systems whose definitions a package brings, and whose addresses are
//! known here (`profiles/core/known.txt`).

use std::collections::HashSet;
use std::sync::LazyLock;

/// Where FHIR's own code systems stand.
const SYSTEMS: &str = "http://hl7.org/fhir/";

/// What stands under it and is no code system of FHIR's: systems of others, value sets by mistake, and what HL7 tries things with.
const NOT_ITS_OWN: &[&str] = &["sid/", "test", "ValueSet/", "us/", "uv/", "NamingSystem/"];

static KNOWN: LazyLock<HashSet<(&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("../../../profiles/core/known.txt").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ')).collect()
});

/// What HL7's publisher writes into guides and definitions, under addresses that nothing defines.
const PUBLISHERS: &[&str] = &[
    "http://hl7.org/fhir/StructureDefinition/implementationguide-",
    "http://hl7.org/fhir/build/StructureDefinition/",
];

/// Whether HL7 has an extension of this address, be its definition here or not.
pub(super) fn is_extension(url: &str) -> bool {
    PUBLISHERS.iter().any(|start| url.starts_with(start)) || KNOWN.contains(&("extension", url))
}

/// Whether a code system would be FHIR's by its address, and FHIR has none of this address. Asked of what R4 does not define.
pub(super) fn is_no_system(url: &str) -> bool {
    let rest = url.strip_prefix(SYSTEMS);
    rest.is_some_and(|rest| !NOT_ITS_OWN.iter().any(|start| rest.starts_with(start)))
        && !KNOWN.contains(&("system", url))
}

#[cfg(test)]
mod tests {
    use super::{is_extension, is_no_system};

    #[test]
    fn what_hl7_has_elsewhere_is_known_by_its_address() {
        assert!(is_extension("http://hl7.org/fhir/StructureDefinition/artifact-version"));
        assert!(is_extension("http://hl7.org/fhir/build/StructureDefinition/definition"));
        assert!(!is_extension("http://hl7.org/fhir/StructureDefinition/patient-nothing"));
        assert!(
            !is_no_system("http://hl7.org/fhir/version-algorithm")
                && !is_no_system("http://hl7.org/fhir/sid/icd-10")
        );
        assert!(is_no_system("http://hl7.org/fhir/no-such-system"));
        assert!(!is_no_system("http://terminology.hl7.org/CodeSystem/no-such-system"));
    }
}
