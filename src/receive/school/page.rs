//! `/school`: a person looks a school up. The number is sent in a form, never in an address; looking is journalled before anything is shown.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Form;
use chrono::NaiveDate;
use serde::Deserialize;

use super::needs::reads;
use crate::clock;
use crate::domain::{NhsNumber, Purpose, Role};
use crate::page::school::{Fault, Found, Shown, html};
use crate::pipeline::{Asking, FoundSchool, Sought, which_school};
use crate::problem::{Category, Problem};
use crate::receive::access::{Door, sender};
use crate::receive::doors::AtDoor;
use crate::receive::headers;
use crate::receive::pages::{RefusedPage, page};
use crate::receive::session::Person;
use crate::school::{Attended, Establishment, Openness, Status, academic_year};

/// What the form sends.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    number: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    year: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    token: String,
}

/// The empty form.
pub async fn get_page(person: Person, door: AtDoor) -> Result<HttpResponse, RefusedPage> {
    cares(&person)?;
    let shown = empty(&person, &door);
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

/// The answer; or what is wrong with what was typed, beside its field.
pub async fn post_page(
    person: Person,
    door: AtDoor,
    request: HttpRequest,
    asked: Form<Asked>,
) -> Result<HttpResponse, RefusedPage> {
    cares(&person)?;
    person.sent(&door, &asked.token)?;
    let mut shown = empty(&person, &door);
    let cut = |text: &str| text.chars().take(200).collect::<String>();
    shown.number = cut(&asked.number);
    shown.born = [cut(&asked.day), cut(&asked.month), cut(&asked.year)];
    shown.protects = asked.purpose == Purpose::Safeguarding.name();
    shown.reason = cut(&asked.reason);
    let today = clock::now().date_naive();
    let number = typed_number(&shown.number);
    let born = typed_day(&shown.born, today);
    let mut fault = |id, text: &str| shown.faults.push(Fault { id, text: text.to_owned() });
    if let Err(text) = &number {
        fault("number", text);
    }
    if let Err(text) = &born {
        fault("day", text);
    }
    if asked.purpose == Purpose::Safeguarding.name() && asked.reason.trim().is_empty() {
        fault("reason", "Say why it is needed to protect the child, or choose that you care for the child.");
    }
    let (Ok(number), Ok(born), true) = (number, born, shown.faults.is_empty()) else {
        return person.seen(&door, page(StatusCode::UNPROCESSABLE_ENTITY, html(&shown)?));
    };
    let question = Question { protects: shown.protects, reason_given: !shown.reason.trim().is_empty() };
    let found = look_up(&person, &door, &request, &question, Sought { number, born }).await?;
    shown.found = Some(in_words(&door, &person, &found, born, today));
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

/// What a look-up is for.
pub(super) struct Question {
    pub(super) protects: bool,
    pub(super) reason_given: bool,
}

/// Asks in the person's name, within what one person may ask.
pub(super) async fn look_up(
    person: &Person,
    door: &Door,
    request: &HttpRequest,
    question: &Question,
    sought: Sought,
) -> Result<FoundSchool, Problem> {
    let at = clock::now();
    // Each person by themselves: one who walks through the register does not stop the others.
    let caller = format!("{}/{}", person.partner, person.subject());
    door.look_ups.ask(&caller, 1, at)?;
    let partner = door.house.directory.partner(&person.partner);
    let partner = partner
        .ok_or_else(|| Problem::new(Category::Forbidden, "Your organisation has left Kith's directory."))?;
    let asker = sender(partner);
    let asking = Asking {
        asker: &asker,
        person: person.in_words(),
        purpose: if question.protects { Purpose::Safeguarding } else { Purpose::DirectCare },
        reason_given: question.reason_given,
        request_id: headers::of(request).id,
        at,
    };
    let found = which_school(&door.house, &asking, &[sought]).await?.into_iter().next();
    let found = found.ok_or_else(|| Problem::internal("answer", &"no answer for one child"))?;
    if found.answer.status == Status::Unknown {
        door.look_ups.found_nothing(&caller, 1);
    }
    Ok(found)
}

/// Who may open the page. What they are told about a child is another question, and is decided for each.
fn cares(person: &Person) -> Result<(), Problem> {
    if matches!(person.role, Role::SchoolNurse | Role::HealthVisitor | Role::Gp) {
        return Ok(());
    }
    let text = "This page is for school nurses, health visitors and GP practices, who care for children. Your part at your organisation is another.";
    Err(Problem::new(Category::Forbidden, text))
}

/// An NHS number as people type it.
pub(super) fn typed_number(typed: &str) -> Result<NhsNumber, String> {
    if typed.trim().is_empty() {
        return Err("Enter the NHS number.".to_owned());
    }
    NhsNumber::typed(typed).map_err(|error| format!("Check the NHS number: {error}."))
}

/// A birth date as people type it: three numbers, the month as a word too.
fn typed_day(typed: &[String; 3], today: NaiveDate) -> Result<NaiveDate, String> {
    let [day, month, year] = typed.each_ref().map(|part| part.trim());
    let empty: Vec<&str> = [(day, "day"), (month, "month"), (year, "year")]
        .iter()
        .filter(|(part, _)| part.is_empty())
        .map(|(_, name)| *name)
        .collect();
    match empty.as_slice() {
        [] => {}
        [_, _, _] => return Err("Enter the birth date.".to_owned()),
        some => return Err(format!("The birth date must have a {}.", some.join(" and a "))),
    }
    let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = month.to_lowercase();
    let word =
        names.iter().position(|name| lower.starts_with(name)).and_then(|place| u32::try_from(place + 1).ok());
    let read =
        (day.parse().ok(), month.parse().ok().or(word), year.parse().ok().filter(|year| *year >= 1900));
    let (Some(day), Some(month), Some(year)) = read else {
        return Err(
            "The birth date is three numbers, such as 27 3 2020; the year has four digits.".to_owned()
        );
    };
    let born =
        NaiveDate::from_ymd_opt(year, month, day).ok_or("There is no such day. Check the birth date.")?;
    if born > today {
        return Err("The birth date is still to come. Check it.".to_owned());
    }
    Ok(born)
}

fn empty(person: &Person, door: &Door) -> Shown {
    Shown {
        number: String::new(),
        born: Default::default(),
        protects: false,
        reason: String::new(),
        faults: vec![],
        found: None,
        token: person.token.clone(),
        organisation: door.house.directory.name(&person.partner),
    }
}

pub(super) fn in_words_day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn in_words(door: &Door, person: &Person, found: &FoundSchool, born: NaiveDate, today: NaiveDate) -> Found {
    let answer = &found.answer;
    let urn = answer.place.as_ref().and_then(|place| match &place.attended {
        Attended::School(urn) => Some(urn.as_str()),
        _ => None,
    });
    let name = found.school.as_ref().map(|school| school.name.as_str()).or(urn).unwrap_or("a school");
    let title = match answer.status {
        Status::Attending => format!("The child attends {name}"),
        Status::HomeEducated => "The child is taught at home".to_owned(),
        Status::Unknown => "Kith has no answer".to_owned(),
    };
    let mut facts = Vec::new();
    if let Some(place) = &answer.place {
        facts.extend(
            found
                .school
                .as_ref()
                .map(address)
                .filter(|address| !address.is_empty())
                .map(|address| ("Address", address)),
        );
        facts.extend(urn.map(|urn| ("URN", urn.to_owned())));
        facts.extend(place.start.map(|start| ("Since", in_words_day(start))));
        facts.push(("School year", academic_year(today)));
        facts.extend(found.source.clone().map(|source| ("Source", source)));
        facts.push(("As of", in_words_day(place.as_of)));
    }
    let closed = found.school.as_ref().is_some_and(|school| school.openness == Openness::Closed);
    let reads = answer.place.as_ref().is_some_and(|place| match &place.attended {
        Attended::School(urn) => reads(door, urn).is_some(),
        _ => false,
    });
    let own = door.house.directory.partner(&person.partner);
    let may_send = own.is_some_and(|own| own.sends.iter().any(|kind| kind == "school-health-needs"));
    Found {
        title,
        is_known: answer.status != Status::Unknown,
        born: in_words_day(born),
        born_iso: born.to_string(),
        successor: found.successor.as_ref().filter(|_| closed).map(|next| next.name.clone()),
        facts,
        warnings: answer
            .warnings
            .iter()
            .filter(|warning| !(closed && warning.contains("has closed")))
            .cloned()
            .collect(),
        offers_needs: may_send && reads,
    }
}

fn address(school: &Establishment) -> String {
    let lines = school.address.iter().chain(&school.postcode).map(String::as_str);
    lines.collect::<Vec<_>>().join(", ")
}
