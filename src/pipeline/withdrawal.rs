//! What follows when a child's consents change: what waits is taken back, what was taken is recalled, and people are asked to
//! settle what parents disagree about.
//!
//! All of it can be done again at any time: it looks at what is on file and writes only what is not there yet. So a door does it
//! at once, and `catch_up` does what a crash, or a delivery under way at that moment, left undone.

mod addressee;
mod held;
mod notice;
mod recall;

pub use notice::notice;
pub use recall::RECALL;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::release::withdrawn;
use super::{House, child, consents, unavailable};
use crate::consent::{self, ConsentOnFile};
use crate::domain::{ChildKey, NHS_NUMBER_SYSTEM, NhsNumber, PartnerId};
use crate::journal::{Entry, Event};
use crate::problem::Problem;
use crate::store::Matter;

/// Does what follows from a change of a child's consents by this partner; gives whose workers to wake. What a message brought together
/// with the change was decided with it, and is looked at again when it leaves.
///
/// # Errors
/// The store or something on file cannot be used. `catch_up` does later what was not done: the change itself is on file, and
/// nothing leaves without being decided again.
pub async fn after_a_change(
    house: &House,
    child: &NhsNumber,
    (by, message): (&PartnerId, Option<Uuid>),
    at: DateTime<Utc>,
) -> Result<Vec<PartnerId>, Problem> {
    let key = house.vault.child_key(child);
    // What one message brought was decided on it: nothing can follow where nothing else is on file, as with most children.
    if let Some(message) = message {
        let alone = house.store.stands_alone(&key, (by, message)).await;
        if alone.map_err(|error| unavailable(&error))? {
            return Ok(vec![]);
        }
    }
    let file = house.store.child_file(&key).await.map_err(|error| unavailable(&error))?;
    let consents = consents::of_child(house, &file.consents, child)?;
    let hides_where = child::hides_where(&file);
    let first = file.others.iter().chain([&key]).min().cloned().unwrap_or_else(|| key.clone());
    let case = Case { house, child, key, by, message, at, consents, hides_where, first };
    case.take_back().await?;
    let mut authors: Vec<PartnerId> = file.consents.iter().map(|consent| consent.author.clone()).collect();
    authors.sort();
    authors.dedup();
    case.settle_or_open(authors).await?;
    case.recall().await
}

/// Does what changes since an instant left undone; gives whose workers to wake.
///
/// # Errors
/// The store cannot be read, or a consent on file cannot be opened.
pub async fn catch_up(
    house: &House,
    since: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<Vec<PartnerId>, Problem> {
    let mut woken = Vec::new();
    let mut place = (since, String::new());
    loop {
        // A page at a time: after a busy quarter of an hour they are many.
        let changed = house.store.consents_changed((place.0, &place.1)).await;
        let changed = changed.map_err(|error| unavailable(&error))?;
        let Some(last) = changed.last() else { return Ok(woken) };
        place = (last.updated, last.id.clone());
        let mut done: BTreeSet<&ChildKey> = BTreeSet::new();
        for stored in changed.iter().filter(|stored| done.insert(&stored.child)) {
            let opened = consents::opened(house, std::slice::from_ref(stored))?;
            let number = opened.first().and_then(|consent| number_of(consent.resource.reveal()));
            if let Some(number) = number {
                woken.extend(after_a_change(house, &number, (&stored.author, None), at).await?);
            }
        }
    }
}

fn number_of(consent: &Value) -> Option<NhsNumber> {
    let identifier = consent.pointer("/patient/identifier")?;
    let ours = identifier.get("system").and_then(Value::as_str) == Some(NHS_NUMBER_SYSTEM);
    identifier.get("value").and_then(Value::as_str).filter(|_| ours)?.parse().ok()
}

/// One child whose consents changed.
struct Case<'a> {
    house: &'a House,
    child: &'a NhsNumber,
    key: ChildKey,
    by: &'a PartnerId,
    /// The message that brought the change.
    message: Option<Uuid>,
    at: DateTime<Utc>,
    consents: Vec<ConsentOnFile>,
    /// Whether nobody may learn who is around the child.
    hides_where: bool,
    /// The first of all the child's numbers: by it there is one matter, whichever number is used.
    first: ChildKey,
}

impl Case<'_> {
    /// Takes what may not leave any more out of the outbox. What is under way is decided about by its own attempt.
    async fn take_back(&self) -> Result<(), Problem> {
        let store = &self.house.store;
        let queued = store.queued(&self.key).await.map_err(|error| unavailable(&error))?;
        for delivery in queued.into_iter().filter(|one| Some(one.message_id) != self.message) {
            if let Some((sentence, decided)) = withdrawn(self.house, &delivery, self.at).await? {
                let mut entry = self.entry(Event::Withdrawn, &delivery.kind, delivery.message_id);
                entry.sender = delivery.sender.clone();
                entry.recipient = Some(delivery.recipient.clone());
                entry.delivery = Some(delivery.id);
                entry.held = Some(delivery.items.clone());
                entry.decided = decided;
                entry.note = Some(sentence.replace('\n', " "));
                let taken = store.take_back(delivery.id, &sentence, &entry).await;
                taken.map_err(|error| unavailable(&error))?;
            }
        }
        Ok(())
    }

    fn entry(&self, event: Event, kind: &str, message_id: Uuid) -> Entry {
        Entry::new(event, self.at, self.key.clone(), self.by.clone(), message_id, kind)
    }

    /// Opens a matter where one consent denies what another permits, closes it when none does any more.
    async fn settle_or_open(&self, authors: Vec<PartnerId>) -> Result<(), Problem> {
        let open = consent::contested(&self.consents, self.child, self.at);
        let id = Uuid::new_v5(
            &Uuid::NAMESPACE_OID,
            format!("consent-conflict/{}", self.first.as_str()).as_bytes(),
        );
        if !open {
            let known = self.house.store.matter(id).await.map_err(|error| unavailable(&error))?;
            if !known.is_some_and(|matter| matter.open) {
                return Ok(());
            }
        }
        let matter = Matter {
            id,
            kind: "consent-conflict".to_owned(),
            child: self.key.clone(),
            owners: authors,
            note: if open { CONFLICT } else { SETTLED }.to_owned(),
            open,
            created: self.at,
            updated: self.at,
        };
        let mut entry = self.entry(Event::MatterChanged, &matter.kind, id);
        entry.note = Some(matter.note.clone());
        self.house.store.keep_matter(&matter, &entry).await.map_err(|error| unavailable(&error))?;
        Ok(())
    }
}

const CONFLICT: &str = "One person with responsibility for this child agreed to sharing and another refused it. Where they contradict each \
    other nothing is shared. Speak with both, and change the consents.";
const SETTLED: &str = "The consents on file no longer contradict each other.";
