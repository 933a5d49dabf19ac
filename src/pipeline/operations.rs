//! What an operator does with deliveries: look at one's life, put dead letters back, park a recipient and let it go on. Whatever changes
//! something is journalled with it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{House, Release, entries_of, release, unavailable};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::{Entry, Event};
use crate::problem::{Category, Problem};
use crate::store::Delivery;

/// Who operates, as the journal has it.
pub struct Operator {
    /// The partner for which the person acts.
    pub partner: PartnerId,
    /// The person or the place, in words that end in a space where there are any.
    pub words: String,
    /// The id of the request.
    pub request: Uuid,
}

/// What would become of a dead letter if it were put back now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Foreseen {
    /// It would be sent.
    Sent,
    /// It would be taken back: what it rests on changed. The sentence says what.
    Withdrawn(String),
    /// It cannot be sent. The sentence says why.
    Impossible(String),
}

/// One delivery and everything the journal has of it, oldest first.
pub async fn life(house: &House, id: Uuid) -> Result<(Delivery, Vec<(u64, Entry)>), Problem> {
    let delivery = house.store.task(id).await.map_err(|error| unavailable(&error))?;
    let delivery = delivery.ok_or_else(|| Problem::new(Category::NotFound, "There is no such delivery."))?;
    let mut entries = entries_of(house, &delivery.child).await?;
    entries.retain(|(_, entry)| entry.delivery == Some(id));
    entries.reverse();
    Ok((delivery, entries))
}

/// What would happen if a dead letter were put back: the decision is made on what is on file now. Nothing is changed.
pub async fn foresee(house: &House, id: Uuid, at: DateTime<Utc>) -> Result<Foreseen, Problem> {
    let letter = house.operations.dead_letter(id).await.map_err(|error| unavailable(&error))?;
    let Some(letter) = letter else { return Ok(Foreseen::Impossible(NO_LETTER.to_owned())) };
    Ok(match release(house, &letter, at).await? {
        Release::Send(_) => Foreseen::Sent,
        Release::Withdraw { sentence, .. } => Foreseen::Withdrawn(sentence),
        Release::Impossible(sentence) => Foreseen::Impossible(sentence),
    })
}

const NO_LETTER: &str = "It is no dead letter, or its content is not kept any more.";

/// Puts a dead letter back, due now. It is decided about again before it leaves, as at every attempt.
pub async fn replay(
    house: &House,
    id: Uuid,
    operator: &Operator,
    at: DateTime<Utc>,
) -> Result<Delivery, Problem> {
    let refused = || Problem::new(Category::BusinessRule, NO_LETTER);
    let letter = house.operations.dead_letter(id).await.map_err(|error| unavailable(&error))?;
    let letter = letter.ok_or_else(refused)?;
    let entry = Entry {
        recipient: Some(letter.recipient.clone()),
        delivery: Some(id),
        note: Some(format!("{}put it back to be delivered again", operator.words)),
        ..Entry::new(
            Event::Replayed,
            at,
            letter.child.clone(),
            letter.sender.clone(),
            letter.message_id,
            letter.kind.clone(),
        )
    };
    match house.store.replay(id, &entry).await {
        Ok(true) => Ok(letter),
        Ok(false) => Err(refused()),
        Err(error) => Err(unavailable(&error)),
    }
}

/// After a restore from a backup: what the backup holds as waiting or under way may have been delivered since, and nobody can know. Makes a dead
/// letter of it, so that an operator decides; `false` when it is settled meanwhile.
pub async fn hold_back(
    house: &House,
    delivery: &Delivery,
    operator: &Operator,
    at: DateTime<Utc>,
) -> Result<bool, Problem> {
    let explanation = delivery.note.lines().next().unwrap_or_default();
    let note = format!("{explanation}\n{HELD_BACK}");
    let entry = Entry {
        recipient: Some(delivery.recipient.clone()),
        delivery: Some(delivery.id),
        note: Some(format!("{}held it back after a restore from a backup", operator.words)),
        ..Entry::new(
            Event::Failed,
            at,
            delivery.child.clone(),
            delivery.sender.clone(),
            delivery.message_id,
            delivery.kind.clone(),
        )
    };
    house.operations.hold_back(delivery.id, &note, &entry).await.map_err(|error| unavailable(&error))
}

const HELD_BACK: &str = "Held back: it comes from a backup, and may have been delivered since. An operator decides whether it is sent again.";

/// Parks a recipient, or lets it go on; `false` when that is how it is already. What is under way ends as it would.
pub async fn park(
    house: &House,
    recipient: &PartnerId,
    parked: bool,
    operator: &Operator,
    at: DateTime<Utc>,
) -> Result<bool, Problem> {
    let known = house.directory.partner(recipient).is_some_and(|partner| partner.receiving().is_some());
    // One that left the directory can still be let go on.
    if parked && !known {
        let text = "There is no partner of that name that receives anything. Its name is its [[partner]] id in the directory.";
        return Err(Problem::new(Category::NotFound, text));
    }
    let (event, note) = if parked {
        (Event::Parked, format!("{}parked the recipient", operator.words))
    } else {
        (Event::Unparked, format!("{}let deliveries to the recipient go on", operator.words))
    };
    let entry = Entry {
        recipient: Some(recipient.clone()),
        note: Some(note.clone()),
        ..Entry::new(
            event,
            at,
            ChildKey::of_nobody(),
            operator.partner.clone(),
            operator.request,
            "operations",
        )
    };
    let changed = if parked {
        house.operations.park(recipient, &note, &entry).await
    } else {
        house.operations.unpark(recipient, &entry).await
    };
    changed.map_err(|error| unavailable(&error))
}
