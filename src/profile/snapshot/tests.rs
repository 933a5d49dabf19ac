//! Snapshots: by example, hostile ones, and against those that others made.

// The figures are what some of these are run for.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::profile::definition::{Max, TypeRef};
use crate::profile::definitions::Definitions;
use crate::profile::package::Package;

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

/// Every structure of UK Core, which publishes differentials only, when `UKCORE_PACKAGE` names its `.tgz`.
#[test]
fn all_of_uk_core() {
    let Some(file) = std::env::var_os("UKCORE_PACKAGE") else { return };
    let package = Package::from_archive("ukcore", &std::fs::read(file).unwrap()).unwrap();
    let urls: Vec<String> = package.structures.iter().map(|structure| structure.url.clone()).collect();
    let definitions = Definitions::core().unwrap().with(package);
    let started = std::time::Instant::now();
    for url in &urls {
        let structure = definitions.structure(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert!(structure.snapshot.len() >= structure.differential.len().min(5), "{url}");
    }
    println!("{} snapshots in {:?}", urls.len(), started.elapsed());
    assert_eq!(urls.len(), 153);
}

/// The snapshots of the core package, each made anew from its differential, when `FHIR_DEFINITIONS` names its folder.
#[test]
fn agreement_with_the_core_package() {
    let Some(folder) = std::env::var_os("FHIR_DEFINITIONS") else { return };
    let (all, same) = agreement(&structures(&folder), &Definitions::core().unwrap());
    assert!(same * 100 >= all * 98, "{same} of {all}");
}

/// The same for what SUSHI compiled, when `SUSHI_PACKAGE` names the folder. Bases are made here too.
#[test]
fn agreement_with_sushi() {
    let Some(folder) = std::env::var_os("SUSHI_PACKAGE") else { return };
    let theirs = structures(&folder);
    let mut package = Package { structures: theirs.clone(), ..Package::default() };
    package.structures.iter_mut().for_each(|structure| structure.snapshot.clear());
    let (all, same) = agreement(&theirs, &Definitions::core().unwrap().with(package));
    assert!(same * 100 >= all * 90, "{same} of {all}");
}

/// The profiles of a folder, with the snapshots that others made.
fn structures(folder: &std::ffi::OsStr) -> Vec<Structure> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("StructureDefinition-"));
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let value: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        Structure::read(&value).unwrap()
    };
    files
        .iter()
        .map(read)
        .filter(|structure| structure.constrains && !structure.snapshot.is_empty())
        .collect()
}

/// How many structures there are, and for how many ours is the same snapshot as theirs.
fn agreement(theirs: &[Structure], definitions: &Definitions) -> (usize, usize) {
    let (mut same, mut reasons) = (0, BTreeMap::<String, usize>::new());
    let (mut elements, mut same_elements) = (0, 0);
    for their in theirs {
        let differential = Structure { snapshot: vec![], ..their.clone() };
        let differences = match generate(&differential, definitions) {
            Ok(ours) => {
                let (count, differences) = compare(&ours, &their.snapshot);
                elements += their.snapshot.len();
                same_elements += count;
                differences
            }
            Err(error) => vec![error.to_string()],
        };
        same += usize::from(differences.is_empty());
        for difference in differences {
            if std::env::var_os("SNAPSHOT_DETAILS").is_some() {
                println!("{}: {difference}", their.url);
            }
            let field = difference.split('|').next().unwrap_or_default().to_owned();
            *reasons.entry(field).or_default() += 1;
        }
    }
    reasons.iter().for_each(|(reason, count)| println!("{reason}: {count} elements"));
    println!("{same} of {} structures agree exactly; {same_elements} of {elements} elements", theirs.len());
    (theirs.len(), same)
}

/// How many elements agree, and what differs as `field|id|ours|theirs`.
fn compare(ours: &[Element], theirs: &[Element]) -> (usize, Vec<String>) {
    let mut differences = Vec::new();
    let mut same = 0;
    let by_id: BTreeMap<&str, &Element> = ours.iter().map(|element| (element.id.as_str(), element)).collect();
    for their in theirs {
        let Some(our) = by_id.get(their.id.as_str()) else {
            differences.push(format!("missing|{}", their.id));
            continue;
        };
        let before = differences.len();
        let mut check = |field: &str, our: String, their_text: String| {
            if our != their_text {
                differences.push(format!("{field}|{}|{our}|{their_text}", their.id));
            }
        };
        let types = |one: &Element| format!("{:?}", one.types.iter().map(kept).collect::<Vec<_>>());
        let keys = |one: &Element| {
            let mut keys: Vec<_> = one.constraints.iter().map(|one| one.key.clone()).collect();
            keys.sort();
            format!("{keys:?}")
        };
        check("path", our.path.clone(), their.path.clone());
        check(
            "cardinality",
            format!("{:?} {:?}", our.min, our.max),
            format!("{:?} {:?}", their.min, their.max),
        );
        check("base.max", format!("{:?}", our.base_max), format!("{:?}", their.base_max));
        check("types", types(our), types(their));
        check(
            "fixed",
            format!("{:?} {:?}", our.fixed, our.pattern),
            format!("{:?} {:?}", their.fixed, their.pattern),
        );
        check("binding", format!("{:?}", our.binding), format!("{:?}", their.binding));
        check("constraints", keys(our), keys(their));
        check("slicing", format!("{:?}", our.slicing), format!("{:?}", their.slicing));
        check("slice name", format!("{:?}", our.slice_name), format!("{:?}", their.slice_name));
        check("reference", format!("{:?}", our.content_reference), format!("{:?}", their.content_reference));
        same += usize::from(differences.len() == before);
    }
    let known: std::collections::BTreeSet<&str> = theirs.iter().map(|element| element.id.as_str()).collect();
    let more = ours.iter().filter(|our| !known.contains(our.id.as_str()));
    differences.extend(more.map(|our| format!("surplus|{}", our.id)));
    (same, differences)
}

fn kept(one: &TypeRef) -> String {
    format!("{} {:?} {:?}", one.code, one.profiles, one.targets)
}
