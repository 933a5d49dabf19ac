//! `POST /records/KIND` in OpenAPI's words, with the record kinds' own schemas and examples.

use serde_json::{Map, Value, json};

use super::answers::{BODY, CALLER, KEPT, answers, resource};
use super::request_id;
use crate::catalogue::Kind;
use crate::record::FORMATS;

/// Puts a record's schema among the components, and its definitions beside it as `KIND.NAME`: within a document of
/// OpenAPI, references are read from its beginning, not from the schema's.
pub(super) fn hoist(kind: &str, mut schema: Value, schemas: &mut Map<String, Value>) {
    let definitions = schema.as_object_mut().and_then(|schema| {
        schema.remove("$id");
        schema.remove("$schema");
        schema.remove("$defs")
    });
    if let Some(Value::Object(definitions)) = definitions {
        for (name, mut definition) in definitions {
            refer(kind, &mut definition);
            schemas.insert(format!("{kind}.{name}"), definition);
        }
    }
    refer(kind, &mut schema);
    schemas.insert(kind.to_owned(), schema);
}

/// Makes references lead to where [`hoist`] puts what they name, and says of Kith's own formats how they are written: other programs
/// do not know them.
fn refer(kind: &str, schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            for (key, inner) in object.iter_mut() {
                let place = inner.as_str().filter(|_| key == "$ref").and_then(|text| text.strip_prefix('#'));
                let moved = place.map(|place| match place.strip_prefix("/$defs/") {
                    Some(name) => format!("#/components/schemas/{kind}.{name}"),
                    None => format!("#/components/schemas/{kind}{place}"),
                });
                match moved {
                    Some(moved) => *inner = Value::String(moved),
                    None => refer(kind, inner),
                }
            }
            let format = object.get("format").and_then(Value::as_str);
            let pattern = FORMATS.iter().find(|one| Some(one.name) == format).and_then(|one| one.pattern);
            if let Some(pattern) = pattern.filter(|_| !object.contains_key("pattern")) {
                object.insert("pattern".to_owned(), json!(pattern));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| refer(kind, inner)),
        _ => {}
    }
}

/// How a record of the kind is sent.
pub(super) fn operation(kind: &Kind) -> Value {
    let examples: Map<String, Value> =
        kind.examples.iter().map(|(name, record)| (name.clone(), json!({ "value": record }))).collect();
    let taken = match kind.mapping.register {
        Some(_) => {
            (201, resource("OperationOutcome", "On file. The OperationOutcome says what became of it."))
        }
        None => {
            let words = "Accepted and durable. The OperationOutcome says who will be told what and why; Location leads to the receipts.";
            let mut taken = resource("OperationOutcome", words);
            taken["headers"] = json!({ "Location": { "schema": { "type": "string" } } });
            (202, taken)
        }
    };
    json!({
        "summary": format!("Send: {}", kind.mapping.title),
        "operationId": format!("post-{}", kind.name),
        "parameters": [request_id()],
        "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{}", kind.name) }, "examples": examples } } },
        "responses": answers(&[taken], &[CALLER, BODY, KEPT]),
    })
}
