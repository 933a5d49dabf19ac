//! Contents that can be erased wherever copies of them lie: each sealed with a key of its own that is kept apart from them.

use ring::rand::SecureRandom;

use super::{Sealed, SecrecyError, VERSION, Vault, open_with, seal_with};

/// The first byte of contents that were sealed with a key of their own.
const ALONE: u8 = 2;

/// Contents and the key that opens them, which the vault has sealed. Without the key nobody can read the contents, the vault's owner
/// neither: who removes the few bytes of the key has erased the contents, in every copy that was made without it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The key, sealed; `None` when it was removed, or when the contents were sealed by the vault itself, as they were before
    /// deliveries had keys of their own.
    pub key: Option<Sealed>,
    /// The contents.
    pub contents: Sealed,
}

impl Vault {
    /// Seals bytes for one place with a new key that is good for nothing else.
    pub fn seal_alone(&self, context: &str, plain: &[u8]) -> Result<Parcel, SecrecyError> {
        let mut key = [0; 32];
        self.random.fill(&mut key).map_err(|_| SecrecyError::NotSealed)?;
        let contents = seal_with(&key, &self.random, ALONE, context, plain)?;
        Ok(Parcel { key: Some(self.seal(&of_key(context), &key)?), contents })
    }

    /// The bytes that were sealed in this context.
    pub fn open_alone(&self, context: &str, parcel: &Parcel) -> Result<Vec<u8>, SecrecyError> {
        match (&parcel.key, parcel.contents.0.first()) {
            (None, Some(&VERSION)) => self.open(context, &parcel.contents),
            (None, Some(&ALONE)) => Err(SecrecyError::Erased),
            (Some(key), Some(&ALONE)) => {
                let key = self.open(&of_key(context), key)?;
                let key = key.try_into().map_err(|_| SecrecyError::NotOpened)?;
                open_with(&key, ALONE, context, &parcel.contents)
            }
            _ => Err(SecrecyError::UnknownForm),
        }
    }
}

fn of_key(context: &str) -> String {
    format!("{context}/key")
}
