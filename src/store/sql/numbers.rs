//! Children who are known by more than one number: what was said of them, and all that follows from it, so that one look finds every number.

use std::collections::BTreeSet;

use async_trait::async_trait;
use sqlx::{AnyConnection, Row as _};

use super::row::{micros, text};
use super::said::Asking;
use super::{SqlStore, journal, lines, outbox, receipts};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;
use crate::store::{Delivery, Merged, NUMBERS_MAX, Numbers, Sealed, StoreError};

#[async_trait]
impl Numbers for SqlStore {
    async fn merge(&self, merged: &Merged, entries: &[Entry]) -> Result<bool, StoreError> {
        self.merged(merged, entries, true).await
    }

    async fn unmerge(&self, merged: &Merged, entries: &[Entry]) -> Result<bool, StoreError> {
        self.merged(merged, entries, false).await
    }

    async fn numbers_of(&self, child: &ChildKey) -> Result<Vec<ChildKey>, StoreError> {
        of(&mut *self.readers.acquire().await?, child).await
    }

    async fn other_numbers(&self, child: &ChildKey) -> Result<Vec<(ChildKey, Sealed)>, StoreError> {
        others(&mut *self.readers.acquire().await?, child).await
    }
}

impl SqlStore {
    /// Writes what was said of two numbers, or takes it back, with the entries; `false` when that changes nothing.
    async fn merged(&self, merged: &Merged, entries: &[Entry], holds: bool) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let changed = match holds {
            true => merge(&mut transaction, merged).await?,
            false => unmerge(&mut transaction, merged).await?,
        };
        if changed {
            journal::append(&mut transaction, entries).await?;
        }
        if holds {
            write_down(&mut transaction, merged).await?;
        }
        transaction.commit().await?;
        Ok(changed)
    }
}

/// A child by all its numbers, this one first.
pub(super) async fn of(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<ChildKey>, StoreError> {
    let rows = sqlx::query("SELECT other FROM same_child WHERE child = $1 ORDER BY other")
        .bind(child.as_str())
        .fetch_all(connection)
        .await?;
    let mut all = vec![child.clone()];
    for row in &rows {
        all.push(ChildKey(text(row, "other")?));
    }
    Ok(all)
}

/// The other numbers of a child as they are written, sealed, each with its key.
async fn others(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<(ChildKey, Sealed)>, StoreError> {
    let rows = sqlx::query(
        "SELECT number.child AS child, number.number AS number FROM same_child JOIN number ON number.child = same_child.other
         WHERE same_child.child = $1 ORDER BY number.child",
    )
    .bind(child.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((ChildKey(text(row, "child")?), Sealed(row.try_get("number")?)))).collect()
}

/// Keeps both numbers as they are written. A store from before numbers were kept gets them when the same is said again.
async fn write_down(connection: &mut AnyConnection, merged: &Merged) -> Result<(), StoreError> {
    for (child, number) in [&merged.child, &merged.into].into_iter().zip(&merged.numbers) {
        sqlx::query("INSERT INTO number (child, number) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(child.as_str())
            .bind(number.0.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Writes that two numbers are one child's; `false` when that was said before.
async fn merge(connection: &mut AnyConnection, merged: &Merged) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "INSERT INTO merged (child, into_child, author, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(merged.child.as_str())
    .bind(merged.into.as_str())
    .bind(merged.author.as_str())
    .bind(micros(merged.at))
    .execute(&mut *connection)
    .await?;
    if written.rows_affected() != 1 {
        return Ok(false);
    }
    let mut all: BTreeSet<ChildKey> = of(connection, &merged.child).await?.into_iter().collect();
    all.extend(of(connection, &merged.into).await?);
    if all.len() > NUMBERS_MAX {
        return Err(StoreError::TooManyNumbers);
    }
    tie(connection, &all).await?;
    form_lines(connection, &all).await?;
    Ok(true)
}

/// Takes it back; `false` when it was not said. What else was said of these numbers stays.
async fn unmerge(connection: &mut AnyConnection, merged: &Merged) -> Result<bool, StoreError> {
    let gone = sqlx::query("DELETE FROM merged WHERE child = $1 AND into_child = $2")
        .bind(merged.child.as_str())
        .bind(merged.into.as_str())
        .execute(&mut *connection)
        .await?;
    if gone.rows_affected() != 1 {
        return Ok(false);
    }
    let all = of(connection, &merged.child).await?;
    let mut asking = Asking::new(connection, "DELETE FROM same_child WHERE child IN ");
    asking.list(all.iter().map(ChildKey::as_str));
    asking.build()?.execute(&mut *connection).await?;
    let mut asking = Asking::new(connection, "SELECT child, into_child FROM merged WHERE child IN ");
    asking.list(all.iter().map(ChildKey::as_str));
    let rows = asking.build()?.fetch_all(&mut *connection).await?;
    let mut groups: Vec<BTreeSet<ChildKey>> = Vec::new();
    for row in &rows {
        let mut group = BTreeSet::from([ChildKey(text(row, "child")?), ChildKey(text(row, "into_child")?)]);
        let (joined, apart) = groups.into_iter().partition(|one| !one.is_disjoint(&group));
        groups = apart;
        group.extend(Vec::into_iter(joined).flatten());
        groups.push(group);
    }
    for group in &groups {
        tie(connection, group).await?;
    }
    let mut asking = Asking::new(
        connection,
        "DELETE FROM number WHERE child NOT IN (SELECT child FROM same_child) AND child IN ",
    );
    asking.list(all.iter().map(ChildKey::as_str));
    asking.build()?.execute(&mut *connection).await?;
    form_lines(connection, &all).await?;
    Ok(true)
}

/// Brings what waits about each into the line of its child: the least of its numbers.
async fn form_lines(
    connection: &mut AnyConnection,
    all: impl IntoIterator<Item = &ChildKey>,
) -> Result<(), StoreError> {
    let mut lines = Vec::new();
    for number in all {
        let least = of(connection, number).await?.into_iter().min();
        lines.push((number.clone(), least.unwrap_or_else(|| number.clone())));
    }
    lines::form(connection, &lines).await
}

/// Ties each to each other.
async fn tie(connection: &mut AnyConnection, all: &BTreeSet<ChildKey>) -> Result<(), StoreError> {
    let pairs = all
        .iter()
        .flat_map(|one| all.iter().filter(move |other| *other != one).map(move |other| (one, other)));
    let mut asking = Asking::new(connection, "INSERT INTO same_child (child, other) VALUES ");
    asking.rows(pairs, |asking, (one, other)| {
        asking.bind(one.as_str()).and(other.as_str());
    });
    asking.push(" ON CONFLICT DO NOTHING");
    asking.build()?.execute(connection).await?;
    Ok(())
}

/// The recipients that took, or will take, messages of a kind about a child, by any of its numbers.
pub(super) async fn told(
    connection: &mut AnyConnection,
    child: &ChildKey,
    kind: &str,
) -> Result<Vec<PartnerId>, StoreError> {
    let mut told = Vec::new();
    for number in of(connection, child).await? {
        for one in receipts::told(connection, &number, kind).await? {
            if !told.contains(&one) {
                told.push(one);
            }
        }
    }
    Ok(told)
}

/// Who ever sent something about a child, by any of its numbers.
pub(super) async fn senders(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<PartnerId>, StoreError> {
    let mut senders = BTreeSet::new();
    for number in of(connection, child).await? {
        senders.extend(receipts::senders(connection, &number).await?);
    }
    Ok(senders.into_iter().collect())
}

/// What waits about a child, by any of its numbers.
pub(super) async fn queued(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<Delivery>, StoreError> {
    let mut queued = Vec::new();
    for number in of(connection, child).await? {
        queued.extend(outbox::queued(connection, &number).await?);
    }
    Ok(queued)
}

/// What recipients took about a child, by any of its numbers, and can be recalled.
pub(super) async fn held(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<Delivery>, StoreError> {
    let mut held = Vec::new();
    for number in of(connection, child).await? {
        held.extend(receipts::held(connection, &number).await?);
    }
    Ok(held)
}

/// The journal's entries about a child, by any of its numbers, newest first.
pub(super) async fn journal_of(
    connection: &mut AnyConnection,
    child: &ChildKey,
    count: u32,
) -> Result<Vec<(u64, String)>, StoreError> {
    let mut entries = Vec::new();
    for number in of(connection, child).await? {
        entries.extend(journal::of_child(connection, &number, count).await?);
    }
    entries.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    entries.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    Ok(entries)
}
