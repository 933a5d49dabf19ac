//! Hands one message to one partner over HTTPS, with the partner's own token, and says how the partner took it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::token::{PartnerTokens, TokenError};
use crate::clock;
use crate::domain::PartnerId;
use crate::pipeline::Outgoing;
use crate::store::Delivery;
use crate::tls::read_bounded;

/// Largest answer of a partner that is read, in bytes.
const ANSWER_MAX: usize = 64 * 1024;
/// A partner that asks for more patience than this gets an attempt all the same.
const PATIENCE_MAX: Duration = Duration::from_secs(3600);

/// How a partner took a message.
#[derive(Debug)]
pub enum Handed {
    /// It has it.
    Taken(String),
    /// It does not want it: trying again would not help.
    Refused(String),
    /// Nothing left: there was nobody to hand it to. It may be tried again.
    Unreached(String),
    /// It has not taken it, and may be tried again, not before so long.
    Later(String, Option<Duration>),
    /// Nobody knows whether it has got it: it is tried again, not before so long.
    InTheDark(String, Option<Duration>),
}

/// Holds the HTTP client and the partners' tokens.
pub struct Courier {
    http: reqwest::Client,
    tokens: PartnerTokens,
    timeout: Duration,
}

impl Courier {
    /// A courier with its client and tokens; one attempt takes at most `timeout`.
    pub fn new(http: reqwest::Client, tokens: PartnerTokens, timeout: Duration) -> Self {
        Self { http, tokens, timeout }
    }

    /// The tokens it goes by.
    pub fn tokens(&self) -> &PartnerTokens {
        &self.tokens
    }

    /// Gets the recipient's token where there is none that will do, so that handing over need not wait for it.
    ///
    /// # Errors
    /// Why there is none, for the receipt.
    pub async fn prepare(&self, recipient: &PartnerId) -> Result<(), String> {
        self.tokens.token(recipient, clock::now()).await.map(drop).map_err(no_token)
    }

    /// Hands a message over at an address. The delivery's id goes along at every attempt, so that the recipient can know it again.
    pub async fn hand_over(&self, delivery: &Delivery, url: &str, outgoing: &Outgoing) -> Handed {
        match self.post(delivery, url, outgoing).await {
            // The token may have been revoked: one more try with a new one.
            Ok(answer) if answer.status() == StatusCode::UNAUTHORIZED => {
                self.tokens.invalidate(&delivery.recipient);
                match self.post(delivery, url, outgoing).await {
                    Ok(answer) => taken(delivery, answer, clock::now()).await,
                    // It was sent once, and not taken.
                    Err(Handed::Unreached(why)) => Handed::Later(why, None),
                    Err(handed) => handed,
                }
            }
            Ok(answer) => taken(delivery, answer, clock::now()).await,
            Err(handed) => handed,
        }
    }

    async fn post(&self, delivery: &Delivery, url: &str, outgoing: &Outgoing) -> Result<Response, Handed> {
        let token = self.tokens.token(&delivery.recipient, clock::now()).await;
        let token = token.map_err(|error| Handed::Unreached(no_token(error)))?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.reveal())).map_err(|_| {
            let why = "the recipient's identity provider gave a token that cannot be sent";
            Handed::Unreached(why.to_owned())
        })?;
        bearer.set_sensitive(true);
        let mut request = self
            .http
            .post(url)
            .timeout(self.timeout)
            .header(AUTHORIZATION, bearer)
            .header(CONTENT_TYPE, outgoing.media_type)
            .header(ACCEPT, "application/fhir+json, application/json")
            .header("X-Request-ID", delivery.id.to_string())
            // Not the message's id: two recipients could see by it that they were told of the same event.
            .header("X-Correlation-ID", delivery.id.to_string());
        if let Some(form) = &outgoing.form {
            request = request.header("X-Record-Kind", form);
        }
        request.body(outgoing.body.reveal().to_string()).send().await.map_err(|error| {
            if error.is_connect() {
                return Handed::Unreached("the recipient cannot be reached".to_owned());
            }
            let what = if error.is_timeout() {
                "the recipient did not answer in time"
            } else {
                "the connection to the recipient broke off"
            };
            Handed::InTheDark(what.to_owned(), None)
        })
    }
}

/// A refusal by the identity provider is a matter of configuration: an operator puts it right and it goes on.
fn no_token(error: TokenError) -> String {
    format!("no token for the recipient: {error}")
}

async fn taken(delivery: &Delivery, answer: Response, now: DateTime<Utc>) -> Handed {
    let status = answer.status();
    let patience = answer.headers().get(RETRY_AFTER).and_then(|value| patience(value.to_str().ok()?, now));
    let codes = codes(answer).await;
    let words = format!("the recipient answered {}{codes}", status.as_u16());
    match status {
        _ if status.is_success() => Handed::Taken(words),
        // It has this very id already, so an earlier attempt did arrive.
        StatusCode::CONFLICT if delivery.attempts > 1 => Handed::Taken(format!("{words}: it had it already")),
        StatusCode::UNAUTHORIZED
        | StatusCode::REQUEST_TIMEOUT
        | StatusCode::TOO_EARLY
        | StatusCode::TOO_MANY_REQUESTS
        | StatusCode::SERVICE_UNAVAILABLE => Handed::Later(words, patience),
        _ if status.is_client_error() => Handed::Refused(words),
        // Trouble there may have come after it was kept.
        _ if status.is_server_error() => Handed::InTheDark(words, patience),
        // A redirect, which is not followed: somebody puts it right.
        _ => Handed::Later(words, patience),
    }
}

/// `Retry-After`: seconds, or a date.
fn patience(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let wait = match text.trim().parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => (DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc) - now).to_std().ok()?,
    };
    Some(wait.min(PATIENCE_MAX))
}

/// The issue codes of the answer's OperationOutcome. Its words stay out: they may name the child; so may long numbers.
async fn codes(answer: Response) -> String {
    let Ok(bytes) = read_bounded(answer, ANSWER_MAX).await else { return String::new() };
    let Ok(outcome) = serde_json::from_slice::<Value>(&bytes) else { return String::new() };
    let issues = outcome.get("issue").and_then(Value::as_array).into_iter().flatten();
    let of_issue = |issue: &Value| {
        let known = |text: &&str| {
            text.len() <= 40
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                && text.bytes().filter(u8::is_ascii_digit).count() <= 4
        };
        let code = issue.get("code").and_then(Value::as_str).filter(known).map(str::to_owned);
        let detail =
            issue.pointer("/details/coding/0/code").and_then(Value::as_str).filter(known).map(str::to_owned);
        [code, detail]
    };
    let codes: Vec<String> = issues.flat_map(of_issue).flatten().take(6).collect();
    if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) }
}
