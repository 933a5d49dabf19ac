//! What the alerts about unread messages ask of the store.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Delivery, StoreError};
use crate::domain::PartnerId;
use crate::journal::Entry;

/// That people were told of an unread message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alerted {
    /// When last.
    pub at: DateTime<Utc>,
    /// Who, in a sentence for its sender.
    pub note: String,
}

/// Which messages are unread for so long that people are to be told.
#[derive(Debug, Clone)]
pub struct Overdue {
    /// The kinds that a person at the recipient has to have read.
    pub kinds: Vec<String>,
    /// Those accepted at or before this instant about which nobody was told yet …
    pub accepted_by: DateTime<Utc>,
    /// … and those about which people were told last at or before this instant …
    pub told_by: DateTime<Utc>,
    /// … if they were told less often than so.
    pub times: u32,
    /// Not those to these recipients: nobody could be told about theirs just now, and they must not stand in the way of others.
    pub except: Vec<PartnerId>,
    /// At most so many.
    pub count: u32,
}

/// A delivery that nobody said they read: its receipt, and how often people were told.
#[derive(Debug, Clone)]
pub struct Unread {
    /// The receipt, without payload. It may wait, be under way, be delivered or be a dead letter.
    pub delivery: Delivery,
    /// How often people were told.
    pub alerts: u32,
}

/// That people were told once more about a delivery.
#[derive(Debug, Clone)]
pub struct Alert {
    /// The delivery.
    pub delivery: Uuid,
    /// How often they were told, this time included.
    pub alerts: u32,
    /// What its sender may know about it.
    pub note: String,
    /// The journal's entry, which gives the time.
    pub entry: Entry,
}

/// Reads and writes for alerts.
#[async_trait]
pub trait Unreads: Send + Sync {
    /// What is unread for too long and whose next alert is due, those accepted first first.
    async fn overdue(&self, asked: &Overdue) -> Result<Vec<Unread>, StoreError>;

    /// How many messages of these kinds, accepted at or before an instant, nobody said they read, by recipient; whether people were told or not.
    async fn unread(
        &self,
        kinds: &[String],
        accepted_by: DateTime<Utc>,
    ) -> Result<BTreeMap<PartnerId, u64>, StoreError>;

    /// Writes that people were told, with the entries; what was read meanwhile stays as it is, and gets its entry all the same.
    async fn alerted(&self, alerts: &[Alert]) -> Result<(), StoreError>;
}
