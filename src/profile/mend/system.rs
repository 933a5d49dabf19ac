//! Which system was meant by an address that is almost one: the other scheme, a slash too many, an address of an older FHIR.

/// Systems whose addresses are often written almost right, and of which Kith holds no codes.
const WELL_KNOWN: &[&str] = &[
    "http://loinc.org",
    "http://snomed.info/sct",
    "http://unitsofmeasure.org",
    "http://hl7.org/fhir/sid/icd-10",
    "https://dmd.nhs.uk",
    "https://fhir.nhs.uk/Id/nhs-number",
    "https://fhir.nhs.uk/Id/ods-organization-code",
    "https://fhir.hl7.org.uk/Id/urn-school-number",
];

/// Addresses that were right once.
const FORMER: &[(&str, &str)] = &[
    ("http://fhir.nhs.net/id/nhs-number", "https://fhir.nhs.uk/Id/nhs-number"),
    ("http://fhir.nhs.net/id/ods-organization-code", "https://fhir.nhs.uk/Id/ods-organization-code"),
    ("urn:oid:2.16.840.1.113883.6.96", "http://snomed.info/sct"),
    ("urn:oid:2.16.840.1.113883.6.1", "http://loinc.org"),
    ("urn:oid:2.16.840.1.113883.6.8", "http://unitsofmeasure.org"),
    ("urn:oid:2.16.840.1.113883.2.1.4.1", "https://fhir.nhs.uk/Id/nhs-number"),
];

/// Where HL7's code systems were before R4, and where they are.
const MOVED: &[(&str, &str)] = &[
    ("http://hl7.org/fhir/v2/", "http://terminology.hl7.org/CodeSystem/v2-"),
    ("http://hl7.org/fhir/v3/", "http://terminology.hl7.org/CodeSystem/v3-"),
    ("http://hl7.org/fhir/codesystem/", "http://hl7.org/fhir/"),
    ("http://hl7.org/fhir/", "http://terminology.hl7.org/CodeSystem/"),
    ("http://terminology.hl7.org/codesystem/", "http://hl7.org/fhir/"),
];

/// Addresses that may have been meant, the likeliest first; whoever asks knows which of them exist.
pub fn meant(address: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let known = WELL_KNOWN.iter().find(|known| is_almost(known, address));
    let former = FORMER.iter().find(|(old, _)| is_almost(old, address)).map(|(_, new)| new);
    found.extend(known.or(former).map(|one| (*one).to_owned()));
    let text = address.trim().trim_end_matches('/');
    let swapped = match text.strip_prefix("https://") {
        Some(rest) => format!("http://{rest}"),
        None => text.to_owned(),
    };
    for (old, new) in MOVED {
        if let Some(start) = swapped.get(..old.len()).filter(|start| start.eq_ignore_ascii_case(old)) {
            let rest = &swapped[start.len()..];
            found.push(format!("{new}{rest}"));
        }
    }
    found.push(swapped);
    found.retain(|one| one != address);
    found
}

/// Whether Kith knows the system by its address alone.
pub fn is_well_known(address: &str) -> bool {
    WELL_KNOWN.contains(&address)
}

/// Whether two addresses differ in scheme, case and a slash at the end only.
fn is_almost(one: &str, other: &str) -> bool {
    bare(one).eq_ignore_ascii_case(bare(other))
}

/// What is the same in an address and one that is almost it, but for its case.
fn bare(address: &str) -> &str {
    let address = address.trim();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = match rest.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("www.") => &rest[4..],
        _ => rest,
    };
    host.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn almost_right_addresses_lead_to_the_right_one() {
        for (wrong, right) in [
            ("https://loinc.org", "http://loinc.org"),
            ("http://www.snomed.info/SCT/", "http://snomed.info/sct"),
            ("https://fhir.nhs.uk/id/nhs-number", "https://fhir.nhs.uk/Id/nhs-number"),
            ("http://hl7.org/fhir/v2/0203", "http://terminology.hl7.org/CodeSystem/v2-0203"),
            (
                "https://terminology.hl7.org/CodeSystem/v2-0203",
                "http://terminology.hl7.org/CodeSystem/v2-0203",
            ),
            ("urn:oid:2.16.840.1.113883.6.1", "http://loinc.org"),
        ] {
            assert!(meant(wrong).iter().any(|one| one == right), "{wrong}: {:?}", meant(wrong));
        }
        assert!(meant("http://loinc.org").is_empty());
    }
}
