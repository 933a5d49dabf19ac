//! Values as the engines keep them, and back. What cannot be read is named by its column, never by its value.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use crate::domain::{ChildKey, PartnerId};
use crate::store::{Alerted, Delivery, Parcel, Sealed, State, StoreError};

impl From<sqlx::Error> for StoreError {
    /// The engine's own words; they name tables and columns, never values.
    fn from(cause: sqlx::Error) -> Self {
        let code = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
        if code.is_some_and(|code| NO_ROOM.contains(&code.as_ref())) {
            return Self::Full;
        }
        Self::Engine(cause.to_string())
    }
}

/// What the engines say when the disk is full: SQLite of the file, of its log, of the log's index (<https://www.sqlite.org/rescode.html>);
/// PostgreSQL (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
const NO_ROOM: &[&str] = &["13", "4874", "5386", "53100"];

/// The error for a value on file that is not what it should be.
pub(super) fn unreadable(column: &str) -> StoreError {
    StoreError::Engine(format!("the column {column} on file holds what Kith never wrote"))
}

/// A time as it is kept: to the microsecond, as PostgreSQL keeps it too.
pub(super) fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

pub(super) fn time(row: &AnyRow, column: &str) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(row.try_get(column)?).ok_or_else(|| unreadable(column))
}

pub(super) fn optional_time(row: &AnyRow, column: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    let micros: Option<i64> = row.try_get(column)?;
    micros.map(|micros| DateTime::from_timestamp_micros(micros).ok_or_else(|| unreadable(column))).transpose()
}

pub(super) fn number<T: TryFrom<i64>>(row: &AnyRow, column: &str) -> Result<T, StoreError> {
    let number: i64 = row.try_get(column)?;
    T::try_from(number).map_err(|_| unreadable(column))
}

pub(super) fn text(row: &AnyRow, column: &str) -> Result<String, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn partner(row: &AnyRow, column: &str) -> Result<PartnerId, StoreError> {
    text(row, column).map(PartnerId)
}

pub(super) fn child(row: &AnyRow) -> Result<ChildKey, StoreError> {
    text(row, "child").map(ChildKey)
}

pub(super) fn sealed(row: &AnyRow, column: &str) -> Result<Sealed, StoreError> {
    Ok(Sealed(row.try_get(column)?))
}

/// Lists of words and headers, as JSON text.
pub(super) fn to_json(list: &impl Serialize, column: &str) -> Result<String, StoreError> {
    serde_json::to_string(list).map_err(|_| unreadable(column))
}

pub(super) fn from_json<T: DeserializeOwned>(row: &AnyRow, column: &str) -> Result<T, StoreError> {
    serde_json::from_str(&text(row, column)?).map_err(|_| unreadable(column))
}

pub(super) fn uuid(row: &AnyRow, column: &str) -> Result<Uuid, StoreError> {
    text(row, column)?.parse().map_err(|_| unreadable(column))
}

/// The word for a state, as in FHIR's Task.
pub(super) fn state_name(state: State) -> &'static str {
    match state {
        State::Requested => "requested",
        State::InProgress => "in-progress",
        State::Completed => "completed",
        State::Failed => "failed",
        State::Rejected => "rejected",
        State::Cancelled => "cancelled",
    }
}

fn state(row: &AnyRow) -> Result<State, StoreError> {
    Ok(match text(row, "state")?.as_str() {
        "requested" => State::Requested,
        "in-progress" => State::InProgress,
        "completed" => State::Completed,
        "failed" => State::Failed,
        "rejected" => State::Rejected,
        "cancelled" => State::Cancelled,
        _ => return Err(unreadable("state")),
    })
}

/// Whether a delivery in this state may still leave, so that its payload must stay.
pub(super) fn keeps_payload(state: State) -> bool {
    matches!(state, State::Requested | State::InProgress | State::Failed)
}

fn alerted(row: &AnyRow) -> Result<Option<Alerted>, StoreError> {
    let note: Option<String> = row.try_get("alert_note")?;
    let at = optional_time(row, "alerted")?;
    Ok(at.zip(note).map(|(at, note)| Alerted { at, note }))
}

/// The payload, and its key, which lies in a table of its own.
fn parcel(row: &AnyRow) -> Result<Option<Parcel>, StoreError> {
    let contents: Option<Vec<u8>> = row.try_get("payload")?;
    let Some(contents) = contents.map(Sealed) else { return Ok(None) };
    let key: Option<Vec<u8>> = row.try_get("key")?;
    Ok(Some(Parcel { key: key.map(Sealed), contents }))
}

/// A delivery of a row that has all its columns and its key; a receipt is asked for with `NULL AS payload`.
pub(super) fn delivery(row: &AnyRow) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: uuid(row, "id")?,
        message_id: uuid(row, "message_id")?,
        sender: partner(row, "sender")?,
        recipient: partner(row, "recipient")?,
        concealed: number::<i64>(row, "concealed")? != 0,
        child: child(row)?,
        kind: text(row, "kind")?,
        state: state(row)?,
        payload: parcel(row)?,
        note: text(row, "note")?,
        items: from_json(row, "items")?,
        holds: from_json(row, "holds")?,
        weighed: text(row, "weighed")?,
        ground: row.try_get("ground")?,
        attempts: number(row, "attempts")?,
        acknowledged: optional_time(row, "acknowledged")?,
        alerted: alerted(row)?,
        due: time(row, "due")?,
        created: time(row, "created")?,
        updated: time(row, "updated")?,
    })
}
