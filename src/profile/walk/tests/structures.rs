//! StructureDefinitions: what cannot be held against anything.

use serde_json::{Value, json};

use super::core::{errors, found, profile};
use crate::problem::Severity;

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
fn rules_name_what_there_is() {
    let ruled = |path: &str, expression: &str| {
        let rule = json!([{ "key": "a-1", "severity": "error", "human": "a", "expression": expression }]);
        let element = json!({ "id": path, "path": path, "constraint": rule });
        let elements = json!([{ "id": "Patient", "path": "Patient" }, element]);
        found(Severity::Warning, &profile("Patient", elements), &[])
    };
    let at = ["StructureDefinition.differential.element[1]"];
    for (path, right, wrong) in [
        ("Patient.name", "family.exists() and period.start.exists()", "family.exists() and surname.exists()"),
        ("Patient.contact", "name.family.exists()", "telephone.exists()"),
        ("Patient.deceased[x]", "$this is boolean", "today"),
        ("Patient.extension", "url.startsWith('http:') and value.exists()", "uri.exists()"),
    ] {
        assert_eq!(ruled(path, right), [""; 0], "{right}");
        assert_eq!(ruled(path, wrong), at, "{wrong}");
    }
    assert_eq!(ruled("Patient.name", "%resource.anything.exists()"), [""; 0], "the resource may be any");
}

#[test]
fn a_definition_is_of_the_kind_of_its_base_and_its_types_profiles_are_of_these_types() {
    let mut one = profile("Patient", json!([{ "id": "Patient", "path": "Patient" }]));
    one["kind"] = json!("complex-type");
    assert_eq!(errors(&one, &[]), ["StructureDefinition.kind"]);
    let typed = |profile: &str| {
        let kind = json!([{ "code": "Quantity", "profile": [format!("http://hl7.org/fhir/StructureDefinition/{profile}")] }]);
        let value = json!({ "id": "Observation.value[x]", "path": "Observation.value[x]", "type": kind });
        let elements = json!([{ "id": "Observation", "path": "Observation" }, value]);
        errors(&super::core::profile("Observation", elements), &[])
    };
    assert_eq!(typed("SimpleQuantity"), [""; 0]);
    assert_eq!(typed("patient-birthPlace"), ["StructureDefinition.differential.element[1]"]);
}

#[test]
fn slices_fit_into_what_they_slice() {
    let sliced = |max: &str, slices: [(u32, &str); 2]| {
        let by = json!({ "discriminator": [{ "type": "value", "path": "use" }], "rules": "open" });
        let name = |at: usize, (min, max): (u32, &str)| {
            let id = format!("Patient.name:s{at}");
            json!({ "id": id, "path": "Patient.name", "sliceName": format!("s{at}"), "min": min, "max": max })
        };
        let whole = json!({ "id": "Patient.name", "path": "Patient.name", "max": max, "slicing": by });
        let elements = json!([
            { "id": "Patient", "path": "Patient" }, whole, name(0, slices[0]), name(1, slices[1])
        ]);
        errors(&profile("Patient", elements), &[])
    };
    let at = |number: usize| format!("StructureDefinition.differential.element[{number}]");
    assert_eq!(sliced("2", [(1, "1"), (1, "2")]), [""; 0]);
    assert_eq!(sliced("2", [(0, "1"), (0, "3")]), [at(3)]);
    assert_eq!(sliced("1", [(1, "1"), (1, "1")]), [at(1)]);
}

#[test]
fn limits_targets_and_shared_content_are_such_as_can_be() {
    let limited =
        |path: &str, key: &str, value: Value| changed(json!({ "id": path, "path": path, key: value }));
    let quantity = json!({ "value": 18, "system": "http://unitsofmeasure.org", "code": "a" });
    assert_eq!(limited("Patient.birthDate", "minValueDate", json!("2000-01-01")), [""; 0]);
    assert_eq!(limited("Patient.birthDate", "maxValueQuantity", quantity), [""; 0]);
    assert_eq!(limited("Patient.multipleBirth[x]", "maxValueInteger", json!(9)), [""; 0]);
    let at = |name: &str| [format!("StructureDefinition.differential.element[1].{name}")];
    assert_eq!(limited("Patient.birthDate", "minValueInteger", json!(2000)), at("minValue"));
    let leads_to = |name: &str| {
        let target = format!("http://hl7.org/fhir/StructureDefinition/{name}");
        let kind = json!([{ "code": "Reference", "targetProfile": [target] }]);
        let path = "Patient.generalPractitioner";
        changed(json!({ "id": path, "path": path, "type": kind }))
    };
    assert_eq!(leads_to("Practitioner"), [""; 0]);
    assert_eq!(leads_to("Medication"), ["StructureDefinition.differential.element[1]"]);
    let shares = |id: &str| {
        let item =
            json!({ "id": "Questionnaire.item", "path": "Questionnaire.item", "contentReference": id });
        errors(
            &profile("Questionnaire", json!([{ "id": "Questionnaire", "path": "Questionnaire" }, item])),
            &[],
        )
    };
    assert_eq!(shares("#Questionnaire.item"), [""; 0]);
    assert_eq!(shares("#Questionnaire.part"), at("contentReference"));
}

#[test]
fn what_cannot_be_checked_is_remarked_and_extensions_stand_somewhere() {
    let mut orphan = profile("Patient", json!([{ "id": "Patient", "path": "Patient" }]));
    assert_eq!(found(Severity::Warning, &orphan, &[]), [""; 0]);
    orphan["baseDefinition"] = json!("http://elsewhere.test/p");
    assert_eq!(found(Severity::Warning, &orphan, &[]), ["StructureDefinition.baseDefinition"]);
    let standing_on = |expression: &str| {
        let elements = json!([
            { "id": "Extension", "path": "Extension" },
            { "id": "Extension.url", "path": "Extension.url", "fixedUri": "http://x.test/p" }
        ]);
        let mut extension = profile("Extension", elements);
        extension["kind"] = json!("complex-type");
        extension["context"] = json!([{ "type": "element", "expression": expression }]);
        found(Severity::Warning, &extension, &[])
    };
    for right in ["Patient", "Patient.contact.name", "HumanName.given", "Observation.value[x]", "Element"] {
        assert_eq!(standing_on(right), [""; 0], "{right}");
    }
    for wrong in ["Patience", "Patient.surname"] {
        assert_eq!(standing_on(wrong), ["StructureDefinition.context[0]"], "{wrong}");
    }
}

#[test]
fn a_differential_is_in_the_order_of_what_it_constrains() {
    let [root, active, name, gender] = ["Patient", "Patient.active", "Patient.name", "Patient.gender"]
        .map(|path| json!({ "id": path, "path": path }));
    let found = |elements: [&Value; 4]| errors(&profile("Patient", json!(elements)), &[]);
    assert_eq!(found([&root, &active, &name, &gender]), [""; 0]);
    assert_eq!(found([&root, &active, &gender, &name]), ["StructureDefinition.differential.element[3]"]);
}
