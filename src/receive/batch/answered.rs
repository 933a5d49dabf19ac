//! The answer to one entry, as FHIR says it in a `batch-response` (<https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.response>).

use actix_web::HttpResponse;
use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LAST_MODIFIED, LOCATION};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::entry::Entry;
use crate::problem::Problem;
use crate::receive::outcome;

/// An entry's answer.
pub(super) struct Answered {
    resource: Option<Value>,
    response: Value,
    /// How long its body was, in bytes.
    pub length: usize,
}

impl Answered {
    /// What its door answered.
    pub(super) async fn of(answer: HttpResponse, entry: &Entry<'_>) -> Self {
        let status = answer.status();
        let header =
            |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (location, etag) = (header(LOCATION), header(ETAG));
        let modified = header(LAST_MODIFIED).and_then(|said| DateTime::parse_from_rfc2822(&said).ok());
        let modified = modified.map(|at| at.with_timezone(&Utc).to_rfc3339_opts(SecondsFormat::Secs, true));
        // What Kith answers is in memory already: nothing can fail here, and if it did, nothing would be left to say.
        let bytes = to_bytes(answer.into_body()).await.unwrap_or_default();
        let body =
            serde_json::from_slice::<Value>(&bytes).ok().filter(|body| body.is_object() && !entry.is_head());
        let tells = |body: &Value| {
            body["resourceType"] == "OperationOutcome" && !(status.is_success() && entry.is_operation())
        };
        let (outcome, resource) = match body {
            Some(body) if tells(&body) => (Some(body), None),
            body => (None, body),
        };
        let mut response = json!({ "status": in_words(status) });
        let parts = [("location", location.map(Value::from)), ("etag", etag.map(Value::from))];
        let parts =
            parts.into_iter().chain([("lastModified", modified.map(Value::from)), ("outcome", outcome)]);
        for (name, part) in parts {
            if let Some(part) = part {
                response[name] = part;
            }
        }
        Self { resource, response, length: bytes.len() }
    }

    /// What was not put to any door.
    pub(super) fn refused(problem: Problem) -> Self {
        let status = outcome::status(problem.category);
        let outcome = problem.operation_outcome();
        Self {
            resource: None,
            response: json!({ "status": in_words(status), "outcome": outcome }),
            length: 0,
        }
    }

    /// As an entry of the answer; its id is the `X-Request-ID` under which it was done.
    pub(super) fn entry(self, id: Uuid) -> Value {
        let mut entry = json!({ "id": id });
        if let Some(resource) = self.resource {
            entry["resource"] = resource;
        }
        entry["response"] = self.response;
        entry
    }
}

/// As HTTP says a status: `404 Not Found`.
fn in_words(status: StatusCode) -> String {
    format!("{} {}", status.as_str(), status.canonical_reason().unwrap_or_default())
}
