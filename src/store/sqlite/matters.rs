//! Matters: what people have to settle.

use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::row::{child, from_json, micros, number, text, time, to_json, uuid};
use crate::domain::PartnerId;
use crate::store::{Matter, StoreError};

/// Writes a matter, or what changed of it; `false` when nothing did.
pub(super) async fn keep(connection: &mut SqliteConnection, matter: &Matter) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "INSERT INTO matter (id, kind, child, owners, note, open, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET owners = excluded.owners, note = excluded.note, open = excluded.open,
             updated = excluded.updated
         WHERE open <> excluded.open OR owners <> excluded.owners",
    )
    .bind(matter.id.to_string())
    .bind(&matter.kind)
    .bind(matter.child.as_str())
    .bind(to_json(&matter.owners, "owners")?)
    .bind(&matter.note)
    .bind(matter.open)
    .bind(micros(matter.created))
    .bind(micros(matter.updated))
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// One matter.
pub(super) async fn one(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<Matter>, StoreError> {
    let row = sqlx::query("SELECT * FROM matter WHERE id = ?")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Matters, newest first.
pub(super) async fn list(
    connection: &mut SqliteConnection,
    owner: Option<&PartnerId>,
) -> Result<Vec<Matter>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM matter
         WHERE ?1 IS NULL OR EXISTS (SELECT 1 FROM json_each(matter.owners) WHERE value = ?1)
         ORDER BY created DESC, id LIMIT 1000",
    )
    .bind(owner.map(PartnerId::as_str))
    .fetch_all(connection)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<Matter, StoreError> {
    Ok(Matter {
        id: uuid(row, "id")?,
        kind: text(row, "kind")?,
        child: child(row)?,
        owners: from_json(row, "owners")?,
        note: text(row, "note")?,
        open: number::<u8>(row, "open")? == 1,
        created: time(row, "created")?,
        updated: time(row, "updated")?,
    })
}
