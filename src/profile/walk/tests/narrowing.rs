//! StructureDefinitions: what a definition is made from, and what it may say of that more narrowly.

use serde_json::{Value, json};

use super::core::{errors, profile};

/// The errors of a profile on Patient that changes one element.
fn changed(element: Value) -> Vec<String> {
    errors(&profile("Patient", json!([{ "id": "Patient", "path": "Patient" }, element])), &[])
}

const HERE: &str = "StructureDefinition.differential.element[1]";

#[test]
fn a_definition_says_what_it_is_made_from_and_how() {
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut own = profile("Patient", json!([{ "id": "Patient", "path": "Patient" }]));
        change(&mut own);
        errors(&own, &[])
    };
    let has = |found: Vec<String>, at: &str| assert!(found.iter().any(|one| one == at), "{at} in {found:?}");
    assert_eq!(changed(&|_| {}), [""; 0]);
    has(changed(&|own| drop(own.as_object_mut().map(|own| own.remove("derivation")))), "StructureDefinition");
    has(changed(&|own| own["type"] = json!("Patience")), "StructureDefinition.type");
    has(changed(&|own| own["type"] = json!("http://x.test/Patience")), "StructureDefinition.type");
    has(changed(&|own| own["derivation"] = json!("specialization")), "StructureDefinition.type");
    let context = json!([{ "type": "element", "expression": "Patient" }]);
    has(changed(&|own| own["context"] = context.clone()), "StructureDefinition.context");
}

#[test]
fn elements_are_sliced_limited_and_bound_where_that_means_something() {
    let at = |below: &str| [format!("{HERE}{below}")];
    let slicing = json!({ "discriminator": [{ "type": "value", "path": "$this" }], "rules": "open" });
    let of = |path: &str, name: &str, value: Value| {
        let mut element = json!({ "id": path, "path": path });
        element[name] = value;
        changed(element)
    };
    assert_eq!(of("Patient.gender", "slicing", slicing.clone()), at(".slicing"));
    assert_eq!(of("Patient.name", "slicing", slicing), [""; 0]);
    assert_eq!(of("Patient.name.family", "maxLength", json!(35)), [""; 0]);
    assert_eq!(of("Patient.name", "maxLength", json!(35)), at(".maxLength"));
    assert_eq!(of("Patient.name.family", "minValueInteger", json!(3)), at(".minValue"));
    assert_eq!(of("Patient.active", "meaningWhenMissing", json!("a")), [HERE]);
    let bound = |url: &str| json!({ "strength": "extensible", "valueSet": url });
    let set = "http://hl7.org/fhir/ValueSet/marital-status";
    assert_eq!(of("Patient.maritalStatus", "binding", bound(set)), [""; 0]);
    let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
    assert_eq!(of("Patient.maritalStatus", "binding", bound(patient)), at(".binding"));
    let targets = |code: &str, target: &str| json!([{ "code": code, "targetProfile": [target] }]);
    assert!(of("Patient.name", "type", targets("HumanName", patient)).contains(&HERE.to_owned()));
    let name = "http://hl7.org/fhir/StructureDefinition/HumanName";
    assert_eq!(of("Patient.link.other", "type", targets("Reference", patient)), [""; 0]);
    assert!(of("Patient.link.other", "type", targets("Reference", name)).contains(&HERE.to_owned()));
}

#[test]
fn what_is_fixed_stays_so() {
    let elements = json!([
        { "id": "Patient", "path": "Patient" },
        { "id": "Patient.gender", "path": "Patient.gender", "fixedCode": "female" },
        { "id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "patternCodeableConcept": { "text": "a" } }
    ]);
    let mut base = profile("Patient", elements);
    base["url"] = json!("http://x.test/base");
    let of = |path: &str, name: &str, value: Value| {
        let mut element = json!({ "id": path, "path": path });
        element[name] = value;
        let mut own = profile("Patient", json!([{ "id": "Patient", "path": "Patient" }, element]));
        own["baseDefinition"] = json!("http://x.test/base");
        errors(&own, std::slice::from_ref(&base))
    };
    assert_eq!(of("Patient.gender", "fixedCode", json!("female")), [""; 0]);
    assert_eq!(of("Patient.gender", "fixedCode", json!("male")), [HERE]);
    assert_eq!(of("Patient.gender", "patternCode", json!("male")), [HERE]);
    let concept = |text: &str| json!({ "text": text, "coding": [{ "code": "b" }] });
    assert_eq!(of("Patient.maritalStatus", "patternCodeableConcept", concept("a")), [""; 0]);
    assert_eq!(of("Patient.maritalStatus", "patternCodeableConcept", concept("b")), [HERE]);
    assert_eq!(of("Patient.maritalStatus", "fixedCodeableConcept", concept("b")), [HERE]);
}

#[test]
fn rules_have_keys_of_their_own() {
    let rules =
        |rules: Value| changed(json!({ "id": "Patient.name", "path": "Patient.name", "constraint": rules }));
    let rule = |key: &str, expression: &str, source: &str| json!({ "key": key, "severity": "error", "human": "a", "expression": expression, "source": source });
    let own = "http://x.test/p";
    assert_eq!(rules(json!([rule("a-1", "true", own)])), [""; 0]);
    assert_eq!(rules(json!([rule("a-1", "true", "http://elsewhere.test/p")])), [HERE]);
    assert_eq!(rules(json!([rule("pat-1", "true", own)])), [HERE]);
    let twice = rules(json!([rule("a-1", "true", own), rule("a-1", "false", own)]));
    assert_eq!(twice, [HERE; 2], "FHIR has a rule of its own about it");
}
