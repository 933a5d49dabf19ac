//! `GET /openapi.json`: every address that a system may call, in OpenAPI 3.1. Records with the record kinds' own schemas; FHIR as the
//! CapabilityStatement says it, which says more of it.

mod answers;
mod fhir;
mod open;
mod records;
mod requests;
mod school;

use actix_web::HttpResponse;
use serde_json::{Map, Value, json};

use super::anybody;
use super::conformance::Offer;
use super::doors::AtDoor;

/// The description, made from the catalogue and the CapabilityStatement: a new record kind is in it without a change here.
pub async fn get_description(door: AtDoor) -> HttpResponse {
    anybody::may_have(HttpResponse::Ok().json(description(&Offer::at(&door))))
}

fn description(offer: &Offer<'_>) -> Value {
    let mut paths = Map::new();
    let mut schemas = answers::schemas();
    open::paths(&mut paths);
    school::paths(&mut paths);
    for kind in offer.catalogue.kinds().filter(|kind| kind.mapping.has_door()) {
        records::hoist(&kind.name, kind.schema.json().clone(), &mut schemas);
        paths.insert(format!("/records/{}", kind.name), json!({ "post": records::operation(kind) }));
    }
    fhir::paths(&offer.statement(), &mut paths);
    open::known_again(&mut paths);
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Kith", "version": env!("CARGO_PKG_VERSION"), "description": "Records of early-years services in, FHIR and records out. Every refusal is an OperationOutcome. Every request may carry X-Correlation-ID, which the answer has too where it is at most 200 letters long; the answer's X-Request-ID is the request's, or one that Kith gave. Of FHIR, /fhir/metadata and the profiles say more than stands here." },
        "servers": [{ "url": offer.public_url }],
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Access token (RFC 9068) of a registered identity provider, with a SMART v2 system scope for what is done: system/Bundle.c for messages and records." } } },
    })
}

/// The header by which a request is known again.
fn request_id() -> Value {
    json!({ "name": "X-Request-ID", "in": "header", "schema": { "type": "string", "format": "uuid" }, "description": "The request's id, a message's own where it is a record. Send it again with the same body to get the first answer again." })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Offer, description};
    use crate::catalogue::Catalogue;
    use crate::clock;
    use crate::profile::Conformance;
    use crate::reading::Table;

    /// The document of a Kith as it is built.
    fn built() -> Value {
        let catalogue = Catalogue::builtin().unwrap();
        let conformance = Conformance::new(vec![], clock::now).unwrap();
        let reading = Table::builtin().unwrap();
        description(&Offer {
            public_url: "https://kith.example",
            catalogue: &catalogue,
            reading: &reading,
            publications: conformance.publications(),
        })
    }

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
    fn every_address_for_systems_is_described_with_each_of_its_methods() {
        let document = built();
        let mut seen = 0;
        let of_fhir = [crate::receive::of_fhir(), crate::receive::of_definitions()].into_iter().flatten();
        let all = crate::receive::for_systems().into_iter().map(|one| ("", one));
        for (before, address) in all.chain(of_fhir.map(|one| ("/fhir", one))) {
            let (path, methods) = address.parts();
            let path = format!("{before}{path}");
            // One for each kind.
            if path == "/records/{kind}" {
                continue;
            }
            let found = &document["paths"][&path];
            for method in methods.filter(|method| *method != "HEAD") {
                seen += 1;
                assert!(found[method.to_lowercase()].is_object(), "{method} {path} is not in /openapi.json");
            }
        }
        assert!(seen > 70, "{seen}");
        assert!(document["paths"]["/records/new-birth-visit"]["post"].is_object());
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_and_says_what_it_refuses() {
        let document = built();
        let mut names = std::collections::BTreeSet::new();
        for (path, at) in document["paths"].as_object().unwrap() {
            for (method, operation) in at.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters")
            {
                if let Some(name) = operation["operationId"].as_str() {
                    assert!(names.insert(name.to_owned()), "{name}");
                }
                let refuses = |status: &str| operation["responses"][status].is_object();
                assert!(refuses("400"), "{method} {path}");
                assert_eq!(refuses("401"), operation["security"] != json!([]), "{method} {path}");
                assert_eq!(refuses("415"), operation["requestBody"].is_object(), "{method} {path}");
            }
        }
    }

    #[test]
    fn every_reference_leads_somewhere_in_the_document() {
        let document = built();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for reference in found {
            let place = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(place).is_some(), "{reference}");
        }
        assert!(!document.to_string().contains("$defs") && !document.to_string().contains("\"$id\""));
    }

    #[test]
    fn formats_of_kiths_own_are_said_as_patterns_too() {
        let number = &built()["components"]["schemas"]["new-birth-visit"]["properties"]["child"];
        assert!(number.to_string().contains("^[0-9]{10}$"), "{number}");
    }
}
