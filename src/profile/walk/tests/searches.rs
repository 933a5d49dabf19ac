//! SearchParameters and CapabilityStatements: what they say of search parameters is what their definitions say.

use serde_json::{Value, json};

use super::core::{errors, found};
use crate::problem::Severity;

fn parameter(from: &str, kind: &str, base: &str) -> Value {
    json!({
        "resourceType": "SearchParameter", "url": "http://x.test/own", "name": "own", "status": "draft", "description": "a",
        "code": "own", "base": [base], "type": kind, "derivedFrom": from
    })
}

#[test]
fn a_parameter_is_within_what_it_is_derived_from() {
    let family = "http://hl7.org/fhir/SearchParameter/individual-family";
    let of = |from: &str, kind: &str, base: &str| errors(&parameter(from, kind, base), &[]);
    assert_eq!(of(family, "string", "Patient"), [""; 0]);
    assert_eq!(of(family, "token", "Patient"), ["SearchParameter.type"]);
    assert_eq!(of(family, "string", "Observation"), ["SearchParameter.base[0]"]);
    assert_eq!(of("http://nobody.test/knows", "token", "Observation"), [""; 0]);
    assert_eq!(of("http://hl7.org/fhir/SearchParameter/Resource-id", "token", "Observation"), [""; 0]);
    let mut base = parameter(family, "string", "Patient");
    base["url"] = json!("http://x.test/base");
    let own = parameter("http://x.test/base", "string", "Practitioner");
    assert_eq!(errors(&own, &[base]), ["SearchParameter.base[0]"]);
}

#[test]
fn a_server_says_of_its_parameters_what_their_definitions_say() {
    let of = |kind: &str| {
        let own = json!({
            "name": "family", "type": kind, "definition": "http://hl7.org/fhir/SearchParameter/individual-family"
        });
        let statement = json!({
            "resourceType": "CapabilityStatement", "status": "active", "date": "2026", "kind": "instance",
            "implementation": { "description": "a" }, "fhirVersion": "4.0.1", "format": ["json"],
            "rest": [{ "mode": "server", "resource": [{ "type": "Patient", "searchParam": [own] }] }]
        });
        found(Severity::Warning, &statement, &[])
    };
    let here = "CapabilityStatement.rest[0].resource[0].searchParam[0]".to_owned();
    assert!(!of("string").contains(&here));
    assert!(of("token").contains(&here), "it is remarked");
}

#[test]
fn addresses_and_labels_are_as_they_must_be() {
    let of = |name: &str, value: Value| {
        let mut flag = json!({
            "resourceType": "Flag", "status": "active", "code": { "text": "a" }, "subject": { "reference": "Patient/1" }
        });
        flag[name] = value;
        errors(&flag, &[])
    };
    let about = |reference: &str| of("subject", json!({ "reference": reference }));
    assert_eq!(about("Patient?identifier=http://x.test|1&active=true"), [""; 0]);
    assert_eq!(about("Patient?identifier"), ["Flag.subject"]);
    assert_eq!(about("Patient?=1"), ["Flag.subject"]);
    let identified = |system: &str| of("identifier", json!([{ "system": system, "value": "1" }]));
    assert_eq!(identified("ldap://x.test/dc=a"), [""; 0]);
    assert_eq!(identified("mine:1"), ["Flag.identifier[0].system"]);
    assert_eq!(identified("oid:1.2.3"), ["Flag.identifier[0].system"; 2]);
    let coded = |system: &str| of("code", json!({ "coding": [{ "system": system, "code": "M" }] }));
    let marital = "terminology.hl7.org/CodeSystem/v3-MaritalStatus";
    assert_eq!(coded(&format!("http://{marital}")), [""; 0]);
    assert_eq!(coded(&format!("https://{marital}")), ["Flag.code.coding[0].system"]);
    assert_eq!(coded("http://loinc.org/"), ["Flag.code.coding[0].system"]);
    let label = json!({ "system": "http://x.test/labels", "code": "a" });
    assert_eq!(of("meta", json!({ "security": [label] })), [""; 0]);
    assert_eq!(of("meta", json!({ "security": [label, label] })), ["Flag.meta.security[1]"]);
}
