//! Births that local authorities' lists are made from, until their time is over.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Sealed, StoreError};
use crate::domain::{ChildKey, PartnerId};

/// What one message told of a birth, as far as a list may carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBirth {
    /// For whose list.
    pub authority: PartnerId,
    /// Who sent the message.
    pub sender: PartnerId,
    /// The message.
    pub message_id: Uuid,
    /// The child, by keyed hash.
    pub child: ChildKey,
    /// The message's record kind.
    pub kind: String,
    /// The month of the birth, `2026-10`.
    pub month: String,
    /// What it told, and the facts by which it is decided about, sealed.
    pub record: Sealed,
    /// When the message came.
    pub at: DateTime<Utc>,
    /// Until when it is kept.
    pub until: DateTime<Utc>,
}

/// Reads of births. They are written with the message that tells of them (`Acceptance::births`), and go with `Store::retain`.
#[async_trait]
pub trait Births: Send + Sync {
    /// What is kept of a month for an authority, for each child what was told of it under any of its numbers, oldest first; at most so many
    /// in all. Where the last message about a child says another month, it is born there.
    async fn births(
        &self,
        authority: &PartnerId,
        month: &str,
        at_most: u32,
    ) -> Result<Vec<Vec<KeptBirth>>, StoreError>;

    /// All that is kept of a child, for whichever list.
    async fn births_of(&self, child: &ChildKey) -> Result<Vec<KeptBirth>, StoreError>;

    /// The months of which anything is kept for an authority, newest first, with how many children.
    async fn birth_months(&self, authority: &PartnerId) -> Result<Vec<(String, u64)>, StoreError>;
}
