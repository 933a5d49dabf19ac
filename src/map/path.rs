//! Paths of the mapping language: one into the record, one into a FHIR resource. See `mappings/README.md`.

pub(super) mod fhir;
pub(super) mod record;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

pub use fhir::{FhirPath, Found};
pub use record::RecordPath;

/// The node as an object, made one if it is not.
fn as_object(node: &mut Value) -> &mut Map<String, Value> {
    if !node.is_object() {
        *node = json!({});
    }
    match node {
        Value::Object(object) => object,
        _ => unreachable!("made an object above"),
    }
}

/// The member of that name, made where it is not there. Most are, so the name is not copied before it is looked for.
fn member<'o>(object: &'o mut Map<String, Value>, name: &str) -> &'o mut Value {
    if !object.contains_key(name) {
        object.insert(name.to_owned(), Value::Null);
    }
    &mut object[name]
}

/// The node as a list, made one if it is not.
fn as_list(node: &mut Value) -> &mut Vec<Value> {
    if !node.is_array() {
        *node = json!([]);
    }
    match node {
        Value::Array(list) => list,
        _ => unreachable!("made a list above"),
    }
}
