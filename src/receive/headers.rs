//! The headers around every request: ids checked, mirrored and logged; nothing personal in the log line.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use super::accept;
use super::anybody;
use super::doors::AtDoor;
use super::outcome::Refused;
use super::pretty;
use super::versions;
use crate::metrics::Request;
use crate::problem::{Category, Problem};
use crate::trace;

/// The sender's id for a request: a UUID, which deduplicates (as in PDS).
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The caller's own id for following a request through systems.
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");
/// Longer correlation ids are not mirrored.
const CORRELATION_LENGTH_MAX: usize = 200;

/// The id of a request: the caller's, or one that Kith gave.
#[derive(Debug, Clone, Copy)]
pub struct RequestId {
    /// The id.
    pub id: Uuid,
}

/// Checks and mirrors ids, logs one line a request, and sets the headers that every answer carries.
pub async fn envelope(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let correlation =
        request.headers().get(&CORRELATION_ID).filter(|value| value.len() <= CORRELATION_LENGTH_MAX).cloned();
    let method = request.method().clone();
    let door = AtDoor::of(request.request());
    let id = request_id(request.headers());
    let asks = request.request();
    let checked = id.clone().and_then(|id| {
        accept::check(asks).and_then(|()| versions::unconditional(asks))?;
        Ok(id)
    });
    let answer = match checked {
        Ok(id) => {
            let span = span(id, &request);
            request.extensions_mut().insert(id);
            let answer = next.call(request).instrument(span.clone()).await;
            if let Ok(answer) = &answer {
                tell(&span, answer);
            }
            answer.map(ServiceResponse::map_into_left_body)
        }
        Err(problem) => {
            let refused = Error::from(Refused::from(problem));
            Ok(request.error_response(refused).map_into_right_body())
        }
    };
    let mut answer = anybody::known_again(pretty::laid_out(answer?).await).await;
    let route = answer.request().match_pattern().unwrap_or_else(|| "(none)".to_owned());
    let id = id.map(|id| id.id.to_string()).unwrap_or_default();
    tracing::info!(
        request.id = %id,
        request.method = %method,
        request.route = %route,
        answer.status = answer.status().as_u16(),
        duration_ms = started.elapsed().as_millis() as u64,
        "answered"
    );
    if let Some(door) = door {
        let status = answer.status().as_u16();
        let request = Request { method: method_name(&method).to_owned(), route, status };
        door.house.metrics.answered(request, started.elapsed().as_secs_f64());
    }
    let headers = answer.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id)
        && !id.is_empty()
    {
        headers.insert(REQUEST_ID, value);
    }
    if let Some(value) = correlation {
        headers.insert(CORRELATION_ID, value);
    }
    // Answers are about children: nobody on the way keeps them. What anybody may have says for itself that it may be kept.
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    Ok(answer)
}

/// Where the trace of a request begins; or goes on, when the caller sent one along.
fn span(id: RequestId, request: &ServiceRequest) -> Span {
    let traceparent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    trace::of_request(id.id, traceparent, || {
        tracing::info_span!(
            parent: None,
            "request",
            otel.kind = "server",
            otel.status_code = Empty,
            request.id = %id.id,
            http.request.method = method_name(request.method()),
            http.route = Empty,
            http.response.status_code = Empty,
        )
    })
}

/// Which door it was and how it answered: known in the end only.
fn tell<B>(span: &Span, answer: &ServiceResponse<B>) {
    let route = answer.request().match_pattern().unwrap_or_else(|| "(none)".to_owned());
    trace::name(span, format!("{} {route}", method_name(answer.request().method())));
    span.record("http.route", route);
    span.record("http.response.status_code", answer.status().as_u16());
    if answer.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// The method, of those that any door takes: others would make a number each.
fn method_name(method: &Method) -> &str {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS];
    if known.contains(method) { method.as_str() } else { "other" }
}

fn request_id(headers: &HeaderMap) -> Result<RequestId, Problem> {
    let wrong = || {
        Problem::new(
            Category::BadCall,
            "X-Request-ID must be a UUID, and the same one when a request is sent again.",
        )
    };
    let mut values = headers.get_all(&REQUEST_ID);
    match (values.next(), values.next()) {
        (None, _) => Ok(RequestId { id: Uuid::new_v4() }),
        (Some(value), None) => {
            let text = value.to_str().map_err(|_| wrong())?;
            // Only the usual form: other forms of the same UUID would be mirrored differently.
            let id = Some(text).filter(|text| text.len() == 36).and_then(|text| Uuid::try_parse(text).ok());
            Ok(RequestId { id: id.ok_or_else(wrong)? })
        }
        (Some(_), Some(_)) => Err(wrong()),
    }
}

/// The ids of this request.
pub fn of(request: &HttpRequest) -> RequestId {
    let known = request.extensions().get::<RequestId>().copied();
    known.unwrap_or_else(|| RequestId { id: Uuid::new_v4() })
}
