//! What requests of the FHIR interface carry, in OpenAPI's words: parts of the path, search parameters, bodies.

use serde_json::{Map, Value, json};

use super::answers::{ANYBODY, BODY, answers, resource};
use crate::domain::NHS_NUMBER_SYSTEM;
use crate::receive::{audit, consents, definitions, tasks};

/// A date of a search with its prefix (<https://hl7.org/fhir/R4/search.html#date>).
const DATE: &str = r"^(eq|ge|gt|sa|le|lt|eb)?[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?$";

/// A part of a path.
pub(super) fn in_path(name: &str) -> Value {
    let schema = match name {
        "type" => json!({ "type": "string", "pattern": "^[A-Z][A-Za-z]+$" }),
        "version" => json!({ "type": "string", "pattern": "^[0-9]{1,9}$" }),
        _ => json!({ "type": "string", "minLength": 1 }),
    };
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

/// A header that may be left out.
pub(super) fn in_header(name: &str, words: &str) -> Value {
    json!({ "name": name, "in": "header", "schema": { "type": "string" }, "description": words })
}

/// How much of what was written is wanted back.
pub(super) fn preferred() -> Value {
    in_header(
        "Prefer",
        "return=representation (when nothing is said), return=minimal for no body, return=OperationOutcome for what was found.",
    )
}

/// A body in FHIR.
pub(super) fn body(schema: &Value) -> Value {
    json!({ "required": true, "content": { "application/fhir+json": { "schema": schema }, "application/json": { "schema": schema } } })
}

/// A search parameter of the CapabilityStatement's.
pub(super) fn parameter(said: &Value) -> Value {
    let name = said.get("name").and_then(Value::as_str).unwrap_or_default();
    let schema = match said.get("type").and_then(Value::as_str) {
        Some("date") => json!({ "type": "string", "pattern": DATE }),
        _ => json!({ "type": "string", "minLength": 1 }),
    };
    let mut made = json!({ "name": name, "in": "query", "schema": schema });
    if name == "patient" {
        made["name"] = json!("patient:identifier");
        made["required"] = json!(true);
        made["schema"] = json!({ "type": "string", "pattern": format!("^{}\\|[0-9]{{10}}$", NHS_NUMBER_SYSTEM.replace('.', "\\.")) });
    }
    if let Some(words) = said.get("documentation").filter(|_| name != "patient") {
        made["description"] = words.clone();
    }
    made
}

/// The order and the total of a search, where it can be asked for them.
pub(super) fn order(type_name: &str) -> Vec<Value> {
    let sorted: &[&str] = match type_name {
        "Task" => tasks::SORTED,
        "AuditEvent" => audit::SORTED,
        "Consent" => consents::SORTED,
        name if definitions::TYPES.contains(&name) => definitions::SORTED,
        _ => return Vec::new(),
    };
    let names = sorted.join("|");
    let sort = json!({ "name": "_sort", "in": "query", "schema": { "type": "string", "pattern": format!("^-?({names})$") }, "description": "A '-' before it gives the last first; definitions are sorted by several, joined by commas." });
    let total =
        json!({ "name": "_total", "in": "query", "schema": { "enum": ["none", "estimate", "accurate"] } });
    vec![sort, total]
}

/// A parameter of a question about codes.
pub(super) fn of_operation(name: &str) -> Value {
    let schema = match name {
        "count" | "offset" => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        "reverse" => json!({ "enum": ["true", "false"] }),
        _ => json!({ "type": "string", "minLength": 1 }),
    };
    json!({ "name": name, "in": "query", "schema": schema })
}

/// The same parameters as a form in the body.
pub(super) fn form(parameters: &[Value]) -> Value {
    let text = |one: &Value| one.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let properties: Map<String, Value> =
        parameters.iter().map(|one| (text(one), one["schema"].clone())).collect();
    let required: Vec<String> = parameters.iter().filter(|one| one["required"] == true).map(text).collect();
    let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    json!({ "content": { "application/x-www-form-urlencoded": { "schema": schema } } })
}

/// What a resource is held against besides the profiles that it names itself.
pub(super) fn profile() -> Value {
    json!({ "name": "profile", "in": "query", "schema": { "type": "string", "format": "uri" } })
}

/// The check of a resource that is sent.
pub(super) fn check() -> Value {
    let any = json!({ "type": "object", "description": "The resource; or Parameters with resource, profile and mode. With the mode delete none is looked at." });
    let mode = json!({ "name": "mode", "in": "query", "schema": { "enum": ["create", "update", "delete", "profile"] } });
    let found =
        (200, resource("OperationOutcome", "The check was made: what is wrong with it, or that nothing is."));
    json!({ "security": [], "parameters": [profile(), mode], "requestBody": body(&any), "responses": answers(&[found], &[ANYBODY, BODY, &[403, 404, 429, 503]]) })
}
