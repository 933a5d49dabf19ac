//! `GET|POST|PUT /fhir/Consent`: consents kept with their versions. Withdrawing is a PUT with status `inactive`.

mod check;
mod history;
mod request;

use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use uuid::Uuid;

use super::access::{Caller, Door};
use super::body::{self, Body};
use super::caller::Verb;
use super::doors::AtDoor;
use super::follow;
use super::headers;
use super::outcome::{Refused, fhir};
use super::search::{self, Order, Part, SORT, TOTAL};
use super::versions::{self, Wanted, etag};
use crate::clock;
use crate::domain::{ChildKey, PartnerId, Role};
use crate::journal::{Entry, Event};
use crate::pipeline::{consent_scope, opened_consents, stamped, stored_consent, unavailable};
use crate::problem::{Category, Issue, Problem};
use crate::store::{ConsentChange, StoreError, StoredConsent};
pub use history::{get_history, get_version};

use check::{check, child};
use request::{Asked, public};

/// What consents can be sorted by.
pub const SORTED: &[&str] = &["_lastUpdated"];

/// Keeps a new consent: 201 with its id, version 1. The same request sent again gets the same answer.
pub async fn post_consent(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Consent", Verb::Create)?;
    caller.may_keep("Consent")?;
    let body = body::read(&door, &request, payload).await?;
    let message_id = headers::of(&request).id;
    // The id follows from the request's, so that a repeated request finds what the first one made.
    let id = Uuid::new_v5(&message_id, caller.sender.partner.as_str().as_bytes()).to_string();
    let asked = Asked::of(&door, &caller, message_id, "consent", &body.bytes);
    if let Some(first) = asked.answered(&door, &id).await? {
        return answer(&door, &request, StatusCode::CREATED, &first);
    }
    let new = Version { author: &caller.sender.partner, id: &id, number: 1, asked: &asked };
    let kept = write(&door, &caller, &body, new).await?;
    answer(&door, &request, StatusCode::CREATED, &kept)
}

/// Changes a consent: 200 with the next version. The child cannot change.
pub async fn put_consent(
    caller: Caller,
    door: AtDoor,
    id: Path<String>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Consent", Verb::Update)?;
    caller.may_keep("Consent")?;
    let version = versions::if_match(&request)?;
    let body = body::read(&door, &request, payload).await?;
    let stored = own(&door, &caller, &id).await?.ok_or_else(not_found)?;
    let message_id = headers::of(&request).id;
    let asked = Asked::of(&door, &caller, message_id, &format!("consent/{id}"), &body.bytes);
    if let Some(first) = asked.answered(&door, &id).await? {
        return answer(&door, &request, StatusCode::OK, &first);
    }
    if stored.version != version {
        return Err(conflict(stored.version).into());
    }
    let subject = door.house.vault.child_key(&child(&body.value)?);
    if !is_same_child(&door, &subject, &stored.child).await? {
        let issue =
            Issue::error("business-rule", "A consent cannot be moved to another child. Make a new one.");
        return Err(Problem::with(Category::BusinessRule, vec![issue.at("Consent.patient")]).into());
    }
    if body.value.get("id").and_then(Value::as_str).is_some_and(|given| given != id.as_str()) {
        let issue = Issue::error("value", "The id in the body is not that of the address.");
        return Err(Problem::with(Category::Invalid, vec![issue.at("Consent.id")]).into());
    }
    let changed = Version { author: &stored.author, id: &id, number: version + 1, asked: &asked };
    let kept = write(&door, &caller, &body, changed).await?;
    answer(&door, &request, StatusCode::OK, &kept)
}

/// Two active consents of one person for one kind of thing cannot be.
fn second() -> Problem {
    let text = "The patient already has an active consent of this kind from this person. Change it with PUT, or end it first.";
    Problem::new(Category::BusinessRule, text)
}

/// Refuses a second active consent where the first is on file under another of the child's numbers; under one number the store does.
async fn alone_by_other_numbers(
    door: &Door,
    child: &ChildKey,
    version: &Version<'_>,
    resource: &Value,
) -> Result<(), Problem> {
    let file = door.house.store.child_file(child).await.map_err(|error| unavailable(&error))?;
    let is_first = |one: &StoredConsent| {
        one.child != *child
            && one.status == "active"
            && one.id != version.id
            && one.scope == consent_scope(&door.house, &one.child, version.author, resource)
    };
    if file.consents.iter().any(is_first) { Err(second()) } else { Ok(()) }
}

/// Whether two keys are of one child, which may have got another number.
async fn is_same_child(door: &Door, one: &ChildKey, other: &ChildKey) -> Result<bool, Problem> {
    if one == other {
        return Ok(true);
    }
    let numbers = door.house.numbers.numbers_of(one).await.map_err(|error| unavailable(&error))?;
    Ok(numbers.contains(other))
}

/// A consent in its current version, for who brought it and for information governance.
pub async fn get_consent(
    caller: Caller,
    door: AtDoor,
    part: Part,
    id: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    caller.may("Consent", Verb::Read)?;
    let stored = own(&door, &caller, &id).await?.ok_or_else(not_found)?;
    shown(&door, &request, &stored, &part)
}

/// The consents of a child (`patient:identifier=system|number`), of those the caller may see; `_sort` puts them in order.
pub async fn search_consents(
    caller: Caller,
    door: AtDoor,
    query: search::Query,
) -> Result<HttpResponse, Refused> {
    caller.may("Consent", Verb::Search)?;
    let parameters = query.parameters(&["patient:identifier", "status", SORT, TOTAL])?;
    let order = Order::one(&parameters, SORTED)?;
    let status = parameters.iter().find(|(name, _)| name == "status").map(|(_, value)| value.as_str());
    let number = search::child(&parameters)?;
    let file = door
        .house
        .store
        .child_file(&door.house.vault.child_key(&number))
        .await
        .map_err(|error| unavailable(&error))?;
    let mut seen: Vec<StoredConsent> = file
        .consents
        .into_iter()
        .filter(|consent| {
            may_see(&caller, &consent.author) && status.is_none_or(|status| status == consent.status)
        })
        .collect();
    if let Some(order) = order {
        seen.sort_by(|one, other| order.turned(one.updated.cmp(&other.updated)));
    }
    let resources: Vec<Value> = opened_consents(&door.house, &seen)?
        .into_iter()
        .map(|consent| public(consent.resource.into_inner()))
        .collect();
    let page = search::Page { count: 0, offset: 0, total: resources.len() as u64, paged: false };
    let bundle =
        search::searchset(&door.settings.server.public_url, "Consent", &parameters, &page, resources)?;
    Ok(fhir(StatusCode::OK, &bundle))
}

fn may_see(caller: &Caller, author: &PartnerId) -> bool {
    caller.sender.role == Role::InformationGovernance || caller.wrote(author)
}

fn not_found() -> Problem {
    Problem::new(Category::NotFound, "There is no such consent of yours.")
}

fn conflict(version: u32) -> Problem {
    let text = format!(
        "The consent is at version {version}; If-Match names another. Read it, then send If-Match: {}.",
        etag(version)
    );
    Problem::new(Category::VersionConflict, text)
}

/// A consent that the caller may see; somebody else's is like one that does not exist.
async fn own(door: &Door, caller: &Caller, id: &str) -> Result<Option<StoredConsent>, Refused> {
    let stored = door.house.store.consent(id).await.map_err(|error| unavailable(&error))?;
    Ok(stored.filter(|stored| may_see(caller, &stored.author)))
}

struct Version<'a> {
    /// Who brought the consent, which a change by others leaves as it is.
    author: &'a PartnerId,
    id: &'a str,
    number: u32,
    asked: &'a Asked,
}

async fn write(
    door: &Door,
    caller: &Caller,
    body: &Body,
    version: Version<'_>,
) -> Result<StoredConsent, Refused> {
    check(door, body)?;
    let resource = &body.value;
    let number = child(resource)?;
    let child = door.house.vault.child_key(&number);
    let now = clock::now();
    let kept = version.asked.kept_with(stamped(resource.clone(), version.id, version.number, now));
    let scope = consent_scope(&door.house, &child, version.author, resource);
    if resource.get("status").and_then(Value::as_str) == Some("active") {
        alone_by_other_numbers(door, &child, &version, resource).await?;
    }
    let consent =
        stored_consent(&door.house, &kept, version.id, version.number, &child, version.author, &scope, now)?;
    let entry = Entry {
        note: Some(format!("consent {}/{} is {}", consent.id, consent.version, consent.status)),
        ..Entry::new(
            Event::ConsentChanged,
            now,
            child,
            caller.sender.partner.clone(),
            version.asked.message_id,
            "Consent".to_owned(),
        )
    };
    let replaces = (version.number > 1).then(|| version.number - 1);
    let change = ConsentChange { consent, replaces };
    match door.house.store.change_consent(&change, &entry).await {
        Ok(()) => {
            follow::up(door, &number, &caller.sender.partner, None).await;
            Ok(change.consent)
        }
        Err(StoreError::ActiveConsent) => Err(second().into()),
        // Two at once: when the other was this same request, its version is the answer.
        Err(StoreError::VersionConflict(on_file)) => {
            version.asked.answered(door, version.id).await?.ok_or_else(|| conflict(on_file).into())
        }
        Err(error) => Err(unavailable(&error).into()),
    }
}

/// What is answered to a change, as far as it is wanted.
fn answer(
    door: &Door,
    request: &HttpRequest,
    status: StatusCode,
    stored: &StoredConsent,
) -> Result<HttpResponse, Refused> {
    let mut answer = HttpResponse::build(status);
    versions::stamp(&mut answer, stored.version, stored.updated);
    if status == StatusCode::CREATED {
        let base = &door.settings.server.public_url;
        answer.insert_header((
            "location",
            format!("{base}/fhir/Consent/{}/_history/{}", stored.id, stored.version),
        ));
    }
    let said = Issue::information("informational", "The consent is on file.");
    Ok(versions::body(&mut answer, &Wanted::by(request).of(&opened(door, stored)?, &[said])))
}

/// What is asked of one version; of one that the caller knows already, that it is still the one.
fn shown(
    door: &Door,
    request: &HttpRequest,
    stored: &StoredConsent,
    part: &Part,
) -> Result<HttpResponse, Refused> {
    let is_known = versions::is_known(request, &versions::etag(stored.version));
    let mut answer = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    versions::stamp(&mut answer, stored.version, stored.updated);
    let shown = if is_known { Value::Null } else { part.of(&opened(door, stored)?) };
    Ok(versions::body(&mut answer, &shown))
}

fn opened(door: &Door, stored: &StoredConsent) -> Result<Value, Refused> {
    let opened = opened_consents(&door.house, std::slice::from_ref(stored))?;
    Ok(opened.into_iter().next().map(|consent| public(consent.resource.into_inner())).unwrap_or_default())
}
