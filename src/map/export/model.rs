//! A kind's record as a logical model (<https://hl7.org/fhir/R4/structuredefinition.html#logical>): what another engine has to
//! know of it to run the maps.

use serde_json::{Value, json};

use super::model_url;
use crate::map::language::Mapping;

/// The logical model that a record's JSON Schema describes. Lists of the schema may repeat, what it requires is there once.
pub fn logical_model(mapping: &Mapping, schema: &Value) -> Value {
    let url = model_url(&mapping.kind);
    let root: String = mapping.kind.split('-').map(super::resource::raised).collect::<String>() + "Record";
    let mut elements = vec![json!({
        "id": root, "path": root, "short": mapping.title, "definition": text(schema, "description", &mapping.title),
        "min": 0, "max": "*", "base": { "path": root, "min": 0, "max": "*" },
    })];
    properties(&root, schema, schema, &mut elements);
    let differential = elements.clone();
    json!({
        "resourceType": "StructureDefinition",
        "id": format!("record-{}", mapping.kind),
        "url": url,
        "version": env!("CARGO_PKG_VERSION"),
        "name": root,
        "title": format!("{}: the record", mapping.title),
        "status": "draft",
        "experimental": false,
        "publisher": "Kith",
        "description": text(schema, "description", &mapping.title),
        "fhirVersion": "4.0.1",
        "kind": "logical",
        "abstract": false,
        "type": url,
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Element",
        "derivation": "specialization",
        "snapshot": { "element": elements },
        "differential": { "element": differential },
    })
}

fn text<'s>(schema: &'s Value, key: &str, otherwise: &'s str) -> &'s str {
    schema.get(key).and_then(Value::as_str).unwrap_or(otherwise)
}

/// What a schema says, its reference followed.
fn resolved<'s>(schema: &'s Value, whole: &'s Value) -> &'s Value {
    let reference =
        schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| whole.pointer(pointer)).unwrap_or(schema)
}

fn properties(path: &str, schema: &Value, whole: &Value, elements: &mut Vec<Value>) {
    let Some(given) = schema.get("properties").and_then(Value::as_object) else { return };
    let required = schema.get("required").and_then(Value::as_array);
    for (name, property) in given {
        let found = resolved(property, whole);
        let (list, item) = match found.get("items") {
            Some(items) => (true, resolved(items, whole)),
            None => (false, found),
        };
        let min = u8::from(required.is_some_and(|names| names.iter().any(|one| one == name)));
        let path = format!("{path}.{name}");
        let title = text(property, "title", text(found, "title", name));
        let definition = text(property, "description", text(found, "description", title));
        let max = if list { "*" } else { "1" };
        elements.push(json!({
            "id": path, "path": path, "short": title, "definition": definition, "min": min, "max": max,
            "base": { "path": path, "min": min, "max": max }, "type": [{ "code": kind(item) }],
        }));
        properties(&path, item, whole, elements);
    }
}

/// The FHIR type that comes nearest.
fn kind(schema: &Value) -> &'static str {
    match (text(schema, "type", ""), text(schema, "format", "")) {
        ("object", _) => "BackboneElement",
        ("boolean", _) => "boolean",
        ("integer", _) => "integer",
        ("number", _) => "decimal",
        (_, "date" | "fhir-date") => "date",
        (_, "fhir-dateTime") => "dateTime",
        _ => "string",
    }
}
