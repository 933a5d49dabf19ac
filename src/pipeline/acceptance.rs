//! Everything that accepting a message writes, put together before the one transaction; and the answer to its sender.

use serde_json::{Value, json};
use uuid::Uuid;

use super::fit::delivery;
use super::{House, Judged, births};
use crate::catalogue::Kind;
use crate::domain::{ChildKey, Ground, NhsNumber, PartnerId, Protection};
use crate::journal::{Entry, Event};
use crate::map;
use crate::message::{Mapped, Relation};
use crate::problem::{Issue, Problem};
use crate::route::Partner;
use crate::store::{
    Acceptance, CircleMember, ConsentChange, Delivery, FirstAnswer, KeptBirth, ProtectionChange, StoredFlag,
};

/// What the door adds: how its answer looks, and what only it knows.
pub struct Extras<'a> {
    /// Keyed hash of the body, to know the same message again.
    pub body_hash: String,
    /// The flag that the message makes or ends, with the version it replaces.
    pub flag: Option<(StoredFlag, Option<u32>)>,
    /// The answer, given the issues: status, headers, body.
    pub answer: Answer<'a>,
}

/// How a door answers, given the issues.
pub type Answer<'a> = Box<dyn Fn(&[Issue]) -> Reply + Send + Sync + 'a>;

/// An answer as the door gives it.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers that matter.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Value,
}

/// A message accepted: durable, with the answer its sender gets.
#[derive(Debug)]
pub struct Accepted {
    /// The answer.
    pub reply: Reply,
    /// Who is to get something, so that their workers can be woken.
    pub recipients: Vec<crate::domain::PartnerId>,
    /// The child, when its consents changed, so that `after_a_change` can be done.
    pub changed: Option<NhsNumber>,
}

/// The rows to write and what follows from them.
pub(super) struct Written {
    pub(super) rows: Acceptance,
    pub(super) accepted: Accepted,
}

/// What seals an answer on file.
pub fn answer_context(sender: &str, message_id: Uuid) -> String {
    format!("answer/{sender}/{message_id}")
}

pub(super) fn write(
    house: &House,
    kind: &Kind,
    mapped: &Mapped,
    consents: Vec<ConsentChange>,
    judged: &[Judged],
    extras: &Extras<'_>,
) -> Result<Written, Problem> {
    let child = house.vault.child_key(&mapped.child.nhs_number);
    let mut entries = message_entries(mapped, &child, &consents, extras.flag.is_some(), judged.is_empty());
    let Ruled { deliveries, mut issues, entries: more } = rule(house, kind, mapped, &child, judged)?;
    entries.extend(more);
    if deliveries.is_empty() {
        issues.push(Issue::warning("incomplete", NOBODY));
    }
    let kept = births::kept(house, kind, mapped, &child)?;
    issues.extend(kept.iter().map(|(_, authority)| noted(authority)));
    entries.extend(kept.iter().map(|(birth, _)| entry_of(birth, mapped)));
    issues.extend(mapped.ledger.iter().cloned());
    let recipients: Vec<_> =
        deliveries.iter().filter(|d| d.payload.is_some()).map(|d| d.recipient.clone()).collect();
    let reply = (extras.answer)(&issues);
    let sealed = json!({ "status": reply.status, "headers": reply.headers, "body": reply.body });
    let answer = FirstAnswer {
        body_hash: extras.body_hash.clone(),
        status: reply.status,
        headers: vec![],
        body: house.seal_json(&answer_context(mapped.sender.partner.as_str(), mapped.message_id), &sealed)?,
    };
    let circle = circle(mapped, &deliveries);
    let rows = Acceptance {
        sender: mapped.sender.partner.clone(),
        message_id: mapped.message_id,
        at: mapped.at,
        child,
        kind: mapped.kind.clone(),
        answer,
        deliveries,
        consents,
        flag: extras.flag.clone(),
        protections: changes_of_protection(house, mapped),
        recalls: vec![],
        circle,
        births: kept.into_iter().map(|(birth, _)| birth).collect(),
        entries,
    };
    Ok(Written { rows, accepted: Accepted { reply, recipients, changed: None } })
}

/// What was decided about the recipients: what is to be delivered, what the sender is told, what the journal says.
struct Ruled {
    deliveries: Vec<Delivery>,
    issues: Vec<Issue>,
    entries: Vec<Entry>,
}

fn rule(
    house: &House,
    kind: &Kind,
    mapped: &Mapped,
    child: &ChildKey,
    judged: &[Judged],
) -> Result<Ruled, Problem> {
    let mut ruled = Ruled { deliveries: vec![], issues: vec![], entries: vec![] };
    // Where a partner stands in the directory is nothing to learn of one that is not named: they come last.
    let mut concealed = Vec::new();
    let held: Vec<String> =
        map::held(&kind.mapping, mapped.record.reveal()).iter().map(ToString::to_string).collect();
    for one in judged {
        let (delivery, left_out) = delivery(house, kind, mapped, child, one)?;
        let goes = delivery.payload.is_some();
        let mut entry = entry(mapped, child, if goes { Event::Accepted } else { Event::Withheld });
        entry.recipient = Some(one.recipient.partner.clone());
        // What others' consents, the file or the register of schools alone say of who is around the child is not for this sender to
        // learn: whoever may know the school asks for it.
        let by_message = |relation: &Relation| !matches!(relation, Relation::OnFile | Relation::School);
        let known_to_sender = goes || one.recipient.relations.iter().any(by_message);
        entry.delivery = known_to_sender.then_some(delivery.id);
        entry.held = Some(held.clone());
        entry.left_out = left_out.iter().map(ToString::to_string).collect();
        entry.decided = one.decision.decided();
        entry.note = Some(delivery.note.clone());
        ruled.entries.push(entry);
        if known_to_sender {
            let issues = if delivery.concealed { &mut concealed } else { &mut ruled.issues };
            issues.push(told(&delivery, &one.recipient.name));
            ruled.deliveries.push(delivery);
        }
    }
    ruled.issues.append(&mut concealed);
    Ok(ruled)
}

/// What the sender is told when nothing goes to anybody: true too where a school is around the child that may not have it, of which the
/// sender does not learn.
const NOBODY: &str = "The message was accepted, but nobody who may have it was found around this child, so nothing was sent. \
    Check the child's address, or ask the operator.";

fn entry(mapped: &Mapped, child: &ChildKey, event: Event) -> Entry {
    Entry::new(
        event,
        mapped.at,
        child.clone(),
        mapped.sender.partner.clone(),
        mapped.message_id,
        mapped.kind.clone(),
    )
}

/// What the sender is told of a birth that is kept for a list.
fn noted(authority: &Partner) -> Issue {
    Issue::information("informational", format!("{}: {}", authority.name, births::KEPT))
}

/// What the journal says of a birth that is kept for a list.
fn entry_of(birth: &KeptBirth, mapped: &Mapped) -> Entry {
    let recipient = Some(birth.authority.clone());
    let note = Some(births::KEPT.to_owned());
    Entry { recipient, note, ..entry(mapped, &birth.child, Event::Kept) }
}

/// What the journal says of the message itself, before its recipients.
fn message_entries(
    mapped: &Mapped,
    child: &ChildKey,
    consents: &[ConsentChange],
    flag: bool,
    nobody: bool,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    if nobody {
        let mut accepted = entry(mapped, child, Event::Accepted);
        accepted.note = Some("no partner in the directory is around this child".to_owned());
        entries.push(accepted);
    }
    for change in consents {
        let mut changed = entry(mapped, child, Event::ConsentChanged);
        changed.note = Some(format!(
            "consent {}/{} is {}",
            change.consent.id, change.consent.version, change.consent.status
        ));
        entries.push(changed);
    }
    if flag {
        entries.push(entry(mapped, child, Event::FlagChanged));
    }
    entries
}

/// What the message begins is the sender's; what it ends may be what those had said whose part the sender took over.
fn changes_of_protection(house: &House, mapped: &Mapped) -> Vec<ProtectionChange> {
    let writes_as = house.directory.acts_for(&mapped.sender.partner);
    let change = |(what, holds): &(Protection, bool)| {
        let authors = if *holds { &writes_as[..1] } else { &writes_as[..] };
        let of = |author: &PartnerId| ProtectionChange { author: author.clone(), what: *what, holds: *holds };
        authors.iter().map(of).collect::<Vec<_>>()
    };
    mapped.protections.iter().flat_map(change).collect()
}

fn told(delivery: &Delivery, name: &str) -> Issue {
    if delivery.payload.is_some() {
        Issue::information(
            "informational",
            format!("{name}: to be told {}. {}", delivery.items.join(", "), delivery.note),
        )
    } else {
        Issue::information("suppressed", format!("{name}: told nothing. {}", delivery.note))
    }
}

/// Who is known to be around the child from now on: whoever is told on a ground that lasts. A consent does not, and by
/// sending something nobody comes to be around a child.
fn circle(mapped: &Mapped, deliveries: &[Delivery]) -> Vec<CircleMember> {
    let lasts = |delivery: &&Delivery| {
        delivery.payload.is_some() && delivery.ground.as_deref() != Some(Ground::Consent.name())
    };
    let member = |delivery: &Delivery| CircleMember {
        partner: delivery.recipient.clone(),
        relation: "received".to_owned(),
        since: mapped.at,
    };
    deliveries.iter().filter(lasts).map(member).collect()
}
