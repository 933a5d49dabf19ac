//! Looking definitions up.

use super::*;

fn package(files: &[&str]) -> Package {
    let named = files.iter().enumerate().map(|(number, text)| (format!("{number}.json"), *text));
    Package::from_files("test", named).unwrap()
}

#[test]
fn finds_core_definitions_by_name_and_canonical() {
    let core = Definitions::core().unwrap();
    let patient = core.type_structure("Patient").unwrap();
    assert_eq!(patient.snapshot[0].path, "Patient");
    let same = core.structure("http://hl7.org/fhir/StructureDefinition/Patient|4.0.1").unwrap();
    assert_eq!(*same, *patient);
    let again = core.type_structure("Patient").unwrap();
    assert!(Arc::ptr_eq(&again, &patient));
    assert!(core.value_set("http://hl7.org/fhir/ValueSet/administrative-gender").is_ok());
    assert!(core.code_system("http://hl7.org/fhir/administrative-gender").is_ok());
}

#[test]
fn what_is_missing_is_an_error() {
    let core = Definitions::core().unwrap();
    assert!(matches!(core.structure("urn:none"), Err(DefinitionError::Unknown { what: "structure", .. })));
    let error = core.structure("http://hl7.org/fhir/StructureDefinition/Patient|5.0.0").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the structure 'http://hl7.org/fhir/StructureDefinition/Patient|5.0.0' is only known in version 4.0.1"
    );
}

#[test]
fn the_core_names_its_own_by_the_version_of_fhir() {
    let core = Definitions::core().unwrap();
    let set = core.value_set("http://terminology.hl7.org/ValueSet/v3-NullFlavor|4.0.1").unwrap();
    assert_eq!(set.version.as_deref(), Some("2018-08-12"));
}

#[test]
fn later_packages_win_and_core_versions_stay_within_reach() {
    let url = "http://hl7.org/fhir/ValueSet/administrative-gender";
    let ours = |version: &str| {
        package(&[&format!(r#"{{"resourceType":"ValueSet","url":"{url}","version":"{version}"}}"#)])
    };
    let definitions = Definitions::core().unwrap().with(ours("8")).with(ours("9"));
    assert_eq!(definitions.value_set(url).unwrap().version.as_deref(), Some("9"));
    let core = definitions.value_set(&format!("{url}|4.0.1")).unwrap();
    assert_eq!(core.version.as_deref(), Some("4.0.1"));
    // An older package's version is not hidden by a newer one's.
    let older = definitions.value_set(&format!("{url}|8"));
    assert_eq!(older.unwrap().version.as_deref(), Some("8"));
}

#[test]
fn lists_what_there_is() {
    let profile = r#"{"resourceType":"StructureDefinition","url":"urn:p","type":"Thing","kind":"logical","derivation":"specialization"}"#;
    let definitions = Definitions::core().unwrap().with(package(&[profile]));
    assert!(definitions.canonicals(Kind::Structure).unwrap().contains("urn:p"));
    let types = definitions.types().unwrap();
    assert!(types.iter().any(|one| one.name == "Quantity"));
    assert_eq!(types.last().map(|one| one.name.as_str()), Some("Thing"));
    assert!(!types.iter().any(|one| one.url.ends_with("/bp")));
}

#[test]
fn cyclic_structures_are_errors() {
    let based = |url: &str, base: &str| {
        format!(
            r#"{{"resourceType":"StructureDefinition","url":"{url}","type":"Patient","kind":"resource","baseDefinition":"{base}","derivation":"constraint","differential":{{"element":[{{"id":"Patient","path":"Patient"}}]}}}}"#
        )
    };
    let (one, two) = (based("urn:1", "urn:2"), based("urn:2", "urn:1"));
    let definitions = Definitions::core().unwrap().with(package(&[&one, &two]));
    assert!(matches!(definitions.structure("urn:1"), Err(DefinitionError::Cyclic { .. })));
    let chain: Vec<String> =
        (0..1000).map(|number| based(&format!("urn:{number}"), &format!("urn:{}", number + 1))).collect();
    let chain: Vec<&str> = chain.iter().map(String::as_str).collect();
    let definitions = Definitions::core().unwrap().with(package(&chain));
    assert!(matches!(definitions.structure("urn:0"), Err(DefinitionError::TooCostly { .. })));
}
