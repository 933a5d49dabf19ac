//! Two NHS numbers of one child, as when records are merged: what is on file about either counts for both.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{House, after_a_change, unavailable};
use crate::domain::{ChildKey, NhsNumber, PartnerId};
use crate::journal::{Entry, Event};
use crate::problem::{Category, Problem};
use crate::store::{ChildFile, Merged, NUMBERS_MAX, Sealed, StoreError};

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
    let sealed = [sealed(house, &child, &numbers.old)?, sealed(house, &into, &numbers.holds)?];
    let merged = Merged { child, into, numbers: sealed, author: by.clone(), at };
    let written = match holds {
        true => house.numbers.merge(&merged, &entries).await,
        false => house.numbers.unmerge(&merged, &entries).await,
    };
    let changed = written.map_err(|error| refused(&error))?;
    let mut woken = Vec::new();
    for number in [&numbers.old, &numbers.holds] {
        woken.extend(after_a_change(house, number, (by, None), at).await?);
    }
    Ok((changed, woken))
}

/// All numbers of a child that are written down, the given one first.
pub(super) async fn of(
    house: &House,
    given: &NhsNumber,
    file: &ChildFile,
) -> Result<Vec<NhsNumber>, Problem> {
    let mut all = vec![given.clone()];
    if file.others.is_empty() {
        return Ok(all);
    }
    let key = house.vault.child_key(given);
    let others = house.numbers.other_numbers(&key).await.map_err(|error| unavailable(&error))?;
    for (key, number) in &others {
        let number = house.open_json(&context(key), number)?;
        all.extend(number.as_str().and_then(|text| text.parse::<NhsNumber>().ok()));
    }
    Ok(all)
}

fn sealed(house: &House, key: &ChildKey, number: &NhsNumber) -> Result<Sealed, Problem> {
    house.seal_json(&context(key), &Value::from(number.reveal()))
}

fn context(key: &ChildKey) -> String {
    format!("number/{}", key.as_str())
}

fn entry(child: ChildKey, (by, request): (&PartnerId, Uuid), holds: bool, at: DateTime<Utc>) -> Entry {
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
