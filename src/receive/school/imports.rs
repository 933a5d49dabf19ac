//! `/school/imports`: lists of schools, children and places are sent, looked at, and committed or given up.

use std::io;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::intake::{Arriving, take_in};
use crate::clock;
use crate::pipeline::{commit_import, unavailable};
use crate::problem::{Category, Problem};
use crate::receive::access::{Caller, Door};
use crate::receive::caller::Verb;
use crate::receive::doors::AtDoor;
use crate::receive::headers;
use crate::receive::outcome::Refused;
use crate::school::{Form, faults_as_csv};
use crate::store::{Import, ImportState};

/// The most faults that one CSV lists.
const FAULTS_MAX: u32 = 10_000;

/// A file arrives and is compared with what is on file. 201 with the preview; nothing counts yet.
pub async fn post_import(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    form: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    let form = Form::named(&form).ok_or_else(|| {
        let names = Form::ALL.map(Form::name).join(", ");
        Problem::new(Category::NotFound, format!("There is no such form of a file. There are: {names}."))
    })?;
    may(&caller, form)?;
    media_type(&request, form)?;
    let (sender, chunks) = mpsc::channel(16);
    let limit = door.settings.school.import_bytes_max;
    let id = headers::of(&request).id;
    let reading = take_in(&door.house, id, form, &caller.sender.partner, Arriving::new(chunks), clock::now());
    let ((), import) = tokio::join!(feed(payload, sender, limit), reading);
    let import = import?;
    if import.state == ImportState::Refused {
        let why = import.note.unwrap_or_default();
        let category = if why.contains(TOO_LARGE) { Category::TooLarge } else { Category::Invalid };
        return Err(Problem::new(category, why).into());
    }
    let location = format!("{}/school/imports/{id}", door.settings.server.public_url);
    Ok(HttpResponse::build(StatusCode::CREATED).insert_header(("location", location)).json(shown(&import)))
}

const TOO_LARGE: &str = "it is larger than this door allows";

async fn feed(mut payload: Payload, sender: mpsc::Sender<io::Result<Bytes>>, limit: u64) {
    let mut read = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| io::Error::other("it ended before it was complete"));
        read += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        let chunk = if read > limit { Err(io::Error::other(TOO_LARGE)) } else { chunk };
        let is_wrong = chunk.is_err();
        if sender.send(chunk).await.is_err() || is_wrong {
            return;
        }
    }
}

fn may(caller: &Caller, form: Form) -> Result<(), Refused> {
    let (what, resource) = match form {
        Form::Gias | Form::GiasLinks => ("schools", "Organization"),
        Form::Children => ("children", "Patient"),
        Form::Places | Form::Ctf => ("school-places", "Patient"),
    };
    caller.may(resource, Verb::Update)?;
    caller.may_keep(what)
}

fn media_type(request: &HttpRequest, form: Form) -> Result<(), Problem> {
    let header =
        |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = header("content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known: &[&str] = match form {
        Form::Ctf => &["application/xml", "text/xml"],
        _ => &["text/csv"],
    };
    if known.contains(&essence.as_str()) && ["", "identity"].contains(&header("content-encoding")) {
        return Ok(());
    }
    let text = format!("Send this file with Content-Type: {}, without Content-Encoding.", known.join(" or "));
    Err(Problem::new(Category::MediaType, text))
}

/// How far an import is, and what it changes.
pub async fn get_import(caller: Caller, door: AtDoor, id: Path<String>) -> Result<HttpResponse, Refused> {
    let import = own(&caller, &door, &id).await?;
    Ok(HttpResponse::Ok().json(shown(&import)))
}

/// What is wrong with its rows, as CSV: line, column, what to do.
pub async fn get_faults(caller: Caller, door: AtDoor, id: Path<String>) -> Result<HttpResponse, Refused> {
    let import = own(&caller, &door, &id).await?;
    let faults = door
        .house
        .register
        .import_faults(import.id, FAULTS_MAX)
        .await
        .map_err(|error| unavailable(&error))?;
    let text = faults_as_csv(&faults).map_err(|error| Problem::internal("write a list", &error))?;
    Ok(HttpResponse::Ok().content_type("text/csv; charset=utf-8").body(text))
}

/// Makes it count.
pub async fn post_commit(caller: Caller, door: AtDoor, id: Path<String>) -> Result<HttpResponse, Refused> {
    let import = own(&caller, &door, &id).await?;
    may(&caller, import.form)?;
    let committed = commit_import(&door.house, &import, "", clock::now()).await?;
    Ok(HttpResponse::Ok().json(shown(&committed)))
}

/// Gives it up.
pub async fn delete_import(caller: Caller, door: AtDoor, id: Path<String>) -> Result<HttpResponse, Refused> {
    let import = own(&caller, &door, &id).await?;
    if import.state == ImportState::Committed {
        let text = "This import counts already. Send a file that says it as it is.";
        return Err(Problem::new(Category::BusinessRule, text).into());
    }
    door.house.register.drop_import(import.id).await.map_err(|error| unavailable(&error))?;
    Ok(HttpResponse::NoContent().finish())
}

/// An import of the caller's own; another's is like one that does not exist.
async fn own(caller: &Caller, door: &Door, id: &str) -> Result<Import, Problem> {
    let unknown = || Problem::new(Category::NotFound, "There is no such import of yours.");
    let id: Uuid = id.parse().map_err(|_| unknown())?;
    let found = door.house.register.import(id).await.map_err(|error| unavailable(&error))?;
    found.filter(|import| import.author == caller.sender.partner).ok_or_else(unknown)
}

/// An import as JSON, on the command line too.
pub fn shown(import: &Import) -> serde_json::Value {
    json!({
        "id": import.id,
        "form": import.form,
        "source": import.author,
        "begun": import.begun,
        "state": import.state,
        "lines": import.lines,
        "faults": import.faults,
        "summary": import.summary,
        "note": import.note.as_ref().filter(|_| import.state == ImportState::Refused),
    })
}
