//! What an operator asks of the store: how much waits for whom, what failed, and to let it go on or wait.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Delivery, StoreError};
use crate::domain::PartnerId;
use crate::journal::Entry;

/// What lies in the outbox for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// For whom.
    pub recipient: PartnerId,
    /// How many wait.
    pub waiting: u64,
    /// How many are on their way.
    pub under_way: u64,
    /// How many dead letters there are.
    pub failed: u64,
    /// When the oldest that waits or is on its way was accepted.
    pub oldest: Option<DateTime<Utc>>,
}

/// A recipient to which nothing is delivered until an operator lets it go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// Which.
    pub recipient: PartnerId,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who parked it, and why.
    pub note: String,
}

/// How many deliveries ended within an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// The hour's first second.
    pub from: DateTime<Utc>,
    /// Taken by their recipients.
    pub completed: u64,
    /// Refused or given up.
    pub failed: u64,
}

/// Reads and writes for operators.
#[async_trait]
pub trait Operations: Send + Sync {
    /// What lies in the outbox, by recipient; recipients for whom nothing waits or failed are left out.
    async fn load(&self) -> Result<Vec<Load>, StoreError>;

    /// How many deliveries ended in each hour since an instant, oldest first; hours without any are left out.
    async fn ended_by_hour(&self, since: DateTime<Utc>) -> Result<Vec<Hour>, StoreError>;

    /// A dead letter with its content; `None` when it is not one, or its content is gone.
    async fn dead_letter(&self, id: Uuid) -> Result<Option<Delivery>, StoreError>;

    /// Makes what waits or is under way a dead letter, with its receipt's note and its entry; `false` when it is neither, and then nothing is
    /// written. It may have been delivered: an operator decides whether it is put back.
    async fn hold_back(&self, id: Uuid, note: &str, entry: &Entry) -> Result<bool, StoreError>;

    /// All that are parked, by name.
    async fn parked(&self) -> Result<Vec<Parked>, StoreError>;

    /// Parks a recipient from the entry's time on, with the entry; `false` when it is parked already.
    async fn park(&self, recipient: &PartnerId, note: &str, entry: &Entry) -> Result<bool, StoreError>;

    /// Lets deliveries to a parked recipient go on, with the entry; `false` when it is not parked.
    async fn unpark(&self, recipient: &PartnerId, entry: &Entry) -> Result<bool, StoreError>;
}
