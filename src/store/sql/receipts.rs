//! Receipts: deliveries as their sender, their recipient and the operator see them, without payload.

use chrono::{DateTime, Utc};
use sqlx::AnyConnection;
use uuid::Uuid;

use super::answers;
use super::row::{delivery, micros, number, partner, state_name};
use super::said::{Asking, said};
use crate::domain::{ChildKey, PartnerId};
use crate::store::{Delivery, Matches, StoreError, TaskQuery};

/// A delivery's columns, its payload left where it is.
const RECEIPT: &str =
    "SELECT id, message_id, sender, recipient, child, kind, state, NULL AS payload, note, items,
    ground, attempts, acknowledged, alerted, alert_note, due, created, updated FROM delivery";

/// One receipt.
pub(super) async fn one(connection: &mut AnyConnection, id: Uuid) -> Result<Option<Delivery>, StoreError> {
    let mut query = Asking::new(connection, RECEIPT);
    query.push(" WHERE id = ").bind(id.to_string());
    let row = query.build()?.fetch_optional(connection).await?;
    row.as_ref().map(delivery).transpose()
}

/// A page of the receipts asked for, newest first, and how many there are in all; they are counted to `most` and no further, for a queue may
/// hold millions.
pub(super) async fn page(
    connection: &mut AnyConnection,
    asked: &TaskQuery,
    most: u64,
) -> Result<(Vec<Delivery>, Matches), StoreError> {
    let mut counting =
        Asking::new(connection, "SELECT count(*) AS matches FROM (SELECT 1 AS one FROM delivery");
    narrow(&mut counting, asked);
    counting.push(" LIMIT ").bind(i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX));
    counting.push(") AS counted");
    let counted = number(&counting.build()?.fetch_one(&mut *connection).await?, "matches")?;
    let matches = if counted > most { Matches::MoreThan(most) } else { Matches::Exactly(counted) };

    let mut listing = Asking::new(connection, RECEIPT);
    narrow(&mut listing, asked);
    listing.push(" ORDER BY seq DESC LIMIT ").bind(i64::from(asked.count));
    listing.push(" OFFSET ").bind(i64::from(asked.offset));
    let rows = listing.build()?.fetch_all(connection).await?;
    let page: Result<Vec<Delivery>, StoreError> = rows.iter().map(delivery).collect();
    Ok((page?, matches))
}

/// The recipients that took, or will take, messages of a kind about a child; who was told first is first.
pub(super) async fn told(
    connection: &mut AnyConnection,
    child: &ChildKey,
    kind: &str,
) -> Result<Vec<PartnerId>, StoreError> {
    let rows = sqlx::query(
        "SELECT recipient FROM delivery
         WHERE child = $1 AND kind = $2 AND state IN ('requested', 'in-progress', 'completed')
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
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<PartnerId>, StoreError> {
    let rows = sqlx::query(
        said!(
            "SELECT DISTINCT sender FROM message" by "message_child",
            " WHERE child = $1 AND kind <> 'recall-notice' ORDER BY sender"
        )
        .to(connection),
    )
    .bind(child.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| partner(row, "sender")).collect()
}

/// What recipients took about a child on a ground that a withdrawal can end, and nobody recalled.
pub(super) async fn held(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<Delivery>, StoreError> {
    let mut query = Asking::new(connection, RECEIPT);
    query.by("delivery_held").push(" WHERE state = 'completed' AND recalled IS NULL");
    query.push(" AND ground IN ('consent', 'safeguarding-duty') AND items <> '[]' AND child = ");
    query.bind(child.as_str().to_owned()).push(" ORDER BY seq");
    query.build()?.fetch_all(connection).await?.iter().map(delivery).collect()
}

/// Marks what a message recalls, deliveries and answers; `false` when one of it was recalled before.
pub(super) async fn recall(
    connection: &mut AnyConnection,
    recalled: &[Uuid],
    by: Uuid,
) -> Result<bool, StoreError> {
    for id in recalled {
        let marked = sqlx::query("UPDATE delivery SET recalled = $1 WHERE id = $2 AND recalled IS NULL")
            .bind(by.to_string())
            .bind(id.to_string())
            .execute(&mut *connection)
            .await?;
        if marked.rows_affected() != 1 && !answers::recall(connection, *id, by).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Marks what a recipient took as read by it.
pub(super) async fn acknowledge(
    connection: &mut AnyConnection,
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let marked = sqlx::query(
        "UPDATE delivery SET acknowledged = $2, updated = $2
         WHERE id = $1 AND state = 'completed' AND acknowledged IS NULL",
    )
    .bind(id.to_string())
    .bind(micros(at))
    .execute(connection)
    .await?;
    Ok(marked.rows_affected() == 1)
}

/// Adds what is asked for as conditions; every value is bound, only the words here become SQL.
fn narrow(query: &mut Asking, asked: &TaskQuery) {
    query.push(" WHERE true");
    if let Some(sender) = &asked.sender {
        query.push(" AND sender = ").bind(sender.as_str().to_owned());
    }
    if let Some(recipient) = &asked.taken_by {
        query.push(" AND state = 'completed' AND recipient = ").bind(recipient.as_str().to_owned());
    }
    if let Some(recipient) = &asked.recipient {
        query.push(" AND recipient = ").bind(recipient.as_str().to_owned());
    }
    if let Some(before) = asked.before {
        query.push(" AND created < ").bind(micros(before));
    }
    if let Some(from) = asked.changed_from {
        query.push(" AND updated >= ").bind(micros(from));
    }
    if let Some(until) = asked.changed_until {
        query.push(" AND updated < ").bind(micros(until));
    }
    if !asked.ids.is_empty() {
        let ids: Vec<String> = asked.ids.iter().map(Uuid::to_string).collect();
        query.push(" AND id IN ").list(ids.iter().map(String::as_str));
    }
    if !asked.kinds.is_empty() {
        query.push(" AND kind IN ").list(asked.kinds.iter().map(String::as_str));
    }
    if let Some(read) = asked.read.filter(|_| !asked.awaited.is_empty()) {
        query.push(if read { " AND NOT (" } else { " AND (" });
        query.push("state = 'completed' AND acknowledged IS NULL AND kind IN ");
        query.list(asked.awaited.iter().map(String::as_str)).push(")");
    }
    if let Some(message_id) = asked.message_id {
        query.push(" AND message_id = ").bind(message_id.to_string());
    }
    if !asked.states.is_empty() {
        query.push(" AND state IN ").list(asked.states.iter().map(|state| state_name(*state)));
    }
}
