//! Who is told when a message that a person has to have read stays unread: first the persons whom its recipient names, then its
//! sender's too. Told is that a message waits, of which kind and between whom: nothing about the child.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{House, unavailable};
use crate::domain::PartnerId;
use crate::journal::{Entry, Event};
use crate::problem::Problem;
use crate::store::{Alert, Delivery, Overdue, State, StoreError, Unread};

/// So many are looked at in one go.
const COUNT: u32 = 500;

/// How long is waited for somebody to read, and how often people are told.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// After so long the recipient's persons are told.
    pub unread: TimeDelta,
    /// After so long they and the sender's are told again.
    pub again: TimeDelta,
    /// So often in all.
    pub times: u32,
}

/// What a partner has to do with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Its people are to read it.
    Recipient,
    /// It sent it.
    Sender,
}

/// What the persons of one partner are told at one time.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whose persons.
    pub partner: PartnerId,
    /// Why they.
    pub part: Part,
    /// What is unread, what was accepted first first.
    pub notices: Vec<Notice>,
}

/// One unread message.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The delivery, which is the Task's id.
    pub delivery: Uuid,
    /// What it is, in words.
    pub title: String,
    /// Who sent it.
    pub sender: String,
    /// Who is to read it.
    pub recipient: String,
    /// When it was accepted.
    pub accepted: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
    /// How often people were told, this time included.
    pub time: u32,
}

/// What is unread for too long and about which people are to be told now.
pub async fn overdue(house: &House, patience: &Patience, now: DateTime<Utc>) -> Result<Vec<Unread>, Problem> {
    house.clockwork.check(now)?;
    let asked = Overdue {
        kinds: house.awaited().map(str::to_owned).collect(),
        accepted_by: now - patience.unread,
        told_by: now - patience.again,
        times: patience.times,
        count: COUNT,
    };
    house.unreads.overdue(&asked).await.map_err(|error| unavailable(&error))
}

/// How many messages are unread for so long or longer, by recipient.
pub async fn unread(
    house: &House,
    patience: TimeDelta,
    now: DateTime<Utc>,
) -> Result<BTreeMap<PartnerId, u64>, StoreError> {
    let kinds: Vec<String> = house.awaited().map(str::to_owned).collect();
    house.unreads.unread(&kinds, now - patience).await
}

/// One letter for each partner and part in it, so that a thousand unread messages are no thousand letters.
pub fn letters(house: &House, unread: &[Unread]) -> Vec<Letter> {
    let mut letters: BTreeMap<(PartnerId, Part), Vec<Notice>> = BTreeMap::new();
    for one in unread {
        for (partner, part) in concerned(house, one) {
            letters.entry((partner, part)).or_default().push(notice(house, one));
        }
    }
    letters.into_iter().map(|((partner, part), notices)| Letter { partner, part, notices }).collect()
}

/// Whose persons are told this time: the recipient's at first, and the sender's too from the second time on, or where the recipient
/// names nobody.
fn concerned(house: &House, unread: &Unread) -> Vec<(PartnerId, Part)> {
    let names =
        |id: &PartnerId| house.directory.partner(id).is_some_and(|partner| !partner.alerts.is_empty());
    let delivery = &unread.delivery;
    let mut concerned = Vec::new();
    if names(&delivery.recipient) {
        concerned.push((delivery.recipient.clone(), Part::Recipient));
    }
    if (concerned.is_empty() || unread.alerts > 0) && names(&delivery.sender) {
        concerned.push((delivery.sender.clone(), Part::Sender));
    }
    concerned
}

fn notice(house: &House, unread: &Unread) -> Notice {
    let delivery = &unread.delivery;
    let kind = house.catalogue.kind(&delivery.kind);
    let title = kind.and_then(|kind| kind.schema.json()["title"].as_str().map(str::to_owned));
    Notice {
        delivery: delivery.id,
        title: title.unwrap_or_else(|| delivery.kind.clone()),
        sender: house.directory.name(&delivery.sender),
        recipient: house.directory.name(&delivery.recipient),
        accepted: delivery.created,
        state: delivery.state,
        time: unread.alerts + 1,
    }
}

/// Writes who was told. `reached` are the letters that arrived by at least one way. About what concerns a partner that was not reached
/// and nobody else, nothing is written: it is tried again. What nobody is named for is written once, and never asked about again.
pub async fn told(
    house: &House,
    patience: &Patience,
    unread: &[Unread],
    reached: &BTreeSet<(PartnerId, Part)>,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let mut alerts = Vec::new();
    for one in unread {
        let concerned = concerned(house, one);
        let told: Vec<&PartnerId> =
            concerned.iter().filter(|who| reached.contains(*who)).map(|(partner, _)| partner).collect();
        if concerned.is_empty() {
            tracing::warn!(
                delivery = %one.delivery.id, recipient = %one.delivery.recipient,
                "a message is unread, and the directory names nobody who could be told (alerts)"
            );
            let words =
                "Nobody there has said that they read it, and the directory names nobody who could be told.";
            alerts.push(alert(&one.delivery, patience.times, words.to_owned(), now));
        } else if !told.is_empty() {
            let names: Vec<String> = told.iter().map(|partner| house.directory.name(partner)).collect();
            let time = one.alerts + 1;
            let words = format!(
                "Nobody there has said that they read it: the persons named by {} were told, time {time} of {}.",
                names.join(" and "),
                patience.times
            );
            alerts.push(alert(&one.delivery, time, words, now));
        }
    }
    if alerts.is_empty() {
        return Ok(());
    }
    house.unreads.alerted(&alerts).await.map_err(|error| unavailable(&error))
}

fn alert(delivery: &Delivery, alerts: u32, note: String, now: DateTime<Utc>) -> Alert {
    let entry = Entry {
        recipient: Some(delivery.recipient.clone()),
        delivery: Some(delivery.id),
        note: Some(note.clone()),
        ..Entry::new(
            Event::Alerted,
            now,
            delivery.child.clone(),
            delivery.sender.clone(),
            delivery.message_id,
            delivery.kind.clone(),
        )
    };
    Alert { delivery: delivery.id, alerts, note, entry }
}
