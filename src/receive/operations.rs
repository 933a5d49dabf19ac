//! `/operations`: what waits for whom, what failed, and the life of one delivery, for the people who run Kith; they put dead letters back,
//! park recipients and let them go on. Deliveries are found by id, partner, state and age: nothing about a child is ever typed here.

mod search;

use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;
use serde::Deserialize;
use uuid::Uuid;

use super::access::Door;
use super::doors::AtDoor;
use super::headers;
use super::pages::{RefusedPage, page};
use super::session::Person;
use crate::clock;
use crate::domain::{PartnerId, Role};
use crate::page::operations::{Foretold, Life, Overview, Step, life_html, overview_html, plot};
use crate::page::told::day_and_time;
use crate::pipeline::{Circuit, Foreseen, Operator, foresee, life, park, replay, unavailable, unread};
use crate::problem::{Category, Problem};
use crate::store::State;
use search::{row, search};

/// So many deliveries are on a page.
const SHOWN: u32 = 50;

/// What is looked for.
#[derive(Deserialize, Default)]
pub struct Sought {
    #[serde(default)]
    id: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    older: String,
}

/// What a form does.
#[derive(Deserialize)]
pub struct Act {
    act: String,
    #[serde(default)]
    partner: String,
    /// Deliveries, joined by commas.
    #[serde(default)]
    deliveries: String,
    #[serde(default)]
    token: String,
}

/// Everything at a glance, and what was looked for.
pub async fn get_operations(
    person: Person,
    door: AtDoor,
    sought: Query<Sought>,
) -> Result<HttpResponse, RefusedPage> {
    operates(&person)?;
    let shown = overview(&person, &door, &sought, None).await?;
    person.seen(&door, page(StatusCode::OK, overview_html(&shown)?))
}

/// Parks, releases, or puts dead letters back; what was done stands above the page.
pub async fn post_operations(
    person: Person,
    door: AtDoor,
    request: HttpRequest,
    act: Form<Act>,
) -> Result<HttpResponse, RefusedPage> {
    operates(&person)?;
    person.sent(&door, &act.token)?;
    let operator = Operator {
        partner: person.partner.clone(),
        words: person.in_words(),
        request: headers::of(&request).id,
    };
    let partner = PartnerId(act.partner.clone());
    let done = match act.act.as_str() {
        "park" | "release" => {
            let parks = act.act == "park";
            park(&door.house, &partner, parks, &operator, clock::now()).await?;
            (door.wake)(std::slice::from_ref(&partner));
            let name = door.house.directory.name(&partner);
            if parks {
                format!("{name} is parked: what is for it waits.")
            } else {
                format!("Deliveries to {name} go on.")
            }
        }
        "replay" => put_back(&door, &act.deliveries, &operator).await?,
        _ => return Err(Problem::new(Category::BadCall, "There is no such act on this page.").into()),
    };
    let shown = overview(&person, &door, &Sought::default(), Some(done)).await?;
    person.seen(&door, page(StatusCode::OK, overview_html(&shown)?))
}

/// The life of one delivery and, for a dead letter, what would become of it if it were put back now.
pub async fn get_delivery(
    person: Person,
    door: AtDoor,
    id: Path<String>,
) -> Result<HttpResponse, RefusedPage> {
    operates(&person)?;
    let id =
        Uuid::try_parse(&id).map_err(|_| Problem::new(Category::NotFound, "There is no such delivery."))?;
    let (delivery, entries) = life(&door.house, id).await?;
    let steps = entries.iter().map(|(number, entry)| Step {
        at: day_and_time(entry.at),
        what: crate::page::told::title(entry.event).to_owned(),
        note: entry.note.clone().unwrap_or_default(),
        entry: *number,
    });
    let foretold = match delivery.state {
        State::Failed => Some(foretold(foresee(&door.house, id, clock::now()).await?)),
        _ => None,
    };
    let shown = Life {
        row: row(&door, &delivery),
        message: delivery.message_id.to_string(),
        notes: delivery.note.lines().map(str::to_owned).collect(),
        steps: steps.collect(),
        foretold,
        token: person.token.clone(),
        organisation: door.house.directory.name(&person.partner),
    };
    person.seen(&door, page(StatusCode::OK, life_html(&shown)?))
}

fn foretold(foreseen: Foreseen) -> Foretold {
    match foreseen {
        Foreseen::Sent => Foretold {
            may: true,
            sentence: "If you put it back, it is sent again under the same id.".to_owned(),
        },
        Foreseen::Withdrawn(why) => Foretold {
            may: true,
            sentence: format!("If you put it back, it is taken back instead of being sent: {why}"),
        },
        Foreseen::Impossible(why) => Foretold { may: false, sentence: why },
    }
}

/// Puts back what can be; one whose content is gone keeps none of the others.
async fn put_back(door: &Door, deliveries: &str, operator: &Operator) -> Result<String, Problem> {
    let (mut done, mut left) = (0, 0);
    for text in deliveries.split(',').filter(|text| !text.is_empty()).take(SHOWN as usize) {
        let id = Uuid::try_parse(text).map_err(|_| {
            Problem::new(Category::BadCall, "A delivery's id is a UUID. Open the page again.")
        })?;
        match replay(&door.house, id, operator, clock::now()).await {
            Ok(letter) => {
                (door.wake)(&[letter.recipient]);
                done += 1;
            }
            Err(problem) if problem.category == Category::BusinessRule => left += 1,
            Err(problem) => return Err(problem),
        }
    }
    let words = if done == 1 { "One dead letter is".to_owned() } else { format!("{done} dead letters are") };
    let mut says = format!("{words} put back. Each is decided about again before it leaves.");
    if left > 0 {
        says.push_str(&format!(
            " {left} could not be: no dead letters any more, or their content is not kept any more."
        ));
    }
    Ok(says)
}

fn operates(person: &Person) -> Result<(), Problem> {
    if person.role == Role::Operator {
        return Ok(());
    }
    let text = "This page is for the people who run Kith. Your part at your organisation is another.";
    Err(Problem::new(Category::Forbidden, text))
}

async fn overview(
    person: &Person,
    door: &Door,
    sought: &Sought,
    done: Option<String>,
) -> Result<Overview, Problem> {
    let now = clock::now();
    let operations = &door.house.operations;
    let load = operations.load().await.map_err(|error| unavailable(&error))?;
    let parked = operations.parked().await.map_err(|error| unavailable(&error))?;
    let hours = operations.ended_by_hour(now - TimeDelta::hours(24)).await;
    let hours = hours.map_err(|error| unavailable(&error))?;
    let hours: Vec<_> = hours.iter().map(|hour| (hour.from, hour.completed, hour.failed)).collect();
    let receiving = door.house.directory.partners().filter(|partner| partner.receiving().is_some());
    let mut names: Vec<PartnerId> = receiving.map(|partner| partner.id.clone()).collect();
    names.extend(
        load.iter().map(|one| one.recipient.clone()).chain(parked.iter().map(|one| one.recipient.clone())),
    );
    names.sort();
    names.dedup();
    let unread = unread(&door.house, door.settings.alerts.unread(), now).await;
    let unread = unread.map_err(|error| unavailable(&error))?;
    let recipients = names.iter().map(|id| {
        let of = load.iter().find(|one| one.recipient == *id);
        let held = parked.iter().find(|one| one.recipient == *id);
        crate::page::operations::Recipient {
            id: id.to_string(),
            name: door.house.directory.name(id),
            waiting: of.map_or(0, |load| load.waiting + load.under_way),
            failed: of.map_or(0, |load| load.failed),
            unread: unread.get(id).copied().unwrap_or_default(),
            oldest: of.and_then(|load| load.oldest).map(|at| age(now - at)),
            trouble: match door.house.circuits.of(id) {
                Circuit::Closed => None,
                Circuit::Probing => Some("one delivery finds out whether it is there again".to_owned()),
                Circuit::Open(until) => Some(format!("in trouble, left alone until {}", day_and_time(until))),
            },
            parked: held.map(|one| format!("{}, {}", one.note, day_and_time(one.since))),
        }
    });
    Ok(Overview {
        recipients: recipients.collect(),
        plot: plot(&hours, now),
        found: search(door, sought, &names).await?,
        done,
        at: day_and_time(now),
        token: person.token.clone(),
        organisation: door.house.directory.name(&person.partner),
    })
}

/// In the largest unit that says it well.
fn age(age: TimeDelta) -> String {
    match age.num_minutes().max(0) {
        0..120 => format!("{} min", age.num_minutes().max(0)),
        120..2_880 => format!("{} h", age.num_hours()),
        _ => format!("{} days", age.num_days()),
    }
}
