//! An entry of a batch becomes the request that it would be alone.

use std::rc::Rc;

use actix_http::{Payload, Request};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use serde_json::Value;
use uuid::Uuid;

use crate::problem::{Category, Issue, Problem};
use crate::receive::access::{Caller, Known};
use crate::receive::doors::AtDoor;
use crate::receive::headers;

/// What is the same for all entries.
pub(super) struct Outer<'o> {
    /// The request that the batch is.
    pub request: &'o HttpRequest,
    /// Whose batch it is.
    pub caller: Rc<Caller>,
    /// The door that it came through: its entries go through the same.
    pub door: &'o AtDoor,
}

impl Outer<'_> {
    /// The id of the request that an entry is: the same when the batch is sent again under its own id, so that nothing is done twice.
    pub(super) fn id_of(&self, index: usize) -> Uuid {
        Uuid::new_v5(&headers::of(self.request).id, index.to_string().as_bytes())
    }
}

/// Headers of the batch that each of its entries has too.
const PASSED_ON: &[&str] = &["prefer", "traceparent"];

/// What an entry says of the headers that its request has.
const SAID: &[(&str, &str)] =
    &[("ifMatch", "if-match"), ("ifNoneMatch", "if-none-match"), ("ifNoneExist", "if-none-exist")];

/// What an address has to be.
const ADDRESS: &str = "Say the address after /fhir/, such as 'Task?status=completed', with all else than ASCII percent-encoded. A batch holds \
                       no other batch.";

/// An entry of a batch that is one: it says what is to be done, and where.
pub(super) struct Entry<'b> {
    method: Method,
    url: &'b str,
    request: &'b Value,
    resource: Option<&'b Value>,
}

impl<'b> Entry<'b> {
    /// Reads an entry, or says what it is not.
    pub(super) fn of(entry: &'b Value, index: usize) -> Result<Self, Box<Issue>> {
        let wrong = |part: &str, text: &str| {
            Box::new(Issue::error("structure", text).at(format!("Bundle.entry[{index}]{part}")))
        };
        let request = entry.get("request").filter(|request| request.is_object());
        let request =
            request.ok_or_else(|| wrong(".request", "An entry says what is asked: give it a request."))?;
        let method = text(request, "method").and_then(method).ok_or_else(|| {
            wrong(".request.method", "Say what is to be done: GET, HEAD, POST, PUT, PATCH or DELETE.")
        })?;
        let url = text(request, "url")
            .filter(|url| !url.is_empty())
            .ok_or_else(|| wrong(".request.url", ADDRESS))?;
        let resource = entry.get("resource");
        if resource.is_some_and(|resource| !resource.is_object()) {
            return Err(wrong(".resource", "A resource is an object."));
        }
        Ok(Self { method, url, request, resource })
    }

    /// Whether it changes nothing.
    pub(super) fn reads(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }

    /// Whether only headers are asked for.
    pub(super) fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }

    /// Whether it asks for an operation, whose answer is a resource also where it is an OperationOutcome.
    pub(super) fn is_operation(&self) -> bool {
        self.url.split('?').next().unwrap_or_default().contains('$')
    }

    /// The request, with the caller whose token was checked already.
    pub(super) fn request(&self, index: usize, outer: &Outer<'_>) -> Result<Request, Problem> {
        let at = |part: &str| format!("Bundle.entry[{index}]{part}");
        let wrong = |part: &str, text: &str| {
            Problem::with(Category::BadCall, vec![Issue::error("value", text).at(at(part))])
        };
        let uri = within_base(self.url).ok_or_else(|| wrong(".request.url", ADDRESS))?;
        if self.reads() && self.resource.is_some() {
            return Err(wrong(".resource", "A GET sends no resource. Leave it out."));
        }
        let body = self.resource.map(|resource| Bytes::from(resource.to_string()));
        let mut request = Request::with_payload(Payload::from(body.unwrap_or_default()));
        let mut header = |name: &'static str, value: HeaderValue| {
            request.headers_mut().insert(HeaderName::from_static(name), value);
        };
        header("content-type", HeaderValue::from_static("application/fhir+json"));
        if let Ok(id) = HeaderValue::from_str(&outer.id_of(index).to_string()) {
            header("x-request-id", id);
        }
        for name in PASSED_ON {
            if let Some(value) = outer.request.headers().get(*name) {
                header(name, value.clone());
            }
        }
        for (element, name) in SAID {
            if let Some(said) = text(self.request, element) {
                let value = HeaderValue::from_str(said)
                    .map_err(|_| wrong(&format!(".request.{element}"), "This cannot be a header."))?;
                header(name, value);
            }
        }
        let head = request.head_mut();
        (head.method, head.uri, head.peer_addr) = (self.method.clone(), uri, outer.request.peer_addr());
        request.extensions_mut().insert(Known(Rc::clone(&outer.caller)));
        request.extensions_mut().insert(outer.door.clone());
        Ok(request)
    }
}

fn text<'v>(value: &'v Value, element: &str) -> Option<&'v str> {
    value.get(element)?.as_str()
}

/// The codes of FHIR's HTTPVerb.
fn method(code: &str) -> Option<Method> {
    let all = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    all.into_iter().find(|method| method.as_str() == code)
}

/// The address of what is asked below `/fhir`; none where it would be another server's, or the batch's own.
fn within_base(url: &str) -> Option<Uri> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let leads_out = path.is_empty() || path.starts_with('/') || path.contains(':') || path.contains("..");
    if leads_out { None } else { format!("/fhir/{url}").parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::within_base;

    #[test]
    fn an_address_stays_below_the_base() {
        let path = |url: &str| within_base(url).map(|uri| uri.to_string());
        for good in
            ["Task?status=completed", "Consent/x/_history/1", "Patient/$school?nhs-number=1", "metadata"]
        {
            assert_eq!(path(good).as_deref(), Some(format!("/fhir/{good}").as_str()));
        }
        assert!(path("Task?owner:identifier=https://x|y").is_some());
        for bad in [
            "",
            "?_type=Task",
            "/fhir/Task",
            "https://elsewhere.example/fhir/Task",
            "//elsewhere/Task",
            "../metrics",
            "Task/../../metrics",
            "Task?name=José x",
            "#a",
        ] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }
}
