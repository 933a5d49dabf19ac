//! Accepting a message: everything it brings, in the one transaction of the caller; and the answer it got.

use std::collections::HashSet;

use sqlx::AnyConnection;
use uuid::Uuid;

use super::row::{from_json, keeps_payload, micros, number, sealed, state_name, text, to_json};
use super::said::Asking;
use super::{births, child, consents, flags, journal, receipts};
use crate::domain::{ChildKey, PartnerId};
use crate::store::{Acceptance, Delivery, FirstAnswer, Parcel, Sealed, State, StoreError};

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
    insert_deliveries(connection, &acceptance.deliveries).await?;
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

/// How many deliveries one statement writes; a message has fewer.
const ROWS_MAX: usize = 32;

/// A new delivery is the youngest of its line: it may go next where nothing is in the line, and waits behind whatever is.
pub(super) fn inserting(connection: &AnyConnection, deliveries: &[Delivery]) -> Result<Asking, StoreError> {
    let items = deliveries.iter().map(|one| to_json(&one.items, "items")).collect::<Result<Vec<_>, _>>()?;
    let mut asking = Asking::new(
        connection,
        "INSERT INTO delivery (id, message_id, sender, recipient, concealed, child, kind, state, payload, note, items, ground,
                               weighed, attempts, due, created, updated, line, front) VALUES ",
    );
    // What goes first in its line of those that are written here; what was there before is asked for by the statement.
    let mut lines = HashSet::new();
    asking.rows(deliveries.iter().zip(items), |asking, (delivery, items)| {
        asking.bind(delivery.id.to_string()).and(delivery.message_id.to_string());
        asking.and(delivery.sender.as_str()).and(delivery.recipient.as_str());
        asking.and(i64::from(delivery.concealed)).and(delivery.child.as_str());
        asking.and(delivery.kind.as_str()).and(state_name(delivery.state));
        asking.and(kept(delivery).map(|parcel| parcel.contents.0.as_slice()));
        asking.and(delivery.note.as_str()).and(items).and(delivery.ground.as_deref());
        asking.and(delivery.weighed.as_str());
        asking.and(i64::from(delivery.attempts)).and(micros(delivery.due));
        asking.and(micros(delivery.created)).and(micros(delivery.updated));
        in_line(asking.push(", "), &delivery.child);
        let line = (&delivery.recipient, &delivery.child);
        if delivery.state == State::Requested && lines.insert(line) {
            asking.push(", CASE WHEN EXISTS (SELECT 1 FROM delivery").by("delivery_unsettled");
            asking.push(" WHERE recipient = ").bind(line.0.as_str()).push(" AND line = ");
            in_line(asking, line.1);
            asking.push(" AND state IN ('requested', 'in-progress')) THEN 0 ELSE 1 END");
        } else {
            asking.push(", 0");
        }
    });
    Ok(asking)
}

/// The line of a child: the least key among its numbers.
fn in_line(asking: &mut Asking, child: &ChildKey) {
    asking.push("coalesce((SELECT min(other) FROM same_child WHERE child = ").bind(child.as_str());
    asking.push(" AND other < ").bind(child.as_str()).push("), ").bind(child.as_str()).push(")");
}

/// What is withheld never leaves, so that its payload is not kept even when it is given.
fn kept(delivery: &Delivery) -> Option<&Parcel> {
    delivery.payload.as_ref().filter(|_| keeps_payload(delivery.state))
}

async fn insert_deliveries(
    connection: &mut AnyConnection,
    deliveries: &[Delivery],
) -> Result<(), StoreError> {
    for together in deliveries.chunks(ROWS_MAX) {
        inserting(connection, together)?.build()?.execute(&mut *connection).await?;
        let key = |one| Some((one, kept(one)?.key.as_ref()?));
        let keys: Vec<(&Delivery, &Sealed)> = together.iter().filter_map(key).collect();
        if keys.is_empty() {
            continue;
        }
        let mut asking = Asking::new(connection, "INSERT INTO delivery_key (delivery, key) VALUES ");
        asking.rows(keys, |asking, (delivery, key)| {
            asking.bind(delivery.id.to_string()).and(key.0.as_slice());
        });
        asking.build()?.execute(&mut *connection).await?;
    }
    Ok(())
}
