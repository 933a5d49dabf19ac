//! An issuer's keys: found by OpenID Connect discovery, cached, fetched again when they age or a new one is named.
//!
//! <https://openid.net/specs/openid-connect-discovery-1_0.html>

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeyType, CoreProviderMetadata};
use openidconnect::{HttpRequest, HttpResponse, IssuerUrl, JsonWebKey};
use tokio::sync::Mutex;

use super::signatures::{Keys, Signed};
use super::{IssuerSettings, Reason, Refusal};
use crate::tls::{HttpError, check_address, read_bounded};

/// The least time between two attempts to fetch keys, so that tokens with made-up key names cannot flood the issuer.
const MIN_INTERVAL: TimeDelta = TimeDelta::seconds(10);
/// Longest wait for each of the two documents.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Largest document that is read, in bytes.
const MAX_DOCUMENT: usize = 512 * 1024;
/// The shortest RSA key that counts, in bytes (2048 bits; RFC 7518, section 3.3).
const MIN_RSA: usize = 256;

/// An issuer with its keys.
#[derive(Debug)]
pub(super) struct Issuer {
    settings: IssuerSettings,
    url: IssuerUrl,
    http: reqwest::Client,
    known: RwLock<Arc<Known>>,
    /// Held by the one call that fetches; the others wait for what it brings.
    flight: Mutex<()>,
}

/// What is known of the issuer's keys, and since when.
#[derive(Debug, Clone, Default)]
struct Known {
    keys: Vec<CoreJsonWebKey>,
    signed: Arc<Signed>,
    fetched: Option<DateTime<Utc>>,
    attempted: Option<DateTime<Utc>>,
    failed: bool,
    attempts: u64,
    provider: Option<Provider>,
}

/// Where an issuer gives tokens and publishes keys, as its discovery document says.
#[derive(Debug, Clone)]
pub struct Provider {
    /// The issuer.
    pub issuer: String,
    /// Where it gives tokens.
    pub token_endpoint: Option<String>,
    /// Where it publishes keys.
    pub jwks_uri: String,
}

impl Known {
    fn named(&self, key_id: &str) -> Keys {
        let named = |key: &&CoreJsonWebKey| key.key_id().is_some_and(|id| id.as_str() == key_id);
        Keys { keys: self.keys.iter().filter(named).cloned().collect(), signed: Arc::clone(&self.signed) }
    }

    /// Whether the keys were fetched no longer ago than this. A clock that was set back makes them old.
    fn within(&self, age: Duration, now: DateTime<Utc>) -> bool {
        self.fetched.is_some_and(|at| (now - at).to_std().is_ok_and(|passed| passed <= age))
    }

    fn may_attempt(&self, now: DateTime<Utc>) -> bool {
        self.attempted.is_none_or(|at| !(TimeDelta::zero()..MIN_INTERVAL).contains(&(now - at)))
    }
}

impl Issuer {
    pub(super) fn new(settings: IssuerSettings, url: IssuerUrl, http: reqwest::Client) -> Self {
        Self { settings, url, http, known: RwLock::default(), flight: Mutex::default() }
    }

    /// Takes over the keys that are known.
    pub(super) fn go_on_from(&self, before: &Self) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = before.known();
    }

    pub(super) fn settings(&self) -> &IssuerSettings {
        &self.settings
    }

    /// The issuer's keys of this name; usually one.
    ///
    /// Keys that are not fresh are fetched again, and so are keys when the name is not known, once for all who ask at
    /// the same time and not more often than [`MIN_INTERVAL`]. While the issuer is down the keys at hand count for
    /// `keep_keys`; after that nobody can be let in.
    pub(super) async fn keys(&self, key_id: &str, now: DateTime<Utc>) -> Result<Keys, Refusal> {
        let seen = self.known();
        let at_hand = seen.named(key_id);
        if seen.within(self.settings.refresh_keys, now) && !at_hand.keys.is_empty() {
            return Ok(at_hand);
        }
        if seen.within(self.settings.keep_keys, now) && !at_hand.keys.is_empty() {
            // Old but good: one call renews them, nobody else waits for it.
            if let Ok(_flight) = self.flight.try_lock() {
                self.fetch_once(&seen, now).await;
            }
        } else {
            let _flight = self.flight.lock().await;
            self.fetch_once(&seen, now).await;
        }
        let known = self.known();
        if !known.within(self.settings.keep_keys, now) {
            return Err(Refusal::Unavailable);
        }
        let keys = known.named(key_id);
        match (keys.keys.is_empty(), known.failed) {
            (false, _) => Ok(keys),
            // A key that may be new, and the issuer cannot be asked: the caller is not to blame.
            (true, true) => Err(Refusal::Unavailable),
            (true, false) => Err(Reason::UnknownKey.into()),
        }
    }

    /// Whether there are keys that count; when there are none somebody fetches them, and nobody else waits for it.
    pub(super) async fn is_at_hand(&self, now: DateTime<Utc>) -> bool {
        let seen = self.known();
        if !seen.within(self.settings.keep_keys, now)
            && let Ok(_flight) = self.flight.try_lock()
        {
            self.fetch_once(&seen, now).await;
        }
        self.known().within(self.settings.keep_keys, now)
    }

    /// What the issuer's discovery document says, fetched if it is not known yet.
    pub(super) async fn provider(&self, now: DateTime<Utc>) -> Result<Provider, Refusal> {
        let seen = self.known();
        if seen.provider.is_none() {
            let _flight = self.flight.lock().await;
            self.fetch_once(&seen, now).await;
        }
        self.known().provider.clone().ok_or(Refusal::Unavailable)
    }

    /// Fetches the keys, unless somebody did since `seen` or it is too soon. Call it in flight only.
    async fn fetch_once(&self, seen: &Known, now: DateTime<Utc>) {
        let current = self.known();
        if current.attempts != seen.attempts || !current.may_attempt(now) {
            return;
        }
        let attempts = current.attempts + 1;
        // Written before the call, so that a caller who goes away in the middle does not undo the interval.
        self.learn(Known { attempted: Some(now), failed: true, attempts, ..(*current).clone() });
        match self.discover().await {
            Ok((provider, keys)) => {
                tracing::debug!(issuer = %self.settings.issuer, keys = keys.len(), "fetched an issuer's keys");
                let (fetched, attempted, provider) = (Some(now), Some(now), Some(provider));
                let signed = Arc::default();
                self.learn(Known { keys, signed, fetched, attempted, failed: false, attempts, provider });
            }
            Err(cause) => {
                tracing::warn!(issuer = %self.settings.issuer, %cause, "could not fetch an issuer's keys");
            }
        }
    }

    /// Discovery, then the keys. The library checks that the document is of this very issuer.
    async fn discover(&self) -> Result<(Provider, Vec<CoreJsonWebKey>), String> {
        let client = |request: HttpRequest| call(self.http.clone(), self.settings.allow_http, request);
        let metadata = CoreProviderMetadata::discover_async(self.url.clone(), &client).await;
        let metadata = metadata.map_err(|error| error.to_string())?;
        let provider = Provider {
            issuer: self.settings.issuer.clone(),
            token_endpoint: metadata.token_endpoint().map(|endpoint| endpoint.to_string()),
            jwks_uri: metadata.jwks_uri().to_string(),
        };
        Ok((provider, metadata.jwks().keys().iter().filter(|key| is_strong(key)).cloned().collect()))
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn learn(&self, known: Known) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }
}

/// Whether a key can be trusted for its type alone: the library would take a short RSA key.
fn is_strong(key: &CoreJsonWebKey) -> bool {
    if *key.key_type() != CoreJsonWebKeyType::RSA {
        return *key.key_type() == CoreJsonWebKeyType::EllipticCurve;
    }
    let json = serde_json::to_value(key).unwrap_or_default();
    let modulus = json["n"].as_str().and_then(|n| URL_SAFE_NO_PAD.decode(n).ok()).unwrap_or_default();
    modulus.iter().skip_while(|byte| **byte == 0).count() >= MIN_RSA
}

/// One call of the library's, by our client: bounded in time and size, and only to addresses that may be called; the
/// address of the keys comes from the issuer's document, not from our settings.
pub async fn call(
    http: reqwest::Client,
    allow_http: bool,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    check_address(&request.uri().to_string(), allow_http)?;
    let mut request = reqwest::Request::try_from(request)?;
    *request.timeout_mut() = Some(TIMEOUT);
    let response = http.execute(request).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut answer = HttpResponse::new(read_bounded(response, MAX_DOCUMENT).await?);
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rsa(bytes: usize) -> CoreJsonWebKey {
        CoreJsonWebKey::new_rsa(vec![0x81; bytes], vec![1, 0, 1], None)
    }

    #[test]
    fn short_rsa_keys_and_shared_secrets_do_not_count() {
        assert!(is_strong(&rsa(256)));
        assert!(!is_strong(&rsa(128)));
        assert!(!is_strong(&CoreJsonWebKey::new_symmetric(vec![7; 64])));
    }

    #[test]
    fn a_clock_set_back_makes_keys_old_and_allows_a_fetch() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let known = Known { fetched: Some(now), attempted: Some(now), ..Known::default() };
        assert!(known.within(Duration::from_secs(1), now) && !known.may_attempt(now));
        let earlier = now - TimeDelta::hours(1);
        assert!(!known.within(Duration::from_secs(7200), earlier) && known.may_attempt(earlier));
        assert!(known.may_attempt(now + MIN_INTERVAL));
    }
}
