//! What is kept for a time only, removed a page at a time, so that nobody waits long for a turn to write.

use chrono::{DateTime, Utc};
use sqlx::AnyConnection;

use super::row::micros;
use super::said::{Said, said};
use super::{SqlStore, register};
use crate::store::{Kept, StoreError};

/// How many rows one transaction changes.
pub(super) const PAGE: u64 = 500;

pub(super) const DEAD_LETTERS: Said = said!("UPDATE delivery SET payload = NULL
    WHERE seq IN (SELECT seq FROM delivery" by "delivery_dead", "
                  WHERE state = 'failed' AND payload IS NOT NULL AND updated < $1 ORDER BY updated LIMIT $2)");

/// An empty answer is the beginning of what was there: the engines write empty bytes differently.
pub(super) const ANSWERS: Said = said!("UPDATE message SET body = substr(body, 1, 0)
    WHERE (sender, message_id) IN (SELECT sender, message_id FROM message" by "message_answered", "
                    WHERE length(body) > 0 AND accepted < $1 ORDER BY accepted LIMIT $2)");

pub(super) const INBOX: Said = said!(
    "DELETE FROM inbox
    WHERE delivery IN (SELECT delivery FROM inbox WHERE received < $1 ORDER BY received LIMIT $2)"
);

pub(super) const SIGNED_OUT: Said = said!(
    "DELETE FROM signed_out
    WHERE session IN (SELECT session FROM signed_out WHERE at < $1 ORDER BY at LIMIT $2)"
);

pub(super) const BIRTHS: Said = said!(
    "DELETE FROM birth WHERE (authority, child, sender, message_id) IN
        (SELECT authority, child, sender, message_id FROM birth WHERE until < $1 ORDER BY until LIMIT $2)"
);

/// Removes everything whose time is over; gives how many there were.
pub(super) async fn all(store: &SqlStore, kept: Kept) -> Result<u64, StoreError> {
    let mut removed = 0;
    for (statement, since) in [
        (DEAD_LETTERS, kept.dead_letters_since),
        (ANSWERS, kept.answers_since),
        (INBOX, kept.inbox_since),
        (SIGNED_OUT, kept.signed_out_since),
        (BIRTHS, kept.births_until),
    ] {
        loop {
            let mut transaction = store.write().await?;
            let changed = page(&mut transaction, statement, since).await?;
            transaction.commit().await?;
            removed += changed;
            if changed < PAGE {
                break;
            }
        }
    }
    let mut transaction = store.write().await?;
    removed += register::forget_previews(&mut transaction, kept.answers_since).await?;
    transaction.commit().await?;
    Ok(removed)
}

/// Changes a page of rows older than that; gives how many there were.
async fn page(
    connection: &mut AnyConnection,
    statement: Said,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let changed = sqlx::query(statement.to(connection))
        .bind(micros(before))
        .bind(PAGE as i64)
        .execute(connection)
        .await?;
    Ok(changed.rows_affected())
}
