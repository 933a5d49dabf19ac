//! What is configured for an issuer, and the check of it at the start.

use std::time::Duration;

use openidconnect::IssuerUrl;
use openidconnect::core::CoreJwsSigningAlgorithm;
use serde::{Deserialize, Serialize};

use crate::tls::check_address;

/// An algorithm that an issuer may sign with. There is no `none` and no shared secret: they cannot be configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSA PKCS#1 v1.5 with SHA-256.
    RS256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RS384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RS512,
    /// RSA PSS with SHA-256.
    PS256,
    /// RSA PSS with SHA-384.
    PS384,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
}

impl Algorithm {
    /// All of them: the default allow-list.
    pub const ALL: &[Self] =
        &[Self::RS256, Self::RS384, Self::RS512, Self::PS256, Self::PS384, Self::ES256, Self::ES384];

    /// The name in a JOSE header (RFC 7518, section 3.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
        }
    }

    pub(super) fn jws(self) -> CoreJwsSigningAlgorithm {
        match self {
            Self::RS256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            Self::RS384 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
            Self::RS512 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
            Self::PS256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            Self::PS384 => CoreJwsSigningAlgorithm::RsaSsaPssSha384,
            Self::ES256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            Self::ES384 => CoreJwsSigningAlgorithm::EcdsaP384Sha384,
        }
    }
}

/// An issuer whose tokens count.
#[derive(Debug, Clone)]
pub struct IssuerSettings {
    /// The issuer as its tokens name it, to the letter; `/.well-known/openid-configuration` lies under it.
    pub issuer: String,
    /// What tokens for Kith must name as their audience; usually Kith's FHIR base address.
    pub audience: String,
    /// What this issuer may sign with. Default: [`Algorithm::ALL`].
    pub algorithms: Vec<Algorithm>,
    /// Whether plain http may be used; honoured for a loopback host only. Default: no.
    pub allow_http: bool,
    /// The claim that names the client. Default `client_id` (RFC 9068); some providers use `azp`.
    pub client_claim: String,
    /// How old cached keys may be before they are fetched again. Default 5 minutes.
    pub refresh_keys: Duration,
    /// How long cached keys count while the issuer cannot be reached; after that tokens are refused. Default 1 hour.
    pub keep_keys: Duration,
}

impl IssuerSettings {
    /// The settings with every default.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: audience.into(),
            algorithms: Algorithm::ALL.to_vec(),
            allow_http: false,
            client_claim: "client_id".to_owned(),
            refresh_keys: Duration::from_secs(5 * 60),
            keep_keys: Duration::from_secs(60 * 60),
        }
    }

    pub(super) fn check(&self) -> Result<IssuerUrl, BadIssuer> {
        let name = || self.issuer.clone();
        check_address(&self.issuer, self.allow_http).map_err(|_| BadIssuer::Address(name()))?;
        if self.audience.is_empty() || self.client_claim.is_empty() {
            return Err(BadIssuer::Empty(name()));
        }
        if self.algorithms.is_empty() {
            return Err(BadIssuer::NoAlgorithm(name()));
        }
        if self.keep_keys < self.refresh_keys || self.keep_keys > Duration::from_secs(24 * 60 * 60) {
            return Err(BadIssuer::Times(name()));
        }
        IssuerUrl::new(name()).map_err(|_| BadIssuer::Address(name()))
    }
}

/// Settings of an issuer that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadIssuer {
    /// Not an https address.
    #[error("issuer '{0}': must be an https address (http is for a loopback host, and only when allowed)")]
    Address(String),
    /// No audience, or no claim for the client.
    #[error("issuer '{0}': audience and client claim must not be empty")]
    Empty(String),
    /// Nothing may be signed with.
    #[error("issuer '{0}': at least one algorithm must be allowed")]
    NoAlgorithm(String),
    /// The times contradict each other.
    #[error("issuer '{0}': keys must be kept at least as long as they are fresh, and at most a day")]
    Times(String),
    /// Configured twice.
    #[error("issuer '{0}' is configured twice")]
    Twice(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_would_weaken_the_check_are_refused() {
        let at = |issuer: &str| IssuerSettings::new(issuer, "https://kith.test/fhir");
        let good = || at("https://login.example");
        assert!(good().check().is_ok());
        for issuer in ["http://login.example", "http://127.0.0.1:9", "login.example"] {
            assert!(matches!(at(issuer).check(), Err(BadIssuer::Address(_))), "{issuer}");
        }
        let loopback = IssuerSettings { allow_http: true, ..at("http://127.0.0.1:9") };
        assert!(loopback.check().is_ok());
        let far = IssuerSettings { allow_http: true, ..at("http://login.example") };
        assert!(matches!(far.check(), Err(BadIssuer::Address(_))));
        let for_anybody = IssuerSettings { audience: String::new(), ..good() };
        assert!(matches!(for_anybody.check(), Err(BadIssuer::Empty(_))));
        let unsigned = IssuerSettings { algorithms: vec![], ..good() };
        assert!(matches!(unsigned.check(), Err(BadIssuer::NoAlgorithm(_))));
        let for_ever = IssuerSettings { keep_keys: Duration::from_secs(90_000), ..good() };
        assert!(matches!(for_ever.check(), Err(BadIssuer::Times(_))));
    }

    #[test]
    fn algorithms_are_configured_by_their_names_and_weak_ones_cannot_be() {
        for algorithm in Algorithm::ALL {
            assert_eq!(serde_json::from_value::<Algorithm>(algorithm.name().into()).unwrap(), *algorithm);
        }
        for weak in ["none", "HS256", "RS1"] {
            assert!(serde_json::from_value::<Algorithm>(weak.into()).is_err(), "{weak}");
        }
    }
}
