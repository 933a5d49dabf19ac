//! Births, as messages told of them and until their time is over.

use async_trait::async_trait;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::SqlStore;
use super::row::{child, micros, number, partner, sealed, text, time, uuid};
use crate::domain::{ChildKey, PartnerId};
use crate::store::{Births, KeptBirth, StoreError};

/// Of a birth whether a later message about the child, under whichever of its numbers, says another month: whoever corrects a date takes it from
/// the month before.
macro_rules! moved {
    () => {
        "EXISTS (SELECT 1 FROM birth AS later WHERE later.authority = birth.authority AND later.child = birth.child
                AND later.month <> birth.month AND later.at > birth.at)
            OR EXISTS (SELECT 1 FROM same_child JOIN birth AS later ON later.child = same_child.other
                WHERE same_child.child = birth.child AND later.authority = birth.authority
                AND later.month <> birth.month AND later.at > birth.at)"
    };
}

/// The one number, of all that a child is known by, that stands for it.
macro_rules! one {
    () => {
        "coalesce((SELECT min(other) FROM same_child WHERE same_child.child = birth.child AND other < birth.child), birth.child)"
    };
}

pub(super) const OF_MONTH: &str = concat!(
    "SELECT birth.*, ",
    one!(),
    " AS one FROM birth WHERE authority = $1 AND month = $2 AND NOT (",
    moved!(),
    ") ORDER BY one, at, message_id LIMIT $3"
);

const MONTHS: &str = concat!(
    "SELECT month, count(DISTINCT ",
    one!(),
    ") AS children FROM birth WHERE authority = $1 AND NOT (",
    moved!(),
    ") GROUP BY month ORDER BY month DESC"
);

const OF_CHILD: &str = "SELECT * FROM birth WHERE child = $1
    UNION ALL SELECT birth.* FROM same_child JOIN birth ON birth.child = same_child.other WHERE same_child.child = $1
    ORDER BY authority, at, message_id";

/// Keeps what a message tells of a birth, in place of what was kept of the same message before, in the transaction of a message.
pub(super) async fn keep(connection: &mut AnyConnection, birth: &KeptBirth) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO birth (authority, sender, message_id, child, kind, month, record, at, until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (authority, child, sender, message_id) DO UPDATE SET record = excluded.record",
    )
    .bind(birth.authority.as_str())
    .bind(birth.sender.as_str())
    .bind(birth.message_id.to_string())
    .bind(birth.child.as_str())
    .bind(&birth.kind)
    .bind(&birth.month)
    .bind(&birth.record.0)
    .bind(micros(birth.at))
    .bind(micros(birth.until))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<KeptBirth, StoreError> {
    Ok(KeptBirth {
        authority: partner(row, "authority")?,
        sender: partner(row, "sender")?,
        message_id: uuid(row, "message_id")?,
        child: child(row)?,
        kind: text(row, "kind")?,
        month: text(row, "month")?,
        record: sealed(row, "record")?,
        at: time(row, "at")?,
        until: time(row, "until")?,
    })
}

#[async_trait]
impl Births for SqlStore {
    async fn births(
        &self,
        authority: &PartnerId,
        month: &str,
        at_most: u32,
    ) -> Result<Vec<Vec<KeptBirth>>, StoreError> {
        let rows = sqlx::query(OF_MONTH)
            .bind(authority.as_str())
            .bind(month)
            .bind(i64::from(at_most))
            .fetch_all(&self.readers)
            .await?;
        let mut children: Vec<(String, Vec<KeptBirth>)> = Vec::new();
        for row in &rows {
            let (one, birth) = (text(row, "one")?, read(row)?);
            match children.last_mut().filter(|(last, _)| *last == one) {
                Some((_, births)) => births.push(birth),
                None => children.push((one, vec![birth])),
            }
        }
        Ok(children.into_iter().map(|(_, births)| births).collect())
    }

    async fn births_of(&self, child: &ChildKey) -> Result<Vec<KeptBirth>, StoreError> {
        let rows = sqlx::query(OF_CHILD).bind(child.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(read).collect()
    }

    async fn birth_months(&self, authority: &PartnerId) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = sqlx::query(MONTHS).bind(authority.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((text(row, "month")?, number(row, "children")?))).collect()
    }
}
