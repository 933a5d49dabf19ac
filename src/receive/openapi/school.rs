//! The addresses of schools, children and places in OpenAPI's words.

use serde_json::{Map, Value, json};

use crate::school::Form;

/// Adds them.
pub(super) fn paths(paths: &mut Map<String, Value>) {
    let id = json!([{ "name": "import", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }]);
    let forms: Vec<&str> = Form::ALL.into_iter().map(Form::name).collect();
    let preview = json!({ "description": "How far it is, and what it changes.", "content": { "application/json": { "schema": import() } } });
    let refused = |words: &str| json!({ "description": words, "content": { "application/fhir+json": { "schema": { "type": "object" } } } });
    paths.insert(
        "/school/imports/{import}".to_owned(),
        json!({
            "get": { "summary": "How far an import is, and what it changes", "parameters": id, "responses": { "200": preview, "404": refused("None of yours.") } },
            "delete": { "summary": "Give an import up", "parameters": id, "responses": { "204": { "description": "Gone." }, "404": refused("None of yours."), "422": refused("It counts already.") } },
            "post": {
                "summary": "Send a list of schools, children or places: read and compared, nothing counts yet",
                "parameters": [
                    { "name": "import", "in": "path", "required": true, "schema": { "type": "string", "enum": forms }, "description": "The form of the list." },
                    { "name": "X-Request-ID", "in": "header", "schema": { "type": "string", "format": "uuid" }, "description": "The import's id: its progress can be asked for while the file is still being sent." },
                ],
                "requestBody": { "required": true, "content": { "text/csv": {}, "application/xml": {} } },
                "responses": { "201": preview, "403": refused("The scope (system/Organization.u for schools, else system/Patient.u) or the registration (keeps) does not allow this."), "409": refused("An import with this id was begun before."), "413": refused("Too large."), "415": refused("Not the media type of this form."), "422": refused("The file as a whole cannot be used: why, and at which line.") },
            },
        }),
    );
    paths.insert(
        "/school/imports/{import}/faults.csv".to_owned(),
        json!({ "parameters": id, "get": { "summary": "What is wrong with its rows: line, column, what to do", "responses": { "200": { "description": "CSV without any value of the file.", "content": { "text/csv": {} } } } } }),
    );
    paths.insert(
        "/school/imports/{import}/commit".to_owned(),
        json!({ "parameters": id, "post": { "summary": "Make an import count, whole", "responses": { "200": preview, "412": refused("Children or places changed since it was read: send the file again."), "422": refused("It is not ready.") } } }),
    );
    let month = json!([{ "name": "month", "in": "path", "required": true, "schema": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" } }]);
    paths.insert(
        "/births/{month}".to_owned(),
        json!({ "parameters": month, "get": { "summary": "How many were born in a month in the areas of the calling authority's centres, and how many are on its list; small numbers hidden", "responses": { "200": { "description": "numbers (how they were changed), births, listed, elsewhere, and for each centre births and listed.", "content": { "application/json": { "schema": { "type": "object" } } } }, "400": refused("Not a month."), "403": refused("The caller takes no list of births, or has no scope system/Patient.r.") } } }),
    );
    paths.insert(
        "/births/{month}/list".to_owned(),
        json!({ "parameters": month, "get": { "summary": "The list of a month's births, made anew and sealed for the calling authority", "responses": { "200": { "description": "CSV in a file of age, which only the authority's key opens.", "content": { "application/octet-stream": {} } }, "400": refused("Not a month."), "403": refused("The caller takes no list of births, or has no scope system/Patient.r.") } } }),
    );
    paths.insert(
        "/inbox/messages".to_owned(),
        json!({ "get": { "summary": "What lies in the caller's inbox and may still be read", "responses": { "200": { "description": "messages: id, kind, from, received, acknowledged, record, and mayVisit where the parents asked not to be visited: false until the family registers or is referred.", "content": { "application/json": { "schema": { "type": "object" } } } }, "403": refused("The caller has no inbox here, or no scope system/Bundle.r.") } } }),
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
