//! `GET /fhir/{Flag|Observation|Encounter|CarePlan|CareTeam|QuestionnaireResponse}?patient:identifier=…`: what others hold about a child, as
//! far as the caller may have it (<https://hl7.org/fhir/R4/http.html#search>).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::access::Caller;
use super::address::resource_type;
use super::caller::Verb;
use super::doors::AtDoor;
use super::headers;
use super::outcome::{Refused, fhir};
use super::search;
use crate::clock;
use crate::pipeline::{Reading, read_through};
use crate::problem::{Category, Issue, Problem, outcome};

/// A searchset. Its total counts what is in it and nothing else; a source that gave no answer is named in an OperationOutcome entry.
pub async fn search_sources(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    query: search::Query,
) -> Result<HttpResponse, Refused> {
    let resource_type = resource_type(&request).to_owned();
    if !door.house.reading.types().any(|known| known == resource_type) {
        let text =
            "There is nothing at this address. GET /fhir/metadata and /openapi.json list what there is.";
        return Err(Problem::new(Category::NotFound, text).into());
    }
    caller.may(&resource_type, Verb::Search)?;
    let parameters = query.parameters(&["patient:identifier", "status", "code"])?;
    let child = search::child(&parameters)?;
    let reading = Reading {
        asker: &caller.sender,
        resource_type: &resource_type,
        child: &child,
        request_id: headers::of(&request).id,
        at: clock::now(),
    };
    let found = read_through(&door.house, door.sources.as_ref(), &reading).await?;
    let value =
        |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let wanted = |resource: &Value| {
        value("status").is_none_or(|status| has_status(resource, status))
            && value("code").is_none_or(|code| has_code(resource, code))
    };
    let resources: Vec<Value> = found.resources.into_iter().filter(wanted).collect();
    let page = search::Page { count: 0, offset: 0, total: resources.len() as u64, paged: false };
    let base = &door.settings.server.public_url;
    let mut bundle = search::searchset(base, &resource_type, &parameters, &page, resources)?;
    name_addresses(&mut bundle);
    for (name, why) in found.missing {
        let issue = Issue::warning("incomplete", format!("{name}: {why}. What it holds is missing here."));
        let full_url = format!("urn:uuid:{}", uuid::Uuid::new_v5(&reading.request_id, name.as_bytes()));
        let resource = outcome(&[issue], None);
        let entry = json!({ "fullUrl": full_url, "resource": resource, "search": { "mode": "outcome" } });
        if let Some(entries) = bundle.get_mut("entry").and_then(Value::as_array_mut) {
            entries.push(entry);
        } else {
            bundle["entry"] = json!([entry]);
        }
    }
    Ok(fhir(StatusCode::OK, &bundle))
}

/// These resources have no address at Kith, which keeps none of them.
fn name_addresses(bundle: &mut Value) {
    for entry in bundle.get_mut("entry").and_then(Value::as_array_mut).into_iter().flatten() {
        let id = entry.pointer("/resource/id").and_then(Value::as_str).unwrap_or_default();
        entry["fullUrl"] = json!(format!("urn:uuid:{id}"));
    }
}

fn has_status(resource: &Value, wanted: &str) -> bool {
    let status = resource.get("status").and_then(Value::as_str).unwrap_or_default();
    wanted.split(',').any(|one| one.rsplit('|').next() == Some(status))
}

/// `code` or `system|code`, several joined by commas.
fn has_code(resource: &Value, wanted: &str) -> bool {
    let codings = resource.pointer("/code/coding").and_then(Value::as_array);
    let fits = |coding: &Value, one: &str| {
        let part = |key: &str| coding.get(key).and_then(Value::as_str).unwrap_or_default();
        match one.split_once('|') {
            Some((system, code)) => system == part("system") && (code.is_empty() || code == part("code")),
            None => one == part("code"),
        }
    };
    codings.into_iter().flatten().any(|coding| wanted.split(',').any(|one| fits(coding, one)))
}
