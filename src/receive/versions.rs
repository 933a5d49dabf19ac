//! Versions of resources over HTTP: what an answer says of one, whether the caller knows it already, and how much of it it wants back
//! (<https://hl7.org/fhir/R4/http.html#versioning>, `#cread`, `#ops`).

use actix_web::HttpRequest;
use actix_web::http::header::{ETAG, LAST_MODIFIED};
use actix_web::{HttpResponse, HttpResponseBuilder};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::outcome::FHIR_JSON;
use crate::problem::{Category, Issue, Problem, outcome};

/// The ETag of a version.
pub fn etag(version: u32) -> String {
    format!("W/\"{version}\"")
}

/// The version that `If-Match: W/"n"` names.
pub fn if_match(request: &HttpRequest) -> Result<u32, Problem> {
    let wrong = || {
        let text = "If-Match is missing or malformed. Send the ETag of the version that you change, such as If-Match: W/\"1\".";
        Problem::new(Category::PreconditionMissing, text)
    };
    header(request, "if-match").and_then(version).ok_or_else(wrong)
}

/// Goes on unless something is to be made only where a search finds nothing (`If-None-Exist`, `#ccreate`): who thinks that the condition
/// counts would otherwise make a thing twice.
pub fn unconditional(request: &HttpRequest) -> Result<(), Problem> {
    if !request.headers().contains_key("if-none-exist") {
        return Ok(());
    }
    let text = "Kith makes nothing on the condition that a search finds nothing. Leave If-None-Exist out, search first, and send the request \
                with an X-Request-ID: sent again under the same id, it makes nothing twice.";
    Err(Problem::with(Category::BadCall, vec![Issue::error("not-supported", text)]))
}

/// Says in an answer which version it holds, and since when that has been the one.
pub fn stamp(answer: &mut HttpResponseBuilder, version: u32, updated: DateTime<Utc>) {
    answer.insert_header((ETAG, etag(version)));
    answer.insert_header((LAST_MODIFIED, in_http(updated)));
}

/// Whether the caller has already what bears this ETag: `If-None-Match` names it, weakly or not. `If-Modified-Since` counts for nothing: it has
/// no parts of a second, and of two versions in one second the first would be taken for the last.
pub fn is_known(request: &HttpRequest, etag: &str) -> bool {
    let bare = |tag: &'_ str| tag.trim().trim_start_matches("W/").to_owned();
    let mut tags = header(request, "if-none-match").into_iter().flat_map(|tags| tags.split(','));
    tags.any(|tag| tag.trim() == "*" || bare(tag) == bare(etag))
}

/// What a caller wants back of what it wrote: `Prefer: return=…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The resource as it is kept.
    Representation,
    /// Nothing but the headers.
    Minimal,
    /// What was found about it.
    Outcome,
}

impl Wanted {
    /// What a request prefers; the resource, where it says nothing that is known.
    pub fn by(request: &HttpRequest) -> Self {
        let parts = header(request, "prefer").into_iter().flat_map(|prefer| prefer.split([',', ';']));
        let mut said = parts.filter_map(|part| match part.trim() {
            "return=minimal" => Some(Self::Minimal),
            "return=OperationOutcome" => Some(Self::Outcome),
            "return=representation" => Some(Self::Representation),
            _ => None,
        });
        said.next().unwrap_or(Self::Representation)
    }

    /// That of a resource and of what was found about it; null is nothing.
    pub fn of(self, resource: &Value, issues: &[Issue]) -> Value {
        match self {
            Self::Representation => resource.clone(),
            Self::Minimal => Value::Null,
            Self::Outcome => outcome(issues, None),
        }
    }
}

/// An answer in FHIR; of null none is sent.
pub fn body(answer: &mut HttpResponseBuilder, value: &Value) -> HttpResponse {
    if value.is_null() {
        return answer.finish();
    }
    answer.content_type(FHIR_JSON).body(value.to_string())
}

/// A moment as HTTP writes it (<https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7>).
/// A moment as HTTP says it.
pub fn in_http(moment: DateTime<Utc>) -> String {
    moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn header<'r>(request: &'r HttpRequest, name: &str) -> Option<&'r str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// The version that an ETag names, weak or not.
fn version(tag: &str) -> Option<u32> {
    let tag = tag.trim();
    let quoted = tag.strip_prefix("W/").unwrap_or(tag);
    let digits = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    digits
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asks(name: &'static str, value: &str) -> HttpRequest {
        TestRequest::default().insert_header((name, value)).to_http_request()
    }

    #[test]
    fn a_version_is_named_by_its_etag() {
        for (good, number) in [("W/\"1\"", 1), ("\"12\"", 12), (" W/\"007\" ", 7)] {
            assert_eq!(if_match(&asks("if-match", good)).ok(), Some(number), "{good}");
        }
        for bad in [
            "",
            "1",
            "*",
            "W/1",
            "W/W/\"1\"",
            "w/\"1\"",
            "W/\"\"",
            "W/\"-1\"",
            "\"+1\"",
            "W/\"1",
            "W/\"99999999999\"",
            "W/\"1\", W/\"2\"",
        ] {
            assert!(if_match(&asks("if-match", bad)).is_err(), "{bad}");
        }
        assert!(if_match(&TestRequest::default().to_http_request()).is_err());
    }

    #[test]
    fn who_knows_a_version_is_not_sent_it() {
        let known = |name, value: &str| is_known(&asks(name, value), &etag(2));
        for good in ["W/\"2\"", "\"2\"", "*", "W/\"1\", W/\"2\""] {
            assert!(known("if-none-match", good), "{good}");
        }
        for other in ["W/\"1\"", "2", "", "W/\"22\""] {
            assert!(!known("if-none-match", other), "{other}");
        }
        assert!(!known("if-modified-since", "Mon, 30 Nov 2099 10:00:00 GMT"));
        assert!(!is_known(&TestRequest::default().to_http_request(), &etag(2)));
        assert_eq!(in_http("2026-11-30T10:00:00.700Z".parse().unwrap()), "Mon, 30 Nov 2026 10:00:00 GMT");
    }

    #[test]
    fn what_is_wanted_back_is_what_is_preferred() {
        for (said, wanted) in [
            ("return=minimal", Wanted::Minimal),
            ("respond-async, return=OperationOutcome", Wanted::Outcome),
            ("handling=strict; return=representation", Wanted::Representation),
            ("return=everything", Wanted::Representation),
        ] {
            assert_eq!(Wanted::by(&asks("prefer", said)), wanted, "{said}");
        }
    }
}
