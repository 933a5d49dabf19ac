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
    let mut patient = json!({});
    fhir("identifier[system=@nhs].value").write(&mut patient, &[], json!("1"));
    fhir("name[use=official].given[]").write(&mut patient, &[1], json!("B"));
    fhir("name[use=official].given[]").write(&mut patient, &[0], json!("A"));
    fhir("participant[type[]=@nhs|X][].note").write(&mut patient, &[0], json!("n"));
    let expected = json!({
        "identifier": [{ "system": "https://nhs.example", "value": "1" }],
        "name": [{ "use": "official", "given": ["A", "B"] }],
        "participant": [{ "type": [{ "coding": [{ "system": "https://nhs.example", "code": "X" }] }], "note": "n" }],
    });
    assert_eq!(patient, expected);
    let given =
        fhir("name[use=official].given[]").read(&patient).into_iter().map(|f| f.indices).collect::<Vec<_>>();
    assert_eq!(given, [[0], [1]]);
    assert_eq!(fhir("name[use=official].given[]").read(&patient)[1].value, "B");
}

#[test]
fn a_record_path_writes_what_it_reads() {
    let path = RecordPath::parse("parents[].name.given[]").unwrap();
    let mut record = json!({});
    path.write(&mut record, &[1, 0], json!("B"));
    assert_eq!(record, json!({ "parents": [null, { "name": { "given": ["B"] } }] }));
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
