//! The chain that ties the journal's entries together, and the check of it. No I/O.
//!
//! An entry's hash is the SHA-256, in lower-case hexadecimal, of four parts with a line feed between them: the words
//! `kith-journal-1`, the entry's number in decimal, the hash of the entry before it (64 zeros for the first), and the
//! entry's exact JSON text. Only the last part can hold a line feed, so that no two entries are hashed alike. By hand:
//!
//! ```text
//! printf 'kith-journal-1\n%s\n%s\n%s' "$number" "$previous" "$text" | sha256sum
//! ```
//!
//! What a chain alone cannot show is that entries were cut off its end, or that somebody who may write to the store
//! rewrote all of it from some entry on. Who must exclude that keeps the [`Head`] elsewhere from time to time.

use std::collections::HashMap;

use ring::digest;
use serde::de::IgnoredAny;

use crate::domain::to_hex;

/// The hash that the first entry follows.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The words that begin what is hashed: another framing gets another number.
const FRAMING: &str = "kith-journal-1";

/// How far a chain goes: so many entries, the last with this hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are, which is the last one's number.
    pub count: u64,
    /// The last entry's hash.
    pub hash: String,
}

impl Default for Head {
    fn default() -> Self {
        Self { count: 0, hash: GENESIS.to_owned() }
    }
}

/// A chain that grows: gives each new entry its number and hash.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    head: Head,
}

impl Chain {
    /// A chain that goes on from a head; from `Head::default()`, a new one.
    pub fn after(head: Head) -> Self {
        Self { head }
    }

    /// Adds an entry; the new head holds its number and hash.
    pub fn add(&mut self, text: &str) -> &Head {
        let number = self.head.count + 1;
        self.head = Head { count: number, hash: entry_hash(number, &self.head.hash, text) };
        &self.head
    }

    /// How far it goes.
    pub fn head(&self) -> &Head {
        &self.head
    }
}

/// The hash of an entry: of its number, the hash before it and its exact text.
pub fn entry_hash(number: u64, previous: &str, text: &str) -> String {
    let framed = format!("{FRAMING}\n{number}\n{previous}\n{text}");
    to_hex(digest::digest(&digest::SHA256, framed.as_bytes()).as_ref())
}

/// The first place where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}: {fault}")]
pub struct Break {
    /// The number of the entry.
    pub seq: u64,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no entry of this number.
    #[error("it is missing; the next that is there is {found}")]
    Missing {
        /// The number found in its place.
        found: u64,
    },
    /// It stands where a later number should.
    #[error("it is out of order; {expected} should stand here")]
    OutOfOrder {
        /// The number that should stand here.
        expected: u64,
    },
    /// Its text does not give its hash, while the next entry builds on that hash.
    #[error("its text, or the entry before it, was changed after it was written")]
    TextChanged,
    /// Its hash is not that of its text, while the next entry builds on the right one.
    #[error("its hash was changed after it was written")]
    HashChanged,
    /// Its hash is not that of its text and the entry before it, and no later entry tells why.
    #[error("its hash does not follow from its text and the entry before it")]
    DoesNotFollow,
    /// The chain holds, but what was written is not a JSON object.
    #[error("its text is not a JSON object")]
    NotJson,
}

/// Checks a whole journal, given as (number, exact text, hash) in order; names the first entry that is broken.
pub fn verify<T: AsRef<str>, H: AsRef<str>>(
    entries: impl IntoIterator<Item = (u64, T, H)>,
) -> Result<Head, Break> {
    verify_after(Head::default(), entries)
}

/// Checks the entries that follow a head, as [`verify`] does from the beginning.
pub fn verify_after<T: AsRef<str>, H: AsRef<str>>(
    head: Head,
    entries: impl IntoIterator<Item = (u64, T, H)>,
) -> Result<Head, Break> {
    let mut entries = entries.into_iter().peekable();
    let mut chain = Chain::after(head);
    while let Some((seq, text, hash)) = entries.next() {
        check_number(seq, chain.head().count + 1)?;
        let (text, hash) = (text.as_ref(), hash.as_ref());
        let computed = chain.add(text);
        if computed.hash != hash {
            let next = entries.peek().map(|(seq, text, hash)| (*seq, text.as_ref(), hash.as_ref()));
            return Err(Break { seq, fault: blame(computed, hash, next) });
        }
        if serde_json::from_str::<HashMap<String, IgnoredAny>>(text).is_err() {
            return Err(Break { seq, fault: Fault::NotJson });
        }
    }
    Ok(chain.head)
}

fn check_number(found: u64, expected: u64) -> Result<(), Break> {
    match found.cmp(&expected) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(Break { seq: expected, fault: Fault::Missing { found } }),
        std::cmp::Ordering::Less => Err(Break { seq: found, fault: Fault::OutOfOrder { expected } }),
    }
}

/// Why a hash is not the computed one: the next entry still knows which of them it was built on.
fn blame(computed: &Head, stored: &str, next: Option<(u64, &str, &str)>) -> Fault {
    match next {
        Some((seq, text, hash)) if entry_hash(seq, stored, text) == hash => Fault::TextChanged,
        Some((seq, text, hash)) if entry_hash(seq, &computed.hash, text) == hash => Fault::HashChanged,
        _ => Fault::DoesNotFollow,
    }
}

#[cfg(test)]
mod tests;
