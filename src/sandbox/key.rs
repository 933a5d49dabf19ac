//! Keys that the sandbox makes anew at each start: P-384, for tokens and for assertions.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use serde_json::{Value, json};

use crate::deliver::token::{AssertionAlgorithm, SigningKey};
use crate::domain::Private;

/// A private key in PEM and its public half.
pub(super) struct DemoKey {
    pem: Private<String>,
    public: PublicKey,
}

/// The public half, by the name under which it is known.
#[derive(Debug, Clone)]
pub(super) struct PublicKey {
    id: String,
    /// `04`, x, y (SEC 1, section 2.3.3).
    point: Vec<u8>,
}

/// What PEM calls a key in PKCS#8 (RFC 7468, section 10).
const LABEL: &str = "PRIVATE KEY";

impl DemoKey {
    /// A new key. `None` when the system gives no randomness.
    pub(super) fn new(id: &str) -> Option<Self> {
        let (curve, random) = (&ECDSA_P384_SHA384_FIXED_SIGNING, SystemRandom::new());
        let der = EcdsaKeyPair::generate_pkcs8(curve, &random).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(curve, der.as_ref(), &random).ok()?;
        let text = STANDARD.encode(der.as_ref());
        let pem = format!("-----BEGIN {LABEL}-----\n{text}\n-----END {LABEL}-----\n");
        let public = PublicKey { id: id.to_owned(), point: pair.public_key().as_ref().to_vec() };
        Some(Self { pem: Private::new(pem), public })
    }

    /// The text of a key file.
    pub(super) fn pem(&self) -> &str {
        self.pem.reveal()
    }

    /// The public half.
    pub(super) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Ready to sign as Kith signs.
    pub(super) fn signing(&self) -> Option<SigningKey> {
        SigningKey::new(&self.pem, AssertionAlgorithm::ES384, self.public.id.clone()).ok()
    }
}

impl PublicKey {
    /// As a JSON Web Key (RFC 7517; RFC 7518, section 6.2).
    pub(super) fn jwk(&self) -> Value {
        let half = |range: std::ops::Range<usize>| {
            self.point.get(range).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
        };
        json!({
            "kty": "EC", "crv": "P-384", "x": half(1..49), "y": half(49..97),
            "kid": self.id, "use": "sig", "alg": "ES384",
        })
    }

    /// The claims of a compact JWS that this key signed; `None` for anything else.
    pub(super) fn claims(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header["alg"] != "ES384" || header["kid"] != self.id.as_str() {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, &self.point);
        key.verify(signed.as_bytes(), &signature).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_key_signed_it_knows_and_nothing_else() {
        let (key, other) = (DemoKey::new("a").unwrap(), DemoKey::new("a").unwrap());
        let token = key.signing().unwrap().sign("JWT", &json!({ "sub": "kith" })).unwrap();
        assert_eq!(key.public().claims(token.reveal()).unwrap()["sub"], "kith");
        assert!(other.public().claims(token.reveal()).is_none());
        assert!(DemoKey::new("b").unwrap().public().claims(token.reveal()).is_none());
        let unsigned = format!("{}.", token.reveal().rsplit_once('.').unwrap().0);
        assert!(key.public().claims(&unsigned).is_none());
    }
}
