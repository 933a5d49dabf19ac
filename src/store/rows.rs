//! The rows that the store and the rest of Kith exchange.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Alerted, KeptBirth, Parcel, Sealed};
use crate::domain::{self, ChildKey, PartnerId};
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

/// Something that protects a child's whole record, as one partner said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// What.
    pub what: domain::Protection,
    /// The partner that said so. In force until the same partner ends it.
    pub author: PartnerId,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A protection that a message begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectionChange {
    /// Who said, or had said, that it holds.
    pub author: PartnerId,
    /// What.
    pub what: domain::Protection,
    /// Whether it holds from now on.
    pub holds: bool,
}

/// Something that people have to settle, such as parents who disagree. It names nobody but partners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Id, of its FHIR Task too.
    pub id: Uuid,
    /// What it is, such as `consent-conflict`.
    pub kind: String,
    /// The child.
    pub child: ChildKey,
    /// The partners that are to settle it.
    pub owners: Vec<PartnerId>,
    /// What is to be settled, in plain words without any clinical content.
    pub note: String,
    /// Whether it is still to be settled.
    pub open: bool,
    /// When it was opened.
    pub created: DateTime<Utc>,
    /// When it last changed.
    pub updated: DateTime<Utc>,
}

/// What is on file about one child.
#[derive(Debug, Clone, Default)]
pub struct ChildFile {
    /// What protects its whole record.
    pub protections: Vec<Protection>,
    /// All consents in their current version, oldest first.
    pub consents: Vec<StoredConsent>,
    /// Who is around the child.
    pub circle: Vec<CircleMember>,
    /// The other numbers by which the child is known.
    pub others: Vec<ChildKey>,
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
    /// What the message says that protects the child's whole record, or protects it no longer.
    pub protections: Vec<ProtectionChange>,
    /// What the message recalls. All of it, or nothing at all is written and it counts as a duplicate.
    pub recalls: Vec<Recalled>,
    /// Who is now known to be around the child.
    pub circle: Vec<CircleMember>,
    /// What is kept of births for the lists of local authorities: what it tells, and what earlier messages told and may not be kept as it
    /// is any more, which it replaces.
    pub births: Vec<KeptBirth>,
    /// What the journal says of it.
    pub entries: Vec<Entry>,
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
    /// The items that the recipient holds after this attempt, or may hold; `None` where that is what it held before.
    pub told: Option<Vec<String>>,
}

/// What a settlement does to the inbox of a recipient without a system of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inboxed {
    /// The recipient has a system.
    Nothing,
    /// What was delivered lies there, sealed as it was in the outbox.
    Keep,
    /// These deliveries are removed; where somebody read or printed one of them, or it does not lie there any more, what asks for it back
    /// lies there instead, for people to read.
    Remove(Vec<Uuid>),
}

/// From when on what is kept for a time only is still kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// The content of dead letters, by when they became so.
    pub dead_letters_since: DateTime<Utc>,
    /// First answers, by when their messages were accepted.
    pub answers_since: DateTime<Utc>,
    /// What lies in inboxes, by when it came.
    pub inbox_since: DateTime<Utc>,
    /// That a session was ended, by when that was; an older session does not count anyway.
    pub signed_out_since: DateTime<Utc>,
    /// Births of which the time was over before.
    pub births_until: DateTime<Utc>,
}
