//! Verdicts over the core definitions: what is right must pass, and what is wrong must be found where it stands.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::problem::Severity;
use crate::profile::definitions::Definitions;
use crate::profile::engine;
use crate::profile::package::Package;
use crate::profile::walk::Settings;

/// The expressions of the errors of a resource, where these definitions are known beside the core.
pub fn errors(resource: &Value, others: &[Value]) -> Vec<String> {
    found(Severity::Error, resource, others)
}

/// The expressions of the findings of that weight.
pub fn found(severity: Severity, resource: &Value, others: &[Value]) -> Vec<String> {
    let mut definitions = Definitions::core().unwrap();
    for other in others {
        definitions =
            definitions.with(Package::from_resource("other.json", other.to_string().as_bytes()).unwrap());
    }
    let validator = engine::validator(Arc::new(definitions), crate::clock::now, Settings::default()).unwrap();
    let outcome = validator.validate(&resource.to_string(), &[]);
    let found = outcome.findings.into_iter().filter(|one| one.issue.severity == severity);
    found.map(|one| one.issue.expression.unwrap_or_default()).collect()
}

/// A profile that only its differential tells.
pub fn profile(of: &str, elements: Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "url": "http://x.test/p", "name": "P", "status": "draft",
        "kind": "resource", "abstract": false, "type": of, "derivation": "constraint",
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{of}"),
        "differential": { "element": elements }
    })
}

#[test]
fn formats_of_systems_are_media_types_or_short_names() {
    let system = json!({
        "resourceType": "CapabilityStatement", "status": "draft", "date": "2012", "kind": "requirements",
        "fhirVersion": "4.0.1", "format": ["xml", "ttl", "application/fhir+json"],
        "description": "a", "rest": [{ "mode": "server" }]
    });
    assert_eq!(errors(&system, &[]), [""; 0]);
}

#[test]
fn what_a_profile_says_of_any_type_of_a_choice_leaves_the_type_its_own_members() {
    let elements = json!([
        { "id": "Observation", "path": "Observation" },
        { "id": "Observation.value[x].extension", "path": "Observation.value[x].extension", "max": "1" }
    ]);
    let profile = profile("Observation", elements);
    let mut one = json!({
        "resourceType": "Observation", "meta": { "profile": ["http://x.test/p"] }, "status": "final",
        "code": { "text": "a" }, "valuePeriod": { "start": "2020" }
    });
    assert_eq!(errors(&one, std::slice::from_ref(&profile)), [""; 0]);
    one["valuePeriod"] = json!({ "begin": "2020" });
    assert_eq!(errors(&one, &[profile]), ["Observation.value.ofType(Period)"]);
}

#[test]
fn parts_of_an_extension_may_be_spelt_out_by_the_profile_around_it() {
    let path = "Patient.communication.extension";
    let proficiency = "http://hl7.org/fhir/StructureDefinition/patient-proficiency";
    let elements = json!([
        { "id": "Patient", "path": "Patient" },
        { "id": format!("{path}:p"), "path": path, "sliceName": "p",
          "type": [{ "code": "Extension", "profile": [proficiency] }] },
        { "id": format!("{path}:p.extension:type"), "path": format!("{path}.extension"), "sliceName": "type" },
        { "id": format!("{path}:p.extension:type.value[x]"), "path": format!("{path}.extension.value[x]") }
    ]);
    let mode = json!({ "url": "type", "valueCoding": { "code": "RSP" } });
    let patient = json!({
        "resourceType": "Patient", "meta": { "profile": ["http://x.test/p"] },
        "communication": [{
            "language": { "coding": [{ "system": "urn:ietf:bcp:47", "code": "en" }] }, "extension": [{ "url": proficiency, "extension": [mode] }]
        }]
    });
    assert_eq!(errors(&patient, &[profile("Patient", elements)]), [""; 0]);
}

#[test]
fn systems_are_absolute_addresses_of_code_systems() {
    let coded = |system: &str| json!({ "coding": [{ "system": system, "code": "M" }] });
    let cases = [
        (json!({ "identifier": [{ "system": "mine", "value": "a" }] }), "Patient.identifier[0].system"),
        (
            json!({ "maritalStatus": coded("http://hl7.org/fhir/ValueSet/marital-status") }),
            "Patient.maritalStatus.coding[0].system",
        ),
    ];
    for (mut patient, expected) in cases {
        patient["resourceType"] = json!("Patient");
        assert_eq!(errors(&patient, &[]), [expected]);
    }
    for system in ["mine", "http://hl7.org/fhir/ValueSet/marital-status"] {
        let set = json!({
            "resourceType": "ValueSet", "status": "draft", "compose": { "include": [{ "system": system }] }
        });
        assert_eq!(errors(&set, &[]), ["ValueSet.compose.include[0]"], "{system}");
    }
}

#[test]
fn an_extension_stands_as_often_as_its_definition_says() {
    let born = |city: &str| json!({ "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": { "city": city } });
    let patient = |places: Vec<Value>| json!({ "resourceType": "Patient", "extension": places });
    let said = |places| found(Severity::Warning, &patient(places), &[]);
    assert_eq!(said(vec![born("a")]), [""; 0]);
    assert_eq!(said(vec![born("a"), born("b")]), ["Patient.extension[1]"]);
}

/// An amount in a unit of UCUM.
fn weighed_in(unit: &str) -> Value {
    let value = json!({ "value": 3, "system": "http://unitsofmeasure.org", "code": unit });
    json!({ "resourceType": "Observation", "status": "final", "code": { "text": "a" }, "valueQuantity": value })
}

#[test]
fn a_unit_that_ucum_cannot_have_is_an_error_and_one_that_it_has_not_a_warning() {
    let weighed = |unit: &str| errors(&weighed_in(unit), &[]);
    assert_eq!(weighed("kg"), [""; 0]);
    let at_the_code = ["Observation.value.ofType(Quantity).code"];
    assert_eq!(weighed("kg m"), at_the_code);
    let doubted = |unit: &str| found(Severity::Warning, &weighed_in(unit), &[]);
    assert_eq!(doubted("mm[Hg]"), [""; 0]);
    for other in ["mmHg", "lbs", "KG"] {
        assert_eq!(
            (weighed(other), doubted(other)),
            (vec![], at_the_code.map(str::to_owned).to_vec()),
            "{other}"
        );
    }
}

#[test]
fn counts_and_expressions_of_definitions_are_right() {
    let system = |count: u64| {
        json!({
            "resourceType": "CodeSystem", "status": "draft", "content": "complete", "count": count,
            "concept": [{ "code": "a", "concept": [{ "code": "b" }] }]
        })
    };
    assert_eq!(errors(&system(2), &[]), [""; 0]);
    assert_eq!(errors(&system(1), &[]), ["CodeSystem.count"]);
    let parameter = |expression: &str| {
        json!({
            "resourceType": "SearchParameter", "url": "http://x.test/s", "name": "A", "status": "draft",
            "description": "a", "code": "a", "base": ["Patient"], "type": "string", "expression": expression
        })
    };
    assert_eq!(errors(&parameter("Patient.name | Patient.telecom"), &[]), [""; 0]);
    assert_eq!(errors(&parameter("Patient.name |"), &[]), ["SearchParameter.expression"]);
    assert_eq!(errors(&parameter("Patient.surname"), &[]), ["SearchParameter.expression"]);
    let mut pair = parameter("Patient");
    pair["type"] = json!("composite");
    pair["component"] = json!([{ "definition": "http://x.test/s", "expression": "name" }]);
    assert_eq!(errors(&pair, &[]), ["SearchParameter"]);
}

#[test]
fn filters_compare_properties_with_values_of_their_types() {
    let system = |url: &str, properties: Value| {
        json!({
            "resourceType": "CodeSystem", "url": url, "status": "active", "content": "complete",
            "property": properties, "concept": [{ "code": "oak" }, { "code": "elm" }]
        })
    };
    let types = ["Coding", "integer", "boolean", "dateTime", "string"];
    let properties = types.map(|kind| json!({ "code": format!("a-{kind}"), "type": kind }));
    let others = [system("http://x.test/trees", json!(properties)), system("http://x.test/woods", json!([]))];
    let found = |kind: &str, op: &str, value: &str| {
        let set = json!({
            "resourceType": "ValueSet", "status": "active", "compose": { "include": [{
                "system": "http://x.test/trees",
                "filter": [{ "property": format!("a-{kind}"), "op": op, "value": value }]
            }] }
        });
        errors(&set, &others)
    };
    let at = ["ValueSet.compose.include[0].filter[0]"];
    for (kind, op, right, wrong) in [
        ("Coding", "=", "http://x.test/woods#oak", "http://x.test/woods#ash"),
        ("Coding", "=", "http://x.test/woods|elm", "oak"),
        ("Coding", "=", "http://elsewhere.test/woods#ash", "ash"),
        ("integer", "=", "12", "twelve"),
        ("boolean", "=", "true", "yes"),
        ("dateTime", "=", "2024-02-29", "2023-02-29"),
        ("string", "exists", "false", "no"),
    ] {
        assert_eq!(found(kind, op, right), [""; 0], "{kind} {op} {right}");
        assert_eq!(found(kind, op, wrong), at, "{kind} {op} {wrong}");
    }
    assert_eq!(found("integer", "in", "1,2"), [""; 0]);
}

#[test]
fn extensions_are_no_code_where_one_of_a_value_set_must_be() {
    let reason = json!({ "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"
    }] });
    let mut one = json!({ "resourceType": "Patient", "_gender": reason, "_birthDate": reason });
    assert_eq!(errors(&one, &[]), ["Patient.gender"]);
    one["gender"] = json!("unknown");
    assert_eq!(errors(&one, &[]), [""; 0]);
}
