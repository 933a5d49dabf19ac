//! A system that is told of events by webhook: a small server on loopback that keeps what it gets and answers as it is told.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::Value;

use super::until;

/// The secret's bytes, and how the file has them.
const SECRET: &[u8] = b"thirty-two bytes for the tests!!";

/// An event as it came, its signature checked.
#[derive(Debug, Clone)]
pub struct Told {
    pub signed: bool,
    pub event: Value,
}

struct Desk {
    told: Mutex<Vec<Told>>,
    status: AtomicU16,
}

/// The running system.
pub struct Hook {
    desk: Arc<Desk>,
    port: u16,
    handle: ServerHandle,
}

impl Hook {
    pub fn open() -> Self {
        let desk = Arc::new(Desk { told: Mutex::new(vec![]), status: AtomicU16::new(204) });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let data = Data::from(Arc::clone(&desk));
        let server =
            HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(take)))
                .workers(1)
                .listen(listener)
                .expect("a server")
                .disable_signals()
                .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { desk, port, handle }
    }

    /// What the secret's file says.
    pub fn secret() -> String {
        format!("whsec_{}\n", STANDARD.encode(SECRET))
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/kith", self.port)
    }

    /// How it answers from now on.
    pub fn answers(&self, status: u16) {
        self.desk.status.store(status, Ordering::SeqCst);
    }

    pub fn told(&self) -> Vec<Told> {
        self.desk.told.lock().expect("what it was told").clone()
    }

    /// Waits for a message in an event of which that holds.
    pub async fn message(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        until(what, || async {
            let told = self.told();
            let messages = told
                .iter()
                .flat_map(|told| told.event["data"]["messages"].as_array().cloned().unwrap_or_default());
            messages.into_iter().find(|message| holds(message))
        })
        .await
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn take(request: HttpRequest, desk: Data<Desk>, body: Bytes) -> HttpResponse {
    let header =
        |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut signed_text = format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).into_bytes();
    signed_text.extend_from_slice(&body);
    let tag = header("webhook-signature").strip_prefix("v1,").and_then(|tag| STANDARD.decode(tag).ok());
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
    let signed = tag.is_some_and(|tag| hmac::verify(&key, &signed_text, &tag).is_ok());
    let event = serde_json::from_slice(&body).unwrap_or_default();
    desk.told.lock().expect("what it was told").push(Told { signed, event });
    let status = desk.status.load(Ordering::SeqCst);
    HttpResponse::build(StatusCode::from_u16(status).expect("a status")).finish()
}
