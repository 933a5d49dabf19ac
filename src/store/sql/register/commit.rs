//! Makes staged rows count, in the one transaction of the caller.

use chrono::{DateTime, Utc};
use sqlx::AnyConnection;
use uuid::Uuid;

use crate::journal::{Entry, Event};
use crate::store::sql::row::{child, partner, text};
use crate::store::sql::said::{Said, said};
use crate::store::{Import, StoreError};

/// Each moves one kind of row; what a person decided about a place stays decided, an older word does not replace a
/// newer one, and a list that is silent of an end does not take back one that is known.
const STEPS: [Said; 6] = [
    said!("INSERT INTO school (urn, laestab, openness, record)
     SELECT urn, laestab, openness, record FROM staged_school WHERE import = $1
     ON CONFLICT (urn) DO UPDATE SET laestab = excluded.laestab, openness = excluded.openness, record = excluded.record"),
    said!("INSERT INTO school_successor (urn, successor, since)
     SELECT urn, successor, since FROM staged_successor WHERE import = $1
     ON CONFLICT (urn, successor) DO UPDATE SET since = excluded.since"),
    said!("INSERT INTO pupil (child, identity, author, as_of)
     SELECT child, identity, author, as_of FROM staged_pupil WHERE import = $1 AND change <> 'unchanged'
     ON CONFLICT (child) DO UPDATE SET identity = excluded.identity, author = excluded.author, as_of = excluded.as_of"),
    said!("DELETE FROM pupil_key WHERE pupil IN (
         SELECT pupil.id FROM staged_pupil JOIN pupil ON pupil.child = staged_pupil.child
         WHERE import = $1 AND change = 'changed')"),
    Said {
        sqlite: "INSERT INTO pupil_key (digest, pupil)
            SELECT json_each.value, pupil.id
            FROM staged_pupil JOIN pupil ON pupil.child = staged_pupil.child, json_each(staged_pupil.keys)
            WHERE import = $1 AND change <> 'unchanged' ORDER BY 1 ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO pupil_key (digest, pupil)
            SELECT key.value, pupil.id
            FROM staged_pupil JOIN pupil ON pupil.child = staged_pupil.child,
                json_array_elements_text(staged_pupil.keys::json) AS key (value)
            WHERE import = $1 AND change <> 'unchanged' ORDER BY 1 ON CONFLICT DO NOTHING",
    },
    said!("INSERT INTO place (id, child, who, upn, pupil, attended, start, ended, as_of, source, state, rule, candidates, updated)
     SELECT id, child, who, upn, pupil, attended, start, ended, as_of, source, state, rule, candidates, updated
     FROM staged_place WHERE import = $1
     ON CONFLICT (id) DO UPDATE SET
       child = CASE WHEN place.state IN ('matched', 'dismissed') THEN place.child ELSE excluded.child END,
       rule = CASE WHEN place.state IN ('matched', 'dismissed') THEN place.rule ELSE excluded.rule END,
       candidates = CASE WHEN place.state IN ('matched', 'dismissed') THEN place.candidates ELSE excluded.candidates END,
       state = CASE WHEN place.state IN ('matched', 'dismissed') THEN place.state ELSE excluded.state END,
       pupil = excluded.pupil, upn = excluded.upn, ended = coalesce(excluded.ended, place.ended), as_of = excluded.as_of, updated = excluded.updated
     WHERE excluded.as_of >= place.as_of"),
];

/// Moves every row.
pub(super) async fn all(connection: &mut AnyConnection, id: Uuid) -> Result<(), StoreError> {
    for step in STEPS {
        sqlx::query(step.to(connection)).bind(id.to_string()).execute(&mut *connection).await?;
    }
    Ok(())
}

/// An entry for every child of which a place is new or other.
pub(super) async fn entries(
    connection: &mut AnyConnection,
    import: &Import,
    at: DateTime<Utc>,
) -> Result<Vec<Entry>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.child, s.source, s.state FROM staged_place s LEFT JOIN place ON place.id = s.id
         WHERE s.import = $1 AND s.child IS NOT NULL
           AND (place.id IS NULL OR (s.ended IS NOT NULL AND place.ended IS DISTINCT FROM s.ended) OR place.state IN ('ambiguous', 'unmatched'))
         ORDER BY s.line",
    )
    .bind(import.id.to_string())
    .fetch_all(connection)
    .await?;
    let entry = |row: &sqlx::any::AnyRow| {
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
