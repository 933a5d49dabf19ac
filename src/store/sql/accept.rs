//! Accepting a message: everything it brings, in the one transaction of the caller; and the answer it got.

use sqlx::AnyConnection;
use uuid::Uuid;

use super::row::{from_json, keeps_payload, micros, number, sealed, state_name, text, to_json};
use super::said::{Said, said};
use super::{births, child, consents, flags, journal, receipts};
use crate::domain::PartnerId;
use crate::store::{Acceptance, Delivery, FirstAnswer, StoreError};

/// Writes a message with all it brings. The message comes first: a duplicate must be told from any other conflict.
pub(super) async fn accept(
    connection: &mut AnyConnection,
    end: &mut journal::End,
    acceptance: &Acceptance,
) -> Result<(), StoreError> {
    insert_message(connection, acceptance).await?;
    for change in &acceptance.consents {
        consents::change(connection, change).await?;
    }
    if let Some((flag, replaces)) = &acceptance.flag {
        flags::change(connection, flag, *replaces).await?;
    }
    if !receipts::recall(connection, &acceptance.recalls, acceptance.message_id).await? {
        return Err(StoreError::DuplicateMessage);
    }
    child::protect(connection, acceptance).await?;
    child::widen(connection, &acceptance.child, &acceptance.circle).await?;
    for delivery in &acceptance.deliveries {
        insert_delivery(connection, delivery).await?;
    }
    for birth in &acceptance.births {
        births::keep(connection, birth).await?;
    }
    journal::append_at(connection, end, &acceptance.entries).await
}

/// The answer that a sender got for a message.
pub(super) async fn first_answer(
    connection: &mut AnyConnection,
    sender: &PartnerId,
    message_id: Uuid,
) -> Result<Option<FirstAnswer>, StoreError> {
    let row = sqlx::query(
        "SELECT body_hash, status, headers, body FROM message WHERE sender = $1 AND message_id = $2",
    )
    .bind(sender.as_str())
    .bind(message_id.to_string())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(FirstAnswer {
            body_hash: text(&row, "body_hash")?,
            status: number(&row, "status")?,
            headers: from_json(&row, "headers")?,
            body: sealed(&row, "body")?,
        })
    })
    .transpose()
}

async fn insert_message(connection: &mut AnyConnection, acceptance: &Acceptance) -> Result<(), StoreError> {
    let Acceptance { sender, message_id, at, child, kind, answer, .. } = acceptance;
    let inserted = sqlx::query(
        "INSERT INTO message (sender, message_id, child, kind, accepted, body_hash, status, headers, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(sender.as_str())
    .bind(message_id.to_string())
    .bind(child.as_str())
    .bind(kind)
    .bind(micros(*at))
    .bind(&answer.body_hash)
    .bind(i64::from(answer.status))
    .bind(to_json(&answer.headers, "headers")?)
    .bind(&answer.body.0)
    .execute(connection)
    .await;
    match inserted {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(cause)) if cause.is_unique_violation() => Err(StoreError::DuplicateMessage),
        Err(cause) => Err(cause.into()),
    }
}

/// A new delivery is the youngest of its line: it may go next where nothing is in the line, and waits behind whatever is.
pub(super) const INSERT_DELIVERY: Said = said!(
    "INSERT INTO delivery (id, message_id, sender, recipient, child, kind, state, payload, note, items,
                           ground, attempts, due, created, updated, front)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
         CASE WHEN $7 = 'requested' AND NOT EXISTS (SELECT 1 FROM delivery" by "delivery_unsettled",
             " WHERE recipient = $4 AND child = $5 AND state IN ('requested', 'in-progress')) THEN 1 ELSE 0 END)"
);

async fn insert_delivery(connection: &mut AnyConnection, delivery: &Delivery) -> Result<(), StoreError> {
    // What is withheld never leaves, so that its payload is not kept even when it is given.
    let payload = delivery.payload.as_ref().filter(|_| keeps_payload(delivery.state));
    sqlx::query(INSERT_DELIVERY.to(connection))
        .bind(delivery.id.to_string())
        .bind(delivery.message_id.to_string())
        .bind(delivery.sender.as_str())
        .bind(delivery.recipient.as_str())
        .bind(delivery.child.as_str())
        .bind(&delivery.kind)
        .bind(state_name(delivery.state))
        .bind(payload.map(|parcel| &parcel.contents.0))
        .bind(&delivery.note)
        .bind(to_json(&delivery.items, "items")?)
        .bind(&delivery.ground)
        .bind(i64::from(delivery.attempts))
        .bind(micros(delivery.due))
        .bind(micros(delivery.created))
        .bind(micros(delivery.updated))
        .execute(&mut *connection)
        .await?;
    if let Some(key) = payload.and_then(|parcel| parcel.key.as_ref()) {
        sqlx::query("INSERT INTO delivery_key (delivery, key) VALUES ($1, $2)")
            .bind(delivery.id.to_string())
            .bind(&key.0)
            .execute(connection)
            .await?;
    }
    Ok(())
}
