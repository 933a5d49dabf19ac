//! The demo partners' systems: an address each, which takes a message only with a token for that very address, and keeps
//! what it got in memory for the story and for whoever tries Kith.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::Server;
use actix_web::web::{self, Data, Json, Path};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use serde_json::{Value, json};

use crate::clock;
use crate::receive::caller::{Algorithm, BadIssuer, IssuerSettings, Issuers, Refusal, Verb, bearer};

/// The scope that a demo partner asks of whoever sends to it.
pub(super) const SCOPE: &str = "system/Bundle.c";
/// The oldest is forgotten when a partner got more than this.
const KEPT: usize = 200;

/// A message that a partner got.
#[derive(Debug, Clone)]
pub(super) struct Got {
    /// `X-Request-ID`: the id of the delivery.
    pub(super) id: String,
    /// The body.
    pub(super) body: Value,
}

/// What every partner got so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Mailboxes(Arc<Mutex<BTreeMap<String, Vec<Got>>>>);

impl Mailboxes {
    /// Keeps a message, once: a second time it is the same delivery coming again.
    fn put(&self, partner: &str, got: Got) -> bool {
        let mut boxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mailbox = boxes.entry(partner.to_owned()).or_default();
        if mailbox.iter().any(|known| known.id == got.id) {
            return false;
        }
        if mailbox.len() == KEPT {
            mailbox.remove(0);
        }
        mailbox.push(got);
        true
    }

    fn all(&self, partner: &str) -> Vec<Got> {
        let boxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        boxes.get(partner).cloned().unwrap_or_default()
    }

    /// What a partner got by a delivery.
    pub(super) fn by_delivery(&self, partner: &str, id: &str) -> Option<Value> {
        self.all(partner).into_iter().find(|got| got.id == id).map(|got| got.body)
    }
}

struct Systems {
    /// Who may call each partner: the demo provider's tokens for its own address.
    doors: BTreeMap<String, Issuers>,
    mailboxes: Mailboxes,
}

/// The partners' systems on a listener that is bound already.
pub(super) fn server(
    listener: TcpListener,
    base: &str,
    issuer: &str,
    partners: &[&str],
    http: &reqwest::Client,
    mailboxes: &Mailboxes,
) -> Result<std::io::Result<Server>, BadIssuer> {
    let door = |partner: &&str| {
        let mut settings = IssuerSettings::new(issuer, format!("{base}/{partner}"));
        settings.allow_http = true;
        settings.algorithms = vec![Algorithm::ES384];
        Ok(((*partner).to_owned(), Issuers::new(vec![settings], http.clone())?))
    };
    let doors = partners.iter().map(door).collect::<Result<_, BadIssuer>>()?;
    let systems = Data::new(Systems { doors, mailboxes: mailboxes.clone() });
    let app = move || {
        App::new()
            .app_data(systems.clone())
            .app_data(web::JsonConfig::default().limit(4 * 1024 * 1024).content_type_required(false))
            .route("/{partner}", web::post().to(receive))
            .route("/{partner}/received", web::get().to(received))
    };
    Ok(HttpServer::new(app).workers(1).disable_signals().listen(listener).map(HttpServer::run))
}

async fn receive(
    systems: Data<Systems>,
    partner: Path<String>,
    request: HttpRequest,
    body: Json<Value>,
) -> HttpResponse {
    let Some(door) = systems.doors.get(partner.as_str()) else { return HttpResponse::NotFound().finish() };
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let token = match bearer(header("authorization")) {
        Ok(token) => door.verify(token, clock::now()).await,
        Err(refusal) => Err(refusal),
    };
    match token {
        Ok(token) if !token.scopes.allows("Bundle", Verb::Create) => {
            return HttpResponse::Forbidden().finish();
        }
        Ok(_) => {}
        Err(Refusal::Unavailable) => return HttpResponse::ServiceUnavailable().finish(),
        Err(_) => return HttpResponse::Unauthorized().finish(),
    }
    let Some(id) = header("x-request-id") else { return HttpResponse::BadRequest().finish() };
    let got = Got { id: id.to_owned(), body: body.into_inner() };
    if systems.mailboxes.put(&partner, got) {
        HttpResponse::Accepted().finish()
    } else {
        HttpResponse::Conflict().finish()
    }
}

/// What a partner got, newest first. Needs no token: everybody in it is invented, and only this machine can ask.
async fn received(systems: Data<Systems>, partner: Path<String>) -> HttpResponse {
    if !systems.doors.contains_key(partner.as_str()) {
        return HttpResponse::NotFound().finish();
    }
    let all = systems.mailboxes.all(&partner).into_iter().rev();
    let list: Vec<Value> = all.map(|got| json!({ "delivery": got.id, "body": got.body })).collect();
    match serde_json::to_string_pretty(&list) {
        Ok(text) => HttpResponse::Ok().content_type("application/json").body(format!("{text}\n")),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
