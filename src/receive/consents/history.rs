//! `GET /fhir/Consent/{id}/_history` and `…/_history/{version}`: every version of a consent, for who brought it and for information
//! governance (<https://hl7.org/fhir/R4/http.html#history>).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::{may_see, not_found, shown};
use crate::pipeline::{opened_consents, unavailable};
use crate::receive::access::{Caller, Door};
use crate::receive::caller::Verb;
use crate::receive::consents::request::public;
use crate::receive::doors::AtDoor;
use crate::receive::outcome::{Refused, fhir};
use crate::receive::search::Part;
use crate::store::StoredConsent;

/// All versions, newest first.
pub async fn get_history(caller: Caller, door: AtDoor, id: Path<String>) -> Result<HttpResponse, Refused> {
    let versions = versions(&caller, &door, &id).await?;
    let opened = opened_consents(&door.house, &versions)?;
    let base = format!("{}/fhir/Consent/{id}", door.settings.server.public_url);
    let entry = |(stored, opened): (&StoredConsent, Value)| {
        let method = if stored.version == 1 { "POST" } else { "PUT" };
        let (url, status) = match method {
            "POST" => ("Consent".to_owned(), "201"),
            _ => (format!("Consent/{id}"), "200"),
        };
        json!({
            "fullUrl": base,
            "resource": opened,
            "request": { "method": method, "url": url },
            "response": { "status": status, "etag": super::etag(stored.version) },
        })
    };
    let resources = opened.into_iter().map(|consent| public(consent.resource.into_inner()));
    let entries: Vec<Value> = versions.iter().zip(resources).map(entry).collect();
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "history",
        "total": entries.len(),
        "link": [{ "relation": "self", "url": format!("{base}/_history") }],
        "entry": entries,
    });
    Ok(fhir(StatusCode::OK, &bundle))
}

/// One version.
pub async fn get_version(
    caller: Caller,
    door: AtDoor,
    part: Part,
    path: Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let (id, version) = path.into_inner();
    let versions = versions(&caller, &door, &id).await?;
    let wanted = versions.into_iter().find(|stored| stored.version.to_string() == version);
    shown(&door, &request, &wanted.ok_or_else(not_found)?, &part)
}

/// The versions, newest first; of a consent that the caller may not see, none, as of one that does not exist.
async fn versions(caller: &Caller, door: &Door, id: &str) -> Result<Vec<StoredConsent>, Refused> {
    caller.may("Consent", Verb::Read)?;
    let versions = door.house.store.consent_history(id).await.map_err(|error| unavailable(&error))?;
    let visible = versions.first().is_some_and(|stored| may_see(caller, &stored.author));
    if visible { Ok(versions) } else { Err(not_found().into()) }
}
