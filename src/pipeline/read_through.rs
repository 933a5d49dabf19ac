//! Reading through: a partner asks what others hold about a child; whoever holds it is asked with Kith's own token, and what comes back is
//! cut to what the asker may have. Every branch is here.
//!
//! Whoever may not know it cannot tell whether there is no child, no consent or no relation: the answer has one shape, the same steps are
//! taken, and where a source is not asked, the time that asking takes is spent all the same.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use serde_json::Value;
use uuid::Uuid;

use super::{House, consents, protect, read_patient, unavailable};
use crate::consent::{self, ConsentOnFile, Decision, Question};
use crate::domain::{ChildKey, Demographics, Item, NhsNumber, PartnerId};
use crate::journal::{Decided, Entry, Event};
use crate::message::Sender;
use crate::problem::Problem;
use crate::reading::{Child, Cut};
use crate::route::{self, Partner};
use crate::store::ChildFile;

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

/// What became of one source.
struct Part {
    source: PartnerId,
    decided: Decided,
    resources: Vec<Value>,
    missing: Option<(String, String)>,
    note: String,
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
    let consents = consents::opened(house, &file.consents)?;
    let holders = holders(house, reading, &file, &senders);
    let question = Asking { house, sources, reading, file: &file, consents: &consents };
    let mut parts = join_all(holders.into_iter().map(|source| question.of(source))).await;
    if parts.is_empty() {
        sources.as_long_as(Step::Patient).await;
        sources.as_long_as(Step::Records).await;
        parts.push(question.nobody());
    }
    let mut found = Found::default();
    for part in parts {
        let entry = entry(reading, &key, &part);
        house.store.releasing(&entry).await.map_err(|error| unavailable(&error))?;
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

fn entry(reading: &Reading<'_>, child: &ChildKey, part: &Part) -> Entry {
    Entry {
        at: reading.at,
        event: Event::Read,
        child: child.clone(),
        sender: part.source.clone(),
        recipient: Some(reading.asker.partner.clone()),
        message_id: reading.request_id,
        kind: reading.resource_type.to_owned(),
        delivery: None,
        decided: part.decided.clone(),
        note: Some(part.note.clone()),
    }
}

/// One question, put to each source.
struct Asking<'a> {
    house: &'a House,
    sources: &'a dyn Sources,
    reading: &'a Reading<'a>,
    file: &'a ChildFile,
    consents: &'a [ConsentOnFile],
}

impl Asking<'_> {
    /// Nobody who can be asked holds anything.
    fn nobody(&self) -> Part {
        Part {
            source: self.reading.asker.partner.clone(),
            decided: Decided::default(),
            resources: vec![],
            missing: None,
            note: format!("{} asked for; nobody who can be asked holds anything", self.reading.resource_type),
        }
    }

    async fn of(&self, source: &Partner) -> Part {
        let patient = self.sources.ask(source, "Patient", self.reading.child).await;
        let known = patient.as_ref().ok().and_then(|found| self.child(found));
        let ids: Vec<String> = known.as_ref().map(|(_, ids)| ids.clone()).unwrap_or_default();
        let silent = patient.as_ref().err().map(ToString::to_string);
        // A source that does not say where the child lives leaves what is on file.
        let mut child =
            known.map_or_else(|| Demographics::only(self.reading.child.clone()), |(child, _)| child);
        protect(&mut child, self.file, &source.id, &[]);
        let decision = self.decide(source, &child);
        let permitted = decision.permitted();
        let possible = self.house.reading.possible(self.reading.resource_type);
        let may = possible.iter().any(|item| permitted.contains(item));
        let mut part = Part {
            source: source.id.clone(),
            decided: decision.decided(),
            resources: vec![],
            missing: None,
            note: String::new(),
        };
        if let (true, Some(why)) = (may, &silent) {
            part.missing = Some((source.name.clone(), why.clone()));
        }
        if !may || silent.is_some() || ids.is_empty() {
            self.sources.as_long_as(Step::Records).await;
            part.note = format!("{} asked for; nothing was answered", self.reading.resource_type);
            return part;
        }
        match self.sources.ask(source, self.reading.resource_type, self.reading.child).await {
            Ok(found) => self.cut(&mut part, found, ids, source, &permitted),
            Err(why) => {
                part.note = format!("{} asked for; {why}", self.reading.resource_type);
                part.missing = Some((source.name.clone(), why.to_string()));
            }
        }
        part
    }

    /// What the source's Patients say of the child, the stricter where several differ, and their ids. Those of others do not count.
    fn child(&self, patients: &[Value]) -> Option<(Demographics, Vec<String>)> {
        let own = patients.iter().filter_map(|patient| {
            let child = read_patient(patient, &[]).ok()?;
            let id = patient.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            (child.nhs_number == *self.reading.child).then_some((child, id))
        });
        let mut ids = Vec::new();
        let mut all: Option<Demographics> = None;
        for (child, id) in own {
            ids.push(id);
            all = Some(match all {
                None => child,
                Some(mut known) => {
                    known.restricted |= child.restricted;
                    known.sealed |= child.sealed;
                    known.deceased |= child.deceased;
                    known
                }
            });
        }
        all.map(|child| (child, ids))
    }

    /// Decides as for a message from the source to the asker, on no claim: a question has no ground of its own to bring.
    fn decide(&self, source: &Partner, child: &Demographics) -> Decision {
        let directory = &self.house.directory;
        let on_file: Vec<PartnerId> = self.file.circle.iter().map(|member| member.partner.clone()).collect();
        let asker = directory.partner(&self.reading.asker.partner).unwrap_or(source);
        let recipient = route::asker(directory, asker, child, &on_file);
        let sender = Sender {
            partner: source.id.clone(),
            role: source.role,
            organisation: source.ods.clone(),
            name: source.name.clone(),
        };
        let question = Question {
            child,
            sender: &sender,
            recipient: &recipient,
            claimed: None,
            reason_given: false,
            consents: self.consents,
            duty_in_force: self.house.duty_in_force(self.reading.at),
            at: self.reading.at,
        };
        consent::decide(&self.house.policies.now(), &question)
    }

    fn cut(
        &self,
        part: &mut Part,
        found: Vec<Value>,
        ids: Vec<String>,
        source: &Partner,
        permitted: &BTreeSet<Item>,
    ) {
        let child = Child { number: self.reading.child, ids, source: &source.id };
        let (mut withheld, mut unfit, mut broken) = (0_usize, 0_usize, 0_usize);
        for resource in found {
            let is_asked =
                resource.get("resourceType").and_then(Value::as_str) == Some(self.reading.resource_type);
            match self.house.reading.cut(&resource, &child, permitted) {
                Cut::Kept(kept) if is_asked && self.conforms(&kept) => part.resources.push(kept),
                Cut::Kept(_) if is_asked => broken += 1,
                Cut::Withheld => withheld += 1,
                Cut::Kept(_) | Cut::Unfit(_) => unfit += 1,
            }
        }
        // The asker may have these, so it may know that they are there.
        if broken > 0 {
            let why = format!("{broken} of its resources are not right FHIR R4 and cannot be passed on");
            part.missing = Some((source.name.clone(), why));
        }
        part.note = format!(
            "{} asked for; {} answered, {withheld} withheld, {unfit} not fit to be passed on, {broken} not right FHIR",
            self.reading.resource_type,
            part.resources.len()
        );
    }

    /// Whether what is left is FHIR that the asker can rely on.
    fn conforms(&self, resource: &Value) -> bool {
        self.house.conformance.issues(&resource.to_string(), resource, None).is_empty()
    }
}
