//! A partner's access token: client credentials (RFC 6749, section 4.4) with a signed assertion (RFC 7523).
//!
//! SMART Backend Services: <https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html>. The `openidconnect`
//! crate has no code for `private_key_jwt`, so the one request is made here. Each partner has a place of its own for
//! its token, so that no token can be taken for another partner's. The time is an argument.

mod answer;
mod assertion;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use serde_json::json;
use uuid::Uuid;

pub use answer::TokenError;
pub use assertion::{AssertionAlgorithm, BadKey};

use crate::domain::{PartnerId, Private};
use crate::tls::{check_address, read_bounded};
use answer::Granted;
pub(crate) use assertion::SigningKey;

/// How long an assertion counts; SMART allows five minutes, less one for clocks that differ.
const ASSERTION_LIFE: TimeDelta = TimeDelta::minutes(4);
/// Largest answer of a token endpoint that is read, in bytes.
const MAX_ANSWER: usize = 64 * 1024;
/// RFC 7523, section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How Kith logs in at one partner's provider.
#[derive(Debug, Clone)]
pub struct TokenSettings {
    /// The token endpoint, to the letter: it is also the assertion's audience, which many providers compare by character.
    pub token_endpoint: String,
    /// The client id by which the provider knows Kith.
    pub client_id: String,
    /// The private key in PEM.
    pub key_pem: Private<String>,
    /// The name of the key (`kid`) by which the provider finds the public half.
    pub kid: String,
    /// What to sign with.
    pub algorithm: AssertionAlgorithm,
    /// The scope to ask for; without it most providers give what the client is registered for.
    pub scope: Option<String>,
    /// The resource that the token is for (RFC 8707), when the provider serves several.
    pub resource: Option<String>,
    /// Whether plain http may be used; honoured for a loopback host only.
    pub allow_http: bool,
}

impl TokenSettings {
    /// Whether these are the same credentials, for the same tokens.
    fn is(&self, other: &Self) -> bool {
        let all = |one: &Self| {
            let secret = one.key_pem.reveal().clone();
            let rest = (one.kid.clone(), one.algorithm, one.scope.clone(), one.resource.clone());
            (one.token_endpoint.clone(), one.client_id.clone(), secret, rest)
        };
        all(self) == all(other)
    }
}

/// Credentials of a partner that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCredentials {
    /// The endpoint is not an https address.
    #[error("partner '{0}': the token endpoint must be an https address")]
    Endpoint(PartnerId),
    /// Client id or key name is empty.
    #[error("partner '{0}': client id and kid must not be empty")]
    Empty(PartnerId),
    /// The private key does not do.
    #[error("partner '{0}': {1}")]
    Key(PartnerId, BadKey),
    /// The partner is there twice.
    #[error("partner '{0}' has credentials twice")]
    Twice(PartnerId),
}

/// Access tokens for partners, each kept until shortly before its end.
pub struct PartnerTokens {
    http: reqwest::Client,
    partners: HashMap<PartnerId, Login>,
}

/// One partner's login, with the token of this partner and no other.
struct Login {
    endpoint: Url,
    settings: TokenSettings,
    key: SigningKey,
    last: Mutex<Last>,
    /// Held by the one call that asks for a token; the others wait for what it brings.
    flight: tokio::sync::Mutex<()>,
}

/// What the last request brought, and how many there were.
#[derive(Default)]
struct Last {
    outcome: Option<Result<Granted, TokenError>>,
    requests: u64,
}

impl PartnerTokens {
    /// The partners with their credentials, each checked. Nothing is fetched before a token is needed.
    ///
    /// The client must follow no redirects, as `tls::http_client`'s does: a redirect would carry the assertion away.
    ///
    /// # Errors
    /// When an endpoint is not https, or a key does not fit its algorithm.
    pub fn new(
        credentials: impl IntoIterator<Item = (PartnerId, TokenSettings)>,
        http: reqwest::Client,
    ) -> Result<Self, BadCredentials> {
        let mut partners = HashMap::new();
        for (partner, settings) in credentials {
            let login = Login::new(&partner, settings)?;
            if partners.insert(partner.clone(), login).is_some() {
                return Err(BadCredentials::Twice(partner));
            }
        }
        Ok(Self { http, partners })
    }

    /// Takes over the tokens that were fetched with the same credentials.
    pub fn go_on_from(&self, before: &Self) {
        for (partner, login) in &self.partners {
            if let Some(known) = before.partners.get(partner)
                && known.settings.is(&login.settings)
            {
                let outcome = known.last().outcome.clone();
                login.last().outcome = outcome;
            }
        }
    }

    /// An access token for this partner: the one at hand, or a new one. Those who ask at the same time share one request
    /// and its outcome.
    ///
    /// # Errors
    /// See [`TokenError`]; [`TokenError::is_retryable`] says whether to try again.
    pub async fn token(
        &self,
        partner: &PartnerId,
        now: DateTime<Utc>,
    ) -> Result<Private<String>, TokenError> {
        let login = self.partners.get(partner).ok_or(TokenError::UnknownPartner)?;
        let seen = match login.at_hand(now) {
            Ok(token) => return Ok(token),
            Err(requests) => requests,
        };
        let _flight = login.flight.lock().await;
        if let Some(outcome) = login.since(seen) {
            return outcome.map(|granted| granted.token);
        }
        let outcome = login.ask(&self.http, now).await;
        if let Err(error) = &outcome {
            tracing::warn!(%partner, %error, retryable = error.is_retryable(), "no access token for a partner");
        }
        login.keep(outcome.clone());
        outcome.map(|granted| granted.token)
    }

    /// Forgets the partner's token, because the partner answered 401 to it.
    pub fn invalidate(&self, partner: &PartnerId) {
        if let Some(login) = self.partners.get(partner) {
            login.last().outcome = None;
        }
    }
}

impl std::fmt::Debug for PartnerTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PartnerTokens").field("partners", &self.partners.keys()).finish_non_exhaustive()
    }
}

impl Login {
    fn new(partner: &PartnerId, settings: TokenSettings) -> Result<Self, BadCredentials> {
        let endpoint = check_address(&settings.token_endpoint, settings.allow_http)
            .map_err(|_| BadCredentials::Endpoint(partner.clone()))?;
        if settings.client_id.is_empty() || settings.kid.is_empty() {
            return Err(BadCredentials::Empty(partner.clone()));
        }
        let key = SigningKey::new(&settings.key_pem, settings.algorithm, settings.kid.clone())
            .map_err(|bad| BadCredentials::Key(partner.clone(), bad))?;
        Ok(Self { endpoint, settings, key, last: Mutex::default(), flight: tokio::sync::Mutex::default() })
    }

    /// The token at hand, or how many requests there were until now.
    fn at_hand(&self, now: DateTime<Utc>) -> Result<Private<String>, u64> {
        let last = self.last();
        match &last.outcome {
            Some(Ok(granted)) if now < granted.until => Ok(granted.token.clone()),
            _ => Err(last.requests),
        }
    }

    /// What was brought by a request that was made while this caller waited for the flight. A failure is shared too, so
    /// that a queue of waiters does not become a queue of timeouts.
    fn since(&self, seen: u64) -> Option<Result<Granted, TokenError>> {
        let last = self.last();
        if last.requests == seen { None } else { last.outcome.clone() }
    }

    fn keep(&self, outcome: Result<Granted, TokenError>) {
        let mut last = self.last();
        last.requests += 1;
        last.outcome = Some(outcome);
    }

    async fn ask(&self, http: &reqwest::Client, now: DateTime<Utc>) -> Result<Granted, TokenError> {
        let assertion = self.assertion(now).ok_or(TokenError::Signing)?;
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", assertion.reveal()),
        ];
        form.extend(self.settings.scope.as_deref().map(|scope| ("scope", scope)));
        form.extend(self.settings.resource.as_deref().map(|resource| ("resource", resource)));
        // The library's error is dropped: it may quote an address, and says no more than that the call failed.
        let request = http.post(self.endpoint.clone()).header("Accept", "application/json").form(&form);
        let response = request.send().await.map_err(|_| TokenError::Unreachable)?;
        let status = response.status().as_u16();
        let body = match read_bounded(response, MAX_ANSWER).await {
            Ok(body) => body,
            Err(crate::tls::HttpError::TooLarge(_)) => return Err(TokenError::BadAnswer),
            Err(_) => return Err(TokenError::Unreachable),
        };
        answer::read(status, &body, now)
    }

    /// RFC 7523, section 3, as SMART narrows it: issuer and subject are the client, and no assertion is used twice.
    fn assertion(&self, now: DateTime<Utc>) -> Option<Private<String>> {
        let settings = &self.settings;
        let claims = json!({
            "iss": settings.client_id,
            "sub": settings.client_id,
            "aud": settings.token_endpoint,
            "jti": Uuid::new_v4(),
            "iat": now.timestamp(),
            "exp": (now + ASSERTION_LIFE).timestamp(),
        });
        self.key.sign("JWT", &claims)
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
