//! How operations answer, in OpenAPI's words: what they are for, and every refusal, each of which is an OperationOutcome.

use serde_json::{Map, Value, json};

/// Refusals of a request that has to say who asks.
pub(super) const CALLER: &[u16] = &[400, 401, 403, 406, 429, 503];

/// Refusals of a request that anybody may send.
pub(super) const ANYBODY: &[u16] = &[400, 406];

/// Further refusals of a request with a body.
pub(super) const BODY: &[u16] = &[413, 415, 422];

/// Further refusals of a request that puts something on file.
pub(super) const KEPT: &[u16] = &[409, 507];

/// The answers of an operation: those that it is for, and refusals by their status.
pub(super) fn answers(good: &[(u16, Value)], refusals: &[&[u16]]) -> Value {
    let refused = refusals.iter().copied().flatten().map(|status| (*status, refusal(*status)));
    let all = good.iter().cloned().chain(refused);
    Value::Object(all.map(|(status, answer)| (status.to_string(), answer)).collect())
}

/// An answer without a body that is described.
pub(super) fn says(words: &str) -> Value {
    json!({ "description": words })
}

/// An answer in a media type.
pub(super) fn gives(media_type: &str, words: &str) -> Value {
    json!({ "description": words, "content": { media_type: {} } })
}

/// An answer in FHIR: a resource of this type.
pub(super) fn resource(type_name: &str, words: &str) -> Value {
    json!({ "description": words, "content": { "application/fhir+json": { "schema": of_type(type_name) } } })
}

/// What every resource of a type is, and no more: profiles say the rest.
pub(super) fn of_type(type_name: &str) -> Value {
    if type_name == "OperationOutcome" {
        return json!({ "$ref": "#/components/schemas/OperationOutcome" });
    }
    json!({ "type": "object", "required": ["resourceType"], "properties": { "resourceType": { "const": type_name } } })
}

/// Schemas that answers refer to.
pub(super) fn schemas() -> Map<String, Value> {
    let issue = json!({
        "type": "object", "required": ["severity", "code"],
        "properties": {
            "severity": { "enum": ["fatal", "error", "warning", "information"] },
            "code": { "type": "string" },
            "diagnostics": { "type": "string", "description": "What is wrong, where, and what to do." },
            "expression": { "type": "array", "minItems": 1, "items": { "type": "string" } },
        },
    });
    let outcome = json!({
        "type": "object", "required": ["resourceType", "issue"],
        "properties": { "resourceType": { "const": "OperationOutcome" }, "issue": { "type": "array", "minItems": 1, "items": issue } },
    });
    Map::from_iter([("OperationOutcome".to_owned(), outcome)])
}

fn refusal(status: u16) -> Value {
    let words = match status {
        400 => {
            "It cannot be read: a header or parameter is malformed or unknown, or the body is not the JSON of one object."
        }
        401 => "No valid token.",
        403 => "The token's scope or the partner's registration does not allow this.",
        404 => "There is none; or none of the caller's, which looks the same.",
        406 => "An answer in another form than JSON was asked for.",
        409 => "A request with this id and another body was accepted before.",
        412 => "It was changed meanwhile.",
        413 => "Too large.",
        415 => "Not a media type that is read here.",
        422 => "It was read, and something in it is wrong: every fault with its place.",
        429 => "More than allowed: nothing was done; send it again after Retry-After.",
        507 => "There is no room to keep it: nothing was accepted; send it again after Retry-After.",
        _ => "Not now: nothing was done; send it again after Retry-After.",
    };
    let mut answer = resource("OperationOutcome", words);
    if matches!(status, 429 | 503 | 507) {
        answer["headers"] = json!({ "Retry-After": { "schema": { "type": "string" } } });
    }
    answer
}
