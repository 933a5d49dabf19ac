//! Who is told when a message that a person has to have read stays unread: first the persons whom its recipient names, then its
//! sender's too. Told is that a message waits, of which kind and between whom: nothing about the child.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{CONCEALED, House, unavailable};
use crate::domain::PartnerId;
use crate::journal::{Entry, Event};
use crate::problem::Problem;
use crate::store::{Alert, Delivery, Overdue, State, StoreError, Unread};

/// So many are looked at in one go.
pub const UNREAD_AT_ONCE: u32 = 500;

/// Those whose persons could not be reached.
pub type Unreachable = BTreeSet<(PartnerId, Part)>;

/// Whose persons were told, by delivery.
pub type Told = BTreeMap<Uuid, Vec<PartnerId>>;

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

/// What is unread for too long and about which people are to be told now, but for what goes to some recipients.
pub async fn overdue(
    house: &House,
    patience: &Patience,
    except: &BTreeSet<PartnerId>,
    now: DateTime<Utc>,
) -> Result<Vec<Unread>, Problem> {
    house.clockwork.check(now)?;
    let asked = Overdue {
        kinds: house.awaited().map(str::to_owned).collect(),
        accepted_by: now - patience.unread,
        told_by: now - patience.again,
        times: patience.times,
        except: except.iter().cloned().collect(),
        count: UNREAD_AT_ONCE,
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
/// Who is unreachable gets none.
pub fn letters<'u>(
    house: &House,
    unread: impl IntoIterator<Item = &'u Unread>,
    unreachable: &Unreachable,
) -> Vec<Letter> {
    let mut letters: BTreeMap<(PartnerId, Part), Vec<Notice>> = BTreeMap::new();
    for one in unread {
        for (partner, part) in concerned(house, one, unreachable) {
            letters.entry((partner, part)).or_default().push(notice(house, one, part));
        }
    }
    letters.into_iter().map(|((partner, part), notices)| Letter { partner, part, notices }).collect()
}

/// Who names persons that could be told: recipient and sender, or whoever took over their part.
fn named(house: &House, delivery: &Delivery) -> impl Iterator<Item = (PartnerId, Part)> {
    let names = |id| house.directory.stands_for(id).filter(|partner| !partner.alerts.is_empty());
    let both = [(&delivery.recipient, Part::Recipient), (&delivery.sender, Part::Sender)];
    both.into_iter().filter_map(move |(id, part)| Some((names(id)?.id.clone(), part)))
}

/// Whose persons are told this time: the recipient's at first, and the sender's too from the second time on, or where those of the
/// recipient are not named or cannot be reached.
fn concerned(house: &House, unread: &Unread, unreachable: &Unreachable) -> Vec<(PartnerId, Part)> {
    let mut concerned: Vec<_> =
        named(house, &unread.delivery).filter(|who| !unreachable.contains(who)).collect();
    if unread.alerts == 0 {
        concerned.truncate(1);
    }
    concerned
}

/// Whether somebody was told of it this time, or nobody could ever be.
pub fn is_done(house: &House, unread: &Unread, told: &Told) -> bool {
    told.contains_key(&unread.delivery.id) || named(house, &unread.delivery).next().is_none()
}

fn notice(house: &House, unread: &Unread, part: Part) -> Notice {
    let delivery = &unread.delivery;
    let is_named = part == Part::Recipient || !delivery.concealed;
    let kind = house.catalogue.kind(&delivery.kind);
    let title = kind.and_then(|kind| kind.schema.json()["title"].as_str().map(str::to_owned));
    Notice {
        delivery: delivery.id,
        title: title.unwrap_or_else(|| delivery.kind.clone()),
        sender: house.directory.name(&delivery.sender),
        recipient: if is_named { house.directory.name(&delivery.recipient) } else { CONCEALED.to_owned() },
        accepted: delivery.created,
        state: delivery.state,
        time: unread.alerts + 1,
    }
}

/// Writes who was told. About what nobody was told of, nothing is written: it is tried again. What nobody is named for is written once, and
/// never asked about again.
pub async fn told(
    house: &House,
    patience: &Patience,
    unread: &[Unread],
    told: &Told,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let mut alerts = Vec::new();
    for one in unread {
        if named(house, &one.delivery).next().is_none() {
            tracing::warn!(
                delivery = %one.delivery.id, recipient = %one.delivery.recipient,
                "a message is unread, and the directory names nobody who could be told (alerts)"
            );
            let words =
                "Nobody there has said that they read it, and the directory names nobody who could be told.";
            alerts.push(alert(&one.delivery, patience.times, words.to_owned(), now));
        } else if let Some(partners) = told.get(&one.delivery.id) {
            // The sender reads this on its receipt.
            let reader = house.directory.stands_for(&one.delivery.recipient).map(|partner| &partner.id);
            let hidden = |partner: &PartnerId| one.delivery.concealed && Some(partner) == reader;
            let name = |partner| {
                if hidden(partner) { CONCEALED.to_owned() } else { house.directory.name(partner) }
            };
            let names: Vec<String> = partners.iter().map(name).collect();
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
