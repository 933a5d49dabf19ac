//! The rows that the store and the rest of Kith exchange.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Delivery, KeptBirth, Recalled, Sealed};
use crate::domain::{self, ChildKey, PartnerId};
use crate::journal::Entry;

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
