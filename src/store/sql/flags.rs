//! Safeguarding flags, in their current version: enough to end one, no more.

use sqlx::AnyConnection;

use super::consents::follows;
use super::row::{child, micros, number, partner, text, time};
use crate::store::{StoreError, StoredFlag};

/// Writes a new version of a flag, if it replaces the one on file.
pub(super) async fn change(
    connection: &mut AnyConnection,
    flag: &StoredFlag,
    replaces: Option<u32>,
) -> Result<(), StoreError> {
    let on_file: Option<i64> = sqlx::query_scalar("SELECT version FROM flag WHERE id = $1")
        .bind(&flag.id)
        .fetch_optional(&mut *connection)
        .await?;
    follows(on_file, replaces, flag.version)?;
    sqlx::query(
        "INSERT INTO flag (id, version, child, author, status, code, updated) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, child = excluded.child,
             author = excluded.author, status = excluded.status, code = excluded.code, updated = excluded.updated",
    )
    .bind(&flag.id)
    .bind(i64::from(flag.version))
    .bind(flag.child.as_str())
    .bind(flag.author.as_str())
    .bind(&flag.status)
    .bind(&flag.code)
    .bind(micros(flag.updated))
    .execute(connection)
    .await?;
    Ok(())
}

/// A flag in its current version.
pub(super) async fn current(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<StoredFlag>, StoreError> {
    let row = sqlx::query("SELECT * FROM flag WHERE id = $1").bind(id).fetch_optional(connection).await?;
    row.map(|row| {
        Ok(StoredFlag {
            id: text(&row, "id")?,
            version: number(&row, "version")?,
            child: child(&row)?,
            author: partner(&row, "author")?,
            status: text(&row, "status")?,
            code: text(&row, "code")?,
            updated: time(&row, "updated")?,
        })
    })
    .transpose()
}
