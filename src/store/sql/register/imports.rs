//! Imports: how far each is, and what is wrong with its rows.

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use crate::school::{Form, RowFault};
use crate::store::sql::row::{from_json, micros, number, partner, text, time, to_json, unreadable, uuid};
use crate::store::{Import, StoreError};

/// Tables with rows of imports.
const STAGED: [&str; 4] = [
    "DELETE FROM staged_school WHERE import = $1",
    "DELETE FROM staged_successor WHERE import = $1",
    "DELETE FROM staged_pupil WHERE import = $1",
    "DELETE FROM staged_place WHERE import = $1",
];

/// The register's revision.
pub(super) async fn revision(connection: &mut AnyConnection) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT revision FROM register").fetch_one(connection).await?;
    number(&row, "revision")
}

/// Children or places changed.
pub(super) async fn revise(connection: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("UPDATE register SET revision = revision + 1").execute(connection).await?;
    Ok(())
}

/// Begins one; a second with the same id is an error.
pub(super) async fn begin(connection: &mut AnyConnection, import: &Import) -> Result<(), StoreError> {
    let written = sqlx::query(
        "INSERT INTO import (id, form, author, begun, state, basis, lines, faults, summary, note)
         VALUES ($1, $2, $3, $4, 'reading', $5, 0, 0, $6, $7) ON CONFLICT (id) DO NOTHING",
    )
    .bind(import.id.to_string())
    .bind(import.form.name())
    .bind(import.author.as_str())
    .bind(micros(import.begun))
    .bind(i64::try_from(import.basis).unwrap_or(i64::MAX))
    .bind(to_json(&import.summary, "summary")?)
    .bind(&import.note)
    .execute(connection)
    .await?;
    if written.rows_affected() == 1 { Ok(()) } else { Err(StoreError::DuplicateMessage) }
}

/// One import.
pub(super) async fn one(connection: &mut AnyConnection, id: Uuid) -> Result<Option<Import>, StoreError> {
    let row = sqlx::query("SELECT * FROM import WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// One that can be committed: it was read, and nothing that it was compared with changed since.
pub(super) async fn ready(connection: &mut AnyConnection, id: Uuid) -> Result<Import, StoreError> {
    let import = one(connection, id).await?.ok_or(StoreError::NotInProgress)?;
    if import.state != crate::store::ImportState::Ready {
        return Err(StoreError::NotInProgress);
    }
    let now = revision(connection).await?;
    if import.form.is_about_children() && now != import.basis {
        return Err(StoreError::VersionConflict(u32::try_from(now).unwrap_or(u32::MAX)));
    }
    Ok(import)
}

/// Those that were begun before and are neither committed nor given up.
pub(super) async fn left_lying(
    connection: &mut AnyConnection,
    before: DateTime<Utc>,
) -> Result<Vec<Uuid>, StoreError> {
    let rows = sqlx::query("SELECT id FROM import WHERE state IN ('reading', 'ready') AND begun < $1")
        .bind(micros(before))
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| uuid(row, "id")).collect()
}

/// Its faults, by line.
pub(super) async fn faults(
    connection: &mut AnyConnection,
    id: Uuid,
    count: u32,
) -> Result<Vec<RowFault>, StoreError> {
    let rows = sqlx::query(
        "SELECT line, field, text FROM import_fault WHERE import = $1 ORDER BY line, seq LIMIT $2",
    )
    .bind(id.to_string())
    .bind(i64::from(count))
    .fetch_all(connection)
    .await?;
    let read = |row: &AnyRow| {
        Ok(RowFault { line: number(row, "line")?, column: text(row, "field")?, text: text(row, "text")? })
    };
    rows.iter().map(read).collect()
}

/// Removes its rows; what it was stays known.
pub(super) async fn remove_rows(
    connection: &mut AnyConnection,
    id: Uuid,
    state: &str,
) -> Result<(), StoreError> {
    for statement in STAGED {
        sqlx::query(statement).bind(id.to_string()).execute(&mut *connection).await?;
    }
    sqlx::query("UPDATE import SET state = $2 WHERE id = $1 AND state <> 'committed'")
        .bind(id.to_string())
        .bind(state)
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Import, StoreError> {
    let state = serde_json::Value::String(text(row, "state")?);
    Ok(Import {
        id: uuid(row, "id")?,
        form: Form::named(&text(row, "form")?).ok_or_else(|| unreadable("form"))?,
        author: partner(row, "author")?,
        begun: time(row, "begun")?,
        state: serde_json::from_value(state).map_err(|_| unreadable("state"))?,
        basis: number(row, "basis")?,
        lines: number(row, "lines")?,
        faults: number(row, "faults")?,
        summary: from_json(row, "summary")?,
        note: row.try_get("note")?,
    })
}
