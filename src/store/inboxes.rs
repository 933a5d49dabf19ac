//! What the store keeps for partners without a system of their own: their inboxes, and which families they may visit.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{Delivery, StoreError};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;

/// Why a family may be visited in spite of a no-visit rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitGround {
    /// It registered with the partner.
    Registered,
    /// It was referred to the partner.
    Referred,
}

impl VisitGround {
    /// The word on file and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Referred => "referred",
        }
    }

    /// The ground of that word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Registered, Self::Referred].into_iter().find(|ground| ground.name() == word)
    }
}

/// Reads and writes for inboxes.
#[async_trait]
pub trait Inboxes: Send + Sync {
    /// What lies in a partner's inbox, newest first, with its content; at most so many.
    async fn inbox(&self, partner: &PartnerId, count: u32) -> Result<Vec<Delivery>, StoreError>;

    /// Writes that what these entries are about was read in an inbox, or taken out of it: what is recalled then has to be asked for.
    async fn read_out(&self, entries: &[Entry]) -> Result<(), StoreError>;

    /// Of these children those that are known by other numbers too, each with these.
    async fn other_numbers(
        &self,
        children: &[ChildKey],
    ) -> Result<BTreeMap<ChildKey, Vec<ChildKey>>, StoreError>;

    /// Which of these children's families a partner may visit whatever rule there was, and why: it said so, or it sent a message about the
    /// child of one of these kinds.
    async fn visits(
        &self,
        partner: &PartnerId,
        children: &[ChildKey],
        registering: &[String],
    ) -> Result<BTreeMap<ChildKey, VisitGround>, StoreError>;

    /// Writes that a partner may visit the family of the entry's child from the entry's time on, with the entry; `false` when that is on
    /// file already.
    async fn allow_visits(
        &self,
        partner: &PartnerId,
        ground: VisitGround,
        entry: &Entry,
    ) -> Result<bool, StoreError>;
}
