//! `GET /fhir/metadata` and `/.well-known/smart-configuration`: what Kith offers, for systems that ask before they call.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::access::Door;
use super::anybody;
use super::definitions;
use super::doors::AtDoor;
use super::outcome::{Refused, fhir};
use super::search;
use super::terminology;
use crate::catalogue::Catalogue;
use crate::domain::CANONICAL;
use crate::problem::{Category, Problem};
use crate::profile::published::Publications;
use crate::reading::Table;

/// The CapabilityStatement (<https://hl7.org/fhir/R4/capabilitystatement.html>); with `mode=terminology` what can be asked of codes
/// (<https://hl7.org/fhir/R4/http.html#capabilities>). It needs no token, and is always whole, whatever part is asked for.
pub async fn metadata(door: AtDoor, request: HttpRequest) -> Result<HttpResponse, Refused> {
    let asked = search::parameters(&request, &["mode", "_summary", "_elements"])?;
    let mode = asked.iter().find(|(name, _)| name == "mode").map(|(_, mode)| mode.as_str());
    let told = match mode {
        None | Some("full" | "normative") => Offer::at(&door).statement(),
        Some("terminology") => {
            let base = format!("{}/fhir", door.settings.server.public_url);
            terminology::capabilities(door.house.conformance.definitions(), &base)?
        }
        Some(_) => {
            let text = "mode is full, normative or terminology.";
            return Err(Problem::new(Category::BadSearch, text).into());
        }
    };
    Ok(anybody::may_have(fhir(StatusCode::OK, &told)))
}

/// What Kith offers in FHIR, by what it was started with.
pub struct Offer<'d> {
    /// Where it is.
    pub public_url: &'d str,
    /// The kinds of messages that it takes.
    pub catalogue: &'d Catalogue,
    /// What it can ask partners for.
    pub reading: &'d Table,
    /// What it publishes.
    pub publications: &'d Publications,
}

impl<'d> Offer<'d> {
    /// What is offered at this door.
    pub fn at(door: &'d Door) -> Self {
        Self {
            public_url: &door.settings.server.public_url,
            catalogue: &door.house.catalogue,
            reading: &door.house.reading,
            publications: door.house.conformance.publications(),
        }
    }

    /// It, as a CapabilityStatement.
    pub fn statement(&self) -> Value {
        statement(self)
    }
}

fn statement(offer: &Offer<'_>) -> Value {
    let base = format!("{}/fhir", offer.public_url);
    let interaction =
        |codes: &[&str]| codes.iter().map(|code| json!({ "code": code })).collect::<Vec<Value>>();
    let parameter =
        |name: &str, kind: &str, words: &str| json!({ "name": name, "type": kind, "documentation": words });
    let events: Vec<Value> = offer
        .catalogue
        .kinds()
        .filter(|kind| kind.mapping.has_door())
        .map(|kind| json!({ "mode": "receiver", "definition": format!("{}|{}", kind.mapping.event.0, kind.mapping.event.1), "title": kind.mapping.title }))
        .collect();
    let mut resources = vec![
        json!({ "type": "Flag", "versioning": "versioned-update", "updateCreate": false, "conditionalCreate": false, "conditionalUpdate": false, "interaction": interaction(&["create", "update", "search-type"]), "documentation": "Push a safeguarding flag; end it with status inactive or entered-in-error, If-Match and a removal reason. Searched, it is asked of the partners that hold it.", "searchParam": asked_of_sources() }),
        json!({ "type": "Consent", "versioning": "versioned-update", "readHistory": true, "updateCreate": false, "conditionalCreate": false, "conditionalUpdate": false, "conditionalRead": "not-match", "interaction": interaction(&["create", "read", "vread", "history-instance", "update", "search-type"]), "searchParam": [parameter("patient", "reference", "Only with the modifier :identifier and the NHS number."), parameter("status", "token", "")] }),
        json!({ "type": "AuditEvent", "versioning": "no-version", "interaction": interaction(&["read", "search-type"]), "documentation": "Who was told what about a child; for information governance.", "searchParam": [parameter("patient", "reference", "Only with the modifier :identifier and the NHS number."), parameter("date", "date", "May stand twice, for both ends.")] }),
        json!({ "type": "Task", "versioning": "no-version", "interaction": interaction(&["read", "update", "search-type"]), "documentation": "Receipts: one for each recipient of a message that you sent. Messages that one of your people has to have read (code=read) and recalls that you took (code=recall), acknowledged by an update; matters that you are to settle (code=settle).", "searchParam": [parameter("code", "token", "deliver, read, recall or settle."), parameter("group-identifier", "token", "The message's id."), parameter("status", "token", ""), parameter("_id", "token", ""), parameter("_lastUpdated", "date", "When it last changed; may stand twice, for both ends.")] }),
    ];
    for name in offer.reading.types().filter(|name| *name != "Flag") {
        resources.push(json!({ "type": name, "interaction": interaction(&["search-type"]), "documentation": "Asked of the partners that hold it, and cut to what you may have.", "searchParam": asked_of_sources() }));
    }
    let statement = json!({
        "resourceType": "CapabilityStatement",
        "name": "Kith",
        "title": "Kith: early-years information sharing",
        "status": "active",
        "date": "2026-11-25",
        "kind": "instance",
        "software": { "name": "Kith", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "Kith: early-years information sharing", "url": base },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "security": {
                "service": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR" }] }],
                "description": "Bearer access tokens (RFC 9068) of a registered identity provider with SMART v2 system scopes; see .well-known/smart-configuration.",
            },
            "resource": with_profiles(resources, offer.publications),
            "interaction": [{ "code": "batch", "documentation": "Each entry is decided, limited, journalled and answered as it would be alone. No transaction." }],
            "operation": [{ "name": "process-message", "definition": "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message" }],
        }],
        "messaging": [{ "endpoint": [{ "protocol": { "system": "http://terminology.hl7.org/CodeSystem/message-transport", "code": "http" }, "address": format!("{base}/$process-message") }], "documentation": events_in_words(&events) }],
    });
    without_empty(statement)
}

/// What a search that is put to sources takes.
fn asked_of_sources() -> Value {
    json!([
        { "name": "patient", "type": "reference", "documentation": "Only with the modifier :identifier and the NHS number." },
        { "name": "status", "type": "token" },
        { "name": "code", "type": "token" },
    ])
}

/// The scopes by which something can be done here.
fn scopes(door: &Door) -> Vec<String> {
    let fixed = [
        "system/Bundle.c",
        "system/Flag.cus",
        "system/Consent.crus",
        "system/Task.rus",
        "system/AuditEvent.rs",
        "system/Patient.ru",
        "system/Organization.u",
    ];
    let readable =
        door.house.reading.types().filter(|name| *name != "Flag").map(|name| format!("system/{name}.s"));
    fixed.iter().map(|scope| (*scope).to_owned()).chain(readable).collect()
}

/// Every type that can be held against a profile of Kith's, with those profiles and `$validate`; and the definitions.
fn with_profiles(mut resources: Vec<Value>, publications: &Publications) -> Vec<Value> {
    let mut profiles: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in publications.of_type("StructureDefinition") {
        if let (Some("resource"), Some(type_name), Some(url)) =
            (one.text("kind"), one.text("type"), one.url.as_deref())
        {
            profiles.entry(type_name).or_default().push(url);
        }
    }
    for type_name in definitions::TYPES {
        let search = definitions::PARAMETERS
            .iter()
            .map(|name| json!({ "name": name, "type": kind_of_parameter(name) }));
        resources.push(json!({
            "type": type_name,
            "conditionalRead": "not-match",
            "interaction": [{ "code": "read" }, { "code": "search-type" }],
            "documentation": if *type_name == "StructureMap" { "The mappings of the record kinds, one a direction; as text at /maps/KIND-to-fhir.map and /maps/KIND-to-record.map. No token is needed." } else { "Kith's own, as in its package (/package.tgz). No token is needed." },
            "searchParam": search.collect::<Vec<Value>>(),
        }));
    }
    let listed = |resources: &[Value], name: &str| resources.iter().any(|one| one["type"] == name);
    for type_name in profiles.keys() {
        if !listed(&resources, type_name) {
            resources.push(json!({ "type": type_name }));
        }
    }
    for resource in &mut resources {
        let own = resource["type"].as_str().and_then(|name| profiles.get(name));
        if let Some(own) = own {
            resource["supportedProfile"] = json!(own);
        }
        let mut operations = vec![
            json!({ "name": "validate", "definition": "http://hl7.org/fhir/OperationDefinition/Resource-validate", "documentation": "Of a type, or of what is to take the place of one resource; with profile and mode, as parameters of the query or in Parameters. No token is needed; nothing is kept. With GET, of one that is held here (Consent, Task, AuditEvent and definitions), for whoever may read it." }),
        ];
        for one in terminology::OPERATIONS.iter().filter(|one| resource["type"] == one.on) {
            let definition = format!("http://hl7.org/fhir/OperationDefinition/{}-{}", one.on, one.name);
            operations
                .push(json!({ "name": one.name, "definition": definition, "documentation": one.words }));
        }
        if resource["type"] == "Consent" {
            operations.push(json!({ "name": "explain", "definition": format!("{CANONICAL}OperationDefinition/consent-explain"), "documentation": "Why something is, or was, shared or withheld: Parameters in, Parameters out." }));
        }
        if resource["type"] == "Patient" {
            for (name, words) in NUMBERS {
                operations.push(json!({ "name": name, "definition": format!("{CANONICAL}OperationDefinition/patient-{name}"), "documentation": words }));
            }
            operations.push(json!({ "name": "school", "definition": format!("{CANONICAL}OperationDefinition/patient-school"), "documentation": "Which school a child attends, by NHS number and birth date; one child, or a list." }));
        }
        resource["operation"] = Value::Array(operations);
    }
    resources
}

/// What can be said of two NHS numbers.
const NUMBERS: [(&str, &str); 2] = [
    (
        "merge",
        "Two NHS numbers are one child's: what is on file under either counts for both. For partners whose directory entry says so.",
    ),
    ("unmerge", "Takes that back."),
];

/// The type of a search parameter for definitions.
fn kind_of_parameter(name: &str) -> &'static str {
    match name {
        "url" => "uri",
        "name" | "title" => "string",
        _ => "token",
    }
}

fn events_in_words(events: &[Value]) -> String {
    let words: Vec<String> = events
        .iter()
        .map(|event| {
            format!(
                "{} ({})",
                event["title"].as_str().unwrap_or_default(),
                event["definition"].as_str().unwrap_or_default()
            )
        })
        .collect();
    format!("Events by MessageHeader.eventCoding, as system|code: {}.", words.join("; "))
}

/// FHIR has no empty texts.
fn without_empty(mut value: Value) -> Value {
    fn clean(value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.retain(|_, inner| inner.as_str() != Some(""));
                object.values_mut().for_each(clean);
            }
            Value::Array(list) => list.iter_mut().for_each(clean),
            _ => {}
        }
    }
    clean(&mut value);
    value
}

/// SMART configuration (<https://hl7.org/fhir/smart-app-launch/conformance.html>): the first identity provider's.
pub async fn smart_configuration(door: AtDoor) -> Result<HttpResponse, Refused> {
    let provider = door.issuers.first_provider(crate::clock::now()).await.map_err(Problem::from)?;
    Ok(HttpResponse::Ok().json(json!({
        "issuer": provider.issuer,
        "jwks_uri": provider.jwks_uri,
        "token_endpoint": provider.token_endpoint,
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
        "scopes_supported": scopes(&door),
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    })))
}
