//! What is on its way, or was: a delivery, how its attempts end, and what its recipient holds then.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Alerted, Parcel};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;

/// Where a delivery stands; FHIR Task statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Waiting in the outbox.
    Requested,
    /// On its way; may have reached the recipient.
    InProgress,
    /// The recipient took it.
    Completed,
    /// The recipient refused it or it was given up: a dead letter.
    Failed,
    /// Withheld by decision: it was never to leave.
    Rejected,
    /// Taken back before it left: consent was withdrawn.
    Cancelled,
}

/// One message on its way to one recipient; also the receipt (Task) for it.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Id of the delivery, of its Task, and the `X-Request-ID` that the recipient gets: the same at every attempt.
    pub id: Uuid,
    /// The sender's message id.
    pub message_id: Uuid,
    /// Who sent it.
    pub sender: PartnerId,
    /// Who is to get it.
    pub recipient: PartnerId,
    /// Whether its sender does not learn who is to get it.
    pub concealed: bool,
    /// The child, by keyed hash: order is kept for each child and recipient.
    pub child: ChildKey,
    /// The record kind that was sent.
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// The sealed record, cut to what was permitted, with its own key; `None` when withheld, delivered or given back.
    pub payload: Option<Parcel>,
    /// Why it is shared or withheld, for the sender: no clinical content.
    pub note: String,
    /// The items that it tells, such as `identity/name`: by the decision when it was accepted; once it was taken, what was told.
    pub items: Vec<String>,
    /// Of these, what its recipient holds, or may hold since an attempt ended in the dark, and nobody recalled.
    pub holds: Vec<String>,
    /// What consents that speak of some data only said of the message, by the last decision by which something of it left, or may have left,
    /// as `consent::Weighed` is kept.
    pub weighed: String,
    /// The ground, where permitted.
    pub ground: Option<String>,
    /// How often it was tried, before a replay too.
    pub attempts: u32,
    /// When the recipient said that it read it.
    pub acknowledged: Option<DateTime<Utc>>,
    /// That people were told, last, that nobody had read it.
    pub alerted: Option<Alerted>,
    /// Not to be tried before.
    pub due: DateTime<Utc>,
    /// When it was accepted.
    pub created: DateTime<Utc>,
    /// When its state last changed.
    pub updated: DateTime<Utc>,
}

impl Delivery {
    /// What its receipt says of the decision: the first line of the note. A second tells how delivering goes, of which the recipient's own
    /// words and addresses may be part.
    pub fn explanation(&self) -> &str {
        self.note.lines().next().unwrap_or_default()
    }
}

/// What is asked back of one delivery, or of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalled {
    /// Its id.
    pub id: Uuid,
    /// The items that its recipient held until now. Where it holds others, somebody else was first.
    pub held: Vec<String>,
    /// Those that it may keep.
    pub left: Vec<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The delivery.
    pub id: Uuid,
    /// Its new state. In a final state the payload is removed, except `Failed`, which can be replayed.
    pub state: State,
    /// When to try again, for `Requested`.
    pub due: DateTime<Utc>,
    /// What to say on the receipt; `None` leaves the note as it is.
    pub note: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// The journal entry.
    pub entry: Entry,
    /// What becomes of it in an inbox that Kith keeps.
    pub inbox: Inboxed,
    /// What the recipient holds after this attempt, or may hold; `None` where that is what it held before.
    pub told: Option<Told>,
}

/// What a recipient holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The items, by name.
    pub holds: Vec<String>,
    /// What consents that speak of some data only say of it, as `consent::Weighed` is kept.
    pub weighed: String,
}

/// What is kept where no consent speaks of some data only.
pub const NOT_WEIGHED: &str = "{}";

/// What a settlement does to the inbox of a recipient without a system of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inboxed {
    /// The recipient has a system.
    Nothing,
    /// What was delivered lies there, sealed as it was in the outbox.
    Keep,
    /// These deliveries are removed; where somebody read or printed one of them, or it does not lie there any more, what asks for it back
    /// lies there instead, for people to read.
    Remove {
        /// Their ids.
        ids: Vec<Uuid>,
        /// In whose inbox they may lie: the recipient's, and those of partners whose part it took over.
        of: Vec<PartnerId>,
    },
}
