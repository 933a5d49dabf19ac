//! Reading through: a partner asks what others hold about a child; whoever holds it is asked with Kith's own token, and what comes back is
//! cut to what the asker may have. Every branch is here.
//!
//! Whoever may not know it cannot tell whether there is no child, no consent or no relation: the answer has one shape, the same steps are
//! taken, and where a source is not asked, the time that asking takes is spent all the same.

mod asking;
mod part;

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{House, consents, contents, numbers, unavailable};
use crate::domain::{ChildKey, NhsNumber, PartnerId};
use crate::journal::{Entry, Event};
use crate::message::Sender;
use crate::problem::Problem;
use crate::route::{self, Partner};
use crate::store::{Answered, ChildFile};
use asking::Asking;
use part::{Part, Strictest};

/// What a source is asked for: first whether it knows the child, then what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The Patient.
    Patient,
    /// The resources asked for.
    Records,
}

/// Why a source gave no answer, in words that hold nothing of what it said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unanswered(pub String);

/// Asks partners for what they hold. The edge that speaks HTTP implements it.
#[async_trait]
pub trait Sources: Send + Sync {
    /// The resources of a type that each of these partners holds about a child, by any of its numbers, each once; asked at the same time:
    /// one step, however many there are. A source that does not answer for one of the numbers gave no answer; one that says of one of several
    /// that there is no such number answered for it.
    async fn ask(
        &self,
        sources: &[&Partner],
        resource_type: &str,
        numbers: &[NhsNumber],
    ) -> Vec<Result<Vec<Value>, Unanswered>>;

    /// Waits as long as such a step took of late, so that a step that is left out cannot be told from one that was taken.
    async fn as_long_as(&self, step: Step);

    /// The time by a clock that only goes forward.
    fn now(&self) -> Duration;

    /// Called before an answer that tells nothing, with when it began. Where a source knows the child and the asker may not know it (`is_one`),
    /// how long that took is remembered; any other such answer waits until it has taken as long.
    async fn as_a_refusal(&self, began: Duration, is_one: bool);
}

/// A question.
pub struct Reading<'a> {
    /// Who asks.
    pub asker: &'a Sender,
    /// The resource type asked for.
    pub resource_type: &'a str,
    /// About whom.
    pub child: &'a NhsNumber,
    /// The request's id.
    pub request_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

/// What the asker gets.
#[derive(Debug, Default)]
pub struct Found {
    /// What it may have, in the order of sources.
    pub resources: Vec<Value>,
    /// The names of sources that the asker may read from and of which something is missing, each with why.
    pub missing: Vec<(String, String)>,
}

/// Asks, decides, cuts, journals, and only then answers.
///
/// # Errors
/// The store or the journal cannot be used: nothing is answered.
pub async fn read_through(
    house: &House,
    sources: &dyn Sources,
    reading: &Reading<'_>,
) -> Result<Found, Problem> {
    let began = sources.now();
    house.clockwork.check(reading.at)?;
    let key = house.vault.child_key(reading.child);
    let file = house.store.child_file(&key).await.map_err(|error| unavailable(&error))?;
    let senders = house.store.senders(&key).await.map_err(|error| unavailable(&error))?;
    let consents = consents::of_child(house, &file.consents, reading.child)?;
    let holders = holders(house, reading, &file, &senders);
    let numbers = numbers::of(house, reading.child, &file).await?;
    let question = Asking { house, sources, reading, file: &file, consents: &consents, numbers: &numbers };
    let known = question.known(&holders).await;
    let strictest = Strictest::of(&known);
    let mut parts = question.parts(known, strictest).await;
    let is_refused = !parts.is_empty() && parts.iter().all(|part| !part.is_asked);
    if parts.is_empty() {
        parts.push(question.nobody());
    }
    let (mut found, mut entries, mut told) = (Found::default(), Vec::new(), Vec::new());
    for part in parts {
        entries.push(entry(reading, &key, &part));
        if !part.told.is_empty() {
            told.push(answered(house, reading, &key, &part));
        }
        found.resources.extend(part.resources);
        found.missing.extend(part.missing);
    }
    // At once, so that how long it takes does not tell how many hold something.
    house.answers.enter_answers(&told, &entries).await.map_err(|error| unavailable(&error))?;
    if found.resources.is_empty() && found.missing.is_empty() {
        sources.as_a_refusal(began, is_refused).await;
    }
    Ok(found)
}

/// Who may hold it: partners that can be asked for it and sent something about the child, or are on file around it, or took over the part of
/// one of those.
fn holders<'h>(
    house: &'h House,
    reading: &Reading<'_>,
    file: &ChildFile,
    senders: &[PartnerId],
) -> Vec<&'h Partner> {
    let knows = |partner: &&Partner| {
        let around = file.circle.iter().any(|member| partner.stands_for(&member.partner));
        let holds =
            |source: &route::Source| source.resources.iter().any(|name| name == reading.resource_type);
        partner.id != reading.asker.partner
            && partner.source.as_ref().is_some_and(holds)
            && (around || senders.iter().any(|sender| partner.stands_for(sender)))
    };
    house.directory.partners().filter(knows).collect()
}

/// What has to be asked back when the ground ends on which it was told.
fn answered(house: &House, reading: &Reading<'_>, child: &ChildKey, part: &Part) -> Answered {
    Answered {
        id: Uuid::new_v4(),
        question: reading.request_id,
        child: child.clone(),
        source: part.source.clone(),
        asker: reading.asker.partner.clone(),
        kind: reading.resource_type.to_owned(),
        items: part.told.iter().map(ToString::to_string).collect(),
        weighed: contents::kept(house, &part.weighed),
        at: reading.at,
    }
}

fn entry(reading: &Reading<'_>, child: &ChildKey, part: &Part) -> Entry {
    Entry {
        recipient: Some(reading.asker.partner.clone()),
        held: Some(part.held.iter().cloned().collect()),
        decided: part.decided.clone(),
        note: Some(part.note.clone()),
        ..Entry::new(
            Event::Read,
            reading.at,
            child.clone(),
            part.source.clone(),
            reading.request_id,
            reading.resource_type.to_owned(),
        )
    }
}
