//! Where accepted things are kept: the trait that the pipeline and the worker see, and the rows they exchange.
//!
//! Every write that belongs together is one call and one transaction; the journal entries go with it, so that nothing
//! can be accepted, released or changed without its entry. The store chains the entries (`journal::Chain`).

pub mod sqlite;

mod error;
mod verify;

pub use error::StoreError;
pub use verify::verify_journal;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;
pub use crate::secrecy::Sealed;

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
    /// The child, by keyed hash: order is kept for each child and recipient.
    pub child: ChildKey,
    /// The record kind that was sent.
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// The sealed record, cut to what was permitted; `None` when withheld, delivered or given back.
    pub payload: Option<Sealed>,
    /// Why it is shared or withheld, for the sender: no clinical content.
    pub note: String,
    /// Names of the items that were permitted, such as `identity/name`.
    pub items: Vec<String>,
    /// The ground, where permitted.
    pub ground: Option<String>,
    /// How often it was tried, before a replay too.
    pub attempts: u32,
    /// Not to be tried before.
    pub due: DateTime<Utc>,
    /// When it was accepted.
    pub created: DateTime<Utc>,
    /// When its state last changed.
    pub updated: DateTime<Utc>,
}

/// A consent on file, or one version of it.
#[derive(Debug, Clone)]
pub struct StoredConsent {
    /// FHIR id.
    pub id: String,
    /// `meta.versionId`, from 1.
    pub version: u32,
    /// Whose information.
    pub child: ChildKey,
    /// The partner that brought it.
    pub author: PartnerId,
    /// FHIR status: `active`, `inactive`, …
    pub status: String,
    /// Keyed hash of who gave it and for what: two active ones of the same scope cannot be.
    pub scope: String,
    /// The sealed Consent resource.
    pub resource: Sealed,
    /// `meta.lastUpdated`.
    pub updated: DateTime<Utc>,
}

/// What is kept of a safeguarding flag so that it can be ended: no clinical content.
#[derive(Debug, Clone)]
pub struct StoredFlag {
    /// FHIR id.
    pub id: String,
    /// `meta.versionId`, from 1.
    pub version: u32,
    /// The child.
    pub child: ChildKey,
    /// The partner that pushed it.
    pub author: PartnerId,
    /// `active`, `inactive` or `entered-in-error`.
    pub status: String,
    /// Keyed hash of the flag's code: the same flag must be ended.
    pub code: String,
    /// When it last changed.
    pub updated: DateTime<Utc>,
}

/// Somebody around a child: a partner that sent about it or received about it on grounds that last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleMember {
    /// The partner.
    pub partner: PartnerId,
    /// How Kith knows: `sent`, `practice`, `centre`, `school`.
    pub relation: String,
    /// When it last showed.
    pub since: DateTime<Utc>,
}

/// What is on file about one child.
#[derive(Debug, Clone, Default)]
pub struct ChildFile {
    /// All consents in their current version, oldest first.
    pub consents: Vec<StoredConsent>,
    /// Who is around the child.
    pub circle: Vec<CircleMember>,
}

/// The answer that a sender got, to be given again when the same message comes again.
#[derive(Debug, Clone)]
pub struct FirstAnswer {
    /// Keyed hash of the body.
    pub body_hash: String,
    /// HTTP status.
    pub status: u16,
    /// Headers that matter (`Location`, `ETag`).
    pub headers: Vec<(String, String)>,
    /// The answer as it was given, sealed; empty when its time is over.
    pub body: Sealed,
}

/// How a consent changes in the transaction that accepts a message, or by itself.
#[derive(Debug, Clone)]
pub struct ConsentChange {
    /// The new version.
    pub consent: StoredConsent,
    /// The version it must replace; `None` when it is new.
    pub replaces: Option<u32>,
}

/// Everything that accepting one message writes, in one transaction or not at all.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// Who sent it.
    pub sender: PartnerId,
    /// The sender's id for it.
    pub message_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The child.
    pub child: ChildKey,
    /// The record kind.
    pub kind: String,
    /// The answer the sender gets.
    pub answer: FirstAnswer,
    /// One a recipient, withheld ones too.
    pub deliveries: Vec<Delivery>,
    /// Consents that the message brought or replaced. Written in order.
    pub consents: Vec<ConsentChange>,
    /// The flag that the message made or ended, with the version it replaces.
    pub flag: Option<(StoredFlag, Option<u32>)>,
    /// Who is now known to be around the child.
    pub circle: Vec<CircleMember>,
    /// What the journal says of it.
    pub entries: Vec<Entry>,
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
}

/// From when on what is kept for a time only is still kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// The content of dead letters, by when they became so.
    pub dead_letters_since: DateTime<Utc>,
    /// First answers, by when their messages were accepted.
    pub answers_since: DateTime<Utc>,
}

/// Which receipts are asked for.
#[derive(Debug, Clone, Default)]
pub struct TaskQuery {
    /// Only those that this partner sent. A recipient must not learn what was withheld from it.
    pub sender: Option<PartnerId>,
    /// Only this message's.
    pub message_id: Option<Uuid>,
    /// Only in these states; empty means any.
    pub states: Vec<State>,
    /// At most so many.
    pub count: u32,
    /// After so many, for the next page.
    pub offset: u32,
}

/// Reads and writes that the rest of Kith asks of a store. All of it is durable when a call returns.
#[async_trait]
pub trait Store: Send + Sync {
    /// The answer this sender got for this message id, if it sent it before.
    async fn first_answer(
        &self,
        sender: &PartnerId,
        message_id: Uuid,
    ) -> Result<Option<FirstAnswer>, StoreError>;

    /// Writes everything an accepted message brings; all or nothing.
    async fn accept(&self, acceptance: &Acceptance) -> Result<(), StoreError>;

    /// What is on file about a child; empty when there is nothing.
    async fn child_file(&self, child: &ChildKey) -> Result<ChildFile, StoreError>;

    /// A consent in its current version.
    async fn consent(&self, id: &str) -> Result<Option<StoredConsent>, StoreError>;

    /// All versions of a consent, newest first.
    async fn consent_history(&self, id: &str) -> Result<Vec<StoredConsent>, StoreError>;

    /// Creates or changes a consent, with its journal entry.
    async fn change_consent(&self, change: &ConsentChange, entry: &Entry) -> Result<(), StoreError>;

    /// A safeguarding flag in its current version.
    async fn flag(&self, id: &str) -> Result<Option<StoredFlag>, StoreError>;

    /// The recipients that were sent messages of this kind about this child and took or will take them.
    async fn told(&self, child: &ChildKey, kind: &str) -> Result<Vec<PartnerId>, StoreError>;

    /// Takes the next delivery due for a recipient, sets it in progress and counts the attempt. For one child only the
    /// oldest unsettled delivery to the recipient is ever handed out, and none while one is in progress.
    async fn claim(&self, recipient: &PartnerId, now: DateTime<Utc>) -> Result<Option<Delivery>, StoreError>;

    /// Writes the entry that must stand before a message leaves.
    async fn releasing(&self, entry: &Entry) -> Result<(), StoreError>;

    /// Writes how an attempt ended, with its entry; `NotInProgress` when none was under way.
    async fn settle(&self, settlement: &Settlement) -> Result<(), StoreError>;

    /// When the next delivery to this recipient is due, if any can be claimed then. One that waits behind another of
    /// its child does not count: ask again when that one is settled.
    async fn next_due(&self, recipient: &PartnerId) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Puts deliveries that were in progress when the process ended back into the outbox; gives their number.
    async fn recover(&self, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Makes a dead letter due again at the entry's time, with the entry. Its attempts count on, so that it stays known
    /// that it may have arrived. `false` when it is not one or its payload is gone; then nothing is written.
    async fn replay(&self, id: Uuid, entry: &Entry) -> Result<bool, StoreError>;

    /// Removes the content of dead letters and the bodies of first answers whose time is over; gives how many.
    async fn expire(&self, kept: Kept) -> Result<u64, StoreError>;

    /// One delivery, without its payload.
    async fn task(&self, id: Uuid) -> Result<Option<Delivery>, StoreError>;

    /// Deliveries that match, newest first, without payload, and how many match in all.
    async fn tasks(&self, query: &TaskQuery) -> Result<(Vec<Delivery>, u64), StoreError>;

    /// Whether the store can be read and written.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Journal entries from a sequence number on, as (number, the exact JSON text that was hashed, hash).
    async fn journal(&self, from: u64, count: u32) -> Result<Vec<(u64, String, String)>, StoreError>;
}
