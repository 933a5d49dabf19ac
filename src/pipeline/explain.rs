//! Why something is, or was, shared or withheld: a decision made now on what is on file, or one of the past read from the journal alone.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{House, consents, protect, unavailable};
use crate::consent::{self, Contents, Question};
use crate::domain::{ChildKey, Demographics, Ground, PartnerId};
use crate::journal::{Decided, Entry, Event};
use crate::message::{Recipient, Sender};
use crate::problem::Problem;
use crate::route::{self, Partner};

/// The most entries about one child that are read.
pub const ENTRIES_MAX: u32 = 10_000;

/// A message that is supposed, so that its decision can be explained.
pub struct Supposed {
    /// The child, as far as the asker says.
    pub child: Demographics,
    /// Who would send it.
    pub sender: PartnerId,
    /// The ground that it would claim.
    pub claimed: Option<Ground>,
    /// Whether it would give a reason.
    pub reason_given: bool,
    /// The record kind; `None` for any.
    pub kind: Option<String>,
    /// Who would receive it; nobody named means everybody who would be around the child.
    pub recipients: Vec<PartnerId>,
}

/// Which decisions of the past are asked for; all that are given must fit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Past {
    /// Of this message.
    pub message_id: Option<Uuid>,
    /// Of this delivery.
    pub delivery: Option<Uuid>,
    /// That stood at this instant: of each recipient the last one made by then.
    pub at: Option<DateTime<Utc>>,
}

/// One decision about one recipient, with what explains it.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Who would receive, or did.
    pub recipient: PartnerId,
    /// Whether whoever reads this does not learn who that is.
    pub concealed: bool,
    /// Who sent it, or would.
    pub sender: PartnerId,
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// What was done by it; `None` for one made now.
    pub event: Option<Event>,
    /// The journal's number of it.
    pub entry: Option<u64>,
    /// The sender's message id.
    pub message_id: Option<Uuid>,
    /// The delivery.
    pub delivery: Option<Uuid>,
    /// The items of which the message said something, where the journal knows.
    pub held: Vec<String>,
    /// The items that there were to tell when something left, where the journal knows.
    pub left: Option<Vec<String>>,
    /// What was decided, and why.
    pub decided: Decided,
    /// The whole in plain words.
    pub text: String,
}

/// What would be decided now about such a message, recipient by recipient. Nothing is sent.
///
/// # Errors
/// The store cannot be read.
pub async fn explain_now(
    house: &House,
    mut supposed: Supposed,
    at: DateTime<Utc>,
) -> Result<Vec<Explained>, Problem> {
    let key = house.vault.child_key(&supposed.child.nhs_number);
    let file = house.store.child_file(&key).await.map_err(|error| unavailable(&error))?;
    protect(&mut supposed.child, &file, |_| false);
    let consents = consents::of_child(house, &file.consents, &supposed.child.nhs_number)?;
    let on_file: Vec<PartnerId> = file.circle.iter().map(|member| member.partner.clone()).collect();
    let Some(sender) = house.directory.partner(&supposed.sender).map(as_sender) else {
        return Ok(Vec::new());
    };
    let named = consent::named(&consents, &supposed.child.nhs_number);
    let kinds: Vec<&str> = match &supposed.kind {
        Some(kind) => vec![kind.as_str()],
        None => house.catalogue.kinds().map(|kind| kind.name.as_str()).collect(),
    };
    let mut around: Vec<Recipient> = Vec::new();
    for kind in kinds {
        around.extend(match supposed.recipients.as_slice() {
            [] => {
                let (child, sender) = (&supposed.child, &supposed.sender);
                route::around(&house.directory, child, kind, sender, &on_file, &[], &named)
            }
            _ => asked_for(house, &supposed, kind, &on_file, &named),
        });
    }
    // Who is around the child for one kind of message may not be for another.
    around.sort_by_key(|one| (one.partner.clone(), std::cmp::Reverse(one.relations.len())));
    around.dedup_by(|one, other| one.partner == other.partner);
    let explained = around.into_iter().map(|recipient| {
        let question = Question {
            child: &supposed.child,
            sender: &sender,
            recipient: &recipient,
            claimed: supposed.claimed,
            reason_given: supposed.reason_given,
            consents: &consents,
            contents: Contents::Unknown,
            duty_in_force: house.duty_in_force(&supposed.child, at),
            at,
        };
        let decision = consent::decide(&house.policies, &question);
        Explained {
            recipient: recipient.partner.clone(),
            concealed: false,
            sender: supposed.sender.clone(),
            at,
            event: None,
            entry: None,
            message_id: None,
            delivery: None,
            held: vec![],
            left: None,
            decided: decision.decided(),
            text: decision.sentence(),
        }
    });
    Ok(explained.collect())
}

/// Those who are asked about by name, with the relations that they have; somebody who is not around the child has none.
fn asked_for(
    house: &House,
    supposed: &Supposed,
    kind: &str,
    on_file: &[PartnerId],
    named: &[(String, String)],
) -> Vec<Recipient> {
    let (child, sender) = (&supposed.child, &supposed.sender);
    let around = route::around(&house.directory, child, kind, sender, on_file, &[], named);
    let partners = supposed.recipients.iter().filter_map(|id| house.directory.partner(id));
    partners
        .map(|partner| {
            around.iter().find(|one| one.partner == partner.id).cloned().unwrap_or_else(|| Recipient {
                partner: partner.id.clone(),
                role: partner.role,
                name: partner.name.clone(),
                concealed: false,
                identifiers: partner.identifiers(),
                relations: vec![],
            })
        })
        .collect()
}

pub(super) fn as_sender(partner: &Partner) -> Sender {
    Sender {
        partner: partner.id.clone(),
        role: partner.role,
        organisation: partner.ods.clone(),
        name: partner.name.clone(),
    }
}

/// Decisions of the past about a child, newest first, from the journal alone.
///
/// # Errors
/// The store cannot be read.
pub async fn explain_past(house: &House, child: &ChildKey, past: Past) -> Result<Vec<Explained>, Problem> {
    let entries = entries_of(house, child).await?;
    let held: HashMap<Uuid, Vec<String>> = entries
        .iter()
        .filter(|(_, entry)| matches!(entry.event, Event::Accepted | Event::Withheld))
        .filter_map(|(_, entry)| Some((entry.delivery?, entry.held.clone()?)))
        .collect();
    let mut found: Vec<Explained> = Vec::new();
    for (number, entry) in entries {
        let Some(recipient) = entry.recipient.clone() else { continue };
        let fits = past.message_id.is_none_or(|id| entry.message_id == id)
            && past.delivery.is_none_or(|id| entry.delivery == Some(id))
            && past.at.is_none_or(|at| entry.at <= at);
        let superseded = past.at.is_some()
            && found.iter().any(|later| later.recipient == recipient && later.delivery == entry.delivery);
        if !fits || superseded || entry.decided.decisions.is_empty() {
            continue;
        }
        found.push(Explained {
            recipient,
            concealed: false,
            sender: entry.sender,
            at: entry.at,
            event: Some(entry.event),
            entry: Some(number),
            message_id: Some(entry.message_id),
            delivery: entry.delivery,
            held: entry.delivery.and_then(|id| held.get(&id)).cloned().unwrap_or_default(),
            left: entry.held.filter(|_| entry.event.tells()),
            decided: entry.decided,
            text: entry.note.unwrap_or_default(),
        });
    }
    Ok(found)
}

/// The numbers of those releases, among a child's entries, newest first, after which nothing left: nobody was there to hand it to.
pub fn released_to_nobody(entries: &[(u64, Entry)]) -> BTreeSet<u64> {
    let mut next: HashMap<Uuid, &Entry> = HashMap::new();
    let mut found = BTreeSet::new();
    for (number, entry) in entries {
        let Some(delivery) = entry.delivery else { continue };
        let after = next.insert(delivery, entry);
        if entry.event == Event::Releasing && after.is_some_and(Entry::reached_nobody) {
            found.insert(*number);
        }
    }
    found
}

/// What the journal holds about a child, newest first, with its numbers.
///
/// # Errors
/// The store cannot be read, or an entry is not what Kith writes: nothing is left out in silence.
pub async fn entries_of(house: &House, child: &ChildKey) -> Result<Vec<(u64, Entry)>, Problem> {
    let rows = house.store.journal_of(child, ENTRIES_MAX).await.map_err(|error| unavailable(&error))?;
    let read = |(number, text): (u64, String)| {
        let entry = serde_json::from_str(&text)
            .map_err(|error| Problem::internal(&format!("read entry {number} of its journal"), &error))?;
        Ok((number, entry))
    };
    rows.into_iter().map(read).collect()
}
