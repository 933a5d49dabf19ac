//! Snapshots: by example, hostile ones, and (`agreement`) against those that others made.

mod agreement;

use serde_json::{Value, json};

use super::*;
use crate::profile::definition::Max;
use crate::profile::definitions::Definitions;

fn profile(base: &str, differential: Value) -> Structure {
    let resource = json!({"resourceType": "StructureDefinition", "url": "urn:p", "type": base, "kind": "resource",
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{base}"), "derivation": "constraint",
        "differential": {"element": differential}});
    Structure::read(&resource).unwrap()
}

fn made(base: &str, differential: Value) -> Vec<Element> {
    generate(&profile(base, differential), &Definitions::core().unwrap()).unwrap()
}

fn find<'e>(elements: &'e [Element], id: &str) -> &'e Element {
    elements.iter().find(|element| element.id == id).unwrap_or_else(|| panic!("no {id}"))
}

fn types(element: &Element) -> Vec<&str> {
    element.types.iter().map(|one| one.code.as_str()).collect()
}

#[test]
fn what_is_said_replaces_and_constraints_add_up() {
    let elements = made(
        "Patient",
        json!([{"id": "Patient", "path": "Patient"},
            {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1, "mustSupport": true,
             "constraint": [{"key": "k-1", "severity": "error", "human": "h", "expression": "true"}]},
            {"id": "Patient.gender", "path": "Patient.gender", "binding": {"strength": "required", "valueSet": "urn:v"}}]),
    );
    let birth = find(&elements, "Patient.birthDate");
    assert_eq!((birth.min, birth.max, birth.must_support), (Some(1), Some(Max::Times(1)), true));
    assert_eq!(birth.constraints.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(), ["ele-1", "k-1"]);
    assert_eq!(birth.constraints[1].source.as_deref(), Some("urn:p"));
    let binding = find(&elements, "Patient.gender").binding.clone().unwrap();
    assert_eq!(binding.value_set.as_deref(), Some("urn:v"));
    assert_eq!(elements.len(), 45);
}

#[test]
fn slices_stand_after_their_element_and_are_walked_into() {
    let elements = made(
        "Patient",
        json!([{"id": "Patient.identifier", "path": "Patient.identifier", "min": 1,
             "slicing": {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"}},
            {"id": "Patient.identifier:nhs", "path": "Patient.identifier", "sliceName": "nhs", "max": "1"},
            {"id": "Patient.identifier:nhs.system", "path": "Patient.identifier.system", "min": 1, "fixedUri": "urn:n"},
            {"id": "Patient.identifier:nhs/old", "path": "Patient.identifier", "sliceName": "nhs/old"},
            {"id": "Patient.identifier:local", "path": "Patient.identifier", "sliceName": "local"},
            {"id": "Patient.identifier:nhs/new", "path": "Patient.identifier", "sliceName": "nhs/new"}]),
    );
    let slices: Vec<_> =
        elements.iter().filter(|one| one.path == "Patient.identifier").map(|one| one.id.as_str()).collect();
    let expected =
        ["", ":nhs", ":nhs/old", ":nhs/new", ":local"].map(|slice| format!("Patient.identifier{slice}"));
    assert_eq!(slices, expected);
    assert_eq!(find(&elements, "Patient.identifier:nhs").min, Some(0));
    assert_eq!(find(&elements, "Patient.identifier:nhs").base_max, Some(Max::Unbounded));
    let system = find(&elements, "Patient.identifier:nhs.system");
    assert_eq!(
        (system.path.as_str(), system.fixed.clone()),
        ("Patient.identifier.system", Some(json!("urn:n")))
    );
    assert!(elements.iter().any(|one| one.id == "Patient.identifier:nhs.assigner"));
    assert!(!elements.iter().any(|one| one.id == "Patient.identifier.system"));
}

#[test]
fn extensions_are_sliced_by_url_and_choices_by_type() {
    let url = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
    let elements = made(
        "Patient",
        json!([{"id": "Patient.extension:place", "path": "Patient.extension", "sliceName": "place",
             "type": [{"code": "Extension", "profile": [url]}]},
            {"id": "Patient.extension:place.value[x].city", "path": "Patient.extension.value[x].city", "min": 1},
            {"id": "Patient.deceasedBoolean", "path": "Patient.deceasedBoolean", "min": 1}]),
    );
    let slicing = find(&elements, "Patient.extension").slicing.clone().unwrap();
    assert_eq!(slicing.discriminators, vec![("value".to_owned(), "url".to_owned())]);
    assert_eq!(find(&elements, "Patient.extension:place.url").fixed, Some(json!(url)));
    assert_eq!(find(&elements, "Patient.extension:place.value[x].city").min, Some(1));
    let slicing = find(&elements, "Patient.deceased[x]").slicing.clone().unwrap();
    assert_eq!(slicing.discriminators, vec![("type".to_owned(), "$this".to_owned())]);
    let slice = find(&elements, "Patient.deceased[x]:deceasedBoolean");
    assert_eq!((types(slice), slice.slice_name.as_deref()), (vec!["boolean"], Some("deceasedBoolean")));
}

#[test]
fn content_references_are_walked_into() {
    let elements = made(
        "Questionnaire",
        json!([{"id": "Questionnaire.item.item.item.linkId", "path": "Questionnaire.item.item.item.linkId", "maxLength": 3}]),
    );
    assert_eq!(find(&elements, "Questionnaire.item.item.item.linkId").max_length, Some(3));
    assert_eq!(types(find(&elements, "Questionnaire.item.item")), ["BackboneElement"]);
    let deepest = find(&elements, "Questionnaire.item.item.item.item");
    assert_eq!(deepest.content_reference.as_deref(), Some("#Questionnaire.item"));
}

#[test]
fn new_types_add_elements() {
    let mut logical = profile(
        "Element",
        json!([{"id": "Thing", "path": "Thing"},
        {"id": "Thing.part", "path": "Thing.part", "min": 0, "max": "*", "type": [{"code": "BackboneElement"}]},
        {"id": "Thing.part.name", "path": "Thing.part.name", "min": 1, "max": "1", "type": [{"code": "string"}]}]),
    );
    logical.constrains = false;
    let elements = generate(&logical, &Definitions::core().unwrap()).unwrap();
    assert_eq!(elements[0].id, "Thing");
    assert_eq!(find(&elements, "Thing.part").base_max, Some(Max::Unbounded));
    assert_eq!(types(find(&elements, "Thing.part.name")), ["string"]);
    assert!(elements.iter().any(|one| one.id == "Thing.extension"));
}

#[test]
fn faults_name_the_element() {
    let fault = |differential: Value| {
        generate(&profile("Patient", differential), &Definitions::core().unwrap()).unwrap_err().to_string()
    };
    let text = fault(json!([{"id": "Patient.wings", "path": "Patient.wings"}]));
    assert_eq!(
        text,
        "no snapshot can be made of 'urn:p': Patient.wings: the base has no element 'wings' there"
    );
    let text = fault(json!([{"id": "Patient.id.x", "path": "Patient.id.x"}]));
    assert!(text.contains("System.String"), "{text}");
    let text = fault(json!([{"id": "Patient.name", "path": "Patient.name", "min": 2, "max": "1"}]));
    assert!(text.contains("min is greater than its max"), "{text}");
    let deep = format!("Patient{}", ".extension".repeat(1000));
    assert!(fault(json!([{"id": deep, "path": deep}])).contains("too large or too deep"));
}

#[test]
fn snapshots_of_others_are_not_trusted_to_be_flat() {
    let mut path = "Patient".to_owned();
    let elements: Vec<Element> = (0..20_000)
        .map(|_| {
            path.push_str(".a");
            Element { path: path.clone(), ..Element::default() }
        })
        .collect();
    struct Deep(Arc<Structure>);
    impl Source for Deep {
        fn structure(&self, _: &str) -> Result<Arc<Structure>, DefinitionError> {
            Ok(Arc::clone(&self.0))
        }
    }
    let deep = Deep(Arc::new(Structure { snapshot: elements, ..Structure::default() }));
    assert!(generate(&profile("Patient", json!([])), &deep).is_err());
}

#[test]
fn slices_of_slices_cannot_grow_without_end() {
    let mut changes = Vec::new();
    for depth in (1..40).rev() {
        let path = format!("Patient{}", ".extension".repeat(depth));
        changes.push(json!({"id": format!("{path}.extension:a"), "path": format!("{path}.extension"), "sliceName": "a"}));
        changes.push(json!({"id": format!("{path}:b"), "path": path, "sliceName": "b"}));
    }
    let result = generate(&profile("Patient", json!(changes)), &Definitions::core().unwrap());
    assert!(matches!(result, Err(DefinitionError::TooCostly { .. })), "{:?}", result.map(|made| made.len()));
}
