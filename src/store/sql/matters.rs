//! Matters: what people have to settle.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{child, from_json, micros, number, text, time, to_json, uuid};
use crate::domain::PartnerId;
use crate::store::{Matter, StoreError};

/// Writes a matter, or what changed of it; `false` when nothing did.
pub(super) async fn keep(connection: &mut AnyConnection, matter: &Matter) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "INSERT INTO matter (id, kind, child, owners, note, open, created, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET owners = excluded.owners, note = excluded.note, open = excluded.open,
             updated = excluded.updated
         WHERE matter.open <> excluded.open OR matter.owners <> excluded.owners",
    )
    .bind(matter.id.to_string())
    .bind(&matter.kind)
    .bind(matter.child.as_str())
    .bind(to_json(&matter.owners, "owners")?)
    .bind(&matter.note)
    .bind(i64::from(matter.open))
    .bind(micros(matter.created))
    .bind(micros(matter.updated))
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// One matter.
pub(super) async fn one(connection: &mut AnyConnection, id: Uuid) -> Result<Option<Matter>, StoreError> {
    let row = sqlx::query("SELECT * FROM matter WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Matters, newest first. A partner's name has letters, digits and hyphens only: it is found in the list as it stands there.
pub(super) async fn list(
    connection: &mut AnyConnection,
    owner: Option<&PartnerId>,
) -> Result<Vec<Matter>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM matter
         WHERE $1 IS NULL OR owners LIKE '%\"' || $1 || '\"%'
         ORDER BY created DESC, id LIMIT 1000",
    )
    .bind(owner.map(PartnerId::as_str))
    .fetch_all(connection)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Matter, StoreError> {
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
