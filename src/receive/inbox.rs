//! `/inbox`: what an organisation without a system of its own was sent, for its people and, at `/inbox/messages`, for a program of theirs.
//!
//! Whatever lies there is decided about again whenever somebody reads it: what is no longer theirs to know, because a consent ended or
//! the child has left, is not shown. Reading is journalled before anything is shown.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{Caller, Door};
use super::caller::Verb;
use super::headers;
use super::outcome::Refused;
use super::pages::{RefusedPage, page};
use super::session::Person;
use crate::clock;
use crate::domain::PartnerId;
use crate::journal::{Entry, Event};
use crate::page::inbox::{Item, Shown, html};
use crate::page::record::groups;
use crate::page::told::day_and_time;
use crate::pipeline::{Outgoing, Release, release, unavailable};
use crate::problem::{Category, Problem};
use crate::store::Delivery;

/// So many are read at once.
const SHOWN: u32 = 200;

/// What lies there.
pub async fn get_inbox(
    person: Person,
    door: Data<Door>,
    request: HttpRequest,
) -> Result<HttpResponse, RefusedPage> {
    let shown = shown(&person, &door, &request).await?;
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Read {
    #[serde(default)]
    delivery: String,
    #[serde(default)]
    token: String,
}

/// Somebody says that they read it.
pub async fn post_inbox(
    person: Person,
    door: Data<Door>,
    request: HttpRequest,
    read: Form<Read>,
) -> Result<HttpResponse, RefusedPage> {
    person.sent(&door, &read.token)?;
    let found = readable(&door, &person.partner)
        .await?
        .into_iter()
        .find(|(one, _)| one.id.to_string() == read.delivery);
    let (delivery, _) =
        found.ok_or_else(|| Problem::new(Category::NotFound, "There is no such message in your inbox."))?;
    let entry = entry(
        &delivery,
        Event::Acknowledged,
        &format!("{}marked it as read", person.in_words()),
        headers::of(&request).id,
    );
    door.house.store.acknowledge(delivery.id, &entry).await.map_err(|error| unavailable(&error))?;
    let mut shown = shown(&person, &door, &request).await?;
    shown.done = Some("Marked as read. Whoever sent it can see that.".to_owned());
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

/// The same for a program: id, kind, when it came and was read, and the record.
pub async fn get_messages(
    caller: Caller,
    door: Data<Door>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    caller.may("Bundle", Verb::Read)?;
    let found = readable(&door, &caller.sender.partner).await?;
    journal(&door, &found, "a program of the recipient's read it in its inbox", headers::of(&request).id)
        .await?;
    let message = |(delivery, outgoing): &(Delivery, Outgoing)| {
        json!({
            "id": delivery.id,
            "kind": outgoing.form.as_ref().unwrap_or(&delivery.kind),
            "from": door.house.directory.name(&delivery.sender),
            "received": delivery.updated,
            "acknowledged": delivery.acknowledged,
            "record": outgoing.body.reveal(),
        })
    };
    let messages: Vec<Value> = found.iter().map(message).collect();
    Ok(HttpResponse::Ok().json(json!({ "messages": messages })))
}

/// What may still be read, with what is left of it.
async fn readable(door: &Door, partner: &PartnerId) -> Result<Vec<(Delivery, Outgoing)>, Problem> {
    let has_inbox = door.house.directory.partner(partner).is_some_and(|partner| partner.inbox.is_some());
    if !has_inbox {
        let text =
            "Your organisation has no inbox in Kith: it receives in a system of its own, or not at all.";
        return Err(Problem::new(Category::Forbidden, text));
    }
    let all = door.house.store.inbox(partner, SHOWN).await.map_err(|error| unavailable(&error))?;
    let mut found = Vec::new();
    for delivery in all {
        if let Release::Send(outgoing) = release(&door.house, &delivery, clock::now()).await? {
            found.push((delivery, *outgoing));
        }
    }
    Ok(found)
}

async fn shown(person: &Person, door: &Door, request: &HttpRequest) -> Result<Shown, Problem> {
    let found = readable(door, &person.partner).await?;
    let words = format!("{}read it in the inbox", person.in_words());
    journal(door, &found, &words, headers::of(request).id).await?;
    let mut items = Vec::new();
    for (delivery, outgoing) in &found {
        let kind = door.house.kind(outgoing.form.as_ref().unwrap_or(&delivery.kind))?;
        let title = kind.schema.json()["title"].as_str().unwrap_or(&delivery.kind).to_owned();
        items.push(Item {
            id: delivery.id.to_string(),
            title,
            from: door.house.directory.name(&delivery.sender),
            received: day_and_time(delivery.updated),
            read: delivery.acknowledged.map(day_and_time),
            groups: groups(kind.schema.json(), outgoing.body.reveal()),
        });
    }
    let organisation = door.house.directory.name(&person.partner);
    Ok(Shown { items, done: None, token: person.token.clone(), organisation })
}

async fn journal(
    door: &Door,
    found: &[(Delivery, Outgoing)],
    words: &str,
    request: Uuid,
) -> Result<(), Problem> {
    let entries: Vec<Entry> =
        found.iter().map(|(delivery, _)| entry(delivery, Event::Read, words, request)).collect();
    door.house.store.enter_all(&entries).await.map_err(|error| unavailable(&error))
}

fn entry(delivery: &Delivery, event: Event, words: &str, request: Uuid) -> Entry {
    let entry = Entry::new(
        event,
        clock::now(),
        delivery.child.clone(),
        delivery.recipient.clone(),
        request,
        delivery.kind.clone(),
    );
    Entry { delivery: Some(delivery.id), note: Some(words.to_owned()), ..entry }
}
