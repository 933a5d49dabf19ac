//! `POST /fhir/$process-message`: a message Bundle in, a response message out
//! (<https://hl7.org/fhir/R4/messageheader-operation-process-message.html>).

use std::sync::Arc;

use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{Caller, Door};
use super::body;
use super::caller::Verb;
use super::doors::AtDoor;
use super::headers;
use super::outcome::Refused;
use super::submission::{Submission, body_hash, submit};
use crate::catalogue::Kind;
use crate::domain::Private;
use crate::message::{Content, Fhir};
use crate::pipeline::Reply;
use crate::problem::{self, Category, Issue, Problem};

/// Accepts a message: 200 with a response Bundle whose OperationOutcome says what became of it.
pub async fn process_message(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    let body = body::read(&door, &request, payload).await?;
    let header = header(&body.value)?;
    let kind = kind_of(&door, header);
    if !kind.as_ref().is_ok_and(|kind| kind.mapping.register.is_some()) {
        caller.may("Bundle", Verb::Create)?;
    }
    let kind = kind?;
    caller.may_submit(&kind)?;
    let kind = kind.name.clone();
    let message_id = message_id(header, headers::of(&request).id);
    let answer = response(header, message_id, &door.settings.server.public_url);
    let submission = Submission {
        message_id,
        body_hash: body_hash(&door, "process-message", &body.bytes),
        kind,
        content: Content::Fhir(Private::new(Fhir { text: body.text(), value: body.value.clone() })),
        flag: None,
        answer: Box::new(answer),
    };
    submit(&door, &caller, submission).await
}

fn header(bundle: &Value) -> Result<&Value, Problem> {
    let wrong =
        |text: &str, at: &str| Problem::with(Category::Invalid, vec![Issue::error("structure", text).at(at)]);
    if bundle.get("resourceType").and_then(Value::as_str) != Some("Bundle") {
        return Err(wrong("This operation takes a Bundle.", "resourceType"));
    }
    if bundle.get("type").and_then(Value::as_str) != Some("message") {
        return Err(wrong("The Bundle's type must be 'message'.", "Bundle.type"));
    }
    let header = bundle.pointer("/entry/0/resource");
    header
        .filter(|header| header.get("resourceType").and_then(Value::as_str) == Some("MessageHeader"))
        .ok_or_else(|| {
            wrong("The first entry of a message is its MessageHeader (bdl-12).", "Bundle.entry[0].resource")
        })
}

fn kind_of(door: &Door, header: &Value) -> Result<Arc<Kind>, Problem> {
    let part = |key: &str| {
        header.pointer(&format!("/eventCoding/{key}")).and_then(Value::as_str).unwrap_or_default()
    };
    let kind =
        door.house.catalogue.by_event(part("system"), part("code")).filter(|kind| kind.mapping.has_door());
    kind.cloned().ok_or_else(|| {
        let issue = Issue::error(
            "not-supported",
            "Kith takes no message of this event; /fhir/metadata lists the events that it takes.",
        );
        Problem::with(Category::Invalid, vec![issue.at("Bundle.entry[0].resource.eventCoding")])
    })
}

/// The MessageHeader's id is the message's id; a sender without one is known again by its X-Request-ID.
fn message_id(header: &Value, request_id: Uuid) -> Uuid {
    let given = header.get("id").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
    given.unwrap_or(request_id)
}

fn response(
    header: &Value,
    message_id: Uuid,
    public_url: &str,
) -> impl Fn(&[Issue]) -> Reply + Send + Sync + 'static {
    let event = header.get("eventCoding").cloned().unwrap_or(Value::Null);
    let sender = header.pointer("/source/endpoint").cloned().unwrap_or(Value::Null);
    let request = header.get("id").cloned().unwrap_or_else(|| json!(message_id));
    let location = format!("{public_url}/fhir/Task?group-identifier={message_id}");
    let source = public_url.to_owned();
    move |issues: &[Issue]| {
        let own = |name: &str| Uuid::new_v5(&message_id, name.as_bytes());
        let (answer, details) = (own("response"), own("outcome"));
        let header = json!({
            "resourceType": "MessageHeader",
            "id": answer,
            "eventCoding": event,
            "destination": [{ "endpoint": sender }],
            "source": { "name": "Kith", "endpoint": source },
            "response": { "identifier": request, "code": "ok", "details": { "reference": format!("urn:uuid:{details}") } },
        });
        let body = json!({
            "resourceType": "Bundle",
            "type": "message",
            "entry": [
                { "fullUrl": format!("urn:uuid:{answer}"), "resource": header },
                { "fullUrl": format!("urn:uuid:{details}"), "resource": problem::outcome(issues, None) },
            ],
        });
        Reply { status: 200, headers: vec![("location".to_owned(), location.clone())], body }
    }
}
