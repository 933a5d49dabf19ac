//! What all doors for messages have in common: the same message known again, carried, answered, the workers woken.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use serde_json::Value;
use uuid::Uuid;

use super::access::{Caller, Door};
use super::follow;
use super::outcome::Refused;
use super::{school, versions};
use crate::clock;
use crate::domain::Private;
use crate::map::Register;
use crate::message::{Content, Received};
use crate::pipeline::{self, Answer, Extras, Reply, answer_context};
use crate::problem::{Issue, outcome};
use crate::store::StoredFlag;

/// A message at the door.
pub struct Submission<'a> {
    /// The sender's id for it.
    pub message_id: Uuid,
    /// The record kind.
    pub kind: String,
    /// What came.
    pub content: Content,
    /// Keyed hash of what came.
    pub body_hash: String,
    /// The flag that it makes or ends.
    pub flag: Option<(StoredFlag, Option<u32>)>,
    /// How to answer.
    pub answer: Answer<'a>,
}

/// The answer that this message got before, when it is the same; 409 when only its id is.
pub async fn known(
    door: &Door,
    caller: &Caller,
    message_id: Uuid,
    body_hash: &str,
) -> Result<Option<HttpResponse>, Refused> {
    let partner = &caller.sender.partner;
    let first = door
        .house
        .store
        .first_answer(partner, message_id)
        .await
        .map_err(|error| pipeline::unavailable(&error))?;
    let Some(first) = first else { return Ok(None) };
    if first.body_hash != body_hash {
        return Err(pipeline::duplicate().into());
    }
    if first.body.0.is_empty() {
        return Ok(Some(respond(&known_before(door, message_id, first.status))));
    }
    let kept = door.house.open_json(&answer_context(partner.as_str(), message_id), &first.body)?;
    Ok(Some(respond(&reply(&kept))))
}

/// Carries the message and answers.
pub async fn submit(
    door: &Door,
    caller: &Caller,
    submission: Submission<'_>,
) -> Result<HttpResponse, Refused> {
    if door.house.kind(&submission.kind)?.mapping.register == Some(Register::SchoolPlaces) {
        return school::keep_place(door, caller, submission).await;
    }
    let (message_id, hash) = (submission.message_id, submission.body_hash.clone());
    if let Some(answer) = known(door, caller, message_id, &hash).await? {
        return Ok(answer);
    }
    let received = Received {
        sender: caller.sender.clone(),
        message_id,
        at: clock::now(),
        kind: submission.kind,
        content: submission.content,
    };
    let extras = Extras { body_hash: submission.body_hash, flag: submission.flag, answer: submission.answer };
    match pipeline::carry(&door.house, received, extras).await {
        Ok(accepted) => {
            (door.wake)(&accepted.recipients);
            if let Some(child) = &accepted.changed {
                follow::up(door, child, &caller.sender.partner, Some(message_id)).await;
            }
            Ok(respond(&accepted.reply))
        }
        // Two at once with the same id: the other was first, so this is the same message coming again.
        Err(problem) if problem.category == crate::problem::Category::Duplicate => {
            known(door, caller, message_id, &hash).await?.ok_or_else(|| problem.into())
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Keyed hash of a body, with the door it came in by.
pub fn body_hash(door: &Door, place: &str, bytes: &[u8]) -> String {
    door.house.vault.digest(&format!("body/{place}"), bytes)
}

/// Takes a value out of sight.
pub fn record(value: Value) -> Content {
    Content::Record(Private::new(value))
}

/// What is said when the first answer's words are not kept any more.
fn known_before(door: &Door, message_id: Uuid, status: u16) -> Reply {
    let receipts = format!("{}/fhir/Task?group-identifier={message_id}", door.settings.server.public_url);
    let text = format!(
        "This message was accepted before; its first answer is not kept any more. Its receipts: {receipts}"
    );
    let body = outcome(&[Issue::information("informational", text)], None);
    Reply { status, headers: vec![("location".to_owned(), receipts)], body }
}

fn reply(kept: &Value) -> Reply {
    let pair =
        |header: &Value| Some((header.get(0)?.as_str()?.to_owned(), header.get(1)?.as_str()?.to_owned()));
    Reply {
        status: kept
            .get("status")
            .and_then(Value::as_u64)
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(200),
        headers: kept
            .get("headers")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(pair)
            .collect(),
        body: kept.get("body").cloned().unwrap_or(Value::Null),
    }
}

/// An answer as the door gives it.
pub fn respond(reply: &Reply) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let mut answer = HttpResponse::build(status);
    for (name, value) in &reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value)) {
            answer.insert_header((name, value));
        }
    }
    versions::body(&mut answer, &reply.body)
}
