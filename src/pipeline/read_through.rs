//! Reading through: a partner asks what others hold about a child; whoever holds it is asked with Kith's own token, and what comes back is
//! cut to what the asker may have. Every branch is here.
//!
//! Whoever may not know it cannot tell whether there is no child, no consent or no relation: the answer has one shape, the same steps are
//! taken, and where a source is not asked, the time that asking takes is spent all the same.

mod asking;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use serde_json::Value;
use uuid::Uuid;

use super::{House, consents, unavailable};
use crate::domain::{ChildKey, NhsNumber, PartnerId};
use crate::journal::{Entry, Event};
use crate::message::Sender;
use crate::problem::Problem;
use crate::route::{self, Partner};
use crate::store::{Answered, ChildFile};
use asking::{Asking, Part, Strictest};

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
    /// The resources of a type that a partner holds about a child.
    async fn ask(
        &self,
        source: &Partner,
        resource_type: &str,
        child: &NhsNumber,
    ) -> Result<Vec<Value>, Unanswered>;

    /// Waits as long as such a step took of late, so that a step that is left out cannot be told from one that was taken.
    async fn as_long_as(&self, step: Step);
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
    house.clockwork.check(reading.at)?;
    let key = house.vault.child_key(reading.child);
    let file = house.store.child_file(&key).await.map_err(|error| unavailable(&error))?;
    let senders = house.store.senders(&key).await.map_err(|error| unavailable(&error))?;
    let consents = consents::of_child(house, &file.consents, reading.child)?;
    let holders = holders(house, reading, &file, &senders);
    let question = Asking { house, sources, reading, file: &file, consents: &consents };
    let known = join_all(holders.into_iter().map(|source| question.knows(source))).await;
    let strictest = Strictest::of(&known);
    let parts = join_all(known.into_iter().map(|known| question.of(known, strictest))).await;
    let mut parts: Vec<Part> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        sources.as_long_as(Step::Patient).await;
        sources.as_long_as(Step::Records).await;
        parts.push(question.nobody());
    }
    let mut found = Found::default();
    for part in parts {
        let entry = entry(reading, &key, &part);
        let entered = match part.told.is_empty() {
            true => house.store.enter(&entry).await,
            false => house.answers.enter_answers(&[answered(reading, &key, &part)], &[entry]).await,
        };
        entered.map_err(|error| unavailable(&error))?;
        found.resources.extend(part.resources);
        found.missing.extend(part.missing);
    }
    Ok(found)
}

/// Who may hold it: partners that can be asked for it and sent something about the child, or are on file around it.
fn holders<'h>(
    house: &'h House,
    reading: &Reading<'_>,
    file: &ChildFile,
    senders: &[PartnerId],
) -> Vec<&'h Partner> {
    let knows = |partner: &&Partner| {
        let around = file.circle.iter().any(|member| member.partner == partner.id);
        let holds =
            |source: &route::Source| source.resources.iter().any(|name| name == reading.resource_type);
        partner.id != reading.asker.partner
            && partner.source.as_ref().is_some_and(holds)
            && (around || senders.contains(&partner.id))
    };
    house.directory.partners().filter(knows).collect()
}

/// What has to be asked back when the ground ends on which it was told.
fn answered(reading: &Reading<'_>, child: &ChildKey, part: &Part) -> Answered {
    Answered {
        id: Uuid::new_v4(),
        question: reading.request_id,
        child: child.clone(),
        source: part.source.clone(),
        asker: reading.asker.partner.clone(),
        kind: reading.resource_type.to_owned(),
        items: part.told.iter().map(ToString::to_string).collect(),
        at: reading.at,
    }
}

fn entry(reading: &Reading<'_>, child: &ChildKey, part: &Part) -> Entry {
    Entry {
        recipient: Some(reading.asker.partner.clone()),
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
