//! A fake partner: a real HTTPS server that keeps every request it gets and answers as it is told.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Query};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tokio::sync::watch;

use super::authority::AUTHORITY;
use super::cast::Member;
use super::delivered::Delivered;
use super::{tokens, until};

/// How a partner takes what comes.
#[derive(Debug, Clone)]
pub enum Manner {
    /// Gladly.
    Take,
    /// Gladly, and without a look: it notes when what came, and keeps nothing; for measures.
    Note,
    /// Gladly, but not at once.
    Slow(Duration),
    /// With this status and body.
    Answer(u16, Value),
    /// Not yet: it answers when it is told another manner.
    Hold,
    /// It breaks the connection off.
    Close,
    /// Now this way, now that: of seven requests one is refused for now, one is taken without an answer, one with garbage for one.
    Fickle,
}

struct Desk {
    member: &'static Member,
    /// What it holds about children and how it answers when it is asked: `sources.json` of a step.
    holds: Mutex<Value>,
    arrived: Mutex<Vec<Delivered>>,
    noted: Mutex<HashMap<String, Instant>>,
    manner: watch::Sender<Manner>,
}

/// The partner.
pub struct FakePartner {
    desk: Arc<Desk>,
    port: u16,
    server: Mutex<Option<ServerHandle>>,
}

impl FakePartner {
    pub async fn open(member: &'static Member) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let desk = Desk {
            member,
            holds: Mutex::default(),
            arrived: Mutex::default(),
            noted: Mutex::default(),
            manner: watch::Sender::new(Manner::Take),
        };
        let partner = Self { desk: Arc::new(desk), port, server: Mutex::default() };
        partner.listen(listener);
        partner
    }

    fn listen(&self, listener: TcpListener) {
        let desk = Data::from(Arc::clone(&self.desk));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(desk.clone())
                .app_data(web::PayloadConfig::new(16 << 20))
                .default_service(web::to(takes))
        });
        let server = server.workers(1).shutdown_timeout(1).disable_signals();
        let tls = AUTHORITY.server(self.desk.member.asks_certificate);
        let server = server.listen_rustls_0_23(listener, tls).expect("a server").run();
        *self.server.lock().expect("a lock") = Some(server.handle());
        tokio::spawn(server);
    }

    pub fn id(&self) -> &'static str {
        self.desk.member.id
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}/inbox", self.port)
    }

    /// The base address at which it can be asked for what it holds.
    pub fn source(&self) -> String {
        format!("https://localhost:{}/fhir", self.port)
    }

    /// From now on it holds this: resources by type, or `"slow"`, `"garbage"`, a status; see `journey.rs`.
    pub fn holds(&self, what: &Value) {
        *self.desk.holds.lock().expect("a lock") = what.clone();
    }

    /// A token that it takes.
    pub fn token(&self) -> String {
        let claims = serde_json::json!({
            "iss": tokens::provider().issuer(), "aud": self.desk.member.audience(), "client_id": self.desk.member.kith(),
        });
        format!("e30.{}.e30", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

    /// Asks it as Kith does, without Kith between, at its own address or at that of something before it; for measures.
    pub async fn asked_at(&self, base: &str, http: &reqwest::Client, kind: &str) {
        let asked = http.get(format!("{base}/{kind}")).bearer_auth(self.token());
        let answer = asked.send().await.expect("an answer");
        assert!(answer.status().is_success());
        let bundle: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        assert_eq!(bundle["resourceType"], "Bundle");
    }

    /// From now on it takes what comes in this manner.
    pub fn behaves(&self, manner: Manner) {
        self.desk.manner.send_replace(manner);
    }

    /// Nobody answers at its address any more.
    pub async fn goes_down(&self) {
        let server = self.server.lock().expect("a lock").take().expect("it is up");
        server.stop(false).await;
    }

    /// It is there again, at the same address.
    pub async fn comes_back(&self) {
        let listener =
            until("the port is free again", || async { TcpListener::bind(("127.0.0.1", self.port)).ok() });
        self.listen(listener.await);
    }

    /// What it took.
    pub fn received(&self) -> Vec<Delivered> {
        self.arrived().into_iter().filter(|delivered| (200..300).contains(&delivered.status)).collect()
    }

    /// Whatever came, taken or not.
    pub fn arrived(&self) -> Vec<Delivered> {
        self.desk.arrived.lock().expect("a lock").clone()
    }

    /// The ids of what it noted, and when it came; forgotten by it.
    pub fn noted(&self) -> HashMap<String, Instant> {
        std::mem::take(&mut *self.desk.noted.lock().expect("a lock"))
    }

    pub fn noted_count(&self) -> usize {
        self.desk.noted.lock().expect("a lock").len()
    }

    /// Waits until so many requests have come.
    pub async fn wait_until_arrived(&self, count: usize) -> Vec<Delivered> {
        until(&format!("{count} requests came to {}", self.id()), || async {
            Some(self.arrived()).filter(|arrived| arrived.len() >= count)
        })
        .await
    }
}

impl Drop for FakePartner {
    fn drop(&mut self) {
        if let Some(server) = self.server.lock().expect("a lock").as_ref() {
            drop(server.stop(false));
        }
    }
}

/// What is held of a type about whom a number names: under the number where numbers are told apart, otherwise the same for all.
fn held_of(holds: &Value, kind: &str, number: Option<&str>) -> Value {
    let are_told_apart = holds
        .as_object()
        .is_some_and(|held| held.keys().any(|key| key.starts_with(|c: char| c.is_ascii_digit())));
    if are_told_apart { holds[number.unwrap_or_default()][kind].clone() } else { holds[kind].clone() }
}

/// Answers a search as a FHIR server does; what is held for a type may also be a manner.
async fn searched(desk: &Desk, request: &HttpRequest) -> HttpResponse {
    let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    if !is_for(desk.member, authorization) {
        return HttpResponse::Unauthorized().finish();
    }
    let kind = request.path().rsplit('/').next().unwrap_or_default().to_owned();
    let asked = Query::<HashMap<String, String>>::from_query(request.query_string()).expect("a query");
    let identifier = asked.iter().find_map(|(name, value)| name.ends_with("identifier").then_some(value));
    let number = identifier.and_then(|identifier| identifier.rsplit('|').next());
    let held = held_of(&desk.holds.lock().expect("a lock"), &kind, number);
    let resources = match &held {
        Value::String(manner) if manner == "slow" => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            vec![]
        }
        Value::String(manner) if manner == "garbage" => return HttpResponse::Ok().body("<html>"),
        Value::Number(status) => {
            let status = u16::try_from(status.as_u64().expect("a status")).expect("a status");
            return HttpResponse::build(StatusCode::from_u16(status).expect("a status")).finish();
        }
        held => held.as_array().cloned().unwrap_or_default(),
    };
    let entries: Vec<Value> =
        resources.into_iter().map(|resource| serde_json::json!({ "resource": resource })).collect();
    HttpResponse::Ok()
        .json(serde_json::json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries }))
}

async fn takes(desk: Data<Desk>, request: HttpRequest, bytes: Bytes) -> HttpResponse {
    if request.path().starts_with("/fhir/") {
        return searched(&desk, &request).await;
    }
    if matches!(*desk.manner.borrow(), Manner::Note) {
        note(&desk, &request);
        return HttpResponse::Ok().finish();
    }
    let text = |value: &actix_web::http::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers: Vec<_> =
        request.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let delivered = Delivered { headers, bytes: bytes.to_vec(), status: 0 };
    if !is_for(desk.member, delivered.header("authorization")) {
        let status = StatusCode::UNAUTHORIZED;
        keep(&desk, Delivered { status: status.as_u16(), ..delivered });
        return HttpResponse::build(status).finish();
    }
    let place = keep(&desk, delivered);
    let mut manner = desk.manner.subscribe();
    let manner =
        manner.wait_for(|manner| !matches!(manner, Manner::Hold)).await.expect("the desk stays").clone();
    let (status, body) = match manner {
        Manner::Take | Manner::Hold => (200, Value::Null),
        Manner::Note => {
            note(&desk, &request);
            (200, Value::Null)
        }
        Manner::Slow(time) => {
            tokio::time::sleep(time).await;
            (200, Value::Null)
        }
        Manner::Answer(status, body) => (status, body),
        Manner::Fickle => match place % 7 {
            1 => (503, Value::Null),
            3 => return broken_off(),
            5 => (200, Value::String("<html>".to_owned())),
            _ => (200, Value::Null),
        },
        Manner::Close => return broken_off(),
    };
    desk.arrived.lock().expect("a lock")[place].status = status;
    let mut answer = HttpResponse::build(StatusCode::from_u16(status).expect("a status"));
    if body.is_null() { answer.finish() } else { answer.json(body) }
}

fn broken_off() -> HttpResponse {
    let broken = futures_util::stream::iter([Err::<Bytes, _>(std::io::Error::other("broken off"))]);
    HttpResponse::Ok().streaming(broken)
}

fn note(desk: &Desk, request: &HttpRequest) {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    desk.noted.lock().expect("a lock").entry(id.to_owned()).or_insert_with(Instant::now);
}

fn keep(desk: &Desk, delivered: Delivered) -> usize {
    let mut arrived = desk.arrived.lock().expect("a lock");
    arrived.push(delivered);
    arrived.len() - 1
}

/// Whether the token was given to Kith for this very partner. Its signature is the business of `tests/stories/partner_tokens.rs`.
fn is_for(member: &Member, authorization: Option<&str>) -> bool {
    let token = authorization.and_then(|header| header.strip_prefix("Bearer "));
    let claims = token.and_then(|token| URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok());
    let claims: Value = claims.and_then(|claims| serde_json::from_slice(&claims).ok()).unwrap_or_default();
    claims["iss"] == tokens::provider().issuer()
        && claims["aud"] == member.audience()
        && claims["client_id"] == member.kith()
}
