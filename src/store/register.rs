//! The register of schools, of children by NHS number, and of places: its rows, and what the rest of Kith asks of it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Sealed, StoreError};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;
use crate::school::{Establishment, Form, Link, RowFault, Rule};

/// A child as it is known by NHS number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPupil {
    /// The child.
    pub child: ChildKey,
    /// Who it is, sealed.
    pub identity: Sealed,
    /// What it is found by: keyed hashes. Empty when it was read.
    pub keys: Vec<String>,
    /// Who said so.
    pub author: PartnerId,
    /// When it was so.
    pub as_of: NaiveDate,
}

/// Whether a place counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceState {
    /// It is this child's.
    Matched,
    /// It could be one of several children's; a person decides.
    Ambiguous,
    /// It is no known child's, so far.
    Unmatched,
    /// It contradicts what another source says; a person decides.
    Move,
    /// A person decided that it does not count.
    Dismissed,
}

/// A child that a place could be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The child.
    pub child: ChildKey,
    /// Why.
    pub rule: Rule,
}

/// A place as one source says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPlace {
    /// The same source, pupil, school and start give the same id.
    pub id: String,
    /// Whose, once it is known.
    pub child: Option<ChildKey>,
    /// Keyed hash of the pupil as the source names it.
    pub who: String,
    /// Keyed hash of its UPN.
    pub upn: Option<String>,
    /// The pupil, sealed.
    pub pupil: Sealed,
    /// A URN, or a value that stands for none.
    pub attended: String,
    /// From.
    pub start: Option<NaiveDate>,
    /// Until, that day included.
    pub ended: Option<NaiveDate>,
    /// When the source knew it so.
    pub as_of: NaiveDate,
    /// The source.
    pub source: PartnerId,
    /// Whether it counts.
    pub state: PlaceState,
    /// Why it was taken for this child's.
    pub rule: Option<Rule>,
    /// Whose it could be.
    pub candidates: Vec<Candidate>,
    /// When it last changed here.
    pub updated: DateTime<Utc>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportState {
    /// The file is being read.
    Reading,
    /// It was read, and can be committed.
    Ready,
    /// It cannot be used.
    Refused,
    /// It counts.
    Committed,
    /// It was given up.
    Dropped,
}

/// What an import changes, or changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Summary {
    /// Rows that are new.
    pub added: u64,
    /// Rows that say something else than what is on file.
    pub changed: u64,
    /// Schools that were open and are closed.
    pub closed: u64,
    /// Rows that say what is on file.
    pub unchanged: u64,
    /// Schools on file of which the file says nothing; they stay.
    pub missing: u64,
    /// Places of children that are known.
    pub matched: u64,
    /// Places for whose child a person has to decide.
    pub ambiguous: u64,
    /// Places of children that are not known.
    pub unmatched: u64,
    /// Places that contradict another source.
    pub moves: u64,
}

/// A file that is looked at before it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: Uuid,
    /// What the file is.
    pub form: Form,
    /// Who brought it.
    pub author: PartnerId,
    /// When.
    pub begun: DateTime<Utc>,
    /// How far it is.
    pub state: ImportState,
    /// The register's revision that it was compared with.
    pub basis: u64,
    /// Rows read so far.
    pub lines: u64,
    /// Rows that are wrong.
    pub faults: u64,
    /// What it changes.
    pub summary: Summary,
    /// Why it was refused; before that a keyed hash of what came, where the same is to be known again.
    pub note: Option<String>,
}

/// Whether a child's row says something new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The child was not known.
    Added,
    /// Something of it is other.
    Changed,
    /// All of it is on file.
    Unchanged,
}

/// A row of a file, made ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Staged {
    /// An establishment.
    School(Box<Establishment>),
    /// A successor.
    Link(Link),
    /// A child.
    Pupil(Box<StoredPupil>, Change),
    /// A child of whom a place tells something; it may stand there several times.
    Learned(Box<StoredPupil>, Change),
    /// A place.
    Place(Box<StoredPlace>),
}

/// Some rows of a file.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// How many lines were read for it.
    pub lines: u64,
    /// Rows with their lines.
    pub rows: Vec<(u64, Staged)>,
    /// Faults.
    pub faults: Vec<RowFault>,
}

/// What a person decided about a place.
#[derive(Debug, Clone)]
pub struct PlaceDecision {
    /// The place.
    pub id: String,
    /// What it is now: matched or dismissed.
    pub state: PlaceState,
    /// Whose it is.
    pub child: Option<ChildKey>,
    /// Places that end because of it, each with its last day.
    pub ends: Vec<(String, NaiveDate)>,
    /// What is known of the child now.
    pub pupil: Option<StoredPupil>,
}

/// Reads and writes of the register. All of it is durable when a call returns.
#[async_trait]
pub trait Register: Send + Sync {
    /// An establishment.
    async fn school(&self, urn: &str) -> Result<Option<Establishment>, StoreError>;

    /// The last of those that took its place, one after the other.
    async fn successor(&self, urn: &str) -> Result<Option<Establishment>, StoreError>;

    /// The URN of the school with that LAESTAB: the open one, where several had it.
    async fn urn_of(&self, laestab: &str) -> Result<Option<String>, StoreError>;

    /// The codes of all local authorities that have schools.
    async fn authorities(&self) -> Result<BTreeSet<u16>, StoreError>;

    /// A child.
    async fn pupil(&self, child: &ChildKey) -> Result<Option<StoredPupil>, StoreError>;

    /// Children that have one of these keys; at most so many.
    async fn pupils_with(&self, keys: &[String], count: u32) -> Result<Vec<StoredPupil>, StoreError>;

    /// Everything that any source says of a child, dismissed ones not.
    async fn places(&self, child: &ChildKey) -> Result<Vec<StoredPlace>, StoreError>;

    /// Children whose places at this school count, each with the place; at most a thousand.
    async fn places_at(&self, urn: &str) -> Result<Vec<StoredPlace>, StoreError>;

    /// Counts every change of children and places.
    async fn revision(&self) -> Result<u64, StoreError>;

    /// Begins an import.
    async fn begin_import(&self, import: &Import) -> Result<(), StoreError>;

    /// Adds rows to an import that is being read.
    async fn stage(&self, id: Uuid, batch: &Batch) -> Result<(), StoreError>;

    /// Ends the reading: the import is ready with what it would change, or refused with a sentence.
    async fn end_reading(&self, id: Uuid, refused: Option<&str>) -> Result<Import, StoreError>;

    /// One import.
    async fn import(&self, id: Uuid) -> Result<Option<Import>, StoreError>;

    /// What is wrong with its rows, by line; at most so many.
    async fn import_faults(&self, id: Uuid, count: u32) -> Result<Vec<RowFault>, StoreError>;

    /// Makes an import count, whole, with the entries and one more for every place that is new or other. `VersionConflict` when children
    /// or places changed since it was read, `NotInProgress` when it is not ready.
    async fn commit_import(&self, id: Uuid, at: DateTime<Utc>, entry: &Entry) -> Result<Import, StoreError>;

    /// Gives an import up; its rows are removed.
    async fn drop_import(&self, id: Uuid) -> Result<(), StoreError>;

    /// Places for which a person has to decide, or all that wait; after an id, at most so many.
    async fn waiting(
        &self,
        states: &[PlaceState],
        source: Option<&PartnerId>,
        after: &str,
        count: u32,
    ) -> Result<Vec<StoredPlace>, StoreError>;

    /// One place.
    async fn place(&self, id: &str) -> Result<Option<StoredPlace>, StoreError>;

    /// Writes a decision about a place that waits, with its entry; `false` when it does not wait any more.
    async fn decide_place(&self, decision: &PlaceDecision, entry: &Entry) -> Result<bool, StoreError>;

    /// Writes what looking again found about a place that waits.
    async fn look_again(&self, place: &StoredPlace, entry: Option<&Entry>) -> Result<(), StoreError>;
}
