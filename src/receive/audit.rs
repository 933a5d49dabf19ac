//! `GET /fhir/AuditEvent?patient:identifier=…`: who was told what about a child, when, and on what ground; the subject's view.
//!
//! For information governance, which answers parents and subject-access requests. Looking is itself journalled, before anything is
//! answered. A child that nobody ever asked about has no events: the same answer as for one that does not exist.

mod render;

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::access::{Caller, Door};
use super::caller::Verb;
use super::doors::AtDoor;
use super::headers;
use super::outcome::{Refused, fhir};
use super::search::{self, Order, Part, SORT, TOTAL, Within};
use crate::clock;
use crate::domain::{ChildKey, PartnerId, Role};
use crate::journal::{Entry, Event};
use crate::pipeline::{entries_of, released_to_nobody, unavailable};
use crate::problem::{Category, Problem};

/// What events can be sorted by.
pub const SORTED: &[&str] = &["date"];

/// Begins the id of an event; the entry's number in the journal follows.
const ID: &str = "journal-";

/// Everything about a child, newest first unless `_sort` says otherwise; `date`, given once or twice, narrows it, `_count` and `_offset` page it.
pub async fn search_audit_events(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    query: search::Query,
) -> Result<HttpResponse, Refused> {
    caller.may("AuditEvent", Verb::Search)?;
    oversees(&caller)?;
    let parameters = query.parameters(&["patient:identifier", "date", "_count", "_offset", SORT, TOTAL])?;
    let order = Order::one(&parameters, SORTED)?;
    let child = door.house.vault.child_key(&search::child(&parameters)?);
    let (mut count, mut offset, mut within) = (50, 0, Within::default());
    for (name, value) in &parameters {
        match name.as_str() {
            "date" => within = within.and(&Within::read(name, value)?),
            "_count" => count = search::number(name, value)?.min(1000),
            "_offset" => offset = search::number(name, value)?,
            _ => {}
        }
    }
    view(&door, &request, &caller.sender.partner, &child, "").await?;
    let entries = entries_of(&door.house, &child).await?;
    let nothing_left = released_to_nobody(&entries);
    let mut found: Vec<(u64, Entry)> =
        entries.into_iter().filter(|(_, entry)| within.holds(entry.at)).collect();
    if let Some(order) = order {
        let when = |(number, entry): &(u64, Entry)| (entry.at, *number);
        found.sort_by(|one, other| order.turned(when(one).cmp(&when(other))));
    }
    let (skip, take) = (usize::try_from(offset).unwrap_or(usize::MAX), usize::try_from(count).unwrap_or(0));
    let page = found.iter().skip(skip).take(take);
    let event = |(number, entry): &(u64, Entry)| {
        render::event(&door.house.directory, *number, entry, !nothing_left.contains(number))
    };
    let events: Vec<Value> = page.map(event).collect();
    let shown = search::Page { count, offset, total: found.len() as u64, paged: true };
    let base = &door.settings.server.public_url;
    let bundle = search::searchset(base, "AuditEvent", &parameters, &shown, events)?;
    Ok(fhir(StatusCode::OK, &bundle))
}

/// One event.
pub async fn get_audit_event(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    part: Part,
    id: Path<String>,
) -> Result<HttpResponse, Refused> {
    caller.may("AuditEvent", Verb::Read)?;
    oversees(&caller)?;
    let not_found = || Problem::new(Category::NotFound, "There is no such event.");
    let number: u64 = id.strip_prefix(ID).and_then(|number| number.parse().ok()).ok_or_else(not_found)?;
    let rows = door.house.store.journal(number, 1).await.map_err(|error| unavailable(&error))?;
    let row = rows.into_iter().find(|(found, _, _)| *found == number).ok_or_else(not_found)?;
    let entry: Entry = serde_json::from_str(&row.1)
        .map_err(|error| Problem::internal("read an entry of its journal", &error))?;
    view(&door, &request, &caller.sender.partner, &entry.child, "").await?;
    let nothing_left = released_to_nobody(&entries_of(&door.house, &entry.child).await?);
    let event = render::event(&door.house.directory, number, &entry, !nothing_left.contains(&number));
    Ok(fhir(StatusCode::OK, &part.of(&event)))
}

/// Who may see what others were told about a child: whoever answers for it to the family.
fn oversees(caller: &Caller) -> Result<(), Problem> {
    if caller.sender.role == Role::InformationGovernance {
        return Ok(());
    }
    let text = "Who was told what about a child is answered by information governance. What became of your own messages: GET /fhir/Task; \
        why: POST /fhir/Consent/$explain.";
    Err(Problem::new(Category::Forbidden, text))
}

/// Journals that somebody looks, before they see anything; `who` says by whom for this partner, where it is a person.
pub(super) async fn view(
    door: &Door,
    request: &HttpRequest,
    partner: &PartnerId,
    child: &ChildKey,
    who: &str,
) -> Result<(), Problem> {
    let id = headers::of(request).id;
    let viewed = Entry::new(Event::Viewed, clock::now(), child.clone(), partner.clone(), id, "AuditEvent");
    let note = Some(format!("{who}looked at what the journal holds about the child"));
    door.house.store.enter(&Entry { note, ..viewed }).await.map_err(|error| unavailable(&error))
}
