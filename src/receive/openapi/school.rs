//! Lists of schools and children, lists of births, the inbox: addresses of partners that are not FHIR, in OpenAPI's words.

use serde_json::{Map, Value, json};

use super::answers::{BODY, CALLER, answers, gives};
use super::request_id;
use crate::school::Form;

/// Adds them.
pub(super) fn paths(paths: &mut Map<String, Value>) {
    imports(paths);
    births(paths);
    let words = "messages: id, kind, from, received, acknowledged, record, and mayVisit where the parents asked not to be visited: false until the family registers or is referred.";
    paths.insert(
        "/inbox/messages".to_owned(),
        json!({ "get": { "summary": "What lies in the caller's inbox and may still be read", "responses": answers(&[(200, object(words))], &[CALLER]) } }),
    );
}

/// An object that is described in words.
fn object(words: &str) -> Value {
    json!({ "description": words, "content": { "application/json": { "schema": { "type": "object" } } } })
}

fn imports(paths: &mut Map<String, Value>) {
    let id = json!([{ "name": "import", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }]);
    let forms: Vec<&str> = Form::ALL.into_iter().map(Form::name).collect();
    let preview = json!({ "description": "How far it is, and what it changes.", "content": { "application/json": { "schema": import() } } });
    let found = (200, preview.clone());
    let gone = (204, json!({ "description": "Gone." }));
    paths.insert(
        "/school/imports/{import}".to_owned(),
        json!({
            "get": { "summary": "How far an import is, and what it changes", "parameters": id, "responses": answers(std::slice::from_ref(&found), &[CALLER, &[404]]) },
            "delete": { "summary": "Give an import up", "parameters": id, "responses": answers(&[gone], &[CALLER, &[404, 422]]) },
            "post": {
                "summary": "Send a list of schools, children or places: read and compared, nothing counts yet. It takes the scope system/Organization.u for schools, else system/Patient.u, and a registration (keeps)",
                "parameters": [
                    { "name": "import", "in": "path", "required": true, "schema": { "type": "string", "enum": forms }, "description": "The form of the list." },
                    request_id(),
                ],
                "requestBody": { "required": true, "content": { "text/csv": {}, "application/xml": {} } },
                "responses": answers(&[(201, preview)], &[CALLER, BODY, &[404, 409, 507]]),
            },
        }),
    );
    let faults = (200, gives("text/csv", "CSV without any value of the file."));
    paths.insert(
        "/school/imports/{import}/faults.csv".to_owned(),
        json!({ "parameters": id, "get": { "summary": "What is wrong with its rows: line, column, what to do", "responses": answers(&[faults], &[CALLER, &[404]]) } }),
    );
    paths.insert(
        "/school/imports/{import}/commit".to_owned(),
        json!({ "parameters": id, "post": { "summary": "Make an import count, whole. Where children or places changed since it was read (412), send the file again", "responses": answers(&[found], &[CALLER, &[404, 412, 422, 507]]) } }),
    );
}

fn births(paths: &mut Map<String, Value>) {
    let month = json!([{ "name": "month", "in": "path", "required": true, "schema": { "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" } }]);
    let numbers = object(
        "numbers (how they were changed), births, listed, elsewhere, and for each centre births and listed; signedBy, the key by which lists are signed.",
    );
    paths.insert(
        "/births/{month}".to_owned(),
        json!({ "parameters": month, "get": { "summary": "How many were born in a month in the areas of the calling authority's centres, and how many are on its list; small numbers hidden. For who takes lists of births, with the scope system/Patient.r", "responses": answers(&[(200, numbers)], &[CALLER]) } }),
    );
    let list =
        gives("application/octet-stream", "CSV in a file of age, which only the authority's key opens.");
    paths.insert(
        "/births/{month}/list".to_owned(),
        json!({ "parameters": month, "get": { "summary": "The list of a month's births, made anew and sealed for the calling authority", "responses": answers(&[(200, list)], &[CALLER]) } }),
    );
}

fn import() -> Value {
    let number = json!({ "type": "integer", "minimum": 0 });
    let names =
        ["added", "changed", "closed", "unchanged", "missing", "matched", "ambiguous", "unmatched", "moves"];
    let summary: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), number.clone())).collect();
    json!({ "type": "object", "properties": {
        "id": { "type": "string", "format": "uuid" },
        "form": { "type": "string" },
        "source": { "type": "string" },
        "begun": { "type": "string", "format": "date-time" },
        "state": { "type": "string", "enum": ["reading", "ready", "refused", "committed", "dropped"] },
        "lines": number, "faults": number,
        "summary": { "type": "object", "properties": summary },
        "note": { "type": ["string", "null"] },
    } })
}
