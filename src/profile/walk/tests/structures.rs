//! StructureDefinitions: what cannot be held against anything.

use serde_json::{Value, json};

use super::core::{errors, profile};

/// The errors of a profile on Patient that changes one element.
fn changed(element: Value) -> Vec<String> {
    errors(&profile("Patient", json!([{ "id": "Patient", "path": "Patient" }, element])), &[])
}

#[test]
fn elements_fit_what_they_are_made_from() {
    let rule = |expression: &str| {
        let rule = json!({ "key": "a-1", "severity": "error", "human": "a", "expression": expression });
        json!({ "id": "Patient.name", "path": "Patient.name", "constraint": [rule] })
    };
    let slicing = |path: &str| {
        let by = json!([{ "type": "value", "path": path }]);
        json!({ "id": "Patient.name", "path": "Patient.name", "slicing": { "discriminator": by, "rules": "open" } })
    };
    let here = "StructureDefinition.differential.element[1]";
    let by = "StructureDefinition.differential.element[1].slicing.discriminator[0]";
    for (element, expected) in [
        (json!({ "id": "Patient.name", "path": "Patient.name", "min": 1, "max": "1" }), None),
        (json!({ "id": "Patient.nmae", "path": "Patient.nmae", "min": 1 }), Some(here)),
        (json!({ "id": "Patient.active", "path": "Patient.active", "max": "*" }), Some(here)),
        (json!({ "id": "Patient.link.type", "path": "Patient.link.type", "min": 0 }), Some(here)),
        (json!({ "id": "Patient.photo", "path": "Patient.photo", "type": [{ "code": "Attachment" }] }), None),
        (json!({ "id": "Patient.name", "path": "Patient.name", "type": [{ "code": "string" }] }), Some(here)),
        (
            json!({ "id": "Patient.contained", "path": "Patient.contained", "type": [{ "code": "Patient" }] }),
            None,
        ),
        (json!({ "id": "Patient.id", "path": "Patient.id", "type": [{ "code": "id" }] }), None),
        (
            json!({ "id": "Patient.birthDate", "path": "Patient.birthDate", "type": [{ "code": "dateTime" }] }),
            Some(here),
        ),
        (rule("given.exists()"), None),
        (rule("given.exists("), Some(here)),
        (slicing("use"), None),
        (slicing("$this"), None),
        (slicing("usage"), Some(by)),
    ] {
        assert_eq!(changed(element.clone()), Vec::from_iter(expected), "{element}");
    }
}

#[test]
fn definitions_are_of_the_type_that_they_constrain_and_extensions_fix_their_url() {
    let mut other = profile("Patient", json!([{ "id": "Patient", "path": "Patient" }]));
    assert_eq!(errors(&other, &[]), [""; 0]);
    other["type"] = json!("Practitioner");
    assert!(errors(&other, &[]).contains(&"StructureDefinition".to_owned()));
    let extension = |url: &str| {
        let mut extension = profile(
            "Extension",
            json!([
                { "id": "Extension", "path": "Extension" },
                { "id": "Extension.url", "path": "Extension.url", "fixedUri": url }
            ]),
        );
        extension["kind"] = json!("complex-type");
        extension["context"] = json!([{ "type": "element", "expression": "Patient" }]);
        errors(&extension, &[])
    };
    assert_eq!(extension("http://x.test/p"), [""; 0]);
    assert_eq!(extension("http://x.test/q"), ["StructureDefinition"]);
}

#[test]
fn what_a_guide_asks_of_all_patients_holds_for_those_that_do_not_claim_it() {
    let elements = json!([{ "id": "Patient.name", "path": "Patient.name", "min": 1 }]);
    let guide = json!({
        "resourceType": "ImplementationGuide", "url": "http://x.test/guide", "name": "G", "status": "draft",
        "packageId": "x.test", "fhirVersion": ["4.0.1"],
        "global": [{ "type": "Patient", "profile": "http://x.test/p" }]
    });
    let others = [profile("Patient", elements), guide];
    let nameless = json!({ "resourceType": "Patient", "active": true });
    let named = json!({ "resourceType": "Patient", "name": [{ "text": "A" }] });
    assert_eq!(errors(&nameless, &others), ["Patient"]);
    assert_eq!(errors(&named, &others), [""; 0]);
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "fullUrl": "urn:uuid:2a1e0c1c-6ed5-4c1b-8f8e-0f3a6f3f4d10", "resource": nameless },
    ] });
    assert_eq!(errors(&bundle, &others), ["Bundle.entry[0].resource"]);
    let holder = json!({
        "resourceType": "Observation", "status": "final", "code": { "text": "a" },
        "contained": [{ "resourceType": "Patient", "id": "p", "active": true }], "subject": { "reference": "#p" }
    });
    assert_eq!(errors(&holder, &others), [""; 0], "what is contained is a part of its resource");
}

#[test]
fn values_are_of_the_elements_type_and_only_codes_are_bound() {
    let gender =
        |key: &str| changed(json!({ "id": "Patient.gender", "path": "Patient.gender", key: "male" }));
    assert_eq!(gender("fixedCode"), [""; 0]);
    assert_eq!(gender("patternString"), ["StructureDefinition.differential.element[1].pattern"]);
    let bound = |path: &str, strength: &str| {
        let value_set = "http://hl7.org/fhir/ValueSet/administrative-gender";
        let binding = json!({ "strength": strength, "valueSet": value_set });
        changed(json!({ "id": path, "path": path, "binding": binding }))
    };
    let at = ["StructureDefinition.differential.element[1].binding"];
    assert_eq!(bound("Patient.maritalStatus", "required"), [""; 0]);
    assert_eq!(bound("Patient.managingOrganization", "required"), at);
    assert_eq!(bound("Patient.gender", "required"), [""; 0]);
    assert_eq!(bound("Patient.gender", "extensible"), at);
}

#[test]
fn a_differential_is_in_the_order_of_what_it_constrains() {
    let [root, active, name, gender] = ["Patient", "Patient.active", "Patient.name", "Patient.gender"]
        .map(|path| json!({ "id": path, "path": path }));
    let found = |elements: [&Value; 4]| errors(&profile("Patient", json!(elements)), &[]);
    assert_eq!(found([&root, &active, &name, &gender]), [""; 0]);
    assert_eq!(found([&root, &active, &gender, &name]), ["StructureDefinition.differential.element[3]"]);
}
