//! `/births`: a local authority's data lead sees how many were born and takes the list of a month, sealed for the authority; the same for a
//! program of theirs at `/births/{month}` and `/births/{month}/list`.
//!
//! Each list is made anew of what messages told: who may stand on it is decided by what is on file at that moment, and written into the
//! journal before it is handed over. Numbers are shown as the directory says, small ones not at all.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, HeaderName, HeaderValue};
use actix_web::web::{Form, Path, Query};
use serde::Deserialize;
use serde_json::json;

use super::access::{Caller, Door};
use super::caller::Verb;
use super::doors::AtDoor;
use super::outcome::Refused;
use super::pages::{RefusedPage, page};
use super::session::Person;
use crate::births::{Mask, Month, Together};
use crate::clock;
use crate::domain::PartnerId;
use crate::page::births::{Month as MonthLine, OfMonth, Shown, html, in_words};
use crate::page::told::day_and_time;
use crate::pipeline::{BirthList, Order, SealedList, list_kept, list_key, unavailable};
use crate::problem::{Category, Problem};
use crate::route::{BirthLists, Partner};

/// The signature of a list: what stands between the first and the last line of a `.sig` file of OpenSSH's.
const SIGNATURE: HeaderName = HeaderName::from_static("x-list-signature");

/// Which month is looked at.
#[derive(Deserialize)]
pub struct Looked {
    /// `2026-10`; the newest of which there is anything, when it is left out.
    #[serde(default)]
    month: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Taken {
    #[serde(default)]
    month: String,
    /// `list` or `count`.
    #[serde(default)]
    act: String,
    #[serde(default)]
    token: String,
}

/// What somebody wants of a month, who was allowed to.
struct Wanting<'d> {
    door: &'d Door,
    authority: &'d Partner,
    lists: &'d BirthLists,
    by: String,
}

/// The months, and the numbers of one.
pub async fn get_births(
    person: Person,
    door: AtDoor,
    looked: Query<Looked>,
) -> Result<HttpResponse, RefusedPage> {
    let wanting = Wanting::of_person(&person, &door)?;
    let months = door.house.births.birth_months(&person.partner).await;
    let months = months.map_err(|error| unavailable(&error))?;
    let newest = months.first().map(|(month, _)| month.clone()).unwrap_or_default();
    let chosen = if looked.month.is_empty() { newest } else { looked.month.clone() };
    let of_month = if chosen.is_empty() { None } else { Some(wanting.seen(&month(&chosen)?).await?) };
    let mask = wanting.mask();
    let line = |(month, children): &(String, u64)| MonthLine {
        is_chosen: *month == chosen,
        name: in_words(month),
        month: month.clone(),
        born: mask.shown(*children),
    };
    let shown = Shown {
        months: months.iter().map(line).collect(),
        chosen: of_month,
        numbers: mask.in_words(),
        signed_by: list_key(&door.house)?,
        keep_days: wanting.lists.keep_days,
        at: day_and_time(clock::now()),
        token: person.token.clone(),
        organisation: wanting.authority.name.clone(),
    };
    person.seen(&door, page(StatusCode::OK, html(&shown)?))
}

/// The list or the numbers of a month, as a file.
pub async fn post_births(
    person: Person,
    door: AtDoor,
    taken: Form<Taken>,
) -> Result<HttpResponse, RefusedPage> {
    person.sent(&door, &taken.token)?;
    let wanting = Wanting::of_person(&person, &door)?;
    let month = month(&taken.month)?;
    let answer = match taken.act.as_str() {
        "list" => wanting.list_and_signature(&month).await?,
        "count" => wanting.count(&month).await?,
        _ => {
            let text = "The form says nothing that can be done. Open the page again, and send it from there.";
            return Err(Problem::new(Category::BadCall, text).into());
        }
    };
    person.seen(&door, answer)
}

/// The numbers of a month, for a program.
pub async fn get_month(caller: Caller, door: AtDoor, asked: Path<String>) -> Result<HttpResponse, Refused> {
    let wanting = Wanting::of_program(&caller, &door)?;
    let month = month(&asked)?;
    let made = wanting.makes(&month, true).await?;
    let mask = wanting.mask();
    let mut said = made.counts.json(mask);
    said["month"] = json!(month.to_string());
    said["authority"] = json!(wanting.authority.id);
    said["unreached"] = json!(mask.shown(made.unreached.len() as u64));
    said["signedBy"] = json!(list_key(&door.house)?);
    said["unfit"] = json!(mask.shown(made.refused.len() as u64));
    Ok(HttpResponse::Ok().json(said))
}

/// The list of a month, for a program.
pub async fn get_list(caller: Caller, door: AtDoor, asked: Path<String>) -> Result<HttpResponse, Refused> {
    let wanting = Wanting::of_program(&caller, &door)?;
    Ok(wanting.list(&month(&asked)?).await?)
}

fn month(text: &str) -> Result<Month, Problem> {
    text.parse().map_err(|error| Problem::new(Category::BadCall, format!("This is no month: {error}.")))
}

impl<'d> Wanting<'d> {
    fn of_person(person: &Person, door: &'d Door) -> Result<Self, Problem> {
        Self::of(door, &person.partner, format!("{}took it", person.in_words()))
    }

    fn of_program(caller: &Caller, door: &'d Door) -> Result<Self, Refused> {
        caller.may("Patient", Verb::Read)?;
        Ok(Self::of(door, &caller.sender.partner, "a program of the authority's took it".to_owned())?)
    }

    fn of(door: &'d Door, partner: &PartnerId, by: String) -> Result<Self, Problem> {
        let authority = door.house.directory.partner(partner);
        let taking = authority.and_then(|authority| Some((authority, authority.births.as_ref()?)));
        let refuse = |text: &str| Problem::new(Category::Forbidden, text);
        let (authority, lists) = taking
            .ok_or_else(|| refuse("This is for local authorities that take a list of births from Kith."))?;
        if lists.from.is_empty() {
            let text = "Kith keeps no births for your organisation: its list is made of files that the child health service brings. \
                        Ask the operator (births.from in the directory).";
            return Err(refuse(text));
        }
        Ok(Self { door, authority, lists, by })
    }

    fn mask(&self) -> Mask {
        Mask { suppress_below: self.lists.suppress_below, round_to: self.lists.round_to }
    }

    async fn makes(&self, month: &Month, preview: bool) -> Result<BirthList, Problem> {
        let order = Order {
            authority: self.authority,
            lists: self.lists,
            month,
            at: clock::now(),
            by: &self.by,
            preview,
            done: &|_| {},
        };
        Ok(list_kept(&self.door.house, &order).await?.0)
    }

    async fn seen(&self, month: &Month) -> Result<OfMonth, Problem> {
        let made = self.makes(month, true).await?;
        let shown = |number: usize| self.mask().shown(number as u64);
        let name = in_words(&month.to_string());
        let (unreached, unfit) = (shown(made.unreached.len()), shown(made.refused.len()));
        Ok(OfMonth::of(month.to_string(), name, &made.counts, self.mask(), (unreached, unfit)))
    }

    async fn sealed(&self, month: &Month) -> Result<SealedList, Problem> {
        let sealed = self.makes(month, false).await?.sealed;
        sealed.ok_or_else(|| Problem::internal("hand over the list", &"it was not sealed"))
    }

    /// Both in one file: a person has no use for a header.
    async fn list_and_signature(&self, month: &Month) -> Result<HttpResponse, Problem> {
        let SealedList { letter, signature } = self.sealed(month).await?;
        let both = Together { letter, signature: signature.into_bytes() };
        let name = format!("births-{month}-{}.csv.age", self.authority.id);
        let made = u64::try_from(clock::now().timestamp()).unwrap_or_default();
        let archive =
            both.archive(&name, made).map_err(|error| Problem::internal("hand over the list", &error))?;
        Ok(self.file(month, ".tar", "application/x-tar", archive))
    }

    async fn list(&self, month: &Month) -> Result<HttpResponse, Problem> {
        let sealed = self.sealed(month).await?;
        let mut answer = self.file(month, ".csv.age", "application/octet-stream", sealed.letter);
        // A header is one line: the letters of the signature without what stands around them in a file.
        let letters: String = sealed.signature.lines().filter(|line| !line.starts_with('-')).collect();
        if let Ok(letters) = HeaderValue::from_str(&letters) {
            answer.headers_mut().insert(SIGNATURE, letters);
        }
        Ok(answer)
    }

    async fn count(&self, month: &Month) -> Result<HttpResponse, Problem> {
        let table = self.makes(month, true).await?.counts.csv(self.mask())?;
        Ok(self.file(month, "-count.csv", "text/csv; charset=utf-8; header=present", table))
    }

    fn file(&self, month: &Month, ending: &str, media_type: &str, bytes: Vec<u8>) -> HttpResponse {
        let name = format!("attachment; filename=\"births-{month}-{}{ending}\"", self.authority.id);
        HttpResponse::Ok()
            .content_type(media_type)
            .insert_header((CONTENT_DISPOSITION, name))
            .insert_header(("x-content-type-options", "nosniff"))
            .body(bytes)
    }
}
