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

use super::sender::{Call, Trouble};
use crate::tls::{self, HttpError, read_bounded};

/// As much as Kith takes, and a little more, so that it is Kith that refuses it.
const BODY_MAX: usize = 20 << 20;
/// Largest answer of Kith's that is handed on, in bytes.
const ANSWER_MAX: usize = 20 << 20;
/// Headers that are of one connection and not of the message (RFC 9110, 7.6.1).
const OF_THE_CONNECTION: [&str; 5] =
    ["host", "connection", "content-length", "transfer-encoding", "keep-alive"];

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
        let id = header("x-request-id").map(str::to_owned).or_else(|| message_header_id(body));
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
    request.method() == Method::POST
        && (path.starts_with("/records/") || ["/fhir/$process-message", "/fhir/Flag"].contains(&path))
}

/// The id of a message that is FHIR, where no header says it.
fn message_header_id(body: &Bytes) -> Option<String> {
    let bundle: Value = serde_json::from_slice(body).ok()?;
    bundle.pointer("/entry/0/resource/id")?.as_str().map(str::to_owned)
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
