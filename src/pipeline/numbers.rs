//! Two NHS numbers of one child, as when records are merged: what is on file about either counts for both.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{House, after_a_change, unavailable};
use crate::domain::{NhsNumber, PartnerId};
use crate::journal::{Entry, Event};
use crate::problem::{Category, Problem};
use crate::store::{Merged, NUMBERS_MAX, StoreError};

/// What somebody says of two numbers.
pub struct Numbers {
    /// The one that does not hold any more.
    pub old: NhsNumber,
    /// The one that does.
    pub holds: NhsNumber,
}

/// Merges two numbers, or takes that back, and does what follows: consents, refusals, restrictions and the circle of either are those of both,
/// so that what waits is decided about again and what may not be kept is recalled. Said again, it does again what follows. Gives whether
/// anything changed, and whose workers to wake.
///
/// # Errors
/// Both are one number; the child would have too many; the store cannot be used.
pub async fn merge(
    house: &House,
    numbers: &Numbers,
    (by, request): (&PartnerId, Uuid),
    holds: bool,
    at: DateTime<Utc>,
) -> Result<(bool, Vec<PartnerId>), Problem> {
    house.clockwork.check(at)?;
    if numbers.old == numbers.holds {
        let text = "Both are the same number. Give the one that was superseded as source, the one that holds as target.";
        return Err(Problem::new(Category::BusinessRule, text));
    }
    let keys = [&numbers.old, &numbers.holds].map(|number| house.vault.child_key(number));
    let entries = keys.clone().map(|key| entry(key, (by, request), holds, at));
    let [child, into] = keys;
    let merged = Merged { child, into, author: by.clone(), at };
    let written = match holds {
        true => house.store.merge(&merged, &entries).await,
        false => house.store.unmerge(&merged, &entries).await,
    };
    let changed = written.map_err(|error| refused(&error))?;
    let mut woken = Vec::new();
    for number in [&numbers.old, &numbers.holds] {
        woken.extend(after_a_change(house, number, (by, None), at).await?);
    }
    Ok((changed, woken))
}

fn entry(
    child: crate::domain::ChildKey,
    (by, request): (&PartnerId, Uuid),
    holds: bool,
    at: DateTime<Utc>,
) -> Entry {
    let (event, note) = match holds {
        true => (Event::NumbersMerged, "this NHS number and another are one child's from now on"),
        false => {
            (Event::NumbersUnmerged, "this NHS number and another are not one child's: that was taken back")
        }
    };
    Entry { note: Some(note.to_owned()), ..Entry::new(event, at, child, by.clone(), request, "Patient") }
}

fn refused(error: &StoreError) -> Problem {
    match error {
        StoreError::TooManyNumbers => {
            let text = format!(
                "The child would have more than {NUMBERS_MAX} numbers. Take back what is wrong first ($unmerge)."
            );
            Problem::new(Category::BusinessRule, text)
        }
        error => unavailable(error),
    }
}
