//! `GET /fhir/Task/{id}` and `GET /fhir/Task?…`: receipts, recalls, what is to be read, and matters; `PUT /fhir/Task/{id}`: a recipient's
//! word that somebody read what it was sent, or that a recall was done.
//!
//! Receipts are seen by the sender only: a recipient must not learn that something was withheld from it. A recall, or what somebody has
//! to have read, is also seen by its recipient, who owns it. Whoever took over a partner's part sees what that one saw. A matter (`code=settle`) is seen by the partners that are to settle it and by information governance.

mod order;
mod render;

use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{Caller, Door};
use super::body;
use super::caller::Verb;
use super::doors::AtDoor;
use super::headers;
use super::outcome::{Refused, fhir};
use super::search::{self, Part, SORT, TOTAL, Within};
use crate::clock;
use crate::domain::Role;
use crate::journal::{Entry, Event};
use crate::pipeline::{RECALL, unavailable};
use crate::problem::{Category, Issue, Problem};
use crate::store::{Delivery, Matches, Matter, State, TaskQuery};
pub use order::SORTED;
use order::{of_matters, order};
use render::{matter, owned, receipt};

/// What a search takes.
const PARAMETERS: &[&str] =
    &["code", "group-identifier", "status", "_id", "_lastUpdated", "_count", "_offset", SORT, TOTAL];

/// One receipt, recall or matter.
pub async fn get_task(
    caller: Caller,
    door: AtDoor,
    part: Part,
    id: Path<String>,
) -> Result<HttpResponse, Refused> {
    caller.may("Task", Verb::Read)?;
    let id = Uuid::try_parse(&id).map_err(|_| not_found())?;
    if let Some(delivery) = door.house.store.task(id).await.map_err(|error| unavailable(&error))? {
        if caller.wrote(&delivery.sender) {
            return Ok(fhir(StatusCode::OK, &part.of(&receipt(&door, &delivery))));
        }
        if is_owned(&door, &caller, &delivery) {
            return Ok(fhir(StatusCode::OK, &part.of(&owned(&door, &delivery))));
        }
    }
    let found = door.house.store.matter(id).await.map_err(|error| unavailable(&error))?;
    let governs = caller.sender.role == Role::InformationGovernance;
    let found = found.filter(|matter| governs || matter.owners.iter().any(|owner| caller.wrote(owner)));
    let found = found.ok_or_else(not_found)?;
    Ok(fhir(StatusCode::OK, &part.of(&with_consents(&caller, &door, &found).await?)))
}

/// A matter with the consents that it is about, of those that the caller may read: by them its owner knows the child.
async fn with_consents(caller: &Caller, door: &Door, one: &Matter) -> Result<Value, Problem> {
    let file = door.house.store.child_file(&one.child).await.map_err(|error| unavailable(&error))?;
    let all = caller.sender.role == Role::InformationGovernance;
    let own = file.consents.iter().filter(|consent| all || caller.wrote(&consent.author));
    let ids: Vec<&str> = own.map(|consent| consent.id.as_str()).collect();
    Ok(matter(door, one, &ids))
}

/// What a recipient owns: a recall that it took, or something that one of its people has to have read.
fn is_owned(door: &Door, caller: &Caller, delivery: &Delivery) -> bool {
    door.house.is_awaited(&delivery.kind)
        && caller.wrote(&delivery.recipient)
        && delivery.state == State::Completed
}

fn not_found() -> Problem {
    Problem::new(Category::NotFound, "There is no such Task of yours.")
}

async fn matters(caller: &Caller, door: &Door) -> Result<Vec<Matter>, Problem> {
    let of = async |owner| door.house.store.matters(owner).await.map_err(|error| unavailable(&error));
    if caller.sender.role == Role::InformationGovernance {
        return of(None).await;
    }
    let mut found: Vec<Matter> = Vec::new();
    for owner in caller.writes_as() {
        let more = of(Some(owner)).await?;
        found.extend(
            more.into_iter().filter(|one| !found.iter().any(|known| known.id == one.id)).collect::<Vec<_>>(),
        );
    }
    Ok(found)
}

/// Tasks, newest first unless `_sort` says otherwise, narrowed by `_id` and by when they last changed (`_lastUpdated`, once or twice), paged by `_count` and `_offset`: without `code` the receipts of what the caller sent, by message
/// (`group-identifier`) and state (`status`); with `code=recall` the recalls that it took, with `code=read` what one of its people has to have
/// read; with `code=settle` the matters that it
/// is to settle.
pub async fn search_tasks(
    caller: Caller,
    door: AtDoor,
    query: search::Query,
) -> Result<HttpResponse, Refused> {
    caller.may("Task", Verb::Search)?;
    let parameters = query.parameters(PARAMETERS)?;
    let awaited: Vec<String> = door.house.awaited().map(str::to_owned).collect();
    let mut query = TaskQuery { count: 50, awaited, ..TaskQuery::default() };
    let (mut code, mut changed) = ("deliver", Within::default());
    for (name, value) in &parameters {
        match name.as_str() {
            "code" => code = value.rsplit('|').next().unwrap_or_default(),
            "group-identifier" => query.message_id = Some(message_id(value)?),
            "status" => (query.states, query.read) = states(value)?,
            "_id" => query.ids = ids(value),
            "_lastUpdated" => changed = changed.and(&Within::read(name, value)?),
            "_count" => query.count = search::number(name, value)?.min(200),
            "_offset" => query.offset = search::number(name, value)?,
            _ => {}
        }
    }
    (query.changed_from, query.changed_until) = (changed.from, changed.until);
    query.order = order(&parameters, code)?;
    let (entries, total) = match code {
        "deliver" => {
            query.senders = caller.writes_as().to_vec();
            let (found, total) = door.house.store.tasks(&query).await.map_err(|error| unavailable(&error))?;
            (found.iter().map(|delivery| receipt(&door, delivery)).collect(), total)
        }
        "recall" | "read" => {
            query.taken_by = caller.writes_as().to_vec();
            let is_recall = |kind: &&String| (kind.as_str() == RECALL) == (code == "recall");
            query.kinds = query.awaited.iter().filter(is_recall).cloned().collect();
            let (found, total) = door.house.store.tasks(&query).await.map_err(|error| unavailable(&error))?;
            (found.iter().map(|delivery| owned(&door, delivery)).collect(), total)
        }
        "settle" => {
            let (found, total) = page_of_matters(&caller, &door, &query).await?;
            (found, Matches::Exactly(total))
        }
        _ => {
            let text = "code is deliver (receipts of what you sent), read (what somebody of yours is to read), recall (what you are to delete) or settle (what you are to settle).";
            return Err(Problem::new(Category::BadSearch, text).into());
        }
    };
    let page =
        search::Page { count: query.count, offset: query.offset, total: total.at_least(), paged: true };
    let mut bundle =
        search::searchset(&door.settings.server.public_url, "Task", &parameters, &page, entries)?;
    // What was not counted is not said (<https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.total>).
    if let (None, Some(bundle)) = (total.exactly(), bundle.as_object_mut()) {
        bundle.remove("total");
    }
    Ok(fhir(StatusCode::OK, &bundle))
}

async fn page_of_matters(
    caller: &Caller,
    door: &Door,
    query: &TaskQuery,
) -> Result<(Vec<Value>, u64), Problem> {
    let wanted = |matter: &Matter| {
        let state = if matter.open { State::Requested } else { State::Completed };
        (query.states.is_empty() || query.states.contains(&state))
            && (query.ids.is_empty() || query.ids.contains(&matter.id))
            && Within { from: query.changed_from, until: query.changed_until }.holds(matter.updated)
    };
    let mut found: Vec<Matter> = matters(caller, door).await?.into_iter().filter(wanted).collect();
    found.sort_by(|one, other| of_matters(query.order, one, other));
    let (skip, take) = (usize::try_from(query.offset), usize::try_from(query.count));
    let page = found.iter().skip(skip.unwrap_or(usize::MAX)).take(take.unwrap_or_default());
    let mut tasks = Vec::new();
    for one in page {
        tasks.push(with_consents(caller, door, one).await?);
    }
    Ok((tasks, found.len() as u64))
}

/// Acknowledges what was read, or a recall: its recipient sets the status to `completed`. Said twice, it is the same.
pub async fn put_task(
    caller: Caller,
    door: AtDoor,
    id: Path<String>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Task", Verb::Update)?;
    let body = body::read(&door, &request, payload).await?;
    let id = Uuid::try_parse(&id).map_err(|_| not_found())?;
    let store = &door.house.store;
    let delivery = store.task(id).await.map_err(|error| unavailable(&error))?;
    let delivery = delivery.filter(|delivery| is_owned(&door, &caller, delivery)).ok_or_else(not_found)?;
    check(&body.value, id)?;
    let now = clock::now();
    let entry = Entry {
        recipient: Some(delivery.recipient.clone()),
        delivery: Some(id),
        note: Some("the recipient acknowledged it".to_owned()),
        ..Entry::new(
            Event::Acknowledged,
            now,
            delivery.child.clone(),
            delivery.sender.clone(),
            headers::of(&request).id,
            delivery.kind.clone(),
        )
    };
    store.acknowledge(id, &entry).await.map_err(|error| unavailable(&error))?;
    let acknowledged = store.task(id).await.map_err(|error| unavailable(&error))?.ok_or_else(not_found)?;
    Ok(fhir(StatusCode::OK, &owned(&door, &acknowledged)))
}

/// What an acknowledgement must say.
fn check(task: &Value, id: Uuid) -> Result<(), Problem> {
    let text = |key: &str| task.get(key).and_then(Value::as_str);
    let mut issues = Vec::new();
    if text("resourceType") != Some("Task") {
        issues.push(Issue::error("structure", "This address takes a Task.").at("resourceType"));
    }
    if text("id").is_some_and(|given| given != id.to_string()) {
        issues.push(Issue::error("value", "The id in the body is not that of the address.").at("Task.id"));
    }
    if text("status") != Some("completed") {
        let words = "A Task of yours can only be acknowledged: set the status to completed.";
        issues.push(Issue::error("business-rule", words).at("Task.status"));
    }
    if issues.is_empty() { Ok(()) } else { Err(Problem::with(Category::Invalid, issues)) }
}

/// The ids of a search; what no Task can be called stands for one that nothing is called.
fn ids(value: &str) -> Vec<Uuid> {
    value.split(',').map(|id| Uuid::try_parse(id).unwrap_or_default()).collect()
}

/// `UUID`, `urn:uuid:UUID` or `system|UUID`.
fn message_id(value: &str) -> Result<Uuid, Problem> {
    let bare = value.rsplit('|').next().unwrap_or_default();
    let bare = bare.strip_prefix("urn:uuid:").unwrap_or(bare);
    Uuid::try_parse(bare)
        .map_err(|_| Problem::new(Category::BadSearch, "group-identifier is the message's id, a UUID."))
}

/// The states of a search, and whether what was delivered is to be read still (`received`) or not any more (`completed`).
fn states(value: &str) -> Result<(Vec<State>, Option<bool>), Problem> {
    let wrong = || {
        Problem::new(
            Category::BadSearch,
            "status is one or more of requested, in-progress, received, completed, failed, rejected, cancelled, joined by commas.",
        )
    };
    let (mut found, mut received, mut completed) = (Vec::new(), false, false);
    for word in value.split(',') {
        received |= word == "received";
        completed |= word == "completed";
        let word = if word == "received" { "completed" } else { word };
        found.push(serde_json::from_value(json!(word)).map_err(|_| wrong())?);
    }
    let read = match (received, completed) {
        (true, true) | (false, false) => None,
        // With other states `received` alone cannot be said in one condition: ask for it by itself.
        (true, false) if found.iter().any(|state| *state != State::Completed) => {
            return Err(Problem::new(
                Category::BadSearch,
                "received is asked for by itself, or together with completed.",
            ));
        }
        (true, false) => Some(false),
        (false, true) => Some(true),
    };
    Ok((found, read))
}
