//! `GET /fhir/{type}/{id}/$validate`: what is wrong with a resource that Kith holds, for whoever may read it there.

use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};

use super::{known, validated};
use crate::problem::{Category, Problem, outcome};
use crate::receive::access::Caller;
use crate::receive::doors::AtDoor;
use crate::receive::outcome::{Refused, fhir};
use crate::receive::search::Part;
use crate::receive::{audit, consents, definitions, search, tasks};

/// Of a consent in its current version.
pub async fn get_consent(
    caller: Caller,
    door: AtDoor,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let read = consents::get_consent(caller, door.clone(), Part::Whole, id, request.clone()).await?;
    of(&door, &request, read).await
}

/// Of a receipt, a recall or a matter.
pub async fn get_task(
    caller: Caller,
    door: AtDoor,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let read = tasks::get_task(caller, door.clone(), Part::Whole, id).await?;
    of(&door, &request, read).await
}

/// Of an entry of the journal.
pub async fn get_audit_event(
    caller: Caller,
    door: AtDoor,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let read = audit::get_audit_event(caller, door.clone(), request.clone(), Part::Whole, id).await?;
    of(&door, &request, read).await
}

/// Of a definition, for everybody.
pub async fn get_definition(
    door: AtDoor,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let read = definitions::get_definition(door.clone(), request.clone(), Part::Whole, id).await?;
    of(&door, &request, read).await
}

/// Checks what was read, against its type and the profile in the query.
async fn of(door: &AtDoor, request: &HttpRequest, read: HttpResponse) -> Result<HttpResponse, Refused> {
    if read.status() != StatusCode::OK {
        return Ok(read);
    }
    let query = search::parameters(request, &["profile"])?;
    let profiles: Vec<String> = query.into_iter().map(|(_, profile)| profile).collect();
    known(door, &profiles)?;
    let unread = |error: &dyn std::fmt::Display| Problem::internal("read what it holds", error);
    let body = to_bytes(read.into_body()).await.map_err(|error| unread(&error))?;
    let text = String::from_utf8(body.to_vec()).map_err(|error| unread(&error))?;
    let found = validated(door, text, profiles).await?;
    Ok(fhir(StatusCode::OK, &outcome(&found.issues(), Some(Category::Invalid))))
}
