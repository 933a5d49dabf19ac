//! `GET /openapi.json`: the addresses that are not FHIR, in OpenAPI 3.1, with the record kinds' own schemas.

mod school;

use actix_web::HttpResponse;
use serde_json::{Map, Value, json};

use super::doors::AtDoor;
use crate::catalogue::Kind;

/// The description, made from the catalogue: a new record kind is in it without a change here.
pub async fn get_description(door: AtDoor) -> HttpResponse {
    let mut paths = fixed();
    let mut schemas = Map::new();
    for kind in door.house.catalogue.kinds().filter(|kind| kind.mapping.has_door()) {
        hoist(&kind.name, kind.schema.json().clone(), &mut schemas);
        paths.insert(format!("/records/{}", kind.name), json!({ "post": operation(kind) }));
    }
    HttpResponse::Ok().json(json!({
        "openapi": "3.1.0",
        "info": { "title": "Kith", "version": env!("CARGO_PKG_VERSION"), "description": "Records of early-years services in, FHIR and records out. The FHIR interface is described by /fhir/metadata." },
        "servers": [{ "url": door.settings.server.public_url }],
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Access token (RFC 9068) with the scope system/Bundle.c." } } },
    }))
}

/// What is there whatever the record kinds are.
fn fixed() -> Map<String, Value> {
    let mut paths = Map::new();
    school::paths(&mut paths);
    let mut open = |path: &str, summary: &str, answers: Value| {
        let get = json!({ "summary": summary, "security": [], "responses": answers });
        paths.insert(path.to_owned(), json!({ "get": get }));
    };
    let yes_or_no = json!({ "200": { "description": "Yes." }, "503": { "description": "No." } });
    open("/health/live", "Does the process answer?", yes_or_no.clone());
    open("/health/ready", "Can messages be accepted?", yes_or_no);
    open(
        "/metrics",
        "Numbers for Prometheus, by the setting metrics.from",
        json!({ "200": { "description": "OpenMetrics text." }, "403": { "description": "Not from this address." } }),
    );
    let gives = |media_type: &str, words: &str| json!({ "200": { "description": words, "content": { media_type: {} } } });
    open(
        "/journal/heads",
        "The signed heads of the journal, one a day, by which anybody can see later whether its end was cut",
        gives("application/json", "heads: number, hash, day and signature of each, oldest first."),
    );
    open("/openapi.json", "This document", gives("application/json", "OpenAPI 3.1."));
    open(
        "/.well-known/smart-configuration",
        "Where tokens are had, and for which scopes",
        gives("application/json", "As SMART App Launch describes it."),
    );
    open(
        "/package.tgz",
        "All of Kith's definitions and examples",
        gives("application/gzip", "A FHIR package."),
    );
    paths.insert("/maps/{file}".to_owned(), json!({
        "parameters": [{ "name": "file", "in": "path", "required": true, "schema": { "type": "string" }, "description": "KIND-to-fhir.map or KIND-to-record.map." }],
        "get": { "summary": "A mapping of one direction in the FHIR Mapping Language", "security": [], "responses": gives("text/plain", "The map.") },
    }));
    paths
}

/// Puts a record's schema among the components, and its definitions beside it as `KIND.NAME`: within a document of
/// OpenAPI, references are read from its beginning, not from the schema's.
fn hoist(kind: &str, mut schema: Value, schemas: &mut Map<String, Value>) {
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

/// Makes references lead to where [`hoist`] puts what they name.
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
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| refer(kind, inner)),
        _ => {}
    }
}

fn operation(kind: &Kind) -> Value {
    let examples: Map<String, Value> =
        kind.examples.iter().map(|(name, record)| (name.clone(), json!({ "value": record }))).collect();
    let refusal = |words: &str| json!({ "description": words, "content": { "application/fhir+json": { "schema": { "type": "object" } } } });
    let (status, taken) = match kind.mapping.register {
        Some(_) => (
            "201",
            json!({ "description": "On file. The OperationOutcome says what became of it.", "content": { "application/fhir+json": { "schema": { "type": "object" } } } }),
        ),
        None => (
            "202",
            json!({ "description": "Accepted and durable. The OperationOutcome says who will be told what and why; Location leads to the receipts.", "headers": { "Location": { "schema": { "type": "string" } } }, "content": { "application/fhir+json": { "schema": { "type": "object" } } } }),
        ),
    };
    json!({
        "summary": format!("Send: {}", kind.mapping.title),
        "operationId": format!("post-{}", kind.name),
        "parameters": [
            { "name": "X-Request-ID", "in": "header", "schema": { "type": "string", "format": "uuid" }, "description": "The message's id. Send it again with the same body to get the first answer again." },
            { "name": "X-Correlation-ID", "in": "header", "schema": { "type": "string", "maxLength": 200 }, "description": "Mirrored." },
        ],
        "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{}", kind.name) }, "examples": examples } } },
        "responses": {
            status: taken,
            "400": refusal("Not JSON, or a header is malformed."),
            "401": refusal("No valid token."),
            "403": refusal("The token's scope or the partner's registration does not allow this."),
            "405": { "description": "Not the method of this address.", "headers": { "Allow": { "schema": { "type": "string" } } }, "content": { "application/fhir+json": { "schema": { "type": "object" } } } },
            "406": refusal("An answer in another form than JSON was asked for."),
            "409": refusal("A message with this id and another body was accepted before."),
            "413": refusal("Too large."),
            "415": refusal("Not a media type that is read here."),
            "422": refusal("Not a record of this kind: every fault with its path."),
            "429": refusal("More than allowed: nothing was accepted; send again after Retry-After."),
            "503": refusal("Nothing was accepted; send again after Retry-After."),
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{fixed, hoist};
    use crate::catalogue::Catalogue;

    fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|inner| references(inner, found));
            }
            Value::Array(list) => list.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_address_that_is_not_fhir_is_described_with_each_of_its_methods() {
        let described = fixed();
        let made_of_kinds = ["/records/{kind}", "/fhir"];
        for address in crate::receive::for_systems() {
            let (path, methods) = address.parts();
            if made_of_kinds.contains(&path) {
                continue;
            }
            let found = described.get(path).unwrap_or_else(|| panic!("{path} is not in /openapi.json"));
            for method in methods.filter(|method| *method != "HEAD") {
                assert!(
                    found.get(method.to_lowercase()).is_some(),
                    "{method} {path} is not in /openapi.json"
                );
            }
        }
    }

    #[test]
    fn every_reference_leads_somewhere_in_the_document() {
        let catalogue = Catalogue::builtin().unwrap();
        let mut schemas = Map::new();
        for kind in catalogue.kinds() {
            hoist(&kind.name, kind.schema.json().clone(), &mut schemas);
        }
        let document = json!({ "components": { "schemas": schemas } });
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for reference in found {
            let place = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(place).is_some(), "{reference}");
        }
        assert!(!document.to_string().contains("$defs") && !document.to_string().contains("\"$id\""));
    }
}
