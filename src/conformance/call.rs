//! One request to the system under test, and how it was answered.

use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Url};
use uuid::Uuid;

use super::Message;
use crate::domain::Private;
use crate::tls::{self, HttpError, read_bounded};

/// How long Kith waits for a recipient, unless its operator sets another time (`delivery.attempt_timeout_seconds`).
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest answer that is read, in bytes.
const ANSWER_MAX: usize = 64 * 1024;

/// Why a system cannot be called.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The address, a certificate or a key.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The token cannot stand in a header.
    #[error("the token holds characters that no bearer token has")]
    Token,
}

/// The system under test.
#[derive(Debug)]
pub struct Target {
    url: Url,
    http: Client,
    bearer: Option<HeaderValue>,
}

/// How a request was answered.
#[derive(Debug, Clone)]
pub(super) enum Met {
    /// With this status, after so long.
    Answered { status: u16, after: Duration },
    /// Not at all.
    Silence(&'static str),
}

/// What goes along as a token.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token {
    /// The one that was given.
    Own,
    /// None.
    None,
    /// One that nobody issued.
    Foreign,
}

impl Target {
    /// The system at this address (https, or http on this machine), called with a bearer token. `roots` are certificate authorities
    /// trusted beside the system's, `identity` the certificate and key that are shown to who asks (PEM).
    ///
    /// # Errors
    /// When it may not be called so.
    pub fn new(
        address: &str,
        token: Option<&Private<String>>,
        roots: Option<&[u8]>,
        identity: Option<&Private<Vec<u8>>>,
    ) -> Result<Self, TargetError> {
        let url = tls::check_address(address, true)?;
        let http = tls::http_client(roots, identity, true)?;
        let bearer = token.map(|token| bearer(token.reveal())).transpose()?;
        Ok(Self { url, http, bearer })
    }

    /// The address, for the report.
    pub fn address(&self) -> &str {
        self.url.as_str()
    }

    pub(super) fn has_token(&self) -> bool {
        self.bearer.is_some()
    }

    /// Posts a message as Kith does.
    pub(super) async fn post(&self, message: &Message) -> Met {
        self.post_with(message, Token::Own).await
    }

    /// The same with another token, or none.
    pub(super) async fn post_with(&self, message: &Message, token: Token) -> Met {
        let mut request = self
            .http
            .post(self.url.clone())
            .timeout(PATIENCE)
            .header(CONTENT_TYPE, message.media_type)
            .header(ACCEPT, "application/fhir+json, application/json")
            .header("X-Request-ID", message.id.to_string())
            .header("X-Correlation-ID", message.id.to_string());
        if let Some(kind) = &message.kind {
            request = request.header("X-Record-Kind", kind);
        }
        let foreign = bearer(&Uuid::new_v4().simple().to_string()).ok();
        let bearer = match token {
            Token::Own => self.bearer.as_ref(),
            Token::None => None,
            Token::Foreign => foreign.as_ref(),
        };
        if let Some(bearer) = bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        let begun = Instant::now();
        match request.body(message.body.clone()).send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                match read_bounded(answer, ANSWER_MAX).await {
                    // Kith goes by the status; of a longer answer it does not read the rest.
                    Ok(_) | Err(HttpError::TooLarge(_)) => Met::Answered { status, after: begun.elapsed() },
                    Err(_) => Met::Silence("the answer broke off"),
                }
            }
            Err(error) if error.is_timeout() => Met::Silence("no answer within 10 s"),
            Err(error) if error.is_connect() => {
                Met::Silence("no connection: nothing listens there, or its certificate is not trusted")
            }
            Err(_) => Met::Silence("the connection broke off"),
        }
    }
}

fn bearer(token: &str) -> Result<HeaderValue, TargetError> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", token.trim())).map_err(|_| TargetError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}
