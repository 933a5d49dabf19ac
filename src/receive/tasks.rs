//! `GET /fhir/Task/{id}` and `GET /fhir/Task?…`: receipts. Only the sender sees them: a recipient must not learn that
//! something was withheld from it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{Caller, Door};
use super::caller::Verb;
use super::outcome::{Refused, fhir};
use super::search;
use crate::domain::{CANONICAL, ODS_SYSTEM, PartnerId};
use crate::pipeline::unavailable;
use crate::problem::{Category, Problem};
use crate::store::{Delivery, State, TaskQuery};

/// One receipt.
pub async fn get_task(caller: Caller, door: Data<Door>, id: Path<String>) -> Result<HttpResponse, Refused> {
    caller.may("Task", Verb::Read)?;
    let not_found = || Problem::new(Category::NotFound, "There is no such receipt of yours.");
    let id = Uuid::try_parse(&id).map_err(|_| not_found())?;
    let delivery = door.house.store.task(id).await.map_err(|error| unavailable(&error))?;
    let delivery =
        delivery.filter(|delivery| delivery.sender == caller.sender.partner).ok_or_else(not_found)?;
    Ok(fhir(StatusCode::OK, &task(&door, &delivery)))
}

/// Receipts by message (`group-identifier`) and state (`status`), newest first, paged by `_count` and `_offset`.
pub async fn search_tasks(
    caller: Caller,
    door: Data<Door>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    caller.may("Task", Verb::Search)?;
    let parameters = search::parameters(&request, &["group-identifier", "status", "_count", "_offset"])?;
    let mut query =
        TaskQuery { sender: Some(caller.sender.partner.clone()), count: 50, ..TaskQuery::default() };
    for (name, value) in &parameters {
        match name.as_str() {
            "group-identifier" => query.message_id = Some(message_id(value)?),
            "status" => query.states = states(value)?,
            "_count" => query.count = search::number(name, value)?.min(200),
            _ => query.offset = search::number(name, value)?,
        }
    }
    let (found, total) = door.house.store.tasks(&query).await.map_err(|error| unavailable(&error))?;
    let entries = found.iter().map(|delivery| task(&door, delivery)).collect();
    let page = search::Page { count: query.count, offset: query.offset, total, paged: true };
    let bundle = search::searchset(&door.settings.server.public_url, "Task", &parameters, &page, entries);
    Ok(fhir(StatusCode::OK, &bundle))
}

/// `UUID`, `urn:uuid:UUID` or `system|UUID`.
fn message_id(value: &str) -> Result<Uuid, Problem> {
    let bare = value.rsplit('|').next().unwrap_or_default();
    let bare = bare.strip_prefix("urn:uuid:").unwrap_or(bare);
    Uuid::try_parse(bare)
        .map_err(|_| Problem::new(Category::BadSearch, "group-identifier is the message's id, a UUID."))
}

fn states(value: &str) -> Result<Vec<State>, Problem> {
    let wrong = || {
        Problem::new(
            Category::BadSearch,
            "status is one or more of requested, in-progress, completed, failed, rejected, cancelled, joined by commas.",
        )
    };
    value.split(',').map(|word| serde_json::from_value(json!(word)).map_err(|_| wrong())).collect()
}

/// A delivery as FHIR Task (<https://hl7.org/fhir/R4/task.html>). It names nobody but partners.
fn task(door: &Door, delivery: &Delivery) -> Value {
    let party = |id: &PartnerId| match door.house.directory.partner(id) {
        Some(partner) => {
            json!({ "identifier": { "system": ODS_SYSTEM, "value": partner.ods.as_str() }, "display": partner.name })
        }
        None => json!({ "display": id.as_str() }),
    };
    let output = |code: &str, value: &str| {
        json!({
            "type": { "coding": [{ "system": format!("{CANONICAL}CodeSystem/receipt"), "code": code }] },
            "valueString": value,
        })
    };
    let mut outputs: Vec<Value> = delivery.items.iter().map(|item| output("dataset", item)).collect();
    outputs.extend(delivery.ground.iter().map(|ground| output("ground", ground)));
    outputs.push(output("attempts", &delivery.attempts.to_string()));
    let time = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    json!({
        "resourceType": "Task",
        "id": delivery.id,
        "meta": { "lastUpdated": time(delivery.updated) },
        "groupIdentifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{}", delivery.message_id) },
        "status": delivery.state,
        "statusReason": { "text": delivery.note },
        "intent": "order",
        "code": { "coding": [{ "system": format!("{CANONICAL}CodeSystem/task"), "code": "deliver" }], "text": format!("Deliver {}", delivery.kind) },
        "authoredOn": time(delivery.created),
        "lastModified": time(delivery.updated),
        "requester": party(&delivery.sender),
        "owner": party(&delivery.recipient),
        "output": outputs,
    })
}
