//! A line between a system that sends and a Kith to try it with: it makes trouble on purpose, and notes what comes.
//!
//! Requests are handed on as they came, but for what is a message: of each of the first few one thing goes wrong, as it does between
//! systems on some day.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::dev::Server;
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data, PayloadConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use tokio::sync::Notify;
use uuid::Uuid;

use super::sender::{Call, Trouble};
use crate::tls::{self, HttpError, read_bounded};

/// As much as Kith takes, and a little more, so that it is Kith that refuses it.
const BODY_MAX: usize = 20 << 20;
/// Largest answer of Kith's that is handed on, in bytes.
const ANSWER_MAX: usize = 20 << 20;
/// Where messages come that are FHIR.
const PROCESS_MESSAGE: &str = "/fhir/$process-message";
/// Headers that are of one connection and not of the message (RFC 9110, 7.6.1).
const OF_THE_CONNECTION: [&str; 8] =
    ["host", "connection", "content-length", "transfer-encoding", "keep-alive", "te", "trailer", "upgrade"];

/// The line, with what came over it.
#[derive(Debug)]
pub struct Line {
    to: String,
    http: reqwest::Client,
    calls: Mutex<Vec<Call>>,
    /// Rings at every call that was answered.
    moved: Notify,
}

impl Line {
    /// A line to this Kith (https, or http on this machine).
    ///
    /// # Errors
    /// When it may not be called so.
    pub fn new(to: &str, roots: Option<&[u8]>) -> Result<Arc<Self>, HttpError> {
        let url = tls::check_address(to, true)?;
        let to = url.as_str().trim_end_matches('/').to_owned();
        let http = tls::http_client(roots, None, true)?;
        Ok(Arc::new(Self { to, http, calls: Mutex::default(), moved: Notify::new() }))
    }

    /// Listens until it is stopped.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn listen(self: &Arc<Self>, listener: TcpListener) -> std::io::Result<Server> {
        let line = Data::from(Arc::clone(self));
        let app = move || {
            App::new()
                .app_data(line.clone())
                .app_data(PayloadConfig::new(BODY_MAX))
                .default_service(web::to(hand_on))
        };
        Ok(HttpServer::new(app).workers(1).shutdown_timeout(1).disable_signals().listen(listener)?.run())
    }

    /// The Kith at its end.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// What came so far.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until something more came, or for so long.
    pub async fn moves(&self, at_most: Duration) {
        // Nothing moved: whoever waits looks at the time.
        let _ = tokio::time::timeout(at_most, self.moved.notified()).await;
    }

    /// Notes a message as it comes; gives its place, and what is to go wrong with it.
    fn note(&self, request: &HttpRequest, body: &Bytes) -> (usize, Option<Trouble>) {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        // In this order Kith looks for it.
        let id = message_header_id(request, body).or_else(|| header("x-request-id").map(str::to_owned));
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let before: BTreeSet<&str> = calls.iter().filter_map(|call| call.id.as_deref()).collect();
        let trouble =
            id.as_deref().filter(|id| !before.contains(id)).and_then(|_| Trouble::of_message(before.len()));
        let call = Call {
            at: Instant::now(),
            id,
            body: hash(body),
            token: header("authorization").map(hash),
            number_in_url: has_number(request.query_string()),
            trouble,
            status: None,
        };
        calls.push(call);
        (calls.len() - 1, trouble)
    }

    fn answered(&self, place: usize, status: u16) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(call) = calls.get_mut(place) {
            call.status = Some(status);
        }
        drop(calls);
        self.moved.notify_one();
    }
}

async fn hand_on(line: Data<Line>, request: HttpRequest, body: Bytes) -> HttpResponse {
    if !is_message(&request) {
        return line.forward(&request, body).await;
    }
    let (place, trouble) = line.note(&request, &body);
    let answer = match trouble {
        None | Some(Trouble::Lost) => line.forward(&request, body).await,
        Some(Trouble::TokenEnded) => refusal(trouble, "login"),
        Some(Trouble::Unavailable | Trouble::TooMany) => refusal(trouble, "transient"),
    };
    line.answered(place, answer.status().as_u16());
    if trouble == Some(Trouble::Lost) { broken_off() } else { answer }
}

impl Line {
    /// Asks the Kith at the other end the same, and gives its answer.
    async fn forward(&self, request: &HttpRequest, body: Bytes) -> HttpResponse {
        let Ok(method) = reqwest::Method::from_bytes(request.method().as_str().as_bytes()) else {
            return HttpResponse::MethodNotAllowed().finish();
        };
        let mut asked = self.http.request(method, format!("{}{}", self.to, request.uri())).body(body);
        for (name, value) in request.headers().iter().filter(|(name, _)| is_of_the_message(name.as_str())) {
            asked = asked.header(name.as_str(), value.as_bytes());
        }
        let Ok(answer) = asked.send().await else { return unreachable_kith(&self.to) };
        let status = StatusCode::from_u16(answer.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
        let mut told = HttpResponse::build(status);
        for (name, value) in answer.headers().iter().filter(|(name, _)| is_of_the_message(name.as_str())) {
            told.append_header((name.as_str(), value.as_bytes()));
        }
        match read_bounded(answer, ANSWER_MAX).await {
            Ok(bytes) => told.body(bytes),
            Err(_) => unreachable_kith(&self.to),
        }
    }
}

fn is_of_the_message(header: &str) -> bool {
    !OF_THE_CONNECTION.contains(&header)
}

/// Whether a request brings a message, whose delivery is what can go wrong.
fn is_message(request: &HttpRequest) -> bool {
    let path = request.path();
    match *request.method() {
        Method::POST => {
            path.starts_with("/records/") || [PROCESS_MESSAGE, "/fhir/Flag", "/fhir/Consent"].contains(&path)
        }
        Method::PUT => ["/fhir/Flag/", "/fhir/Consent/"].iter().any(|kept| path.starts_with(kept)),
        _ => false,
    }
}

/// The id of a message Bundle, which its MessageHeader holds.
fn message_header_id(request: &HttpRequest, body: &Bytes) -> Option<String> {
    let bundle: Value =
        (request.path() == PROCESS_MESSAGE).then(|| serde_json::from_slice(body).ok()).flatten()?;
    let id = bundle.pointer("/entry/0/resource/id")?.as_str()?;
    Uuid::try_parse(id).is_ok().then(|| id.to_owned())
}

fn hash(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// Ten digits in a row, as an NHS number has.
fn has_number(query: &str) -> bool {
    query.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() == 10)
}

/// What Kith would answer on such a day.
fn refusal(trouble: Option<Trouble>, code: &str) -> HttpResponse {
    let (status, wait) = trouble.map_or((500, None), |trouble| (trouble.status(), trouble.wait()));
    let mut answer = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY));
    if let Some(wait) = wait {
        answer.insert_header(("retry-after", wait.as_secs()));
    }
    if status == 401 {
        answer.insert_header(("www-authenticate", "Bearer error=\"invalid_token\""));
    }
    answer
        .content_type("application/fhir+json")
        .body(outcome(code, "Trouble on purpose, to see what you do."))
}

fn unreachable_kith(to: &str) -> HttpResponse {
    let text = format!("The Kith at {to} did not answer. Is it running?");
    HttpResponse::BadGateway().content_type("application/fhir+json").body(outcome("transient", &text))
}

fn outcome(code: &str, text: &str) -> String {
    json!({ "resourceType": "OperationOutcome", "issue": [{ "severity": "error", "code": code, "diagnostics": text }] })
        .to_string()
}

/// The sender sees no answer: the connection ends in the middle of one.
fn broken_off() -> HttpResponse {
    let broken = futures_util::stream::iter([Err::<Bytes, _>(std::io::Error::other("broken off"))]);
    HttpResponse::Ok().streaming(broken)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const A: &str = "7c3e9f0e-6f0e-4b43-9c52-0d3a4d1f8a11";
    const B: &str = "0b7f7b1a-52a5-4d0e-8a53-1d6f4b1f0c22";

    /// By what id the line knows a request.
    fn id(path: &str, request_id: &str, body: &str) -> Option<String> {
        let line = Line::new("http://127.0.0.1:1", None).unwrap();
        let request =
            TestRequest::post().uri(path).insert_header(("x-request-id", request_id)).to_http_request();
        line.note(&request, &Bytes::copy_from_slice(body.as_bytes()));
        line.calls()[0].id.clone()
    }

    #[test]
    fn a_message_bundle_is_known_by_its_header_and_a_record_by_its_request() {
        let bundle = json!({ "entry": [{ "resource": { "resourceType": "MessageHeader", "id": A } }] });
        let bundle = bundle.to_string();
        assert_eq!(id(PROCESS_MESSAGE, B, &bundle).as_deref(), Some(A), "whatever its requests are called");
        assert_eq!(id(PROCESS_MESSAGE, B, &bundle.replace(A, "1")).as_deref(), Some(B));
        assert_eq!(id(PROCESS_MESSAGE, B, "{").as_deref(), Some(B));
        assert_eq!(id("/records/concern", B, &bundle).as_deref(), Some(B));
    }

    #[test]
    fn whatever_must_arrive_once_is_a_message_and_a_question_is_none() {
        let is = |method: Method, path: &str| {
            is_message(&TestRequest::default().method(method).uri(path).to_http_request())
        };
        for path in ["/records/concern", PROCESS_MESSAGE, "/fhir/Flag", "/fhir/Consent"] {
            assert!(is(Method::POST, path) && !is(Method::GET, path), "{path}");
        }
        for path in ["/fhir/Flag/7", "/fhir/Consent/7"] {
            assert!(is(Method::PUT, path) && !is(Method::GET, path), "{path}");
        }
        assert!(!is(Method::POST, "/fhir/Consent/_search") && !is(Method::POST, "/fhir/Consent/$explain"));
    }

    #[test]
    fn trouble_comes_once_a_message_and_not_with_the_first() {
        let line = Line::new("http://127.0.0.1:1", None).unwrap();
        let mut met = Vec::new();
        for number in [0, 1, 1, 2, 0, 3, 4, 5] {
            let header = ("x-request-id", format!("{number}"));
            let request = TestRequest::post().uri("/records/concern").insert_header(header).to_http_request();
            met.push(line.note(&request, &Bytes::new()).1);
        }
        let [a, b, c, d] = Trouble::ALL.map(Some);
        assert_eq!(met, [None, a, None, b, None, c, d, None]);
    }
}
