//! `/who-was-told`: a person of information governance looks up what was shared about a child. The number is sent in a form, never in an
//! address; looking is journalled before anything is shown.

use actix_web::http::StatusCode;
use actix_web::web::Form;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::access::Door;
use super::audit;
use super::doors::AtDoor;
use super::pages::{RefusedPage, page};
use super::session::Person;
use crate::clock;
use crate::domain::{NhsNumber, PartnerId, Role};
use crate::page::told::{Line, Shown, day_and_time, html, line};
use crate::pipeline::{entries_of, released_to_nobody};
use crate::problem::{Category, Problem};

/// What the form sends.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    number: String,
    #[serde(default)]
    token: String,
}

/// The empty form.
pub async fn get_who_was_told(person: Person, door: AtDoor) -> Result<HttpResponse, RefusedPage> {
    oversees(&person)?;
    let shown = shown(&person, &door, "", None, None);
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

/// What was shared about the child with this number; or what is wrong with the number, beside its field.
pub async fn post_who_was_told(
    person: Person,
    door: AtDoor,
    request: HttpRequest,
    asked: Form<Asked>,
) -> Result<HttpResponse, RefusedPage> {
    oversees(&person)?;
    person.sent(&door, &asked.token)?;
    let typed: String = asked.number.chars().take(40).collect();
    let number = match NhsNumber::typed(&typed) {
        Ok(number) => number,
        Err(error) => {
            let fault = format!("Check the NHS number: {error}.");
            let shown = shown(&person, &door, &typed, Some(fault), None);
            return person.seen(&door, page(StatusCode::UNPROCESSABLE_ENTITY, html(&shown)?));
        }
    };
    let child = door.house.vault.child_key(&number);
    let who = person.in_words();
    audit::view(&door, &request, &person.partner, &child, &who).await?;
    let entries = entries_of(&door.house, &child).await?;
    let name = |id: &str| door.house.directory.name(&PartnerId(id.to_owned()));
    let nothing_left = released_to_nobody(&entries);
    let lines =
        entries.iter().map(|(number, entry)| line(entry, !nothing_left.contains(number), name)).collect();
    let shown = shown(&person, &door, &typed, None, Some(lines));
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

fn oversees(person: &Person) -> Result<(), Problem> {
    if person.role == Role::InformationGovernance {
        return Ok(());
    }
    let text = "This page is for information governance, which answers families. Your part at your organisation is another.";
    Err(Problem::new(Category::Forbidden, text))
}

fn shown(
    person: &Person,
    door: &Door,
    typed: &str,
    fault: Option<String>,
    lines: Option<Vec<Line>>,
) -> Shown {
    Shown {
        typed: typed.to_owned(),
        fault,
        lines,
        at: day_and_time(clock::now()),
        token: person.token.clone(),
        organisation: door.house.directory.name(&person.partner),
    }
}
