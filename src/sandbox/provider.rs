//! The demo identity provider: OpenID Connect discovery, keys, tokens for client credentials, and
//! people who sign in.
//!
//! It listens on 127.0.0.1 and nowhere else; `kith serve` does not know that it exists. Kith itself logs in with
//! `private_key_jwt`, as with any provider; the demo clients use a secret that is made anew at each start, so that a
//! line of `curl` is enough. Tokens are those of RFC 9068.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};

use actix_web::dev::Server;
use actix_web::web::{self, Data, Form, Json, Query};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::key::{DemoKey, PublicKey};
use super::people::{Answer, PAGES, SigningIn, Wish};
use crate::clock;
use crate::deliver::token::SigningKey;

/// How long a token counts.
const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(10);
/// The longest life of an assertion (SMART Backend Services).
const ASSERTION_LIFE: TimeDelta = TimeDelta::minutes(5);
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How a client shows who it is.
#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// By a secret in the form.
    Secret(String),
    /// By an assertion that this key signed.
    Key(PublicKey),
}

/// A client of the provider.
#[derive(Debug, Clone)]
pub(super) struct Client {
    /// Its id.
    pub(super) id: String,
    /// How it shows who it is.
    pub(super) proof: Proof,
    /// What its tokens allow.
    pub(super) scope: String,
    /// The resources that its tokens may be for; the first when it names none.
    pub(super) resources: Vec<String>,
}

/// Everything that the provider knows.
struct Provider {
    issuer: String,
    key: SigningKey,
    jwk: Value,
    clients: Vec<Client>,
    signing_in: SigningIn,
    /// Assertions seen, each until it ends: none counts twice.
    seen: Mutex<HashMap<String, DateTime<Utc>>>,
}

/// The provider on a listener that is bound already, so that its address was known before it started.
pub(super) fn server(
    listener: TcpListener,
    issuer: &str,
    key: &DemoKey,
    clients: Vec<Client>,
    kith: &str,
) -> Option<std::io::Result<Server>> {
    let provider = Data::new(Provider {
        issuer: issuer.to_owned(),
        key: key.signing()?,
        jwk: key.public().jwk(),
        clients,
        signing_in: SigningIn::new(kith),
        seen: Mutex::default(),
    });
    let app = move || {
        App::new()
            .app_data(provider.clone())
            .route("/.well-known/openid-configuration", web::get().to(discovery))
            .route("/jwks", web::get().to(jwks))
            .route("/auth", web::get().to(authorize))
            .route("/token", web::post().to(token))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().listen(listener);
    Some(server.map(HttpServer::run))
}

/// <https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata>
async fn discovery(provider: Data<Provider>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES384"],
        "grant_types_supported": ["client_credentials", "authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post", "none"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES384"],
    }))
}

async fn jwks(provider: Data<Provider>) -> Json<Value> {
    Json(json!({ "keys": [provider.jwk] }))
}

/// The page on which people choose who to be, and their way back.
async fn authorize(provider: Data<Provider>, request: HttpRequest, wish: Query<Wish>) -> HttpResponse {
    match provider.signing_in.answer(&wish, request.query_string(), clock::now()) {
        Answer::Choose(html) => HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html),
        Answer::Back(url) => HttpResponse::SeeOther().insert_header(("location", url)).finish(),
        Answer::Refused => HttpResponse::BadRequest().body("Only Kith's own pages lead here."),
    }
}

/// The form of RFC 6749, section 4.4.2, with RFC 7521, section 4.2, and RFC 8707.
#[derive(Deserialize)]
struct Request {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_assertion_type: Option<String>,
    client_assertion: Option<String>,
    scope: Option<String>,
    resource: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
}

async fn token(provider: Data<Provider>, form: Form<Request>) -> HttpResponse {
    match provider.grant(&form, clock::now()) {
        Ok(answer) => HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(answer),
        Err("invalid_client") => HttpResponse::Unauthorized().json(json!({ "error": "invalid_client" })),
        Err(code) => HttpResponse::BadRequest().json(json!({ "error": code })),
    }
}

impl Provider {
    /// A token, or the error code of RFC 6749, section 5.2.
    fn grant(&self, form: &Request, now: DateTime<Utc>) -> Result<Value, &'static str> {
        match form.grant_type.as_deref() {
            Some("client_credentials") => {}
            Some("authorization_code") => return self.sign_in(form, now),
            _ => return Err("unsupported_grant_type"),
        }
        let client = self.client(form, now).ok_or("invalid_client")?;
        let resource = match &form.resource {
            None => client.resources.first(),
            Some(asked) => client.resources.iter().find(|known| *known == asked),
        };
        let resource = resource.ok_or("invalid_target")?;
        let has = |scope: &str| client.scope.split(' ').any(|known| known == scope);
        let scope = match &form.scope {
            Some(asked) if asked.split(' ').all(has) => asked,
            Some(_) => return Err("invalid_scope"),
            None => &client.scope,
        };
        let claims = json!({
            "iss": self.issuer,
            "sub": client.id,
            "client_id": client.id,
            "aud": resource,
            "scope": scope,
            "jti": Uuid::new_v4(),
            "iat": now.timestamp(),
            "exp": (now + TOKEN_LIFE).timestamp(),
        });
        let token = self.key.sign("at+jwt", &claims).ok_or("server_error")?;
        Ok(json!({
            "access_token": token.reveal(),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE.num_seconds(),
            "scope": scope,
        }))
    }

    /// The ID token of somebody who comes back with a code (OpenID Connect Core, section 3.1.3).
    fn sign_in(&self, form: &Request, now: DateTime<Utc>) -> Result<Value, &'static str> {
        let (Some(code), Some(verifier), Some(PAGES)) =
            (&form.code, &form.code_verifier, form.client_id.as_deref())
        else {
            return Err("invalid_request");
        };
        let claims = self.signing_in.claims(&self.issuer, code, verifier, now).ok_or("invalid_grant")?;
        let token = self.key.sign("JWT", &claims).ok_or("server_error")?;
        // Kith asks for nothing in the person's name, so what it gets besides opens nothing.
        Ok(json!({
            "access_token": Uuid::new_v4(),
            "id_token": token.reveal(),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE.num_seconds(),
        }))
    }

    /// Who is asking, if it is shown.
    fn client(&self, form: &Request, now: DateTime<Utc>) -> Option<&Client> {
        if let Some(assertion) = &form.client_assertion {
            let is_jwt = form.client_assertion_type.as_deref() == Some(ASSERTION_TYPE);
            return self.clients.iter().find(|client| match &client.proof {
                Proof::Key(key) => is_jwt && self.asserts(&client.id, key, assertion, now),
                Proof::Secret(_) => false,
            });
        }
        let (id, given) = (form.client_id.as_ref()?, form.client_secret.as_ref()?);
        self.clients.iter().find(|client| match &client.proof {
            Proof::Secret(secret) => &client.id == id && secret == given,
            Proof::Key(_) => false,
        })
    }

    /// RFC 7523, section 3: signed by the client's key, about itself, for this endpoint, for a short time, once.
    fn asserts(&self, client: &str, key: &PublicKey, assertion: &str, now: DateTime<Utc>) -> bool {
        let Some(claims) = key.claims(assertion) else { return false };
        let time = claims["exp"].as_i64().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let (Some(until), Some(id)) = (time, claims["jti"].as_str()) else { return false };
        let about = claims["iss"] == client && claims["sub"] == client;
        let here = claims["aud"] == format!("{}/token", self.issuer).as_str();
        let soon = until > now && until <= now + ASSERTION_LIFE;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, end| *end > now);
        about && here && soon && seen.insert(id.to_owned(), until).is_none()
    }
}

#[cfg(test)]
mod tests;
