//! `/inbox`: what an organisation without a system of its own was sent, for its people and, at `/inbox/messages`, for a program of theirs.
//!
//! Whatever lies there is decided about again whenever somebody reads it: what is no longer theirs to know, because a consent ended or
//! the child has left, is not shown. Reading is journalled before anything is shown.

mod prints;
mod shown;

pub use prints::{get_cards, get_export};

use actix_web::http::StatusCode;
use actix_web::web::Form;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{Caller, Door};
use super::caller::Verb;
use super::doors::AtDoor;
use super::headers;
use super::outcome::Refused;
use super::pages::{RefusedPage, page};
use super::session::Person;
use crate::clock;
use crate::domain::PartnerId;
use crate::journal::{Entry, Event};
use crate::page::inbox::html;
use crate::pipeline::{Outgoing, Release, release, unavailable};
use crate::problem::{Category, Problem};
use crate::store::{Delivery, VisitGround};
use shown::{may_be_visited, shown};

/// So many are read at once.
const SHOWN: u32 = 200;

/// What may still be read, with what is left of it.
type Readable = Vec<(Delivery, Outgoing)>;

/// What lies there.
pub async fn get_inbox(
    person: Person,
    door: AtDoor,
    request: HttpRequest,
) -> Result<HttpResponse, RefusedPage> {
    let found = readable(&door, &person.partner).await?;
    let words = format!("{}read it in the inbox", person.in_words());
    journal(&door, &found, &words, headers::of(&request).id).await?;
    let shown = shown(&person, &door, &found).await?;
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    delivery: String,
    /// `read`, `registered` or `referred`.
    #[serde(default)]
    act: String,
    #[serde(default)]
    token: String,
}

/// Somebody says that they read it, or that the family may be visited now.
pub async fn post_inbox(
    person: Person,
    door: AtDoor,
    request: HttpRequest,
    said: Form<Said>,
) -> Result<HttpResponse, RefusedPage> {
    person.sent(&door, &said.token)?;
    let found = readable(&door, &person.partner).await?;
    let delivery = found.iter().map(|(delivery, _)| delivery).find(|one| one.id.to_string() == said.delivery);
    let delivery = delivery
        .ok_or_else(|| Problem::new(Category::NotFound, "There is no such message in your inbox."))?;
    let (who, id) = (person.in_words(), headers::of(&request).id);
    let done = if said.act == "read" {
        let entry = entry(delivery, Event::Acknowledged, &format!("{who}marked it as read"), id);
        door.house.store.acknowledge(delivery.id, &entry).await.map_err(|error| unavailable(&error))?;
        "Marked as read. Whoever sent it can see that."
    } else if let Some(ground) = VisitGround::named(&said.act) {
        let (words, done) = match ground {
            VisitGround::Registered => {
                ("that the family registered there", "The family has registered with you")
            }
            VisitGround::Referred => ("that the family was referred there", "The family was referred to you"),
        };
        let entry = entry(delivery, Event::VisitsAllowed, &format!("{who}said {words}"), id);
        let allowed = door.house.inboxes.allow_visits(&person.partner, ground, &entry).await;
        allowed.map_err(|error| unavailable(&error))?;
        done
    } else {
        let text = "The form says nothing that can be done. Open the page again, and send it from there.";
        return Err(Problem::new(Category::BadCall, text).into());
    };
    // What was read before is read again: it says now that it was.
    let found = readable(&door, &person.partner).await?;
    journal(&door, &found, &format!("{who}read it in the inbox"), id).await?;
    let mut shown = shown(&person, &door, &found).await?;
    shown.done = Some(done.to_owned());
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

/// The same for a program: id, kind, when it came and was read, the record, and, where the parents asked not to be visited, whether the
/// family may be now.
pub async fn get_messages(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    caller.may("Bundle", Verb::Read)?;
    let partner = &caller.sender.partner;
    let found = readable(&door, partner).await?;
    journal(&door, &found, "a program of the recipient's read it in its inbox", headers::of(&request).id)
        .await?;
    let visits = may_be_visited(&door, partner, &found).await?;
    let message = |(delivery, outgoing): &(Delivery, Outgoing)| {
        let mut message = json!({
            "id": delivery.id,
            "kind": outgoing.form.as_ref().unwrap_or(&delivery.kind),
            "from": door.house.directory.name(&delivery.sender),
            "received": delivery.updated,
            "acknowledged": delivery.acknowledged,
            "record": outgoing.body.reveal(),
        });
        if let Some(visit) = visits.get(&delivery.child) {
            message["mayVisit"] = json!(!visit.is_forbidden());
        }
        message
    };
    let messages: Vec<Value> = found.iter().map(message).collect();
    Ok(HttpResponse::Ok().json(json!({ "messages": messages })))
}

/// What may still be read, newest first.
async fn readable(door: &Door, partner: &PartnerId) -> Result<Readable, Problem> {
    let has_inbox = door.house.directory.partner(partner).is_some_and(|partner| partner.inbox.is_some());
    if !has_inbox {
        let text =
            "Your organisation has no inbox in Kith: it receives in a system of its own, or not at all.";
        return Err(Problem::new(Category::Forbidden, text));
    }
    let mut all = Vec::new();
    for owner in door.house.directory.acts_for(partner) {
        let lies = door.house.inboxes.inbox(&owner, SHOWN).await.map_err(|error| unavailable(&error))?;
        // What lies there for one whose part it took over is decided about anew, as for itself.
        all.extend(lies.into_iter().map(|delivery| Delivery { recipient: partner.clone(), ..delivery }));
    }
    all.sort_by_key(|delivery| std::cmp::Reverse(delivery.updated));
    all.truncate(SHOWN as usize);
    let mut found = Vec::new();
    for delivery in all {
        if let Release::Send(outgoing) = release(&door.house, &delivery, clock::now()).await? {
            found.push((delivery, *outgoing));
        }
    }
    Ok(found)
}

async fn journal(
    door: &Door,
    found: &[(Delivery, Outgoing)],
    words: &str,
    request: Uuid,
) -> Result<(), Problem> {
    let entries: Vec<Entry> =
        found.iter().map(|(delivery, _)| entry(delivery, Event::Read, words, request)).collect();
    door.house.inboxes.read_out(&entries).await.map_err(|error| unavailable(&error))
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
