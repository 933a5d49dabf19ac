//! A signed token, above all a client's assertion (RFC 7523), and the private key that signs it. Neither prints itself.
//!
//! Signing is ring's, which the tree holds for TLS: it signs RSA in constant time, which the `rsa` crate does not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::Private;

/// An algorithm that a partner's provider wants assertions signed with.
///
/// SMART asks for RS384 and ES384 (<https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html>),
/// NHS England's platform for RS512.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AssertionAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-384.
    RS384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RS512,
    /// ECDSA on P-384 with SHA-384.
    ES384,
}

impl AssertionAlgorithm {
    /// The name in a JOSE header (RFC 7518, section 3.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::ES384 => "ES384",
        }
    }
}

/// A private key that cannot be used as configured. Says nothing of the key itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Not PEM with a private key in it.
    #[error("the key file is not a PEM private key")]
    NotPem,
    /// Not a key for the algorithm.
    #[error(
        "the key does not fit the algorithm {0}: RS384 and RS512 take an RSA key of 2048 to 4096 bits, ES384 a P-384 key \
         in PKCS#8 (`openssl pkcs8 -topk8 -nocrypt` makes one of an `EC PRIVATE KEY`)"
    )]
    Unfit(&'static str),
}

enum Pair {
    Rsa(Box<rsa::KeyPair>, &'static dyn RsaEncoding),
    Ec(Box<EcdsaKeyPair>),
}

/// A private key ready to sign, with the name and algorithm by which the other side finds its public half.
pub(crate) struct SigningKey {
    pair: Pair,
    algorithm: AssertionAlgorithm,
    key_id: String,
    random: SystemRandom,
}

impl SigningKey {
    /// Reads a PEM private key: PKCS#8, or PKCS#1 for RSA.
    pub(crate) fn new(
        pem: &Private<String>,
        algorithm: AssertionAlgorithm,
        key_id: String,
    ) -> Result<Self, BadKey> {
        let random = SystemRandom::new();
        let der = PrivateKeyDer::from_pem_slice(pem.reveal().as_bytes()).map_err(|_| BadKey::NotPem)?;
        let unfit = BadKey::Unfit(algorithm.name());
        let rsa = |encoding| -> Result<Pair, BadKey> {
            let pair = match &der {
                PrivateKeyDer::Pkcs8(der) => rsa::KeyPair::from_pkcs8(der.secret_pkcs8_der()),
                PrivateKeyDer::Pkcs1(der) => rsa::KeyPair::from_der(der.secret_pkcs1_der()),
                _ => return Err(unfit.clone()),
            };
            Ok(Pair::Rsa(Box::new(pair.map_err(|_| unfit.clone())?), encoding))
        };
        let pair = match algorithm {
            AssertionAlgorithm::RS384 => rsa(&RSA_PKCS1_SHA384)?,
            AssertionAlgorithm::RS512 => rsa(&RSA_PKCS1_SHA512)?,
            AssertionAlgorithm::ES384 => {
                let (curve, PrivateKeyDer::Pkcs8(der)) = (&ECDSA_P384_SHA384_FIXED_SIGNING, &der) else {
                    return Err(unfit);
                };
                let pair = EcdsaKeyPair::from_pkcs8(curve, der.secret_pkcs8_der(), &random);
                Pair::Ec(Box::new(pair.map_err(|_| unfit)?))
            }
        };
        Ok(Self { pair, algorithm, key_id, random })
    }

    /// The claims as a compact JWS (RFC 7515), signed. `None` when the system gives no randomness.
    pub(crate) fn sign(&self, kind: &str, claims: &Value) -> Option<Private<String>> {
        let header = json!({ "typ": kind, "alg": self.algorithm.name(), "kid": self.key_id });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = match &self.pair {
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &self.random, signed.as_bytes(), &mut signature).ok()?;
                signature
            }
            // The fixed form is r and s side by side, as JWS wants it (RFC 7518, section 3.4), not ASN.1.
            Pair::Ec(pair) => pair.sign(&self.random, signed.as_bytes()).ok()?.as_ref().to_vec(),
        };
        Some(Private::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(key: &rcgen::KeyPair) -> Private<String> {
        Private::new(key.serialize_pem())
    }

    #[test]
    fn a_key_must_fit_its_algorithm() {
        let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
        let p256 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let read = |pem: &Private<String>, algorithm| SigningKey::new(pem, algorithm, "k".to_owned()).err();
        assert_eq!(read(&pem(&p384), AssertionAlgorithm::ES384), None);
        assert_eq!(read(&pem(&p256), AssertionAlgorithm::ES384), Some(BadKey::Unfit("ES384")));
        assert_eq!(read(&pem(&p384), AssertionAlgorithm::RS384), Some(BadKey::Unfit("RS384")));
        let nothing = Private::new("not a key".to_owned());
        assert_eq!(read(&nothing, AssertionAlgorithm::RS512), Some(BadKey::NotPem));
    }
}
