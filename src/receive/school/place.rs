//! One place of one child, from a system that knows both, as a record or as a message. It counts at once. The same id and
//! body again get the same answer; the same id with another body is 409.

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::clock;
use crate::domain::PartnerId;
use crate::message::Received;
use crate::pipeline::{House, begin_import, checked_record, commit_import, duplicate, unavailable};
use crate::problem::{Category, Issue, Problem};
use crate::receive::access::{Caller, Door};
use crate::receive::outcome::Refused;
use crate::receive::submission::{Submission, respond};
use crate::school::{Attended, Form, Line, Place, Pupil, Row, RowFault};
use crate::store::{Import, ImportState};

/// Puts it on file and answers; the answer's OperationOutcome says whether the child is known, or somebody has to decide.
pub async fn keep_place(
    door: &Door,
    caller: &Caller,
    submission: Submission<'_>,
) -> Result<HttpResponse, Refused> {
    let (house, at) = (&door.house, clock::now());
    let (id, hash) = (submission.message_id, submission.body_hash);
    let received = Received {
        sender: caller.sender.clone(),
        message_id: id,
        at,
        kind: submission.kind,
        content: submission.content,
    };
    let (record, ledger) = checked_record(house, received)?;
    let place = read(record.reveal(), at.date_naive())?;
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
    issues.extend(ledger);
    Ok(respond(&(submission.answer)(&issues)))
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

/// The place that a record of the kind `school-place` says; what its schema cannot tell is checked here.
fn read(record: &Value, today: chrono::NaiveDate) -> Result<Place, Problem> {
    let mut issues = Vec::new();
    let mut fault = |path: &str, text: String| issues.push(Issue::error("value", text).at(path));
    let text = |path: &str| record.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let day = |path: &str| text(path).and_then(|day| day.parse::<chrono::NaiveDate>().ok());
    let (born, start, end, as_of) = (day("/child/birthDate"), day("/start"), day("/end"), day("/asOf"));
    let pupil = Pupil {
        nhs_number: text("/child/nhsNumber").and_then(|text| text.parse().ok()),
        upn: text("/child/upn").and_then(|text| text.parse().ok()),
        given: text("/child/name/given/0").unwrap_or_default().trim().to_owned(),
        family: text("/child/name/family").unwrap_or_default().trim().to_owned(),
        former: vec![],
        born,
        postcode: text("/child/postcode").and_then(|text| text.parse().ok()),
    };
    let named = !pupil.family.is_empty() && born.is_some();
    if pupil.nhs_number.is_none() && pupil.upn.is_none() && !named {
        fault("child", "Say who it is: nhsNumber, upn, or name and birthDate.".to_owned());
    }
    let attended = text("/school/urn").map(Attended::read);
    if let Some(Err(error)) = &attended {
        fault("school.urn", format!("{error}."));
    }
    if start.zip(end).is_some_and(|(start, end)| end < start) {
        fault("end", "The place ends before it starts.".to_owned());
    }
    for (path, given) in [("child.birthDate", born), ("asOf", as_of)] {
        if given.is_some_and(|day| day > today) {
            fault(path, "This day is still to come.".to_owned());
        }
    }
    match attended {
        Some(Ok(attended)) if issues.is_empty() => {
            Ok(Place { pupil, attended, start, end, as_of: as_of.unwrap_or(today) })
        }
        _ => Err(Problem::with(Category::Invalid, issues)),
    }
}
