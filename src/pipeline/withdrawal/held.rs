//! What a recipient holds about a child that could be asked back: what it was sent, and what it was answered.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{Ground, PartnerId};
use crate::store::{Answered, Delivery};

/// What a recipient holds: what it was sent, or what it was answered when it asked.
pub(super) struct Held {
    /// What is marked as recalled.
    pub(super) id: Uuid,
    /// The id by which the recipient knows it.
    pub(super) known_as: Uuid,
    pub(super) sender: PartnerId,
    pub(super) recipient: PartnerId,
    /// Whether the sender knows who the recipient is.
    pub(super) named: bool,
    pub(super) kind: String,
    /// What of it is still held.
    pub(super) items: Vec<String>,
    /// How often it was told, as far as one id stands for that.
    pub(super) attempts: u32,
    pub(super) by_duty: bool,
    /// When it was told, or last changed.
    pub(super) at: DateTime<Utc>,
    /// What consents that speak of some data only said of it when it was told, as it is kept.
    pub(super) weighed: String,
}

impl From<Delivery> for Held {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            known_as: delivery.id,
            sender: delivery.sender,
            recipient: delivery.recipient,
            named: !delivery.concealed,
            kind: delivery.kind,
            items: delivery.holds,
            attempts: delivery.attempts,
            by_duty: delivery.ground.as_deref() == Some(Ground::SafeguardingDuty.name()),
            at: delivery.updated,
            weighed: delivery.weighed,
        }
    }
}

impl From<Answered> for Held {
    fn from(answered: Answered) -> Self {
        Self {
            id: answered.id,
            known_as: answered.question,
            sender: answered.source,
            recipient: answered.asker,
            // A source of Kith's is not told who asks.
            named: false,
            kind: answered.kind,
            items: answered.items,
            attempts: 1,
            // A question claims no ground.
            by_duty: false,
            at: answered.at,
            weighed: answered.weighed,
        }
    }
}
