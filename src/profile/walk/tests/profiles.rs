//! What a profile can ask beyond numbers and types: where a target is, what a text looks like, what else a value conforms to.

use serde_json::{Value, json};

use super::core::{errors, found, profile};
use crate::problem::Severity;

const NONE: [&str; 0] = [];

/// A resource that claims the profile.
fn claiming(of: &str, rest: Value) -> Value {
    let mut one = json!({ "resourceType": of, "meta": { "profile": ["http://x.test/p"] } });
    one.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    one
}

fn seen(subject: &str) -> Value {
    let child = json!({ "resourceType": "Patient", "id": "c", "active": true });
    let contained = if subject.starts_with('#') { vec![child] } else { vec![] };
    let mut one = claiming(
        "Observation",
        json!({
            "status": "final", "code": { "text": "a" }, "subject": { "reference": subject }
        }),
    );
    if !contained.is_empty() {
        one["contained"] = json!(contained);
    }
    one
}

#[test]
fn a_reference_leads_where_the_profile_says() {
    let with = |way: &str, resource: &Value| {
        let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
        let kind = json!([{ "code": "Reference", "targetProfile": [patient], "aggregation": [way] }]);
        let subject = json!({ "id": "Observation.subject", "path": "Observation.subject", "type": kind });
        let elements = json!([{ "id": "Observation", "path": "Observation" }, subject]);
        errors(resource, &[profile("Observation", elements)])
    };
    let (inside, outside) = (seen("#c"), seen("Patient/1"));
    let address = "urn:uuid:11111111-2222-4333-8444-555555555555";
    let other = "urn:uuid:11111111-2222-4333-8444-666666666666";
    let together = json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "fullUrl": other, "resource": seen(address) },
        { "fullUrl": address, "resource": { "resourceType": "Patient", "active": true } }
    ] });
    for (way, wrong) in [
        ("contained", vec![&outside, &together]),
        ("referenced", vec![&inside]),
        ("bundled", vec![&inside, &outside]),
    ] {
        for one in [&inside, &outside, &together] {
            let is_wrong = wrong.contains(&one);
            assert_eq!(!with(way, one).is_empty(), is_wrong, "{way} {one}");
        }
    }
    assert_eq!(with("contained", &outside), ["Observation.subject"]);
}

#[test]
fn extensions_are_not_the_value_that_a_profile_demands() {
    let elements = json!([
        { "id": "Observation", "path": "Observation" },
        { "id": "Observation.issued", "path": "Observation.issued", "fixedInstant": "2024-01-01T00:00:00Z" },
        { "id": "Observation.code.text", "path": "Observation.code.text", "patternString": "a" }
    ]);
    let unknown = json!({ "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"
    }] });
    let mut one = claiming(
        "Observation",
        json!({ "status": "final", "issued": "2024-01-01T00:00:00Z", "_issued": unknown, "code": { "text": "a", "_text": unknown } }),
    );
    let profile = profile("Observation", elements);
    assert_eq!(errors(&one, std::slice::from_ref(&profile)), [""; 0]);
    one.as_object_mut().unwrap().remove("issued");
    one["code"].as_object_mut().unwrap().remove("text");
    assert_eq!(errors(&one, &[profile]), ["Observation.code.text", "Observation.issued"]);
}

#[test]
fn a_slice_by_a_value_set_that_nobody_knows_is_not_called_missing() {
    let sliced = |rules: &str| {
        let slicing = json!({ "discriminator": [{ "type": "value", "path": "$this" }], "rules": rules });
        let binding = json!({ "strength": "required", "valueSet": "http://x.test/vs" });
        profile(
            "Observation",
            json!([
                { "id": "Observation", "path": "Observation" },
                { "id": "Observation.category", "path": "Observation.category", "slicing": slicing, "min": 1 },
                { "id": "Observation.category:a", "path": "Observation.category", "sliceName": "a", "min": 1, "max": "1", "binding": binding }
            ]),
        )
    };
    let set = |include: Value| {
        json!({
            "resourceType": "ValueSet", "url": "http://x.test/vs", "status": "draft", "compose": { "include": [include] }
        })
    };
    let one = |system: &str| {
        claiming(
            "Observation",
            json!({ "status": "final", "code": { "text": "a" }, "category": [{ "coding": [{ "system": system, "code": "1" }] }] }),
        )
    };
    let snomed = "http://snomed.info/sct";
    let listed = set(json!({ "system": snomed, "concept": [{ "code": "1" }] }));
    let asked =
        set(json!({ "system": snomed, "filter": [{ "property": "concept", "op": "is-a", "value": "2" }] }));
    let unusable = set(json!({ "valueSet": ["http://x.test/vs"] }));
    for rules in ["open", "closed"] {
        let of = |others: &[&Value], system: &str| {
            let mut all = vec![sliced(rules)];
            all.extend(others.iter().copied().cloned());
            errors(&one(system), &all)
        };
        assert_eq!(of(&[&listed], snomed), NONE, "{rules}");
        assert_eq!(of(&[&asked], snomed), NONE, "{rules}");
        assert_eq!(of(&[], snomed), NONE, "{rules}");
        assert!(of(&[&listed], "http://loinc.org").contains(&"Observation.category".to_owned()), "{rules}");
        assert_eq!(of(&[&unusable], snomed), ["Observation.category"], "{rules}");
    }
    let unchecked = found(Severity::Information, &one(snomed), &[sliced("open"), asked]);
    assert!(unchecked.contains(&"Observation.category".to_owned()), "{unchecked:?}");
}

#[test]
fn a_text_looks_as_the_profile_says() {
    let named = |pattern: &str, family: &str| {
        let form =
            json!([{ "url": "http://hl7.org/fhir/StructureDefinition/regex", "valueString": pattern }]);
        let family_element =
            json!({ "id": "Patient.name.family", "path": "Patient.name.family", "extension": form });
        let elements = json!([{ "id": "Patient", "path": "Patient" }, family_element]);
        errors(
            &claiming("Patient", json!({ "name": [{ "family": family }] })),
            &[profile("Patient", elements)],
        )
    };
    assert_eq!(named("[A-Z]+|x", "ABC"), NONE);
    assert_eq!(named("[A-Z]+|x", "ABc"), ["Patient.name[0].family"]);
    assert_eq!(named("(?=A).*", "b"), NONE);
}

/// A profile of that name whose resources must have what the expression asks for.
fn demanding(name: &str, of: &str, expression: &str) -> Value {
    let rule = json!({ "key": "x-1", "severity": "error", "human": "a", "expression": expression });
    let elements = json!([{ "id": of, "path": of, "constraint": [rule] }]);
    let mut one = profile(of, elements);
    one["url"] = json!(format!("http://x.test/{name}"));
    one
}

#[test]
fn a_rule_asks_whether_another_profile_is_met() {
    let active = demanding("active", "Patient", "active = true");
    let observed = |expression: &str, resource: &Value| {
        errors(resource, &[demanding("p", "Observation", expression), active.clone()])
    };
    let by_reference = "subject.resolve().conformsTo('http://x.test/active')";
    let one = seen("#c");
    let mut other = one.clone();
    other["contained"][0]["active"] = json!(false);
    assert_eq!(observed(by_reference, &one), NONE);
    assert_eq!(observed(by_reference, &other), ["Observation"]);
    // Nobody can tell, so nothing is said.
    assert_eq!(observed("conformsTo('http://elsewhere.test/p')", &other), NONE);
    assert_eq!(observed("contained.all(conformsTo('http://x.test/p'))", &other), ["Observation"]);
    assert_eq!(observed("conformsTo('http://x.test/p')", &other), NONE);
}

#[test]
fn what_is_referred_to_is_not_called_right_unchecked() {
    let of = |target: &str| {
        let kind = json!([{ "code": "Reference", "targetProfile": [target] }]);
        let own = profile(
            "Flag",
            json!([
                { "id": "Flag", "path": "Flag" },
                { "id": "Flag.subject", "path": "Flag.subject", "type": kind }
            ]),
        );
        let flag = json!({
            "resourceType": "Flag", "meta": { "profile": ["http://x.test/p"] }, "status": "active",
            "code": { "text": "a" }, "subject": { "reference": "#1" },
            "contained": [{ "resourceType": "Patient", "id": "1" }]
        });
        errors(&flag, &[own])
    };
    assert_eq!(of("http://hl7.org/fhir/StructureDefinition/Patient"), [""; 0]);
    assert_eq!(of("http://nobody.test/knows"), ["Flag.subject"]);
}
