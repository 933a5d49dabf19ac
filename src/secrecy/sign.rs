//! Signatures that others can check: Ed25519 (RFC 8032), with a key that comes from the master key.

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::SecrecyError;

/// Signs; never prints its key.
pub struct Signer(Ed25519KeyPair);

impl Signer {
    pub(super) fn new(seed: &[u8; 32]) -> Result<Self, SecrecyError> {
        Ed25519KeyPair::from_seed_unchecked(seed).map(Self).map_err(|_| SecrecyError::NotSealed)
    }

    /// The signature of a text, 64 bytes.
    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.0.sign(text).as_ref().to_vec()
    }

    /// The public key, 32 bytes, by which anybody can check signatures.
    pub fn public_key(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }
}

/// Whether this is the signature of this text by the holder of this key.
pub fn is_signed(public_key: &[u8], text: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(text, signature).is_ok()
}
