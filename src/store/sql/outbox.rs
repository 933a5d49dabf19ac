//! The outbox: deliveries are claimed, settled, put back and replayed, in order for each child and recipient.
//!
//! Only the delivery at the front of its child's line to a recipient can be claimed (`lines`); so a claim looks at one row, however long the
//! lines are.

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::lines::{choose_front_of, line_of_child};
use super::row::{delivery, keeps_payload, micros, state_name, to_json, unreadable};
use super::said::{Said, said};
use crate::domain::{ChildKey, PartnerId};
use crate::store::{Delivery, Settlement, State, StoreError};

/// The index is named because the engine must never take another: lines are long when a recipient is down.
pub(super) const CLAIM: Said = said!("UPDATE delivery
    SET state = 'in-progress', front = 0, attempts = attempts + 1, updated = $2, holder = $3, lease = $4
    WHERE seq = (SELECT seq FROM delivery" by "delivery_due", "
                 WHERE recipient = $1 AND front = 1 AND due <= $2
                   AND NOT EXISTS (SELECT 1 FROM parked WHERE partner = $1)
                 ORDER BY due, seq LIMIT 1)
    RETURNING *, (SELECT key FROM delivery_key WHERE delivery = id) AS key");

pub(super) const NEXT_DUE: Said = said!("SELECT min(due) AS due FROM delivery" by "delivery_due", "
    WHERE recipient = $1 AND front = 1 AND NOT EXISTS (SELECT 1 FROM parked WHERE partner = $1)");

/// Takes the next delivery that is due; its line has no front until it is settled.
pub(super) async fn claim(
    connection: &mut AnyConnection,
    recipient: &PartnerId,
    (now, holder, until): (DateTime<Utc>, Uuid, DateTime<Utc>),
) -> Result<Option<Delivery>, StoreError> {
    let claiming = sqlx::query(CLAIM.to(connection)).bind(recipient.as_str()).bind(micros(now));
    let row = claiming.bind(holder.to_string()).bind(micros(until)).fetch_optional(connection).await?;
    row.as_ref().map(delivery).transpose()
}

/// When the next delivery can be claimed. One that waits behind another does not count: it is not its turn.
pub(super) async fn next_due(
    connection: &mut AnyConnection,
    recipient: &PartnerId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = sqlx::query(NEXT_DUE.to(connection)).bind(recipient.as_str()).fetch_one(connection).await?;
    let due: Option<i64> = row.try_get("due")?;
    due.map(|due| DateTime::from_timestamp_micros(due).ok_or_else(|| unreadable("due"))).transpose()
}

/// Ends an attempt. Only what this process holds can be settled, and it does not stay in progress.
pub(super) async fn settle(
    connection: &mut AnyConnection,
    settlement: &Settlement,
    holder: Uuid,
) -> Result<(), StoreError> {
    if settlement.state == State::InProgress {
        return Err(StoreError::Engine("an attempt cannot end in progress".to_owned()));
    }
    let row = sqlx::query(concat!(
        "UPDATE delivery
         SET line = CASE WHEN $2 = 'requested' THEN ",
        line_of_child!(),
        " ELSE line END, state = $2, note = coalesce($3, note), updated = $4, settled = CASE WHEN $2 <> 'requested' THEN $4 END,
             due = CASE WHEN $2 = 'requested' THEN $5 ELSE due END,
             payload = CASE WHEN $6 = 1 THEN payload END, holder = NULL, lease = NULL,
             items = CASE WHEN $2 = 'completed' THEN coalesce($8, items) ELSE items END, holds = coalesce($8, holds),
             weighed = coalesce($9, weighed), recalled = CASE WHEN $8 IS NULL THEN recalled END
         WHERE id = $1 AND state = 'in-progress' AND holder = $7
         RETURNING recipient, line"
    ))
    .bind(settlement.id.to_string())
    .bind(state_name(settlement.state))
    .bind(&settlement.note)
    .bind(micros(settlement.at))
    .bind(micros(settlement.due))
    .bind(i64::from(keeps_payload(settlement.state)))
    .bind(holder.to_string())
    .bind(settlement.told.as_ref().map(|told| to_json(&told.holds, "holds")).transpose()?)
    .bind(settlement.told.as_ref().map(|told| told.weighed.as_str()))
    .fetch_optional(&mut *connection)
    .await?;
    let line = row.ok_or(StoreError::NotInProgress)?;
    choose_front_of(connection, &line).await
}

/// Puts what was in progress back, due now: what was to be settled by then, or everything; gives how many. It may have arrived.
pub(super) async fn recover(
    connection: &mut AnyConnection,
    now: DateTime<Utc>,
    leased_by: Option<DateTime<Utc>>,
) -> Result<u64, StoreError> {
    let lines = sqlx::query(concat!(
        "UPDATE delivery SET state = 'requested', due = $1, updated = $1, holder = NULL, lease = NULL, line = ",
        line_of_child!(),
        ", holds = items, recalled = NULL
         WHERE state = 'in-progress' AND coalesce(lease, 0) <= $2
         RETURNING recipient, line"
    ))
    .bind(micros(now))
    .bind(leased_by.map_or(i64::MAX, micros))
    .fetch_all(&mut *connection)
    .await?;
    for line in &lines {
        choose_front_of(connection, line).await?;
    }
    Ok(lines.len() as u64)
}

/// Whether something is held for too long.
pub(super) async fn is_overdue(
    connection: &mut AnyConnection,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let asked = said!("SELECT seq FROM delivery" by "delivery_leased", " WHERE state = 'in-progress' AND lease <= $1 LIMIT 1");
    let row = sqlx::query(asked.to(connection)).bind(micros(now)).fetch_optional(connection).await?;
    Ok(row.is_some())
}

/// What waits about a child, oldest first.
pub(super) async fn queued(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<Delivery>, StoreError> {
    let rows = sqlx::query(
        said!("SELECT *, (SELECT key FROM delivery_key WHERE delivery = id) AS key FROM delivery" by "delivery_told", " WHERE child = $1 AND state = 'requested' ORDER BY seq")
            .to(connection),
    )
    .bind(child.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter().map(delivery).collect()
}

/// Takes what waits out of its line. What is in progress has left, or is decided about by its own attempt.
pub(super) async fn take_back(
    connection: &mut AnyConnection,
    id: Uuid,
    note: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "UPDATE delivery SET state = 'cancelled', front = 0, payload = NULL, holder = NULL, lease = NULL, note = $2, updated = $3
         WHERE id = $1 AND state = 'requested'
         RETURNING recipient, line",
    )
    .bind(id.to_string())
    .bind(note)
    .bind(micros(now))
    .fetch_optional(&mut *connection)
    .await?;
    changed(connection, row).await
}

/// Makes what waits or is under way a dead letter, of which nobody knows whether it arrived; whoever attempts it comes too late with how that
/// ended.
pub(super) async fn hold_back(
    connection: &mut AnyConnection,
    id: Uuid,
    note: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "UPDATE delivery SET state = 'failed', front = 0, note = $2, updated = $3, settled = $3, holder = NULL, lease = NULL,
             holds = items
         WHERE id = $1 AND state IN ('requested', 'in-progress')
         RETURNING recipient, line",
    )
    .bind(id.to_string())
    .bind(note)
    .bind(micros(now))
    .fetch_optional(&mut *connection)
    .await?;
    changed(connection, row).await
}

/// Makes a dead letter due again. Its attempts count on: one of them may have arrived.
pub(super) async fn replay(
    connection: &mut AnyConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = sqlx::query(concat!(
        "UPDATE delivery SET state = 'requested', due = $2, updated = $2, line = ",
        line_of_child!(),
        " WHERE id = $1 AND state = 'failed' AND payload IS NOT NULL
         RETURNING recipient, line"
    ))
    .bind(id.to_string())
    .bind(micros(now))
    .fetch_optional(&mut *connection)
    .await?;
    changed(connection, row).await
}

/// Of the line of what was changed, if anything was; whether.
async fn changed(connection: &mut AnyConnection, line: Option<AnyRow>) -> Result<bool, StoreError> {
    match line {
        Some(line) => choose_front_of(connection, &line).await.map(|()| true),
        None => Ok(false),
    }
}

/// Takes what one of several does for all, if nobody else has it until later.
pub(super) async fn take_duty(
    connection: &mut AnyConnection,
    name: &str,
    (now, holder, until): (DateTime<Utc>, Uuid, DateTime<Utc>),
) -> Result<bool, StoreError> {
    let taken = sqlx::query(
        "INSERT INTO duty (name, holder, until) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
         WHERE duty.holder = excluded.holder OR duty.until <= $4",
    )
    .bind(name)
    .bind(holder.to_string())
    .bind(micros(until))
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Leaves the duties of one process to the others, or those of all.
pub(super) async fn give_back_duties(
    connection: &mut AnyConnection,
    holder: Option<Uuid>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM duty WHERE $1 IS NULL OR holder = $1")
        .bind(holder.map(|holder| holder.to_string()))
        .execute(connection)
        .await?;
    Ok(())
}
