//! Heads of the journal that were signed: whoever keeps one elsewhere sees whether the journal was cut or rewritten before it. No I/O.
//!
//! What is signed is four parts with a line feed between them: the words `kith-journal-head-1`, the number of entries in decimal, the
//! hash of the last one, and the instant as RFC 3339 in UTC.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::Head;

/// A head with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedHead {
    /// How many entries there were.
    pub count: u64,
    /// The last one's hash.
    pub hash: String,
    /// When it was signed, as it stands in the signed text.
    pub at: String,
    /// The public key (Ed25519, 32 bytes), in hexadecimal.
    pub key: String,
    /// The signature (64 bytes), in hexadecimal.
    pub signature: String,
}

impl SignedHead {
    /// The text that is signed for a head at an instant.
    pub fn text(head: &Head, at: DateTime<Utc>) -> String {
        text_of(head.count, &head.hash, &at.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    /// The text that this signature is of.
    pub fn own_text(&self) -> String {
        text_of(self.count, &self.hash, &self.at)
    }
}

fn text_of(count: u64, hash: &str, at: &str) -> String {
    format!("kith-journal-head-1\n{count}\n{hash}\n{at}")
}
