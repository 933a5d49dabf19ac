//! Receipts: deliveries as their sender, their recipient and the operator see them, without payload.

use chrono::{DateTime, Utc};
use sqlx::sqlite::Sqlite;
use sqlx::{QueryBuilder, SqliteConnection};
use uuid::Uuid;

use super::row::{delivery, micros, number, partner, state_name};
use crate::domain::{ChildKey, PartnerId};
use crate::store::{Delivery, StoreError, TaskQuery};

/// A delivery's columns, its payload left where it is.
const RECEIPT: &str =
    "SELECT id, message_id, sender, recipient, child, kind, state, NULL AS payload, note, items,
    ground, attempts, acknowledged, alerted, alert_note, due, created, updated FROM delivery";

/// One receipt.
pub(super) async fn one(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<Delivery>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(RECEIPT);
    query.push(" WHERE id = ").push_bind(id.to_string());
    let row = query.build().fetch_optional(connection).await?;
    row.as_ref().map(delivery).transpose()
}

/// A page of the receipts asked for, newest first, and how many there are in all.
pub(super) async fn page(
    connection: &mut SqliteConnection,
    asked: &TaskQuery,
) -> Result<(Vec<Delivery>, u64), StoreError> {
    let mut counting = QueryBuilder::<Sqlite>::new("SELECT count(*) AS matches FROM delivery");
    narrow(&mut counting, asked);
    let matches = number(&counting.build().fetch_one(&mut *connection).await?, "matches")?;

    let mut listing = QueryBuilder::<Sqlite>::new(RECEIPT);
    narrow(&mut listing, asked);
    listing.push(" ORDER BY seq DESC LIMIT ").push_bind(asked.count);
    listing.push(" OFFSET ").push_bind(asked.offset);
    let rows = listing.build().fetch_all(connection).await?;
    let page: Result<Vec<Delivery>, StoreError> = rows.iter().map(delivery).collect();
    Ok((page?, matches))
}

/// The recipients that took, or will take, messages of a kind about a child; who was told first is first.
pub(super) async fn told(
    connection: &mut SqliteConnection,
    child: &ChildKey,
    kind: &str,
) -> Result<Vec<PartnerId>, StoreError> {
    let rows = sqlx::query(
        "SELECT recipient FROM delivery
         WHERE child = ? AND kind = ? AND state IN ('requested', 'in-progress', 'completed')
         GROUP BY recipient ORDER BY min(seq)",
    )
    .bind(child.as_str())
    .bind(kind)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| partner(row, "recipient")).collect()
}

/// Who ever sent something about a child.
pub(super) async fn senders(
    connection: &mut SqliteConnection,
    child: &ChildKey,
) -> Result<Vec<PartnerId>, StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT sender FROM message INDEXED BY message_child WHERE child = ? AND kind <> 'recall-notice' ORDER BY sender",
    )
    .bind(child.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| partner(row, "sender")).collect()
}

/// What recipients took about a child on a ground that a withdrawal can end, and nobody recalled.
pub(super) async fn held(
    connection: &mut SqliteConnection,
    child: &ChildKey,
) -> Result<Vec<Delivery>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(RECEIPT);
    query.push(" INDEXED BY delivery_held WHERE state = 'completed' AND recalled IS NULL");
    query.push(" AND ground IN ('consent', 'safeguarding-duty') AND items <> '[]' AND child = ");
    query.push_bind(child.as_str().to_owned()).push(" ORDER BY seq");
    query.build().fetch_all(connection).await?.iter().map(delivery).collect()
}

/// Marks what a message recalls; `false` when one of it was recalled before.
pub(super) async fn recall(
    connection: &mut SqliteConnection,
    recalled: &[Uuid],
    by: Uuid,
) -> Result<bool, StoreError> {
    for id in recalled {
        let marked = sqlx::query("UPDATE delivery SET recalled = ? WHERE id = ? AND recalled IS NULL")
            .bind(by.to_string())
            .bind(id.to_string())
            .execute(&mut *connection)
            .await?;
        if marked.rows_affected() != 1 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Marks what a recipient took as read by it.
pub(super) async fn acknowledge(
    connection: &mut SqliteConnection,
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let marked = sqlx::query(
        "UPDATE delivery SET acknowledged = ?2, updated = ?2
         WHERE id = ?1 AND state = 'completed' AND acknowledged IS NULL",
    )
    .bind(id.to_string())
    .bind(micros(at))
    .execute(connection)
    .await?;
    Ok(marked.rows_affected() == 1)
}

/// Adds what is asked for as conditions; every value is bound, only the words here become SQL.
fn narrow(query: &mut QueryBuilder<Sqlite>, asked: &TaskQuery) {
    query.push(" WHERE true");
    if let Some(sender) = &asked.sender {
        query.push(" AND sender = ").push_bind(sender.as_str().to_owned());
    }
    if let Some(recipient) = &asked.taken_by {
        query.push(" AND state = 'completed' AND recipient = ").push_bind(recipient.as_str().to_owned());
    }
    if let Some(recipient) = &asked.recipient {
        query.push(" AND recipient = ").push_bind(recipient.as_str().to_owned());
    }
    if let Some(before) = asked.before {
        query.push(" AND created < ").push_bind(micros(before));
    }
    if !asked.kinds.is_empty() {
        let mut kinds = query.push(" AND kind IN (").separated(", ");
        for kind in &asked.kinds {
            kinds.push_bind(kind.clone());
        }
        query.push(")");
    }
    if let Some(read) = asked.read.filter(|_| !asked.awaited.is_empty()) {
        query.push(if read { " AND NOT (" } else { " AND (" });
        query.push("state = 'completed' AND acknowledged IS NULL AND kind IN (");
        let mut kinds = query.separated(", ");
        for kind in &asked.awaited {
            kinds.push_bind(kind.clone());
        }
        query.push("))");
    }
    if let Some(message_id) = asked.message_id {
        query.push(" AND message_id = ").push_bind(message_id.to_string());
    }
    if !asked.states.is_empty() {
        let mut states = query.push(" AND state IN (").separated(", ");
        for state in &asked.states {
            states.push_bind(state_name(*state));
        }
        query.push(")");
    }
}
