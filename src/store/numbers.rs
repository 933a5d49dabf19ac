//! Children who are known by more than one number.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::StoreError;
use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;
use crate::secrecy::Sealed;

/// So many numbers one child may have.
pub const NUMBERS_MAX: usize = 8;

/// What somebody said: what was kept under one number is about the child of another.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The number that does not hold any more.
    pub child: ChildKey,
    /// The one that does.
    pub into: ChildKey,
    /// Both as they are written, in this order, sealed: a partner can only be asked by a number, not by its key.
    pub numbers: [Sealed; 2],
    /// Who said it.
    pub author: PartnerId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Reads and writes of which numbers are one child's.
#[async_trait]
pub trait Numbers: Send + Sync {
    /// Writes that two numbers are one child's, with the entries: what is on file about either is on file about both. `false` when it was said
    /// before; then no entry is written.
    async fn merge(&self, merged: &Merged, entries: &[Entry]) -> Result<bool, StoreError>;

    /// Takes that back; `false` when nobody said it.
    async fn unmerge(&self, merged: &Merged, entries: &[Entry]) -> Result<bool, StoreError>;

    /// A child by all its numbers, this one first.
    async fn numbers_of(&self, child: &ChildKey) -> Result<Vec<ChildKey>, StoreError>;

    /// The other numbers of a child, sealed, each with its key.
    async fn other_numbers(&self, child: &ChildKey) -> Result<Vec<(ChildKey, Sealed)>, StoreError>;
}
