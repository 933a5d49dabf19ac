//! Any JSON at all, in shapes that come near to what the engine looks for.

use kith::catalogue::Kind;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// JSON made of the names that the kind's rows look for, in any order and of any type.
pub fn bundle(kind: &Kind) -> BoxedStrategy<Value> {
    let rows = || kind.mapping.sections.iter().flat_map(|section| &section.rows);
    let fhir = rows().flat_map(|row| row.fhir.steps.iter().map(|step| step.name.clone()));
    let record =
        kind.mapping.data_rows().flat_map(|(_, _, path, _)| path.0.iter().map(|step| step.name.clone()));
    let envelope = [
        "entry",
        "resource",
        "resourceType",
        "fullUrl",
        "coding",
        "system",
        "code",
        "display",
        "text",
        "url",
        "",
    ];
    let mut names: Vec<String> = fhir.chain(record).chain(envelope.map(str::to_owned)).collect();
    names.sort();
    names.dedup();
    let types: Vec<Value> = kind.mapping.sections.iter().map(|section| json!(section.resource)).collect();
    let addresses: Vec<Value> = rows()
        .flat_map(|row| row.fhir.steps.iter().flat_map(|step| &step.filters))
        .map(|filter| filter.made.clone())
        .chain([json!("child")])
        .collect();
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        "\\PC{0,8}".prop_map(|text| json!(text)),
        select(addresses),
    ];
    let any_json = leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            proptest::collection::vec((select(names.clone()), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    // Half of them reach the rows: entries with resources of the types that the sections recognise.
    let resource = (any_json.clone(), select(types)).prop_map(|(mut content, kind)| {
        if content.is_object() {
            content["resourceType"] = kind;
        }
        json!({ "resource": content })
    });
    let entries = proptest::collection::vec(resource, 0..5)
        .prop_map(|entries| json!({ "resourceType": "Bundle", "entry": entries }));
    prop_oneof![any_json, entries].boxed()
}
