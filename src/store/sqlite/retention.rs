//! What is kept for a time only, removed a page at a time, so that nobody waits long for a turn to write.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::row::micros;
use super::{SqliteStore, register};
use crate::store::{Kept, StoreError};

/// How many rows one transaction changes.
pub(super) const PAGE: u64 = 500;

pub(super) const DEAD_LETTERS: &str = "UPDATE delivery SET payload = NULL
    WHERE seq IN (SELECT seq FROM delivery INDEXED BY delivery_dead
                  WHERE state = 'failed' AND payload IS NOT NULL AND updated < ?1 ORDER BY updated LIMIT ?2)";

pub(super) const ANSWERS: &str = "UPDATE message SET body = x''
    WHERE rowid IN (SELECT rowid FROM message INDEXED BY message_answered
                    WHERE length(body) > 0 AND accepted < ?1 ORDER BY accepted LIMIT ?2)";

pub(super) const INBOX: &str = "DELETE FROM inbox
    WHERE delivery IN (SELECT delivery FROM inbox WHERE received < ?1 ORDER BY received LIMIT ?2)";

/// Removes everything whose time is over; gives how many there were.
pub(super) async fn all(store: &SqliteStore, kept: Kept) -> Result<u64, StoreError> {
    let mut removed = 0;
    for (statement, since) in
        [(DEAD_LETTERS, kept.dead_letters_since), (ANSWERS, kept.answers_since), (INBOX, kept.inbox_since)]
    {
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
    connection: &mut SqliteConnection,
    statement: &'static str,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let changed = sqlx::query(statement).bind(micros(before)).bind(PAGE as i64).execute(connection).await?;
    Ok(changed.rows_affected())
}
