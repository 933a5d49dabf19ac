//! Children by NHS number, and what they are found by.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, SqliteConnection};

use crate::domain::ChildKey;
use crate::store::sqlite::row::{child, partner, sealed, unreadable};
use crate::store::{StoreError, StoredPupil};

/// One child.
pub(super) async fn one(
    connection: &mut SqliteConnection,
    key: &ChildKey,
) -> Result<Option<StoredPupil>, StoreError> {
    let row = sqlx::query("SELECT * FROM pupil WHERE child = ?")
        .bind(key.as_str())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Children that have one of the keys.
pub(super) async fn with_keys(
    connection: &mut SqliteConnection,
    keys: &[String],
    count: u32,
) -> Result<Vec<StoredPupil>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut query =
        QueryBuilder::new("SELECT * FROM pupil WHERE id IN (SELECT pupil FROM pupil_key WHERE digest IN (");
    let mut list = query.separated(", ");
    for key in keys {
        list.push_bind(key);
    }
    query.push(")) ORDER BY child LIMIT ").push_bind(count);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Writes a child and what it is found by.
pub(super) async fn keep(connection: &mut SqliteConnection, pupil: &StoredPupil) -> Result<(), StoreError> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO pupil (child, identity, author, as_of) VALUES (?, ?, ?, ?)
         ON CONFLICT (child) DO UPDATE SET identity = excluded.identity, author = excluded.author, as_of = excluded.as_of
         RETURNING id",
    )
    .bind(pupil.child.as_str())
    .bind(&pupil.identity.0)
    .bind(pupil.author.as_str())
    .bind(pupil.as_of.to_string())
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM pupil_key WHERE pupil = ?").bind(id).execute(&mut *connection).await?;
    for key in &pupil.keys {
        sqlx::query("INSERT INTO pupil_key (digest, pupil) VALUES (?, ?)")
            .bind(key)
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn read(row: &SqliteRow) -> Result<StoredPupil, StoreError> {
    let as_of: String = row.try_get("as_of")?;
    Ok(StoredPupil {
        child: child(row)?,
        identity: sealed(row, "identity")?,
        keys: Vec::new(),
        author: partner(row, "author")?,
        as_of: as_of.parse().map_err(|_| unreadable("as_of"))?,
    })
}
