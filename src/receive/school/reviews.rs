//! `/school/reviews`: a local authority decides about places that Kith would have to guess: its own, and those that schools brought.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Form;
use serde::Deserialize;

use super::page::in_words_day;
use crate::clock;
use crate::domain::{ChildKey, PartnerId, Role};
use crate::page::reviews::{Choice, One, Shown, html};
use crate::pipeline::{Decider, Ruling, Waiting, open_waiting, rule, unavailable};
use crate::problem::{Category, Problem};
use crate::receive::access::Door;
use crate::receive::doors::AtDoor;
use crate::receive::pages::{RefusedPage, page};
use crate::receive::session::Person;
use crate::school::Pupil;
use crate::store::{PlaceState, StoredPlace};

/// So many are shown at once.
const SHOWN: u32 = 50;

/// What waits.
pub async fn get_reviews(person: Person, door: AtDoor) -> Result<HttpResponse, RefusedPage> {
    decides(&person)?;
    let shown = shown(&person, &door).await?;
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Decided {
    #[serde(default)]
    place: String,
    #[serde(default)]
    ruling: String,
    #[serde(default)]
    token: String,
}

/// Takes a decision, and shows what still waits.
pub async fn post_reviews(
    person: Person,
    door: AtDoor,
    decided: Form<Decided>,
) -> Result<HttpResponse, RefusedPage> {
    decides(&person)?;
    person.sent(&door, &decided.token)?;
    let ruling = match decided.ruling.as_str() {
        "" => None,
        "moved" => Some(Ruling::Moved),
        "dismissed" => Some(Ruling::Dismissed),
        child => Some(Ruling::Belongs(ChildKey(child.to_owned()))),
    };
    let words = person.in_words();
    let result = match ruling {
        Some(ruling) => {
            let by =
                Decider { partner: &person.partner, person: &words, sources: &decided_by(&door, &person) };
            rule(&door.house, &by, &decided.place, ruling, clock::now()).await
        }
        None => Err(Problem::new(Category::Invalid, "Choose what you decide, and send it again.")),
    };
    let mut shown = shown(&person, &door).await?;
    let status = match result {
        Ok(()) => {
            shown.done = Some("Decided, and recorded.".to_owned());
            StatusCode::OK
        }
        Err(problem) if matches!(problem.category, Category::Unavailable | Category::Internal) => {
            return Err(problem.into());
        }
        Err(problem) => {
            shown.fault = Some(problem.to_string());
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    person.seen(&door, page(status, html(&shown)?))
}

fn decides(person: &Person) -> Result<(), Problem> {
    // A school would see here who else is called like its pupils, and where they live.
    if person.role == Role::LocalAuthority {
        return Ok(());
    }
    let text = "This page is for local authorities, which decide for their schools too. Your part at your organisation is another.";
    Err(Problem::new(Category::Forbidden, text))
}

/// Whose places the person decides about.
fn decided_by(door: &Door, person: &Person) -> Vec<PartnerId> {
    let schools = door.house.directory.partners().filter(|partner| partner.role == Role::School);
    std::iter::once(person.partner.clone()).chain(schools.map(|partner| partner.id.clone())).collect()
}

async fn shown(person: &Person, door: &Door) -> Result<Shown, Problem> {
    let waiting = open_waiting(&door.house, &decided_by(door, person), SHOWN + 1).await?;
    let is_cut = waiting.len() > SHOWN as usize;
    let mut all = Vec::new();
    for (number, one) in waiting.iter().take(SHOWN as usize).enumerate() {
        all.push(in_words(door, number, one).await?);
    }
    Ok(Shown {
        waiting: all,
        is_cut,
        done: None,
        fault: None,
        token: person.token.clone(),
        organisation: door.house.directory.name(&person.partner),
    })
}

async fn in_words(door: &Door, number: usize, one: &Waiting) -> Result<One, Problem> {
    let place = &one.place;
    let mut facts = vec![("Pupil", who(&one.pupil))];
    facts.push(("School", school(door, place).await?));
    facts.extend(place.start.map(|start| ("From", in_words_day(start))));
    facts.extend(place.ended.map(|ended| ("Until", in_words_day(ended))));
    facts.push(("As of", in_words_day(place.as_of)));
    facts.push(("Source", door.house.directory.name(&place.source)));
    for other in &one.others {
        let since = other.start.map(|start| format!(" since {}", in_words_day(start))).unwrap_or_default();
        let source = door.house.directory.name(&other.source);
        facts.push(("Another source", format!("{source}: {}{since}", school(door, other).await?)));
    }
    let choice = |n: usize, value: &str, label: String, hint: &str| Choice {
        id: format!("ruling-{number}-{n}"),
        value: value.to_owned(),
        label,
        hint: hint.to_owned(),
    };
    let (title, question, mut choices) = if place.state == PlaceState::Move {
        let moved = choice(0, "moved", "Yes: what the other source says ends the day before".to_owned(), "");
        ("Two sources name different schools", "Has the child moved to this school?", vec![moved])
    } else {
        let candidates = one.candidates.iter().enumerate();
        let choices =
            candidates.map(|(n, (key, child, rule))| choice(n, key.as_str(), who(child), rule.sentence()));
        let title = match one.candidates.len() {
            0 => "More children share this than can be shown",
            1 => "It could be a child who is known",
            _ => "More than one child could be meant",
        };
        (title, "Whose place is it?", choices.collect())
    };
    let none = if place.state == PlaceState::Move {
        "No: this place does not count"
    } else {
        "None of these: the place does not count"
    };
    choices.push(choice(choices.len(), "dismissed", none.to_owned(), ""));
    Ok(One { id: place.id.clone(), title: title.to_owned(), facts, question, choices })
}

/// The pupil number is the school's own, and helps whoever decides; the NHS number is not for them.
fn who(pupil: &Pupil) -> String {
    let mut parts = vec![format!("{} {}", pupil.given, pupil.family).trim().to_owned()];
    parts.extend(pupil.born.map(|born| format!("born {}", in_words_day(born))));
    parts.extend(pupil.postcode.as_ref().map(|postcode| postcode.reveal().to_owned()));
    parts.extend(pupil.upn.as_ref().map(|upn| format!("UPN {}", upn.reveal())));
    if !pupil.former.is_empty() {
        parts.push(format!("formerly {}", pupil.former.join(", ")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

async fn school(door: &Door, place: &StoredPlace) -> Result<String, Problem> {
    Ok(match place.attended.as_str() {
        "999999" => "taught at home".to_owned(),
        "888888" => "a school that is not known".to_owned(),
        urn => {
            let found = door.house.register.school(urn).await.map_err(|error| unavailable(&error))?;
            found.map_or_else(|| urn.to_owned(), |school| format!("{} ({urn})", school.name))
        }
    })
}
