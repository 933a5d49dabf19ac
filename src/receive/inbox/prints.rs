//! What people take out of an inbox: labels for welcome cards, and a table for their own spreadsheet.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Deserialize;

use super::shown::{Children, items};
use super::{Readable, journal, readable};
use crate::clock;
use crate::domain::{ChildKey, Ground, Private};
use crate::page::cards::{self, Label, Shown};
use crate::page::spreadsheet;
use crate::pipeline::Family;
use crate::problem::{Category, Problem};
use crate::receive::doors::AtDoor;
use crate::receive::headers;
use crate::receive::pages::{RefusedPage, page};
use crate::receive::session::Person;

/// Cards go to families of whom was heard in so many days, unless another day is asked for.
const LATELY: TimeDelta = TimeDelta::days(31);

/// Which cards are asked for.
#[derive(Deserialize)]
pub struct Asked {
    /// The first day, `YYYY-MM-DD`; empty for a month ago.
    #[serde(default)]
    since: String,
}

/// Labels with the addresses of families that agreed to be told of the organisation, one a child.
pub async fn get_cards(
    person: Person,
    door: AtDoor,
    request: HttpRequest,
    asked: Query<Asked>,
) -> Result<HttpResponse, RefusedPage> {
    let since = since(&asked.since)?;
    let mut found = readable(&door, &person.partner).await?;
    let children = Children::of(&door, &found).await?;
    keep_those_with_a_card(&mut found, &children, since);
    let words = format!("{}printed a label for a welcome card from the inbox", person.in_words());
    journal(&door, &found, &words, headers::of(&request).id).await?;
    let families = found.iter().filter_map(|(_, outgoing)| outgoing.family.as_ref());
    let label = |family: &Private<Family>| Label {
        child: family.reveal().child.clone(),
        address: family.reveal().address.clone(),
    };
    let shown = Shown {
        labels: families.map(label).collect(),
        since: since.date_naive().to_string(),
        token: person.token.clone(),
        organisation: door.house.directory.name(&person.partner),
    };
    person.seen(&door, page(StatusCode::OK, cards::html(&shown)?))
}

/// The newest message about each child that came since then, says where the child lives, and may be known because the parents agreed: a
/// card must not tell them that somebody is worried.
fn keep_those_with_a_card(found: &mut Readable, children: &Children, since: DateTime<Utc>) {
    let mut done: BTreeSet<ChildKey> = BTreeSet::new();
    let consent = Ground::Consent.to_string();
    found.retain(|(delivery, outgoing)| {
        let has_address = outgoing.family.as_ref().is_some_and(|family| !family.reveal().address.is_empty());
        let agreed = delivery.ground.as_deref() == Some(consent.as_str());
        delivery.updated >= since && has_address && agreed && done.insert(children.one(&delivery.child))
    });
}

fn since(text: &str) -> Result<DateTime<Utc>, Problem> {
    if text.is_empty() {
        return Ok((clock::now() - LATELY).date_naive().and_time(NaiveTime::MIN).and_utc());
    }
    let day: NaiveDate = text
        .parse()
        .map_err(|_| Problem::new(Category::BadCall, "The first day is no day. Write it as 2026-11-30."))?;
    Ok(day.and_time(NaiveTime::MIN).and_utc())
}

/// Everything that may still be read, a line a message, as CSV.
pub async fn get_export(
    person: Person,
    door: AtDoor,
    request: HttpRequest,
) -> Result<HttpResponse, RefusedPage> {
    let found = readable(&door, &person.partner).await?;
    let words = format!("{}took it out of the inbox into a spreadsheet", person.in_words());
    journal(&door, &found, &words, headers::of(&request).id).await?;
    let table = spreadsheet::csv(&items(&door, &person.partner, &found).await?)?;
    let answer = HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"kith-inbox.csv\""))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(table);
    person.seen(&door, answer)
}
