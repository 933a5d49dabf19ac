//! `POST /fhir/Patient/$merge` and `$unmerge`: two NHS numbers are one child's, or are not after all. Parameters in, Parameters out, named as in
//! FHIR's `Patient/$merge` (<https://hl7.org/fhir/R5/patient-operation-merge.html>), by identifiers alone: Kith holds no Patients.
//!
//! For partners whose directory entry says so (`keeps = ["nhs-numbers"]`), such as a system that hears of merged records from PDS: who could
//! merge at will could read one child by the consents of another. Whether anything was on file about either number is not answered.

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::access::{Caller, Door};
use super::body;
use super::caller::Verb;
use super::doors::AtDoor;
use super::explain::nhs_number;
use super::headers;
use super::outcome::{Refused, fhir};
use crate::clock;
use crate::domain::NhsNumber;
use crate::pipeline::{Numbers, merge};
use crate::problem::{Category, Issue, Problem};

/// What a partner keeps that may say this.
const KEEPS: &str = "nhs-numbers";
const SOURCE: &str = "source-patient-identifier";
const TARGET: &str = "target-patient-identifier";

/// From now on both numbers are one child's.
pub async fn post_merge(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    let text = "Both numbers are one child's: consents, refusals and restrictions on file under either count for both.";
    said(&caller, &door, &request, payload, true, text).await
}

/// That was wrong: each number is a child's of its own again.
pub async fn post_unmerge(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    let text = "Nothing ties these two numbers to each other any more: what is on file under one does not count for the other.";
    said(&caller, &door, &request, payload, false, text).await
}

async fn said(
    caller: &Caller,
    door: &Door,
    request: &HttpRequest,
    payload: Payload,
    holds: bool,
    text: &str,
) -> Result<HttpResponse, Refused> {
    caller.may("Patient", Verb::Update)?;
    caller.may_keep(KEEPS)?;
    let body = body::read(door, request, payload).await?;
    let numbers = read(&body.value)?;
    let by = (&caller.sender.partner, headers::of(request).id);
    let (_, woken) = merge(&door.house, &numbers, by, holds, clock::now()).await?;
    (door.wake)(&woken);
    let outcome = json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "information", "code": "informational", "details": { "text": text } }],
    });
    let answer =
        json!({ "resourceType": "Parameters", "parameter": [{ "name": "outcome", "resource": outcome }] });
    Ok(fhir(StatusCode::OK, &answer))
}

fn read(body: &Value) -> Result<Numbers, Problem> {
    let mut issues = Vec::new();
    if body.get("resourceType").and_then(Value::as_str) != Some("Parameters") {
        issues.push(Issue::error("structure", "This address takes Parameters.").at("resourceType"));
    }
    let (mut old, mut holds) = (None, None);
    let given = body.get("parameter").and_then(Value::as_array).into_iter().flatten();
    for (index, parameter) in given.enumerate() {
        let at = format!("Parameters.parameter[{index}]");
        let place = match parameter.get("name").and_then(Value::as_str) {
            Some(SOURCE) => &mut old,
            Some(TARGET) => &mut holds,
            _ => {
                let text = format!("There is no such parameter here; there are: {SOURCE}, {TARGET}.");
                issues.push(Issue::error("not-supported", text).at(at));
                continue;
            }
        };
        match nhs_number(parameter) {
            Err(text) => issues.push(Issue::error("value", text).at(at)),
            Ok(_) if place.is_some() => issues.push(Issue::error("invariant", "It is given twice.").at(at)),
            Ok(number) => *place = Some(number),
        }
    }
    let missing = |name: &str, found: &Option<NhsNumber>| {
        let text = format!("Give {name}: valueIdentifier with an NHS number.");
        found.is_none().then(|| Issue::error("required", text).at("Parameters.parameter"))
    };
    if issues.is_empty() {
        issues.extend(missing(SOURCE, &old).into_iter().chain(missing(TARGET, &holds)));
    }
    match (old, holds) {
        (Some(old), Some(holds)) if issues.is_empty() => Ok(Numbers { old, holds }),
        _ => Err(Problem::with(Category::Invalid, issues)),
    }
}
