//! A message at each stage of its journey. Each stage takes the type that the one before it made.
//!
//! `Permitted` is made in `consent` and `Addressed` in `route`: their rooms alone can make them.

mod piece;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::{Demographics, Ground, OdsCode, PartnerId, Private, Protection, Role};
use crate::problem::Issue;

pub use piece::{Bounds, Piece};

/// Who sent the message: a registered partner whose token was checked.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The partner's name in the directory.
    pub partner: PartnerId,
    /// What the partner is to children.
    pub role: Role,
    /// Its organisation.
    pub organisation: OdsCode,
    /// Its organisation's name, for people.
    pub name: String,
}

/// The message as it came: a record of a kind, or FHIR.
#[derive(Debug, Clone)]
pub enum Content {
    /// A record, to be checked against the kind's JSON Schema.
    Record(Private<Value>),
    /// A FHIR message Bundle, to be checked against its profiles.
    Fhir(Private<Fhir>),
}

/// FHIR in JSON: what it says, and the text it came as, so that faults can be shown where they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Fhir {
    /// The text.
    pub text: String,
    /// The resource.
    pub value: Value,
}

impl From<Value> for Fhir {
    /// A resource that was made here.
    fn from(value: Value) -> Self {
        Self { text: value.to_string(), value }
    }
}

/// Came in through a door: who, when, what kind, not yet looked at.
#[derive(Debug, Clone)]
pub struct Received {
    /// Who sent it.
    pub sender: Sender,
    /// The sender's id for the message (`X-Request-ID`, or the MessageHeader's).
    pub message_id: Uuid,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The record kind, such as `new-birth-visit`.
    pub kind: String,
    /// What came.
    pub content: Content,
}

/// Is what it claims to be. Made by `record::check` and `profile::check` only.
#[derive(Debug)]
pub struct Valid {
    received: Received,
    remarks: Vec<Issue>,
}

impl Valid {
    pub(crate) fn new(received: Received, remarks: Vec<Issue>) -> Self {
        Self { received, remarks }
    }

    /// The message.
    pub fn received(&self) -> &Received {
        &self.received
    }

    /// What the check remarked without refusing.
    pub fn remarks(&self) -> &[Issue] {
        &self.remarks
    }
}

/// In the one form that the later stages know: the kind's record, with what consent and routing need to know.
#[derive(Debug, Clone)]
pub struct Mapped {
    /// Who sent it.
    pub sender: Sender,
    /// The sender's id for the message.
    pub message_id: Uuid,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The record kind.
    pub kind: String,
    /// The record.
    pub record: Private<Value>,
    /// The child it is about.
    pub child: Demographics,
    /// The ground that the sender claims, if the message claims one.
    pub claimed_ground: Option<Ground>,
    /// The sender's reason for sharing, in a sentence.
    pub reason: Option<Private<String>>,
    /// What the message says of the protection of the child's whole record: that it holds, or that it has ended.
    pub protections: Vec<(Protection, bool)>,
    /// Consents given in this very message, as FHIR Consent resources.
    pub consents: Vec<Private<Value>>,
    /// What it holds, resource by resource, where it came as FHIR, or a consent asks for it; else it can be told from the record.
    pub pieces: Option<Vec<Piece>>,
    /// The loss ledger and the remarks of the check.
    pub ledger: Vec<Issue>,
}

/// How a partner comes to be around a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// The child lives in the area that the partner reaches.
    InReach,
    /// The message names it as the child's practice.
    Practice,
    /// The message names it as the child's nursery or school, or it serves that school.
    School,
    /// It sent, or lastingly receives, messages about this child.
    OnFile,
}

/// A partner that is around the child and may be told something: what the decision is about.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The partner's name in the directory.
    pub partner: PartnerId,
    /// What it is to children.
    pub role: Role,
    /// Its organisation's name, for people.
    pub name: String,
    /// Whether the sender does not learn who it is: then the name says nothing of it either.
    pub concealed: bool,
    /// The identifiers by which a consent may name it, as (system, value): ODS code, URN.
    pub identifiers: Vec<(String, String)>,
    /// How it comes to be around the child.
    pub relations: Vec<Relation>,
}
