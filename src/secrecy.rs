//! What Kith keeps secret at rest: contents are sealed, children and bodies are named by keyed hashes.
//!
//! One master key, 32 bytes, makes four keys by HKDF-SHA256 (RFC 5869), so that no key has two uses: one seals
//! (AES-256-GCM), one names children, one makes digests (both HMAC-SHA256), one signs (Ed25519). A sealed value is
//! `version (1 byte) | nonce (12) | cipher text and tag`; its version and its context are bound to it, so that a
//! value copied into another row does not open there. Nonces are random: one master key is good for 2^32 seals. What is on its way
//! to a recipient has a key of its own besides ([`Parcel`]), so that it can be erased for good.

mod key;
mod letter;
mod parcel;
mod sign;
mod ssh;

pub use key::{KeyError, new_key_text};
pub use letter::{LetterKeys, is_letter_key, open_letter, seal_letter};
pub use parcel::Parcel;
pub use sign::{Signer, is_signed};
pub use ssh::{is_ssh_signed, ssh_key, ssh_signature};

use std::path::Path;

use ring::rand::{SecureRandom, SystemRandom};
use ring::{aead, hmac};

use crate::domain::{ChildKey, NhsNumber, to_hex};

/// The first byte of what is sealed this way; another way of sealing gets another number.
const VERSION: u8 = 1;

/// The salt of the key derivation: it ties the keys to this program.
const SALT: &[u8] = b"kith vault 1";

/// Bytes sealed by a [`Vault`]; the store that keeps them cannot read them.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// Why something could not be sealed or opened. Says nothing of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecrecyError {
    /// The operating system gave no random numbers, or the cipher refused.
    #[error("this could not be sealed")]
    NotSealed,
    /// Made by a newer Kith, or not sealed at all.
    #[error("this was not sealed in a way that this version of Kith knows")]
    UnknownForm,
    /// The key that these contents had for themselves was removed when their time was over.
    #[error("its key was erased when its time was over, so nobody can read it any more")]
    Erased,
    /// Another key, another context, or changed bytes; which of them cannot be told.
    #[error("this was sealed with another key or for another place, or it was changed")]
    NotOpened,
}

/// Holds the keys; seals, opens and names. Never prints them.
pub struct Vault {
    sealing: [u8; 32],
    children: hmac::Key,
    digests: hmac::Key,
    signing: [u8; 32],
    random: SystemRandom,
}

impl Vault {
    /// A vault whose keys all come from this master key.
    pub fn new(master: &[u8; 32]) -> Self {
        Self {
            sealing: derive(master, b"sealing"),
            children: hmac::Key::new(hmac::HMAC_SHA256, &derive(master, b"children")),
            digests: hmac::Key::new(hmac::HMAC_SHA256, &derive(master, b"digests")),
            signing: derive(master, b"signing"),
            random: SystemRandom::new(),
        }
    }

    /// A vault whose master key is in a file, as 64 hexadecimal digits or as base64.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        key::read(path).map(|master| Self::new(&master))
    }

    /// Seals bytes for one place, named by the context: the same words must be said to open them.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<Sealed, SecrecyError> {
        seal_with(&self.sealing, &self.random, VERSION, context, plain)
    }

    /// The bytes that were sealed in this context.
    pub fn open(&self, context: &str, sealed: &Sealed) -> Result<Vec<u8>, SecrecyError> {
        open_with(&self.sealing, VERSION, context, sealed)
    }

    /// The name by which store and journal know a child.
    pub fn child_key(&self, number: &NhsNumber) -> ChildKey {
        ChildKey(to_hex(hmac::sign(&self.children, number.reveal().as_bytes()).as_ref()))
    }

    /// A keyed hash of bytes for one use, named by the context: nobody without the key can guess what was hashed.
    pub fn digest(&self, context: &str, bytes: &[u8]) -> String {
        let mut hash = hmac::Context::with_key(&self.digests);
        // The length keeps context and bytes apart: ("ab", "c") must differ from ("a", "bc").
        hash.update(&(context.len() as u64).to_be_bytes());
        hash.update(context.as_bytes());
        hash.update(bytes);
        to_hex(hash.sign().as_ref())
    }

    /// Signs what others are to be able to check.
    pub fn signer(&self) -> Result<Signer, SecrecyError> {
        Signer::new(&self.signing)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(..)")
    }
}

/// HKDF-SHA256 for one block of output, where expanding is a single HMAC (RFC 5869 §2.2 and §2.3) that cannot fail.
fn derive(master: &[u8; 32], purpose: &[u8]) -> [u8; 32] {
    let extracted = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SALT), master);
    let expanding = hmac::Key::new(hmac::HMAC_SHA256, extracted.as_ref());
    let block = hmac::sign(&expanding, &[purpose, &[1]].concat());
    let mut key = [0; 32];
    key.copy_from_slice(block.as_ref());
    key
}

/// `version | nonce | cipher text and tag`.
fn seal_with(
    key: &[u8; 32],
    random: &SystemRandom,
    version: u8,
    context: &str,
    plain: &[u8],
) -> Result<Sealed, SecrecyError> {
    let mut nonce = [0; aead::NONCE_LEN];
    random.fill(&mut nonce).map_err(|_| SecrecyError::NotSealed)?;
    let key = cipher(key).ok_or(SecrecyError::NotSealed)?;
    let mut text = plain.to_vec();
    let unique = aead::Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(unique, bound(version, context), &mut text)
        .map_err(|_| SecrecyError::NotSealed)?;
    Ok(Sealed([&[version], nonce.as_slice(), &text].concat()))
}

fn open_with(key: &[u8; 32], version: u8, context: &str, sealed: &Sealed) -> Result<Vec<u8>, SecrecyError> {
    let (first, rest) = sealed.0.split_first().ok_or(SecrecyError::UnknownForm)?;
    let (nonce, text) = rest.split_first_chunk::<{ aead::NONCE_LEN }>().ok_or(SecrecyError::UnknownForm)?;
    if *first != version {
        return Err(SecrecyError::UnknownForm);
    }
    let key = cipher(key).ok_or(SecrecyError::NotOpened)?;
    let mut text = text.to_vec();
    let nonce = aead::Nonce::assume_unique_for_key(*nonce);
    let plain =
        key.open_in_place(nonce, bound(version, context), &mut text).map_err(|_| SecrecyError::NotOpened)?;
    Ok(plain.to_vec())
}

fn cipher(key: &[u8; 32]) -> Option<aead::LessSafeKey> {
    aead::UnboundKey::new(&aead::AES_256_GCM, key).ok().map(aead::LessSafeKey::new)
}

/// What is bound to a sealed value without being in it. Only the context varies in length, so this is unambiguous.
fn bound(version: u8, context: &str) -> aead::Aad<Vec<u8>> {
    aead::Aad::from([&[version], context.as_bytes()].concat())
}

#[cfg(test)]
mod tests;
