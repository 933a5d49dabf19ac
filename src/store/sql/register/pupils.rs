//! Children by NHS number, and what they are found by.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::domain::ChildKey;
use crate::store::sql::numbers;
use crate::store::sql::row::{child, partner, sealed, unreadable};
use crate::store::sql::said::Asking;
use crate::store::{StoreError, StoredPupil};

/// One child.
pub(super) async fn one(
    connection: &mut AnyConnection,
    key: &ChildKey,
) -> Result<Option<StoredPupil>, StoreError> {
    for number in numbers::of(connection, key).await? {
        let row = sqlx::query("SELECT * FROM pupil WHERE child = $1")
            .bind(number.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(row) = row {
            return read(&row).map(Some);
        }
    }
    Ok(None)
}

/// Children that have one of the keys.
pub(super) async fn with_keys(
    connection: &mut AnyConnection,
    keys: &[String],
    count: u32,
) -> Result<Vec<StoredPupil>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut asking = Asking::new(
        connection,
        "SELECT * FROM pupil WHERE id IN (SELECT pupil FROM pupil_key WHERE digest IN ",
    );
    asking.list(keys.iter().map(String::as_str)).push(") ORDER BY child LIMIT ").bind(i64::from(count));
    let rows = asking.build()?.fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// Writes a child and what it is found by.
pub(super) async fn keep(connection: &mut AnyConnection, pupil: &StoredPupil) -> Result<(), StoreError> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO pupil (child, identity, author, as_of) VALUES ($1, $2, $3, $4)
         ON CONFLICT (child) DO UPDATE SET identity = excluded.identity, author = excluded.author, as_of = excluded.as_of
         RETURNING id",
    )
    .bind(pupil.child.as_str())
    .bind(&pupil.identity.0)
    .bind(pupil.author.as_str())
    .bind(pupil.as_of.to_string())
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM pupil_key WHERE pupil = $1").bind(id).execute(&mut *connection).await?;
    for key in &pupil.keys {
        sqlx::query("INSERT INTO pupil_key (digest, pupil) VALUES ($1, $2)")
            .bind(key)
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn read(row: &AnyRow) -> Result<StoredPupil, StoreError> {
    let as_of: String = row.try_get("as_of")?;
    Ok(StoredPupil {
        child: child(row)?,
        identity: sealed(row, "identity")?,
        keys: Vec::new(),
        author: partner(row, "author")?,
        as_of: as_of.parse().map_err(|_| unreadable("as_of"))?,
    })
}
