//! `POST /records/school-place`: one place of one child, from a system that knows both. It counts at once. The same
//! id and body again get the same answer; the same id with another body is 409.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::clock;
use crate::domain::{NhsNumber, PartnerId, Postcode, Upn};
use crate::pipeline::{House, begin_import, commit_import, duplicate, unavailable};
use crate::problem::{Category, Issue, Problem, outcome};
use crate::receive::access::{Caller, Door};
use crate::receive::body;
use crate::receive::caller::Verb;
use crate::receive::headers;
use crate::receive::outcome::{Refused, fhir};
use crate::receive::submission::body_hash;
use crate::school::{Attended, Form, Line, Place, Pupil, Row, RowFault};
use crate::store::{Import, ImportState};

/// Takes it in. 201; the OperationOutcome says whether the child is known, or somebody has to decide.
pub async fn post_place(
    caller: Caller,
    door: Data<Door>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Patient", Verb::Update)?;
    caller.may_keep("school-places")?;
    let body = body::read(&door, &request, payload).await?;
    let (house, at) = (&door.house, clock::now());
    let place = read(&body.value, at.date_naive())?;
    let id = headers::of(&request).id;
    let hash = body_hash(&door, "records/school-place", &body.bytes);
    let own = &caller.sender.partner;
    let (mut summary, mut faults) = (None, vec![]);
    for turn in 0..TURNS {
        // Each turn is a list of its own, the first under the request's id.
        let id = if turn == 0 { id } else { Uuid::new_v5(&id, &[turn]) };
        match house.register.import(id).await.map_err(|error| unavailable(&error))? {
            None => {}
            Some(before) if before.author != *own || before.note.as_ref() != Some(&hash) => {
                return Err(duplicate().into());
            }
            Some(before) if before.state == ImportState::Committed => {
                summary = Some(before.summary);
                break;
            }
            // It was cut short, or lost against another that was committed meanwhile.
            Some(_) => continue,
        }
        match take(house, id, own, place.clone(), &hash, at).await {
            Ok(taken) => {
                (summary, faults) = (Some(taken.0.summary), taken.1);
                break;
            }
            Err(problem) if problem.category == Category::VersionConflict => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    let busy = || {
        Problem::new(
            Category::Unavailable,
            "Many places are being put on file. Nothing was taken; send it again later.",
        )
    };
    let summary = summary.ok_or_else(busy)?;
    let text = match () {
        () if summary.moves > 0 => {
            "It contradicts what another source says of this child. Somebody has to decide whether the child has moved."
        }
        () if summary.ambiguous > 0 => "More than one child could be meant. Somebody has to decide.",
        () if summary.unmatched > 0 => {
            "No child with these particulars is known yet. The place is kept until one is."
        }
        () => "The place is on file.",
    };
    let mut issues = vec![Issue::information("informational", text)];
    issues.extend(faults.iter().map(|fault| Issue::warning("value", &fault.text).at("child.upn")));
    Ok(fhir(StatusCode::CREATED, &outcome(&issues, None)))
}

/// How often one record is tried when others come in at the same time.
const TURNS: u8 = 8;

/// Takes a place in as a list of one row, which counts at once; with what is to be said about it.
async fn take(
    house: &House,
    id: Uuid,
    source: &PartnerId,
    place: Place,
    hash: &str,
    at: DateTime<Utc>,
) -> Result<(Import, Vec<RowFault>), Problem> {
    let mut intake = begin_import(house, id, Form::Places, source, at, Some(hash.to_owned())).await?;
    intake
        .take(house, vec![Line { line: 1, row: Some(Row::Place(Box::new(place))), faults: vec![] }])
        .await?;
    let import = intake.end(house, None).await?;
    let faults = house.register.import_faults(id, 10).await.map_err(|error| unavailable(&error))?;
    let sum = import.summary;
    if sum.matched + sum.ambiguous + sum.unmatched + sum.moves == 0 {
        house.register.drop_import(id).await.map_err(|error| unavailable(&error))?;
        let issues = faults.iter().map(|fault| Issue::error("value", &fault.text).at("school.urn")).collect();
        return Err(Problem::with(Category::Invalid, issues));
    }
    match commit_import(house, &import, "", at).await {
        Ok(import) => Ok((import, faults)),
        Err(problem) => {
            house.register.drop_import(id).await.map_err(|error| unavailable(&error))?;
            Err(problem)
        }
    }
}

/// The record: `child` with `nhsNumber`, `upn`, `name`, `birthDate`, `postcode`; `school.urn`; `start`, `end`, `asOf`.
fn read(record: &Value, today: chrono::NaiveDate) -> Result<Place, Problem> {
    let mut issues = Vec::new();
    let mut fault = |path: &str, text: String| issues.push(Issue::error("value", text).at(path));
    let text = |path: &str| {
        record.pointer(path).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    };
    let mut day = |path: &str| {
        let given = text(&format!("/{}", path.replace('.', "/")))?;
        let day = given.parse::<chrono::NaiveDate>();
        day.map_err(|_| fault(path, "This is a day, such as 2026-09-01.".to_owned())).ok()
    };
    let (born, start, end, as_of) = (day("child.birthDate"), day("start"), day("end"), day("asOf"));
    let mut parse = |path: &str, read: &dyn Fn(&str) -> Option<crate::domain::BadIdentifier>| {
        if let Some(error) = text(&format!("/{}", path.replace('.', "/"))).and_then(read) {
            fault(path, format!("{error}."));
        }
    };
    parse("child.nhsNumber", &|text| text.parse::<NhsNumber>().err());
    parse("child.upn", &|text| text.parse::<Upn>().err());
    parse("child.postcode", &|text| text.parse::<Postcode>().err());
    let given = record.pointer("/child/name/given/0").and_then(Value::as_str).unwrap_or_default();
    let pupil = Pupil {
        nhs_number: text("/child/nhsNumber").and_then(|text| text.parse().ok()),
        upn: text("/child/upn").and_then(|text| text.parse().ok()),
        given: given.trim().to_owned(),
        family: text("/child/name/family").unwrap_or_default().to_owned(),
        former: vec![],
        born,
        postcode: text("/child/postcode").and_then(|text| text.parse().ok()),
    };
    if text("/child/nhsNumber").is_none()
        && text("/child/upn").is_none()
        && (pupil.family.is_empty() || text("/child/birthDate").is_none())
    {
        fault("child", "Say who it is: nhsNumber, upn, or name and birthDate.".to_owned());
    }
    let attended = match text("/school/urn").map(Attended::read) {
        Some(Ok(attended)) => Some(attended),
        Some(Err(error)) => {
            fault("school.urn", format!("{error}."));
            None
        }
        None => {
            fault("school.urn", "Say which school: its URN; 999999 for education at home, 888888 for a school that is not known.".to_owned());
            None
        }
    };
    if start.zip(end).is_some_and(|(start, end)| end < start) {
        fault("end", "The place ends before it starts.".to_owned());
    }
    for (path, given) in [("child.birthDate", born), ("asOf", as_of)] {
        if given.is_some_and(|day| day > today) {
            fault(path, "This day is still to come.".to_owned());
        }
    }
    match attended {
        Some(attended) if issues.is_empty() => {
            Ok(Place { pupil, attended, start, end, as_of: as_of.unwrap_or(today) })
        }
        _ => Err(Problem::with(Category::Invalid, issues)),
    }
}
