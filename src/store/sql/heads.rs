//! Signed heads of the journal.

use sqlx::AnyConnection;

use super::row::{number, text};
use super::said::Engine;
use crate::journal::SignedHead;
use crate::store::StoreError;

/// Keeps one; another replica may have signed the same before.
pub(super) async fn keep(connection: &mut AnyConnection, head: &SignedHead) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO journal_head (count, hash, at, key, signature) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
        .bind(i64::try_from(head.count).unwrap_or(i64::MAX))
        .bind(&head.hash)
        .bind(&head.at)
        .bind(&head.key)
        .bind(&head.signature)
        .execute(connection)
        .await?;
    Ok(())
}

/// All, oldest first; none in a store of before heads were signed, which may be opened for reading only.
pub(super) async fn all(connection: &mut AnyConnection) -> Result<Vec<SignedHead>, StoreError> {
    if Engine::of(connection) == Engine::Sqlite {
        let tables: i64 =
            sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'journal_head'")
                .fetch_one(&mut *connection)
                .await?;
        if tables == 0 {
            return Ok(Vec::new());
        }
    }
    let rows = sqlx::query("SELECT * FROM journal_head ORDER BY count").fetch_all(connection).await?;
    let read = |row: &sqlx::any::AnyRow| {
        Ok(SignedHead {
            count: number(row, "count")?,
            hash: text(row, "hash")?,
            at: text(row, "at")?,
            key: text(row, "key")?,
            signature: text(row, "signature")?,
        })
    };
    rows.iter().map(read).collect()
}
