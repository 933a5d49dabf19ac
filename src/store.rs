//! Where accepted things are kept: the trait that the pipeline and the worker see, and the rows they exchange.
//!
//! Every write that belongs together is one call and one transaction; the journal entries go with it, so that nothing
//! can be accepted, released or changed without its entry. The store chains the entries (`journal::Chain`).

pub mod sql;

mod address;
mod answers;
mod births;
mod delivery;
mod error;
mod inboxes;
mod numbers;
mod operations;
mod register;
mod rows;
mod sessions;
mod task_query;
mod unread;
mod verify;

pub use address::Address;
pub use answers::{Answered, Answers};
pub use births::{Births, KeptBirth};
pub use delivery::{Delivery, Inboxed, NOT_WEIGHED, Recalled, Settlement, State, Told};
pub use error::StoreError;
pub use inboxes::{Inboxes, VisitGround};
pub use numbers::{Merged, NUMBERS_MAX, Numbers};
pub use operations::{Hour, Load, Operations, Parked};
pub use register::{
    Batch, Candidate, Change, Import, ImportState, PlaceDecision, PlaceState, Register, Staged, StoredPlace,
    StoredPupil, Summary,
};
pub use rows::{
    Acceptance, ChildFile, CircleMember, ConsentChange, FirstAnswer, Kept, Matter, Protection,
    ProtectionChange, StoredConsent, StoredFlag,
};
pub use sessions::Sessions;
pub use task_query::{Matches, TaskOrder, TaskQuery};
pub use unread::{Alert, Alerted, Overdue, Unread, Unreads};
pub use verify::{HeadFault, verify_heads, verify_journal};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{ChildKey, PartnerId};
use crate::journal::{Entry, Head, SignedHead};
pub use crate::secrecy::{Parcel, Sealed};

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

    /// The partners that ever sent something about a child that was accepted, by name.
    async fn senders(&self, child: &ChildKey) -> Result<Vec<PartnerId>, StoreError>;

    /// Takes the next delivery due for a recipient that is not parked, sets it in progress and counts the attempt. For one child only the
    /// oldest unsettled delivery to the recipient is ever handed out, and none while one is in progress. Whoever claimed it holds it until
    /// that instant; after it, another may claim it.
    async fn claim(
        &self,
        recipient: &PartnerId,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<Delivery>, StoreError>;

    /// Writes an entry by itself: what must stand in the journal before something leaves or is shown.
    async fn enter(&self, entry: &Entry) -> Result<(), StoreError>;

    /// Writes several, all or none.
    async fn enter_all(&self, entries: &[Entry]) -> Result<(), StoreError>;

    /// Writes how an attempt ended, with its entry; `NotInProgress` when none was under way that this process holds.
    async fn settle(&self, settlement: &Settlement) -> Result<(), StoreError>;

    /// When the next delivery to this recipient is due, if any can be claimed then. One that waits behind another of
    /// its child does not count: ask again when that one is settled.
    async fn next_due(&self, recipient: &PartnerId) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// At the start: puts deliveries that were in progress when the process ended back into the outbox; gives their number. Where several
    /// processes share the store, only what nobody holds any more.
    async fn recover(&self, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Puts back what somebody held and did not settle in time; gives how many.
    async fn take_over(&self, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Takes what one of several processes does for all until an instant; `false` when another has it.
    async fn take_duty(
        &self,
        name: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Leaves what this process does for all to the others: it ends.
    async fn give_back_duties(&self) -> Result<(), StoreError>;

    /// Makes a dead letter due again at the entry's time, with the entry. Its attempts count on, so that it stays known
    /// that it may have arrived. `false` when it is not one or its payload is gone; then nothing is written.
    async fn replay(&self, id: Uuid, entry: &Entry) -> Result<bool, StoreError>;

    /// Removes what was kept for a time that is over: the content of dead letters, the bodies of first answers, what lies in inboxes, ended
    /// sessions, and lists that nobody committed; gives how many.
    async fn expire(&self, kept: Kept) -> Result<u64, StoreError>;

    /// One delivery, without its payload.
    async fn task(&self, id: Uuid) -> Result<Option<Delivery>, StoreError>;

    /// Deliveries that match, newest first, without payload, and how many match in all, as far as they are counted.
    async fn tasks(&self, query: &TaskQuery) -> Result<(Vec<Delivery>, Matches), StoreError>;

    /// Deliveries about a child that wait in the outbox, with their payload, oldest first.
    async fn queued(&self, child: &ChildKey) -> Result<Vec<Delivery>, StoreError>;

    /// Takes a delivery out of the outbox before it left, with its receipt's note and its entry. `false` when it does not
    /// wait any more; then nothing is written.
    async fn take_back(&self, id: Uuid, note: &str, entry: &Entry) -> Result<bool, StoreError>;

    /// What recipients took about a child on the ground of consent or of the duty, and nobody recalled; oldest first.
    async fn held(&self, child: &ChildKey) -> Result<Vec<Delivery>, StoreError>;

    /// Writes that the recipient read what it took, with the entry; `false` when it is on file already or not taken.
    async fn acknowledge(&self, id: Uuid, entry: &Entry) -> Result<bool, StoreError>;

    /// Consents in their current version from which something may follow that was not done when they were written: of children of whom
    /// something else was sent or answered, or who have several. A page of them, in the order of their change and then their id, after
    /// this place.
    async fn consents_changed(&self, after: (DateTime<Utc>, &str)) -> Result<Vec<StoredConsent>, StoreError>;

    /// Whether a message, by its sender and its id, brought all that is on file about a child: nothing else was sent or answered, and there
    /// is no other consent.
    async fn stands_alone(&self, child: &ChildKey, message: (&PartnerId, Uuid)) -> Result<bool, StoreError>;

    /// Opens, changes or closes a matter, with its entry; `false` when it is on file just so.
    async fn keep_matter(&self, matter: &Matter, entry: &Entry) -> Result<bool, StoreError>;

    /// One matter.
    async fn matter(&self, id: Uuid) -> Result<Option<Matter>, StoreError>;

    /// Matters, newest first: those of one owner, or all; at most a thousand.
    async fn matters(&self, owner: Option<&PartnerId>) -> Result<Vec<Matter>, StoreError>;

    /// Whether the master key of this mark is the one with which the store was made; the first to ask makes it so.
    async fn knows_key(&self, mark: &str) -> Result<bool, StoreError>;

    /// How far the journal goes.
    async fn journal_head(&self) -> Result<Head, StoreError>;

    /// Keeps a signed head for good.
    async fn keep_head(&self, head: &SignedHead) -> Result<(), StoreError>;

    /// All signed heads, oldest first.
    async fn signed_heads(&self) -> Result<Vec<SignedHead>, StoreError>;

    /// When the journal's last entry was written, if there is one.
    async fn last_entry_at(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Whether the store can be read and written.
    async fn ready(&self) -> Result<(), StoreError>;

    /// The journal's entries about a child, newest first, as (number, JSON text); at most so many.
    async fn journal_of(&self, child: &ChildKey, count: u32) -> Result<Vec<(u64, String)>, StoreError>;

    /// Journal entries from a sequence number on, as (number, the exact JSON text that was hashed, hash).
    async fn journal(&self, from: u64, count: u32) -> Result<Vec<(u64, String, String)>, StoreError>;
}
