//! What anybody may ask that is not FHIR, in OpenAPI's words.

use serde_json::{Map, Value, json};

use super::answers::{ANYBODY, answers, gives, says};
use super::requests::in_header;
use crate::receive::definitions;

/// Adds it.
pub(super) fn paths(paths: &mut Map<String, Value>) {
    let mut open = |path: &str, summary: &str, good: &[(u16, Value)], refusals: &[u16]| {
        let get = json!({ "summary": summary, "security": [], "responses": answers(good, &[refusals]) });
        paths.insert(path.to_owned(), json!({ "get": get }));
    };
    let yes_or_no =
        [(200, gives("application/json", "Yes.")), (503, gives("application/json", "No, and why not."))];
    open("/health/live", "Does the process answer?", &yes_or_no[..1], ANYBODY);
    open("/health/ready", "Can messages be accepted?", &yes_or_no, ANYBODY);
    open(
        "/metrics",
        "Numbers for Prometheus, by the setting metrics.from",
        &[(200, says("OpenMetrics text.")), (403, says("Not from this address."))],
        &[400],
    );
    let json = |words: &str| [(200, gives("application/json", words))];
    open(
        "/journal/heads",
        "The signed heads of the journal, one a day, by which anybody can see later whether its end was cut",
        &json("heads: number, hash, day and signature of each, oldest first."),
        &[400, 406, 503],
    );
    open("/openapi.json", "This document", &json("OpenAPI 3.1."), ANYBODY);
    open(
        "/.well-known/smart-configuration",
        "Where tokens are had, and for which scopes",
        &json("As SMART App Launch describes it."),
        &[400, 406, 503],
    );
    open(
        "/package.tgz",
        "All of Kith's definitions and examples",
        &[(200, gives("application/gzip", "A FHIR package."))],
        ANYBODY,
    );
    let map = [(200, gives("text/plain", "The map."))];
    paths.insert("/maps/{file}".to_owned(), json!({
        "parameters": [{ "name": "file", "in": "path", "required": true, "schema": { "type": "string", "pattern": "^[a-z-]+-to-(fhir|record)\\.map$" }, "description": "KIND-to-fhir.map or KIND-to-record.map." }],
        "get": { "summary": "A mapping of one direction in the FHIR Mapping Language", "security": [], "responses": answers(&map, &[&[400, 404]]) },
    }));
}

/// Says of what is the same for anybody that whoever has it can ask whether it still is so.
pub(super) fn known_again(paths: &mut Map<String, Value>) {
    for (path, methods) in paths {
        // What the statement calls a conditional read says so itself.
        let is_search = path.strip_prefix("/fhir/").is_some_and(|name| definitions::TYPES.contains(&name));
        let is_open =
            matches!(path.as_str(), "/openapi.json" | "/package.tgz" | "/maps/{file}" | "/fhir/metadata");
        let Some(get) = methods.get_mut("get").filter(|_| is_open || is_search) else { continue };
        get["responses"]["304"] = says("It is what If-None-Match names.");
        let header = in_header("If-None-Match", "The ETag of what the caller has.");
        match get.get_mut("parameters").and_then(Value::as_array_mut) {
            Some(parameters) => parameters.push(header),
            None => get["parameters"] = json!([header]),
        }
    }
}
