//! Paths write what they read, and broken ones are sentences.

use serde_json::json;

use super::*;
use crate::map::names::Names;

fn fhir(text: &str) -> FhirPath {
    let names = Names::parse("name,address,meaning\nnhs,https://nhs.example,x\n").unwrap();
    FhirPath::parse(text, &names).unwrap()
}

#[test]
fn a_fhir_path_writes_what_it_reads() {
    let identifier = fhir("identifier[system=@nhs].value");
    let given = fhir("name[use=official].given[]");
    let note = fhir("participant[type[]=@nhs|X][].note");
    let mut patient = Tree::object([]);
    identifier.write(&mut patient, &[], Tree::text("1"));
    given.write(&mut patient, &[1], Tree::text("B"));
    given.write(&mut patient, &[0], Tree::text("A"));
    note.write(&mut patient, &[0], Tree::text("n"));
    let expected = json!({
        "identifier": [{ "system": "https://nhs.example", "value": "1" }],
        "name": [{ "use": "official", "given": ["A", "B"] }],
        "participant": [{ "type": [{ "coding": [{ "system": "https://nhs.example", "code": "X" }] }], "note": "n" }],
    });
    assert_eq!(patient.to_value(), expected);
    let found = given.read(&patient);
    assert_eq!(found.iter().map(|one| one.indices.to_vec()).collect::<Vec<_>>(), [[0], [1]]);
    assert_eq!(found[1].value.as_str(), Some("B"));
}

#[test]
fn a_record_path_writes_what_it_reads() {
    let path = RecordPath::parse("parents[].name.given[]").unwrap();
    let mut record = Tree::object([]);
    path.write(&mut record, &[1, 0], Tree::text("B"));
    assert_eq!(record.to_value(), json!({ "parents": [null, { "name": { "given": ["B"] } }] }));
    assert_eq!(path.read(&record, &[1]).len(), 1);
    assert!(path.read(&record, &[0]).is_empty());
}

#[test]
fn broken_paths_are_sentences() {
    let names = Names::default();
    for text in ["", "a..b", "a[", "a[b]", "identifier[system=@nobody].value"] {
        assert!(FhirPath::parse(text, &names).is_err(), "{text}");
    }
    assert!(RecordPath::parse("a b").is_err());
}
