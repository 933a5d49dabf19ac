//! Makes staged rows count, in the one transaction of the caller.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::journal::{Entry, Event};
use crate::store::sqlite::row::{child, partner, text};
use crate::store::{Import, StoreError};

/// Each moves one kind of row; what a person decided about a place stays decided, an older word does not replace a
/// newer one, and a list that is silent of an end does not take back one that is known.
const STEPS: [&str; 6] = [
    "INSERT INTO school (urn, laestab, openness, record)
     SELECT urn, laestab, openness, record FROM staged_school WHERE import = ?
     ON CONFLICT (urn) DO UPDATE SET laestab = excluded.laestab, openness = excluded.openness, record = excluded.record",
    "INSERT INTO school_successor (urn, successor, since)
     SELECT urn, successor, since FROM staged_successor WHERE import = ?
     ON CONFLICT (urn, successor) DO UPDATE SET since = excluded.since",
    "INSERT INTO pupil (child, identity, author, as_of)
     SELECT child, identity, author, as_of FROM staged_pupil WHERE import = ? AND change <> 'unchanged'
     ON CONFLICT (child) DO UPDATE SET identity = excluded.identity, author = excluded.author, as_of = excluded.as_of",
    "DELETE FROM pupil_key WHERE pupil IN (
         SELECT pupil.id FROM staged_pupil JOIN pupil ON pupil.child = staged_pupil.child
         WHERE import = ? AND change = 'changed')",
    "INSERT OR IGNORE INTO pupil_key (digest, pupil)
     SELECT json_each.value, pupil.id
     FROM staged_pupil JOIN pupil ON pupil.child = staged_pupil.child, json_each(staged_pupil.keys)
     WHERE import = ? AND change <> 'unchanged' ORDER BY 1",
    "INSERT INTO place (id, child, who, upn, pupil, attended, start, ended, as_of, source, state, rule, candidates, updated)
     SELECT id, child, who, upn, pupil, attended, start, ended, as_of, source, state, rule, candidates, updated
     FROM staged_place WHERE import = ?
     ON CONFLICT (id) DO UPDATE SET
       child = iif(place.state IN ('matched', 'dismissed'), place.child, excluded.child),
       rule = iif(place.state IN ('matched', 'dismissed'), place.rule, excluded.rule),
       candidates = iif(place.state IN ('matched', 'dismissed'), place.candidates, excluded.candidates),
       state = iif(place.state IN ('matched', 'dismissed'), place.state, excluded.state),
       pupil = excluded.pupil, upn = excluded.upn, ended = coalesce(excluded.ended, place.ended), as_of = excluded.as_of, updated = excluded.updated
     WHERE excluded.as_of >= place.as_of",
];

/// Moves every row.
pub(super) async fn all(connection: &mut SqliteConnection, id: Uuid) -> Result<(), StoreError> {
    for step in STEPS {
        sqlx::query(step).bind(id.to_string()).execute(&mut *connection).await?;
    }
    Ok(())
}

/// An entry for every child of which a place is new or other.
pub(super) async fn entries(
    connection: &mut SqliteConnection,
    import: &Import,
    at: DateTime<Utc>,
) -> Result<Vec<Entry>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.child, s.source, s.state FROM staged_place s LEFT JOIN place ON place.id = s.id
         WHERE s.import = ? AND s.child IS NOT NULL
           AND (place.id IS NULL OR (s.ended IS NOT NULL AND place.ended IS NOT s.ended) OR place.state IN ('ambiguous', 'unmatched'))
         ORDER BY s.line",
    )
    .bind(import.id.to_string())
    .fetch_all(connection)
    .await?;
    let entry = |row: &sqlx::sqlite::SqliteRow| {
        let words = match text(row, "state")?.as_str() {
            "move" => "a place at a school was put on file that contradicts another source; somebody decides",
            _ => "a place at a school was put on file",
        };
        let entry = Entry::new(
            Event::PlaceChanged,
            at,
            child(row)?,
            partner(row, "source")?,
            import.id,
            "school-place",
        );
        Ok(Entry { note: Some(words.to_owned()), ..entry })
    };
    rows.iter().map(entry).collect()
}
