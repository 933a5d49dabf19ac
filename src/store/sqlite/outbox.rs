//! The outbox: deliveries are claimed, settled, put back and replayed, in order for each child and recipient.
//!
//! Only the delivery at the front of its child's line to a recipient can be claimed. Whoever changes a line calls
//! `choose_front` in the same transaction; so a claim looks at one row, however long the lines are.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::row::{delivery, keeps_payload, micros, state_name, text, unreadable};
use crate::domain::{ChildKey, PartnerId};
use crate::store::{Delivery, Settlement, State, StoreError};

/// The index is named because the engine must never take another: lines are long when a recipient is down.
pub(super) const CLAIM: &str = "UPDATE delivery
    SET state = 'in-progress', front = 0, attempts = attempts + 1, updated = ?2
    WHERE seq = (SELECT seq FROM delivery INDEXED BY delivery_due
                 WHERE recipient = ?1 AND front = 1 AND due <= ?2
                   AND NOT EXISTS (SELECT 1 FROM parked WHERE partner = ?1)
                 ORDER BY due, seq LIMIT 1)
    RETURNING *";

pub(super) const NEXT_DUE: &str = "SELECT min(due) AS due FROM delivery INDEXED BY delivery_due
    WHERE recipient = ?1 AND front = 1 AND NOT EXISTS (SELECT 1 FROM parked WHERE partner = ?1)";

pub(super) const LEAVE_FRONT: &str =
    "UPDATE delivery SET front = 0 WHERE recipient = ?1 AND child = ?2 AND front = 1";

pub(super) const TAKE_FRONT: &str = "UPDATE delivery SET front = 1
    WHERE seq = (SELECT seq FROM delivery INDEXED BY delivery_unsettled
                 WHERE recipient = ?1 AND child = ?2 AND state IN ('requested', 'in-progress')
                 ORDER BY seq LIMIT 1)
      AND NOT EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_one_in_progress
                      WHERE recipient = ?1 AND child = ?2 AND state = 'in-progress')";

/// Takes the next delivery that is due; its line has no front until it is settled.
pub(super) async fn claim(
    connection: &mut SqliteConnection,
    recipient: &PartnerId,
    now: DateTime<Utc>,
) -> Result<Option<Delivery>, StoreError> {
    let row =
        sqlx::query(CLAIM).bind(recipient.as_str()).bind(micros(now)).fetch_optional(connection).await?;
    row.as_ref().map(delivery).transpose()
}

/// When the next delivery can be claimed. One that waits behind another does not count: it is not its turn.
pub(super) async fn next_due(
    connection: &mut SqliteConnection,
    recipient: &PartnerId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = sqlx::query(NEXT_DUE).bind(recipient.as_str()).fetch_one(connection).await?;
    let due: Option<i64> = row.try_get("due")?;
    due.map(|due| DateTime::from_timestamp_micros(due).ok_or_else(|| unreadable("due"))).transpose()
}

/// Ends an attempt. Only what is in progress can be settled, and it does not stay in progress.
pub(super) async fn settle(
    connection: &mut SqliteConnection,
    settlement: &Settlement,
) -> Result<(), StoreError> {
    if settlement.state == State::InProgress {
        return Err(StoreError::Engine("an attempt cannot end in progress".to_owned()));
    }
    let row = sqlx::query(
        "UPDATE delivery
         SET state = ?2, note = coalesce(?3, note), updated = ?4, settled = CASE WHEN ?2 <> 'requested' THEN ?4 END,
             due = CASE WHEN ?2 = 'requested' THEN ?5 ELSE due END,
             payload = CASE WHEN ?6 THEN payload END
         WHERE id = ?1 AND state = 'in-progress'
         RETURNING recipient, child",
    )
    .bind(settlement.id.to_string())
    .bind(state_name(settlement.state))
    .bind(&settlement.note)
    .bind(micros(settlement.at))
    .bind(micros(settlement.due))
    .bind(keeps_payload(settlement.state))
    .fetch_optional(&mut *connection)
    .await?;
    let line = row.ok_or(StoreError::NotInProgress)?;
    choose_front_of(connection, &line).await
}

/// Puts what was in progress back, due now; gives how many.
pub(super) async fn recover(
    connection: &mut SqliteConnection,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let lines = sqlx::query(
        "UPDATE delivery SET state = 'requested', due = ?1, updated = ?1 WHERE state = 'in-progress'
         RETURNING recipient, child",
    )
    .bind(micros(now))
    .fetch_all(&mut *connection)
    .await?;
    for line in &lines {
        choose_front_of(connection, line).await?;
    }
    Ok(lines.len() as u64)
}

/// What waits about a child, oldest first.
pub(super) async fn queued(
    connection: &mut SqliteConnection,
    child: &ChildKey,
) -> Result<Vec<Delivery>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM delivery INDEXED BY delivery_waiting WHERE child = ? AND state = 'requested' ORDER BY seq",
    )
    .bind(child.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter().map(delivery).collect()
}

/// Takes what waits out of its line. What is in progress has left, or is decided about by its own attempt.
pub(super) async fn take_back(
    connection: &mut SqliteConnection,
    id: Uuid,
    note: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "UPDATE delivery SET state = 'cancelled', front = 0, payload = NULL, note = ?2, updated = ?3
         WHERE id = ?1 AND state = 'requested'
         RETURNING recipient, child",
    )
    .bind(id.to_string())
    .bind(note)
    .bind(micros(now))
    .fetch_optional(&mut *connection)
    .await?;
    match row {
        Some(line) => choose_front_of(connection, &line).await.map(|()| true),
        None => Ok(false),
    }
}

/// Makes a dead letter due again. Its attempts count on: one of them may have arrived.
pub(super) async fn replay(
    connection: &mut SqliteConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "UPDATE delivery SET state = 'requested', due = ?2, updated = ?2
         WHERE id = ?1 AND state = 'failed' AND payload IS NOT NULL
         RETURNING recipient, child",
    )
    .bind(id.to_string())
    .bind(micros(now))
    .fetch_optional(&mut *connection)
    .await?;
    match row {
        Some(line) => choose_front_of(connection, &line).await.map(|()| true),
        None => Ok(false),
    }
}

/// Marks the delivery of a line that may go next: the oldest unsettled, and none while one is in progress.
pub(super) async fn choose_front(
    connection: &mut SqliteConnection,
    recipient: &str,
    child: &str,
) -> Result<(), StoreError> {
    for step in [LEAVE_FRONT, TAKE_FRONT] {
        sqlx::query(step).bind(recipient).bind(child).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn choose_front_of(connection: &mut SqliteConnection, line: &SqliteRow) -> Result<(), StoreError> {
    choose_front(connection, &text(line, "recipient")?, &text(line, "child")?).await
}
