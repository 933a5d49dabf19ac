//! `POST /records/{kind}`: a record in its partner's own words.

use actix_web::web::{Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::access::Caller;
use super::body;
use super::caller::Verb;
use super::doors::AtDoor;
use super::headers;
use super::outcome::Refused;
use super::submission::{Submission, body_hash, record, submit};
use crate::pipeline::Reply;
use crate::problem::{self, Category, Issue, Problem};

/// Accepts a record: 202 with an OperationOutcome that says who will be told what and why, and what did not fit.
///
/// The token needs `system/Bundle.c`: SMART has no scope of its own for records, and a record is a message. A kind that is put
/// on a register is answered with 201, and its scope is that of the register (`system/Patient.u`).
pub async fn post_record(
    caller: Caller,
    door: AtDoor,
    kind: Path<String>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    let kind = kind.into_inner();
    let known = door.house.kind(&kind);
    let register = known.as_ref().ok().and_then(|kind| kind.mapping.register);
    if register.is_none() {
        caller.may("Bundle", Verb::Create)?;
    }
    let known = known?;
    if !known.mapping.has_door() {
        let text = match known.mapping.childless {
            true => "This kind is about no child, so it is passed on to nobody; `kith map` maps it.",
            false => "This kind is only written by Kith for recipients; it cannot be sent.",
        };
        return Err(Problem::new(Category::NotSupported, text).into());
    }
    caller.may_submit(&known)?;
    let body = body::read(&door, &request, payload).await?;
    let message_id = headers::of(&request).id;
    let location = format!("{}/fhir/Task?group-identifier={message_id}", door.settings.server.public_url);
    let submission = Submission {
        message_id,
        body_hash: body_hash(&door, &format!("records/{kind}"), &body.bytes),
        kind,
        content: record(body.value),
        flag: None,
        answer: Box::new(move |issues: &[Issue]| Reply {
            status: if register.is_some() { 201 } else { 202 },
            headers: if register.is_some() {
                vec![]
            } else {
                vec![("location".to_owned(), location.clone())]
            },
            body: problem::outcome(issues, None),
        }),
    };
    submit(&door, &caller, submission).await
}
