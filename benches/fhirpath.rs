//! How long the hottest invariants take on a small Patient, an Observation and a Bundle.
//!
//! `FHIR_DEFINITIONS` names a folder of StructureDefinitions as JSON for the model; without it no types are known, which is
//! a little quicker than the truth.

use std::sync::LazyLock;

use divan::{Bencher, black_box};
use kith::json::document::{Document, parse};
use kith::profile::definition::Structure;
use kith::profile::fhirpath::{Environment, Expression, Item, Model, NoModel, Node, Types};

fn main() {
    divan::main();
}

const PATIENT: &str = r#"{
    "resourceType": "Patient", "id": "rowan",
    "meta": {"profile": ["https://example.org/child"], "versionId": "1"},
    "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Rowan Ash</div>"},
    "extension": [{"url": "https://example.org/birth-sequence", "valueInteger": 1}],
    "identifier": [
        {"use": "official", "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9000000009"},
        {"system": "https://example.org/local", "value": "A1", "period": {"start": "2026-01-02"}}
    ],
    "active": true,
    "name": [{"use": "official", "family": "Ash", "given": ["Rowan", "Lee"]}, {"use": "nickname", "given": ["Ro"]}],
    "telecom": [{"system": "phone", "value": "01632 960000", "use": "home"}],
    "gender": "female", "birthDate": "2026-01-01",
    "_birthDate": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime": "2026-01-01T04:05:00Z"}]},
    "address": [{"use": "home", "line": ["1 High Street"], "city": "Leeds", "postalCode": "LS1 1AA"}],
    "contact": [{"relationship": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0131", "code": "N"}]}],
        "name": {"family": "Ash", "given": ["Kim"]}, "telecom": [{"system": "phone", "value": "01632 960001"}]}],
    "managingOrganization": {"reference": "Organization/1"}
}"#;

const OBSERVATION: &str = r#"{
    "resourceType": "Observation", "id": "weight", "status": "final",
    "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Weight 3.42 kg</div>"},
    "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}],
    "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9", "display": "Blood pressure"},
        {"system": "http://snomed.info/sct", "code": "75367002"}]},
    "subject": {"reference": "Patient/rowan"}, "effectiveDateTime": "2026-01-15T09:30:00+00:00",
    "valueQuantity": {"value": 3.42, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    "component": [
        {"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}, "valueQuantity": {"value": 107, "unit": "mmHg"}},
        {"code": {"coding": [{"system": "http://loinc.org", "code": "8462-4"}]}, "valueQuantity": {"value": 60, "unit": "mmHg"}}
    ]
}"#;

static MODEL: LazyLock<Box<dyn Model>> = LazyLock::new(|| {
    #[expect(clippy::disallowed_methods, reason = "the definitions are found by the environment")]
    let Ok(folder) = std::env::var("FHIR_DEFINITIONS") else { return Box::new(NoModel) };
    let mut types = Types::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("StructureDefinition-")) {
            let text = std::fs::read_to_string(&path).unwrap();
            types.add(&Structure::read(&serde_json::from_str(&text).unwrap()).unwrap());
        }
    }
    Box::new(types)
});

fn bundle(entries: usize) -> String {
    let entry = |n| {
        let patient = PATIENT.replace("\"rowan\"", &format!("\"rowan{n}\""));
        format!("{{\"fullUrl\": \"https://example.org/Patient/rowan{n}\", \"resource\": {patient}}}")
    };
    let entries: Vec<String> = (0..entries).map(entry).collect();
    format!("{{\"resourceType\": \"Bundle\", \"type\": \"collection\", \"entry\": [{}]}}", entries.join(","))
}

const INVARIANTS: [(&str, &str, &str); 13] = [
    ("ele-1 Patient", "Patient", "hasValue() or (children().count() > id.count())"),
    ("ele-1 name", "name", "hasValue() or (children().count() > id.count())"),
    ("ele-1 gender", "gender", "hasValue() or (children().count() > id.count())"),
    ("ext-1", "extension", "extension.exists() != value.exists()"),
    ("pat-1", "contact", "name.exists() or telecom.exists() or address.exists() or organization.exists()"),
    ("dom-2", "Patient", "contained.contained.empty()"),
    ("dom-3", "Patient", DOM_3),
    ("dom-4", "Patient", "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()"),
    ("dom-5", "Patient", "contained.meta.security.empty()"),
    ("dom-6", "Patient", "text.`div`.exists()"),
    ("obs-6", "Observation", "dataAbsentReason.empty() or value.empty()"),
    (
        "obs-7",
        "Observation",
        "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()",
    ),
    ("given", "Patient", "name.where(use = 'official').given.first().exists()"),
];

const DOM_3: &str = "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()";

const BDL_7: &str = "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()";

fn first<'d>(path: &'d Expression, document: &'d Document<'d>) -> Node<'d> {
    let found = path.evaluate(Node::root(document), &Environment::new(&**MODEL)).unwrap();
    match found.into_iter().next() {
        Some(Item::Node(node)) => node,
        _ => panic!("the invariant has nothing to hold of"),
    }
}

#[divan::bench(args = INVARIANTS.map(|row| row.0))]
fn invariant(bencher: Bencher<'_, '_>, key: &str) {
    let (_, path, text) = INVARIANTS.into_iter().find(|row| row.0 == key).unwrap();
    let (path, expression) = (Expression::parse(path).unwrap(), Expression::parse(text).unwrap());
    let document = parse(if path.text() == "Observation" { OBSERVATION } else { PATIENT }, 50).unwrap();
    let focus = first(&path, &document);
    let environment = Environment { resource: Some(Node::root(&document)), ..Environment::new(&**MODEL) };
    assert!(expression.holds(focus, &environment).unwrap());
    bencher.bench_local(|| expression.holds(black_box(focus), &environment));
}

#[divan::bench(args = [20, 200, 2_000])]
fn bdl_7(bencher: Bencher<'_, '_>, entries: usize) {
    let text = bundle(entries);
    let expression = Expression::parse(BDL_7).unwrap();
    let document = parse(&text, 50).unwrap();
    let environment = Environment::new(&**MODEL);
    assert!(expression.holds(Node::root(&document), &environment).unwrap());
    bencher.bench_local(|| expression.holds(black_box(Node::root(&document)), &environment));
}

#[divan::bench(args = INVARIANTS.map(|row| row.0))]
fn parse_expression(bencher: Bencher<'_, '_>, key: &str) {
    let (_, _, text) = INVARIANTS.into_iter().find(|row| row.0 == key).unwrap();
    bencher.bench_local(|| Expression::parse(black_box(text)));
}
