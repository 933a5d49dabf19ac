//! Consents: every version is kept, one is current, and no child has two active ones of the same scope.

use chrono::{DateTime, Utc};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{child, micros, number, partner, sealed, text, time, unreadable};
use super::said::{Said, said};
use crate::domain::{ChildKey, PartnerId};
use crate::store::{ConsentChange, StoreError, StoredConsent};

/// Writes a new version, if it replaces the one on file and no other active consent of its scope stands.
pub(super) async fn change(connection: &mut AnyConnection, change: &ConsentChange) -> Result<(), StoreError> {
    let consent = &change.consent;
    let (on_file, others) = on_file(connection, consent).await?;
    follows(on_file, change.replaces, consent.version)?;
    if consent.status == "active" && others > 0 {
        return Err(StoreError::ActiveConsent);
    }
    if on_file.is_some() {
        sqlx::query("UPDATE consent SET current = 0 WHERE id = $1 AND current = 1")
            .bind(&consent.id)
            .execute(&mut *connection)
            .await?;
    }
    insert(connection, consent).await
}

/// The version that is current, and how many other consents of the child's are active in its scope.
async fn on_file(
    connection: &mut AnyConnection,
    consent: &StoredConsent,
) -> Result<(Option<i64>, i64), StoreError> {
    let found = sqlx::query_as(
        "SELECT (SELECT version FROM consent WHERE id = $1 AND current = 1),
                (SELECT count(*) FROM consent
                 WHERE child = $2 AND scope = $3 AND current = 1 AND status = 'active' AND id <> $1)",
    )
    .bind(&consent.id)
    .bind(consent.child.as_str())
    .bind(&consent.scope)
    .fetch_one(connection)
    .await?;
    Ok(found)
}

/// Whether a change is of the version on file: the optimistic lock of consents and flags.
pub(super) fn follows(on_file: Option<i64>, replaces: Option<u32>, version: u32) -> Result<(), StoreError> {
    let on_file = on_file.map(u32::try_from).transpose().map_err(|_| unreadable("version"))?;
    if on_file != replaces {
        return Err(StoreError::VersionConflict(on_file.unwrap_or(0)));
    }
    if version != on_file.unwrap_or(0) + 1 {
        return Err(StoreError::Engine(
            "a new version must be one higher than the one it replaces".to_owned(),
        ));
    }
    Ok(())
}

async fn insert(connection: &mut AnyConnection, consent: &StoredConsent) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO consent (id, version, child, author, status, scope, resource, updated, current)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
    )
    .bind(&consent.id)
    .bind(i64::from(consent.version))
    .bind(consent.child.as_str())
    .bind(consent.author.as_str())
    .bind(&consent.status)
    .bind(&consent.scope)
    .bind(&consent.resource.0)
    .bind(micros(consent.updated))
    .execute(connection)
    .await?;
    Ok(())
}

/// A consent in its current version.
pub(super) async fn current(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<StoredConsent>, StoreError> {
    let row = sqlx::query("SELECT * FROM consent WHERE id = $1 AND current = 1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// All versions of a consent, newest first.
pub(super) async fn history(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Vec<StoredConsent>, StoreError> {
    let rows = sqlx::query("SELECT * FROM consent WHERE id = $1 ORDER BY version DESC")
        .bind(id)
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// How many changed consents are read at a time.
pub(super) const PAGE: i64 = 200;

/// What came with a consent, in one message and so of the same moment, was decided on it: nothing can follow from it that was not done,
/// unless there is something else. Whether that was decided before or after cannot be told by its time: clocks differ, and go back.
pub(super) const CHANGED: Said = said!(
    "SELECT * FROM consent" by "consent_changed", " WHERE current = 1 AND updated >= $1 AND (updated > $1 OR id > $2) AND (
         EXISTS (SELECT 1 FROM delivery WHERE delivery.child = consent.child AND delivery.created <> consent.updated)
         OR EXISTS (SELECT 1 FROM answered WHERE answered.child = consent.child AND answered.recalled IS NULL)
         OR EXISTS (SELECT 1 FROM consent AS other
                    WHERE other.child = consent.child AND other.current = 1 AND other.id <> consent.id))
     ORDER BY updated, id LIMIT $3"
);

/// Whether something else is on file about a child than what one message brought.
pub(super) const MORE: &str =
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE child = $1 AND (message_id <> $2 OR sender <> $3))
         OR EXISTS (SELECT 1 FROM answered WHERE child = $1 AND recalled IS NULL)
         OR (SELECT count(*) FROM consent WHERE child = $1 AND current = 1) > 1
         OR EXISTS (SELECT 1 FROM same_child WHERE child = $1) THEN 1 ELSE 0 END";

/// Whether a message brought all that is on file about a child.
pub(super) async fn stands_alone(
    connection: &mut AnyConnection,
    child: &ChildKey,
    (sender, message_id): (&PartnerId, Uuid),
) -> Result<bool, StoreError> {
    let more: i64 = sqlx::query_scalar(MORE)
        .bind(child.as_str())
        .bind(message_id.to_string())
        .bind(sender.as_str())
        .fetch_one(connection)
        .await?;
    Ok(more == 0)
}

/// A page of those after a place from which something may follow.
pub(super) async fn changed(
    connection: &mut AnyConnection,
    (since, id): (DateTime<Utc>, &str),
) -> Result<Vec<StoredConsent>, StoreError> {
    let rows = sqlx::query(CHANGED.to(connection))
        .bind(micros(since))
        .bind(id)
        .bind(PAGE)
        .fetch_all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// One version of a consent, of the columns of its table.
pub(super) fn read(row: &AnyRow) -> Result<StoredConsent, StoreError> {
    Ok(StoredConsent {
        id: text(row, "id")?,
        version: number(row, "version")?,
        child: child(row)?,
        author: partner(row, "author")?,
        status: text(row, "status")?,
        scope: text(row, "scope")?,
        resource: sealed(row, "resource")?,
        updated: time(row, "updated")?,
    })
}
