//! `POST /fhir` with a Bundle of type `batch`: several requests at once, each decided, limited, journalled and answered as it would be
//! alone (<https://hl7.org/fhir/R4/http.html#transaction>). So a batch can do nothing that its entries cannot.

mod answered;
mod entry;
mod within;

use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::access::Caller;
use super::body;
use super::doors::AtDoor;
use super::outcome::{self, Refused};
use crate::problem::{Category, Issue, Problem};
use answered::Answered;
use entry::{Entry, Outer};
pub use within::Within;

/// How many reads are under way at once: a batch asks sources no harder than a caller with some connections does.
const AT_ONCE: usize = 8;

/// What all answers together may be long, in bytes; what comes after that is not done.
const ANSWERS_MAX: usize = 16 * 1024 * 1024;

/// Answers each entry in its place: 200 with a Bundle of type `batch-response`, also where entries were refused.
/// Reads that follow each other are done together; what changes something is done in its turn.
pub async fn post_batch(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    let body = body::read(&door, &request, payload).await?;
    let entries = entries(&body.value, door.settings.server.batch_entries_max)?;
    let outer = Outer { request: &request, caller: Rc::new(caller), door: &door };
    let app = Within::of(&request).await?;
    let mut answers = Vec::with_capacity(entries.len());
    let mut length = 0;
    let mut rest = entries.into_iter().enumerate().peekable();
    while let Some(first) = rest.next() {
        let mut together = vec![first];
        while together.len() < AT_ONCE && together[0].1.reads() {
            let Some(next) = rest.next_if(|(_, entry)| entry.reads()) else { break };
            together.push(next);
        }
        let room = length < ANSWERS_MAX;
        let done = together.iter().map(async |(index, entry)| match entry.request(*index, &outer) {
            _ if !room => Answered::refused(too_long()),
            Ok(request) => app.answer(request, entry).await,
            Err(problem) => Answered::refused(problem),
        });
        for answer in join_all(done).await {
            length += answer.length;
            answers.push(answer.entry(outer.id_of(answers.len())));
        }
    }
    let mut answer = json!({ "resourceType": "Bundle", "type": "batch-response" });
    if !answers.is_empty() {
        answer["entry"] = answers.into();
    }
    Ok(outcome::fhir(StatusCode::OK, &answer))
}

/// The entries of a batch.
fn entries(bundle: &Value, most: usize) -> Result<Vec<Entry<'_>>, Problem> {
    let invalid = |at: &str, text: &str| {
        Problem::with(Category::BusinessRule, vec![Issue::error("business-rule", text).at(at)])
    };
    match (bundle["resourceType"].as_str(), bundle["type"].as_str()) {
        (Some("Bundle"), Some("batch")) => {}
        (Some("Bundle"), Some("transaction")) => {
            let text = "Kith takes no transaction: what it accepted may be on its way already, and cannot be taken back because another \
                        entry is refused. Send a Bundle of type 'batch', and look at the answer of each entry.";
            return Err(invalid("Bundle.type", text));
        }
        (Some("Bundle"), Some("message")) => {
            return Err(invalid("Bundle.type", "A message goes to /fhir/$process-message."));
        }
        _ => return Err(invalid("Bundle.type", "This address takes a Bundle of type 'batch'.")),
    }
    let entries = match bundle.get("entry") {
        None => &[][..],
        Some(Value::Array(entries)) => entries,
        Some(_) => return Err(invalid("Bundle.entry", "Bundle.entry must be a list.")),
    };
    if entries.len() > most {
        let text =
            format!("A batch has at most {most} entries; this one has {}. Send several.", entries.len());
        return Err(Problem::new(Category::TooLarge, text));
    }
    let (mut read, mut faults) = (Vec::with_capacity(entries.len()), Vec::new());
    for (index, entry) in entries.iter().enumerate() {
        match Entry::of(entry, index) {
            Ok(entry) => read.push(entry),
            Err(fault) => faults.push(*fault),
        }
    }
    // Of a Bundle that is none, nothing is done.
    if faults.is_empty() { Ok(read) } else { Err(Problem::with(Category::Invalid, faults)) }
}

fn too_long() -> Problem {
    let text = "The answers before this one are as long as the answer to a batch may be, so that this entry was not done. Send it in \
                another batch, or alone.";
    Problem::new(Category::TooLarge, text)
}
