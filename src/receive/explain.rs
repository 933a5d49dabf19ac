//! `POST /fhir/Consent/$explain`: why something is, or was, shared or withheld. Parameters in, Parameters out.
//!
//! Information governance asks about any child: what would be decided now (`patient`, with facts of a supposed message), or what was
//! (`at`, `message`, `delivery`), from the journal alone. Everybody else asks about its own: of a message that it sent what its receipts
//! say, with the policies; of what it was sent what it was permitted, never that something was withheld. Somebody else's is like one
//! that does not exist. Every answer is journalled before it is given.

mod asked;
mod render;

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use uuid::Uuid;

use super::access::{Caller, Door};
use super::body;
use super::caller::Verb;
use super::doors::AtDoor;
use super::headers;
use super::outcome::{Refused, fhir};
use crate::clock;
use crate::domain::{ChildKey, Role};
use crate::journal::{Entry, Event};
use crate::pipeline::{Explained, explain_now, explain_past, unavailable};
use crate::problem::{Category, Problem};
use crate::store::{Delivery, State, TaskQuery};
use asked::Asked;
pub use asked::nhs_number;
use render::{as_recipient, as_sender, parameters};

/// Explains.
pub async fn post_explain(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Consent", Verb::Read)?;
    let body = body::read(&door, &request, payload).await?;
    let asked = Asked::read(&door.house, &caller.sender.partner, &body.value)?;
    let governs = caller.sender.role == Role::InformationGovernance;
    let (child, explained) =
        if governs { about_any(&door, asked).await? } else { about_own(&caller, &door, &asked).await? };
    let entry = Entry {
        note: Some(format!("asked why; {} decision(s) were explained", explained.len())),
        ..Entry::new(
            Event::Explained,
            clock::now(),
            child,
            caller.sender.partner.clone(),
            headers::of(&request).id,
            "Consent".to_owned(),
        )
    };
    door.house.store.enter(&entry).await.map_err(|error| unavailable(&error))?;
    Ok(fhir(StatusCode::OK, &parameters(&door.house.directory, &explained)))
}

/// For information governance: any child, any message, any delivery.
async fn about_any(door: &Door, asked: Asked) -> Result<(ChildKey, Vec<Explained>), Problem> {
    let house = &door.house;
    if asked.is_past() {
        let child = match (&asked.child, asked.past.delivery, asked.past.message_id) {
            (Some(child), _, _) => house.vault.child_key(&child.nhs_number),
            (None, Some(id), _) => delivery(door, id).await?.child,
            (None, None, Some(id)) => {
                deliveries(door, id, None).await?.first().map(|one| one.child.clone()).ok_or_else(unknown)?
            }
            (None, None, None) => return Err(asked::no_child()),
        };
        let explained = explain_past(house, &child, asked.past).await?;
        return Ok((child, explained.into_iter().filter(|one| asked.wants(&one.recipient)).collect()));
    }
    let supposed = asked.supposed().ok_or_else(asked::no_child)?;
    let child = house.vault.child_key(&supposed.child.nhs_number);
    Ok((child, explain_now(house, supposed, clock::now()).await?))
}

/// For everybody else: what the caller itself sent or was sent.
async fn about_own(
    caller: &Caller,
    door: &Door,
    asked: &Asked,
) -> Result<(ChildKey, Vec<Explained>), Problem> {
    if let Some(id) = asked.past.delivery {
        let delivery = delivery(door, id).await?;
        let explained = explain_past(&door.house, &delivery.child, asked.past).await?;
        if caller.wrote(&delivery.sender) {
            return Ok((delivery.child.clone(), as_sender(explained, &[delivery])));
        }
        if caller.wrote(&delivery.recipient) && delivery.state == State::Completed {
            return Ok((delivery.child.clone(), as_recipient(explained)));
        }
        return Err(unknown());
    }
    if let Some(id) = asked.past.message_id {
        let sent = deliveries(door, id, Some(caller)).await?;
        let child = sent.first().map(|one| one.child.clone()).ok_or_else(unknown)?;
        let explained = explain_past(&door.house, &child, asked.past).await?.into_iter();
        // What is not on its receipts, its sender does not learn here either.
        let own = explained.filter(|one| sent.iter().any(|delivery| one.delivery == Some(delivery.id)));
        return Ok((child, as_sender(own.collect(), &sent)));
    }
    let text = "Say which: message (the id of one that you sent) or delivery (the id of a receipt of yours, or of what you were sent). \
        About a child as a whole only information governance can ask.";
    Err(Problem::new(Category::Forbidden, text))
}

async fn delivery(door: &Door, id: Uuid) -> Result<Delivery, Problem> {
    let found = door.house.store.task(id).await.map_err(|error| unavailable(&error))?;
    found.ok_or_else(unknown)
}

async fn deliveries(door: &Door, message_id: Uuid, of: Option<&Caller>) -> Result<Vec<Delivery>, Problem> {
    let query = TaskQuery {
        senders: of.map(|caller| caller.writes_as().to_vec()).unwrap_or_default(),
        message_id: Some(message_id),
        count: 1000,
        ..TaskQuery::default()
    };
    let (found, _) = door.house.store.tasks(&query).await.map_err(|error| unavailable(&error))?;
    Ok(found)
}

/// The same for what does not exist and for what is another's.
fn unknown() -> Problem {
    Problem::new(Category::NotFound, "There is no such message or delivery of yours.")
}
