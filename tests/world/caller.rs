//! A partner's system that calls Kith.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use std::sync::LazyLock;
use uuid::Uuid;

use super::{Answer, World, tokens};

/// The client of all callers of a test file.
pub static HTTP: LazyLock<reqwest::Client> =
    LazyLock::new(|| kith::tls::http_client(None, None, true).expect("a client"));

/// Somebody with a token.
#[derive(Clone)]
pub struct Caller<'w> {
    base: &'w str,
    client: String,
    token: String,
}

/// A request to be made.
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    /// Sent as `X-Request-ID`, unless the headers give one of their own.
    pub message_id: Uuid,
}

impl<'a> Request<'a> {
    pub fn new(method: &'a str, path: &'a str) -> Self {
        Self { method, path, headers: vec![], body: None, message_id: Uuid::new_v4() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn known_as(mut self, message_id: Uuid) -> Self {
        self.message_id = message_id;
        self
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        let mut this = self.with("content-type", "application/fhir+json");
        this.body = Some(body.to_string().into_bytes());
        this
    }

    #[must_use]
    pub fn form(self, body: &str) -> Self {
        let mut this = self.with("content-type", "application/x-www-form-urlencoded");
        this.body = Some(body.as_bytes().to_vec());
        this
    }
}

impl<'w> Caller<'w> {
    pub fn of(world: &'w World, client: &str) -> Self {
        Self::at(world.base(), client)
    }

    /// A caller of a gateway at that address.
    pub fn at(base: &'w str, client: &str) -> Self {
        Self { base, client: client.to_owned(), token: "good".to_owned() }
    }

    /// The same system with another kind of token.
    #[must_use]
    pub fn with_token(mut self, kind: &str) -> Self {
        kind.clone_into(&mut self.token);
        self
    }

    /// Sends a record of a kind.
    pub async fn sends(&self, kind: &str, record: &Value) -> Answer {
        self.sends_as(kind, record, Uuid::new_v4()).await
    }

    /// Sends a record with that id, as a system does that tries again.
    pub async fn sends_as(&self, kind: &str, record: &Value, message_id: Uuid) -> Answer {
        let path = format!("/records/{kind}");
        self.asks(Request::new("POST", &path).json(record).known_as(message_id)).await
    }

    pub async fn gets(&self, path: &str) -> Answer {
        self.asks(Request::new("GET", path)).await
    }

    pub async fn asks(&self, request: Request<'_>) -> Answer {
        self.tries(request).await.expect("the gateway answers")
    }

    /// The same, when it is not certain that anybody answers.
    pub async fn tries(&self, request: Request<'_>) -> reqwest::Result<Answer> {
        let method: Method = request.method.parse().expect("a method");
        let mut call = HTTP.request(method, format!("{}{}", self.base, request.path));
        let names_id = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("x-request-id"));
        if !names_id {
            call = call.header("x-request-id", request.message_id.to_string());
        }
        if let Some(authorization) = tokens::authorization(&self.client, &self.token).await {
            call = call.header("authorization", authorization);
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let name = reqwest::header::HeaderName::try_from(name.as_str()).expect("a header");
            headers.append(name, value.parse().expect("a header's value"));
        }
        call = call.headers(headers);
        if let Some(body) = request.body {
            call = call.body(body);
        }
        let answer = call.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await?.to_vec();
        Ok(Answer { who: self.client.clone(), status, headers, bytes, message_id: request.message_id })
    }
}
