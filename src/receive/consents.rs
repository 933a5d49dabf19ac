//! `GET|POST|PUT /fhir/Consent`: consents kept with their versions. Withdrawing is a PUT with status `inactive`.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use uuid::Uuid;

use super::access::{Caller, Door};
use super::body;
use super::caller::Verb;
use super::headers::{self, etag};
use super::outcome::{FHIR_JSON, Refused, fhir};
use super::search;
use crate::clock;
use crate::domain::{ChildKey, NHS_NUMBER_SYSTEM, NhsNumber, PartnerId, Role};
use crate::journal::{Entry, Event};
use crate::pipeline::{consent_scope, opened_consents, stamped, stored_consent, unavailable};
use crate::problem::{Category, Issue, Problem, Severity};
use crate::profile::{Conformance, Structure};
use crate::store::{ConsentChange, StoreError, StoredConsent};

/// Statuses of a Consent (<https://hl7.org/fhir/R4/valueset-consent-state-codes.html>).
const STATUSES: &[&str] = &["draft", "proposed", "active", "rejected", "inactive", "entered-in-error"];

/// Keeps a new consent: 201 with its id, version 1. The same request sent again gets the same answer.
pub async fn post_consent(
    caller: Caller,
    door: Data<Door>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Consent", Verb::Create)?;
    let body = body::read(&door, &request, payload).await?;
    let message_id = headers::of(&request).id;
    // The id follows from the request's, so that a repeated request finds what the first one made.
    let hash = super::submission::body_hash(&door, "consent", &body.bytes);
    let id = Uuid::new_v5(&message_id, caller.sender.partner.as_str().as_bytes()).to_string();
    if let Some(first) = own(&door, &caller, &id).await? {
        let same = digest_of(&first) == Some(hash.as_str());
        return if same {
            answer(&door, StatusCode::CREATED, &first.0)
        } else {
            Err(crate::pipeline::duplicate().into())
        };
    }
    let change = write(
        &door,
        &caller,
        &body.value,
        Version { author: &caller.sender.partner, id: &id, number: 1, message_id, hash: &hash },
    )
    .await?;
    answer(&door, StatusCode::CREATED, &change)
}

/// Changes a consent: 200 with the next version. The child cannot change.
pub async fn put_consent(
    caller: Caller,
    door: Data<Door>,
    id: Path<String>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Consent", Verb::Update)?;
    let version = headers::if_match(&request)?;
    let body = body::read(&door, &request, payload).await?;
    let (stored, _) = own(&door, &caller, &id).await?.ok_or_else(not_found)?;
    if stored.version != version {
        return Err(conflict(stored.version).into());
    }
    let subject = child(&door, &body.value)?;
    if subject != stored.child {
        let issue =
            Issue::error("business-rule", "A consent cannot be moved to another child. Make a new one.");
        return Err(Problem::with(Category::BusinessRule, vec![issue.at("Consent.patient")]).into());
    }
    if body.value.get("id").and_then(Value::as_str).is_some_and(|given| given != id.as_str()) {
        let issue = Issue::error("value", "The id in the body is not that of the address.");
        return Err(Problem::with(Category::Invalid, vec![issue.at("Consent.id")]).into());
    }
    let message_id = headers::of(&request).id;
    let changed = Version { author: &stored.author, id: &id, number: version + 1, message_id, hash: "" };
    let change = write(&door, &caller, &body.value, changed).await?;
    answer(&door, StatusCode::OK, &change)
}

/// A consent in its current version, for who brought it and for information governance.
pub async fn get_consent(
    caller: Caller,
    door: Data<Door>,
    id: Path<String>,
) -> Result<HttpResponse, Refused> {
    caller.may("Consent", Verb::Read)?;
    let (stored, _) = own(&door, &caller, &id).await?.ok_or_else(not_found)?;
    answer(&door, StatusCode::OK, &stored)
}

/// The consents of a child (`patient:identifier=system|number`), of those the caller may see.
pub async fn search_consents(
    caller: Caller,
    door: Data<Door>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    caller.may("Consent", Verb::Search)?;
    let parameters = search::parameters(&request, &["patient:identifier", "status"])?;
    let value =
        |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let token = value("patient:identifier").ok_or_else(|| {
        Problem::new(Category::BadSearch, format!("Say whose: patient:identifier={NHS_NUMBER_SYSTEM}|…"))
    })?;
    let number = token.strip_prefix(&format!("{NHS_NUMBER_SYSTEM}|")).unwrap_or_default();
    let number: NhsNumber = number.parse().map_err(|error| {
        Problem::new(
            Category::BadSearch,
            format!("patient:identifier is {NHS_NUMBER_SYSTEM}| and the NHS number; {error}."),
        )
    })?;
    let file = door
        .house
        .store
        .child_file(&door.house.vault.child_key(&number))
        .await
        .map_err(|error| unavailable(&error))?;
    let status = value("status");
    let seen: Vec<StoredConsent> = file
        .consents
        .into_iter()
        .filter(|consent| {
            may_see(&caller, &consent.author) && status.is_none_or(|status| status == consent.status)
        })
        .collect();
    let resources: Vec<Value> = opened_consents(&door.house, &seen)?
        .into_iter()
        .map(|consent| public(consent.resource.into_inner()))
        .collect();
    let page = search::Page { count: 0, offset: 0, total: resources.len() as u64 };
    let bundle =
        search::searchset(&door.settings.server.public_url, "Consent", &parameters, &page, resources);
    Ok(fhir(StatusCode::OK, &bundle))
}

fn may_see(caller: &Caller, author: &PartnerId) -> bool {
    caller.sender.role == Role::InformationGovernance || *author == caller.sender.partner
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

/// A consent that the caller may see, with its resource; somebody else's is like one that does not exist.
async fn own(door: &Door, caller: &Caller, id: &str) -> Result<Option<(StoredConsent, Value)>, Refused> {
    let stored = door.house.store.consent(id).await.map_err(|error| unavailable(&error))?;
    let Some(stored) = stored.filter(|stored| may_see(caller, &stored.author)) else { return Ok(None) };
    let opened = opened_consents(&door.house, std::slice::from_ref(&stored))?;
    Ok(opened.into_iter().next().map(|consent| (stored, consent.resource.into_inner())))
}

/// Where the hash of the first request is kept in the sealed resource; it is taken out before anybody sees it.
const REQUEST_HASH: &str = "_kithRequest";

fn digest_of((_, resource): &(StoredConsent, Value)) -> Option<&str> {
    resource.get(REQUEST_HASH).and_then(Value::as_str)
}

fn public(mut resource: Value) -> Value {
    if let Some(object) = resource.as_object_mut() {
        object.remove(REQUEST_HASH);
    }
    resource
}

struct Version<'a> {
    /// Who brought the consent, which a change by information governance leaves as it is.
    author: &'a PartnerId,
    id: &'a str,
    number: u32,
    message_id: Uuid,
    hash: &'a str,
}

async fn write(
    door: &Door,
    caller: &Caller,
    resource: &Value,
    version: Version<'_>,
) -> Result<StoredConsent, Refused> {
    check(resource)?;
    let child = child(door, resource)?;
    let now = clock::now();
    let mut kept = stamped(resource.clone(), version.id, version.number, now);
    kept[REQUEST_HASH] = Value::String(version.hash.to_owned());
    let scope = consent_scope(&door.house, &child, version.author, resource);
    let consent =
        stored_consent(&door.house, &kept, version.id, version.number, &child, version.author, &scope, now)?;
    let entry = Entry {
        at: now,
        event: Event::ConsentChanged,
        child,
        sender: caller.sender.partner.clone(),
        recipient: None,
        message_id: version.message_id,
        kind: "Consent".to_owned(),
        delivery: None,
        decisions: vec![],
        note: Some(format!("consent {}/{} is {}", consent.id, consent.version, consent.status)),
    };
    let replaces = (version.number > 1).then(|| version.number - 1);
    let change = ConsentChange { consent, replaces };
    match door.house.store.change_consent(&change, &entry).await {
        Ok(()) => Ok(change.consent),
        Err(StoreError::ActiveConsent) => {
            let text = "The patient already has an active consent of this kind from this person. Change it with PUT, or end it first.";
            Err(Problem::new(Category::BusinessRule, text).into())
        }
        Err(StoreError::VersionConflict(on_file)) => Err(conflict(on_file).into()),
        Err(error) => Err(unavailable(&error).into()),
    }
}

/// What a Consent must say so that Kith can act on it.
fn check(resource: &Value) -> Result<(), Problem> {
    let mut issues = Vec::new();
    let text = |key: &str| resource.get(key).and_then(Value::as_str);
    let mut missing = |what: &str, at: &str| {
        issues.push(
            Issue::error("required", format!("The consent does not say {what}.")).at(format!("Consent.{at}")),
        );
    };
    if text("resourceType") != Some("Consent") {
        let issue = Issue::error("structure", "This address takes a Consent.").at("resourceType");
        return Err(Problem::with(Category::Invalid, vec![issue]));
    }
    if resource.get("scope").is_none() {
        missing("its scope", "scope");
    }
    if resource.get("category").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        missing("its category", "category");
    }
    if resource.get("policy").is_none() && resource.get("policyRule").is_none() {
        missing("the policy it stands under (ppc-1: policy or policyRule)", "policyRule");
    }
    if !matches!(resource.pointer("/provision/type").and_then(Value::as_str), Some("permit" | "deny")) {
        missing("whether it permits or denies: permit or deny", "provision.type");
    }
    if !text("status").is_some_and(|status| STATUSES.contains(&status)) {
        let words = format!("The status is one of: {}.", STATUSES.join(", "));
        issues.push(Issue::error("code-invalid", words).at("Consent.status"));
    }
    issues.extend(Structure.issues(resource).into_iter().filter(|issue| issue.severity == Severity::Error));
    if issues.is_empty() { Ok(()) } else { Err(Problem::with(Category::Invalid, issues)) }
}

fn child(door: &Door, resource: &Value) -> Result<ChildKey, Problem> {
    let part = |key: &str| resource.pointer(&format!("/patient/identifier/{key}")).and_then(Value::as_str);
    let number = part("value").filter(|_| part("system") == Some(NHS_NUMBER_SYSTEM));
    let wrong = |text: String| {
        Problem::with(Category::Invalid, vec![Issue::error("value", text).at("Consent.patient.identifier")])
    };
    let number = number.ok_or_else(|| {
        wrong(
            "The consent does not say whose. Add patient.identifier with the child's NHS number.".to_owned(),
        )
    })?;
    let number: NhsNumber =
        number.parse().map_err(|error| wrong(format!("The NHS number is wrong: {error}.")))?;
    Ok(door.house.vault.child_key(&number))
}

fn answer(door: &Door, status: StatusCode, stored: &StoredConsent) -> Result<HttpResponse, Refused> {
    let opened = opened_consents(&door.house, std::slice::from_ref(stored))?;
    let resource =
        opened.into_iter().next().map(|consent| public(consent.resource.into_inner())).unwrap_or_default();
    let location =
        format!("{}/fhir/Consent/{}/_history/{}", door.settings.server.public_url, stored.id, stored.version);
    let mut answer = HttpResponse::build(status);
    answer.content_type(FHIR_JSON).insert_header(("etag", etag(stored.version)));
    if status == StatusCode::CREATED {
        answer.insert_header(("location", location));
    }
    Ok(answer.body(resource.to_string()))
}
