//! One token, taken apart and checked step by step. Its words are not believed before the signature was checked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::JsonWebKey;
use openidconnect::core::CoreJsonWebKey;
use serde_json::{Map, Value};

use super::signatures::Keys;
use super::{Algorithm, IssuerSettings, Reason, Refusal, Scopes, VerifiedToken};

/// The longest token that is read, in bytes; a header line of most servers takes no more.
const MAX_TOKEN: usize = 8 * 1024;
/// How far the issuer's clock may run ahead of ours.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// A token whose parts can be read, and nothing more.
pub(super) struct Unverified<'t> {
    signed: &'t str,
    signature: Vec<u8>,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl<'t> Unverified<'t> {
    /// Takes a compact JWS (RFC 7515, section 7.1) apart.
    pub(super) fn parse(token: &'t str) -> Result<Self, Reason> {
        if token.len() > MAX_TOKEN {
            return Err(Reason::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Reason::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Reason::Malformed)?;
        Ok(Self {
            signed,
            signature: bytes(signature)?,
            header: object(&bytes(header)?)?,
            claims: object(&bytes(claims)?)?,
        })
    }

    /// The issuer that the token claims: only for choosing among the configured ones.
    pub(super) fn issuer(&self) -> Result<&str, Reason> {
        text(&self.claims, "iss").ok_or(Reason::Issuer)
    }

    /// The token's algorithm, if the issuer may use it (RFC 8725, section 3.1).
    pub(super) fn algorithm(&self, allowed: &[Algorithm]) -> Result<Algorithm, Reason> {
        let name = text(&self.header, "alg").ok_or(Reason::Algorithm)?;
        allowed.iter().copied().find(|algorithm| algorithm.name() == name).ok_or(Reason::Algorithm)
    }

    /// That the header says access token, and asks for nothing that Kith does not do.
    pub(super) fn check_header(&self) -> Result<(), Reason> {
        // RFC 9068, section 4: this keeps an ID token or an assertion from passing as an access token.
        if !matches!(text(&self.header, "typ"), Some("at+jwt" | "application/at+jwt")) {
            return Err(Reason::Type);
        }
        // RFC 7515, section 4.1.11: an extension that is not understood must not be passed over. We understand none.
        if self.header.contains_key("crit") { Err(Reason::Critical) } else { Ok(()) }
    }

    /// The name of the key that signed.
    pub(super) fn key_id(&self) -> Result<&str, Reason> {
        text(&self.header, "kid").ok_or(Reason::NoKeyId)
    }

    /// That one of the issuer's keys of that name made the signature. The library refuses a key whose type, curve, use
    /// or own algorithm does not agree with the algorithm.
    pub(super) fn check_signature(&self, keys: &Keys, algorithm: Algorithm) -> Result<(), Reason> {
        let (jws, signed) = (algorithm.jws(), self.signed.as_bytes());
        let fits = |key: &CoreJsonWebKey| key.verify_signature(&jws, signed, &self.signature).is_ok();
        let good = keys.signed.is_good(&[signed, b".", &self.signature], || keys.keys.iter().any(fits));
        if good { Ok(()) } else { Err(Reason::Signature) }
    }

    /// That the token is for us, now, and says whose it is (RFC 9068, sections 2.2 and 4). Call it after the signature.
    pub(super) fn check_claims(
        &self,
        settings: &IssuerSettings,
        now: DateTime<Utc>,
    ) -> Result<VerifiedToken, Refusal> {
        if self.issuer()? != settings.issuer {
            return Err(Reason::Issuer.into());
        }
        if !self.is_for(&settings.audience) {
            return Err(Reason::Audience.into());
        }
        let expires = self.time("exp", Reason::Expired)?.filter(|at| *at > now).ok_or(Reason::Expired)?;
        for claim in ["nbf", "iat"] {
            if self.time(claim, Reason::NotYet)?.is_some_and(|at| at > now + SKEW) {
                return Err(Reason::NotYet.into());
            }
        }
        // RFC 7800: a bound token without proof of its key is a stolen one for all we know.
        if self.claims.contains_key("cnf") {
            return Err(Reason::Proof.into());
        }
        let client_id = text(&self.claims, &settings.client_claim).ok_or(Reason::Client)?;
        let subject = text(&self.claims, "sub").ok_or(Reason::Client)?;
        Ok(VerifiedToken {
            issuer: settings.issuer.clone(),
            client_id: client_id.to_owned(),
            subject: subject.to_owned(),
            scopes: self.scopes()?,
            expires,
        })
    }

    fn is_for(&self, audience: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(many)) => many.iter().any(|one| one == audience),
            _ => false,
        }
    }

    /// A missing scope claim gives no access, as an empty one does: an issuer may leave out scopes it does not know.
    fn scopes(&self) -> Result<Scopes, Reason> {
        match self.claims.get("scope") {
            None => Ok(Scopes::default()),
            Some(Value::String(scope)) => Ok(Scopes::parse(scope)),
            Some(_) => Err(Reason::Scope),
        }
    }

    /// A NumericDate (RFC 7519, section 2); `None` when it is not there, an error when it is no date.
    fn time(&self, claim: &str, wrong: Reason) -> Result<Option<DateTime<Utc>>, Reason> {
        let Some(value) = self.claims.get(claim) else { return Ok(None) };
        let seconds =
            value.as_f64().filter(|seconds| (0.0..=253_402_300_799.0).contains(seconds)).ok_or(wrong)?;
        // Within the range above the whole seconds fit exactly; a fraction is cut, which only shortens.
        #[allow(clippy::cast_possible_truncation)]
        DateTime::from_timestamp(seconds as i64, 0).map(Some).ok_or(wrong)
    }
}

fn bytes(part: &str) -> Result<Vec<u8>, Reason> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Reason::Malformed)
}

fn object(json: &[u8]) -> Result<Map<String, Value>, Reason> {
    serde_json::from_slice(json).map_err(|_| Reason::Malformed)
}

fn text<'m>(object: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    object.get(name).and_then(Value::as_str).filter(|value| !value.is_empty())
}
