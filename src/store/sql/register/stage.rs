//! Rows of a file that does not count yet, and what it would change.

use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::imports;
use super::places::state_name;
use crate::domain::ChildKey;
use crate::school::{Establishment, RowFault};
use crate::store::sql::row::{micros, number, to_json, unreadable};
use crate::store::{Batch, Change, ImportState, Staged, StoreError, StoredPlace, StoredPupil, Summary};

const TWICE: &str = "This stands in the file twice. Remove one of the rows.";

/// Adds a batch to an import that is being read.
pub(super) async fn rows(connection: &mut AnyConnection, id: Uuid, batch: &Batch) -> Result<(), StoreError> {
    let import = id.to_string();
    let mut faults: Vec<RowFault> = batch.faults.clone();
    for (line, row) in &batch.rows {
        let at = i64::try_from(*line).unwrap_or(i64::MAX);
        let (field, is_new) = match row {
            Staged::School(school) => ("URN", stage_school(connection, &import, at, school).await?),
            Staged::Link(link) => {
                let insertion = sqlx::query(
                    "INSERT INTO staged_successor (import, line, urn, successor, since) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                );
                let insertion =
                    insertion.bind(&import).bind(at).bind(link.urn.as_str()).bind(link.successor.as_str());
                let written =
                    insertion.bind(link.since.map(|day| day.to_string())).execute(&mut *connection).await?;
                ("URN", written.rows_affected() == 1)
            }
            Staged::Pupil(pupil, change) => {
                ("NHS number", stage_pupil(connection, &import, at, pupil, *change).await?)
            }
            Staged::Learned(pupil, change) => {
                stage_pupil(connection, &import, at, pupil, *change).await?;
                ("", true)
            }
            Staged::Place(place) => ("Place", stage_place(connection, &import, at, place).await?),
        };
        if !is_new {
            faults.push(RowFault { line: *line, column: field.to_owned(), text: TWICE.to_owned() });
        }
    }
    let wrong = keep_faults(connection, &import, &faults).await?;
    let lines = i64::try_from(batch.lines).unwrap_or(i64::MAX);
    let written = sqlx::query(
        "UPDATE import SET lines = lines + $2, faults = faults + $3 WHERE id = $1 AND state = 'reading'",
    )
    .bind(&import)
    .bind(lines)
    .bind(wrong)
    .execute(connection)
    .await?;
    if written.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotInProgress) }
}

async fn keep_faults(
    connection: &mut AnyConnection,
    import: &str,
    faults: &[RowFault],
) -> Result<i64, StoreError> {
    for fault in faults {
        sqlx::query("INSERT INTO import_fault (import, line, field, text) VALUES ($1, $2, $3, $4)")
            .bind(import)
            .bind(i64::try_from(fault.line).unwrap_or(i64::MAX))
            .bind(&fault.column)
            .bind(&fault.text)
            .execute(&mut *connection)
            .await?;
    }
    Ok(i64::try_from(faults.len()).unwrap_or(i64::MAX))
}

async fn stage_school(
    connection: &mut AnyConnection,
    import: &str,
    line: i64,
    school: &Establishment,
) -> Result<bool, StoreError> {
    let openness = to_json(&school.openness, "openness")?;
    let written = sqlx::query(
        "INSERT INTO staged_school (import, line, urn, laestab, openness, record) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(import)
    .bind(line)
    .bind(&school.urn)
    .bind(school.laestab())
    .bind(openness.trim_matches('\u{22}'))
    .bind(to_json(school, "record")?)
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

async fn stage_pupil(
    connection: &mut AnyConnection,
    import: &str,
    line: i64,
    pupil: &StoredPupil,
    change: Change,
) -> Result<bool, StoreError> {
    let change = match change {
        Change::Added => "added",
        Change::Changed => "changed",
        Change::Unchanged => "unchanged",
    };
    let written = sqlx::query(
        "INSERT INTO staged_pupil (import, line, child, identity, keys, author, as_of, change)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(import)
    .bind(line)
    .bind(pupil.child.as_str())
    .bind(&pupil.identity.0)
    .bind(to_json(&pupil.keys, "keys")?)
    .bind(pupil.author.as_str())
    .bind(pupil.as_of.to_string())
    .bind(change)
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

async fn stage_place(
    connection: &mut AnyConnection,
    import: &str,
    line: i64,
    place: &StoredPlace,
) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "INSERT INTO staged_place (import, line, id, child, who, upn, pupil, attended, start, ended, as_of, source,
             state, rule, candidates, updated)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
    )
    .bind(import)
    .bind(line)
    .bind(&place.id)
    .bind(place.child.as_ref().map(ChildKey::as_str))
    .bind(&place.who)
    .bind(&place.upn)
    .bind(&place.pupil.0)
    .bind(&place.attended)
    .bind(place.start.map(|day| day.to_string()))
    .bind(place.ended.map(|day| day.to_string()))
    .bind(place.as_of.to_string())
    .bind(place.source.as_str())
    .bind(state_name(place.state)?)
    .bind(place.rule.map(|rule| to_json(&rule, "rule")).transpose()?)
    .bind(to_json(&place.candidates, "candidates")?)
    .bind(micros(place.updated))
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Ends the reading: rows that contradict each other are faults, and what the rest would change is counted.
pub(super) async fn end(
    connection: &mut AnyConnection,
    id: Uuid,
    refused: Option<&str>,
) -> Result<(), StoreError> {
    let import = id.to_string();
    if let Some(why) = refused {
        sqlx::query("UPDATE import SET note = $1 WHERE id = $2")
            .bind(why)
            .bind(&import)
            .execute(&mut *connection)
            .await?;
        return imports::remove_rows(connection, id, "refused").await;
    }
    let doubled = doubled_numbers(connection, &import).await?;
    let summary = summary(connection, &import).await?;
    sqlx::query("UPDATE import SET state = 'ready', faults = faults + $2, summary = $3 WHERE id = $1 AND state = 'reading'")
        .bind(&import)
        .bind(doubled)
        .bind(to_json(&summary, "summary")?)
        .execute(&mut *connection)
        .await?;
    match imports::one(connection, id).await? {
        Some(import) if import.state == ImportState::Ready => Ok(()),
        _ => Err(StoreError::NotInProgress),
    }
}

/// One number for two pupils: nobody can tell whose it is, so that none of these rows is taken.
async fn doubled_numbers(connection: &mut AnyConnection, import: &str) -> Result<i64, StoreError> {
    const DOUBLED: &str = "(upn IN (SELECT upn FROM staged_place WHERE import = $1 AND upn IS NOT NULL GROUP BY upn HAVING count(DISTINCT who) > 1)
        OR id IN (SELECT id FROM staged_place WHERE import = $1 GROUP BY id HAVING count(*) > 1))";
    let find = format!("SELECT line FROM staged_place WHERE import = $1 AND {DOUBLED} ORDER BY line");
    let rows = sqlx::query(sqlx::AssertSqlSafe(find)).bind(import).fetch_all(&mut *connection).await?;
    let faults: Vec<RowFault> = rows
        .iter()
        .map(|row| {
            let text =
                "Two pupils in the file have this number. Find out whose it is; neither row was taken.";
            Ok(RowFault {
                line: number(row, "line")?,
                column: "UPN or NHS number".to_owned(),
                text: text.to_owned(),
            })
        })
        .collect::<Result<_, StoreError>>()?;
    let remove = format!("DELETE FROM staged_place WHERE import = $1 AND {DOUBLED}");
    sqlx::query(sqlx::AssertSqlSafe(remove)).bind(import).execute(&mut *connection).await?;
    keep_faults(connection, import, &faults).await
}

/// What would be added, changed, closed and left, row by row.
async fn summary(connection: &mut AnyConnection, import: &str) -> Result<Summary, StoreError> {
    let row = sqlx::query(
        "SELECT
           (SELECT count(*) FROM staged_school s WHERE s.import = $1 AND NOT EXISTS (SELECT 1 FROM school WHERE school.urn = s.urn))
         + (SELECT count(*) FROM staged_successor s WHERE s.import = $1 AND NOT EXISTS
              (SELECT 1 FROM school_successor l WHERE l.urn = s.urn AND l.successor = s.successor))
         + (SELECT count(*) FROM staged_pupil WHERE import = $1 AND change = 'added' AND NOT EXISTS (SELECT 1 FROM staged_place WHERE import = $1))
         + (SELECT count(*) FROM staged_place s WHERE s.import = $1 AND NOT EXISTS (SELECT 1 FROM place WHERE place.id = s.id)) AS added,
           (SELECT count(*) FROM staged_school s JOIN school ON school.urn = s.urn WHERE s.import = $1 AND school.record <> s.record)
         + (SELECT count(*) FROM staged_successor s JOIN school_successor l ON l.urn = s.urn AND l.successor = s.successor
              WHERE s.import = $1 AND l.since IS DISTINCT FROM s.since)
         + (SELECT count(*) FROM staged_pupil WHERE import = $1 AND change = 'changed' AND NOT EXISTS (SELECT 1 FROM staged_place WHERE import = $1))
         + (SELECT count(*) FROM staged_place s JOIN place ON place.id = s.id WHERE s.import = $1
              AND ((s.ended IS NOT NULL AND place.ended IS DISTINCT FROM s.ended) OR place.as_of < s.as_of
                   OR place.state IN ('ambiguous', 'unmatched') AND place.state <> s.state)) AS changed,
           (SELECT count(*) FROM staged_school s JOIN school ON school.urn = s.urn
              WHERE s.import = $1 AND s.openness = 'closed' AND school.openness <> 'closed') AS closed,
           (SELECT count(*) FROM staged_school WHERE import = $1) + (SELECT count(*) FROM staged_successor WHERE import = $1)
         + (SELECT count(*) FROM staged_pupil WHERE import = $1 AND NOT EXISTS (SELECT 1 FROM staged_place WHERE import = $1))
         + (SELECT count(*) FROM staged_place WHERE import = $1) AS all_rows,
           (SELECT count(*) FROM school WHERE EXISTS (SELECT 1 FROM staged_school WHERE import = $1)
              AND NOT EXISTS (SELECT 1 FROM staged_school s WHERE s.import = $1 AND s.urn = school.urn)) AS missing,
           (SELECT count(*) FROM staged_place WHERE import = $1 AND state = 'matched') AS matched,
           (SELECT count(*) FROM staged_place WHERE import = $1 AND state = 'ambiguous') AS ambiguous,
           (SELECT count(*) FROM staged_place WHERE import = $1 AND state = 'unmatched') AS unmatched,
           (SELECT count(*) FROM staged_place WHERE import = $1 AND state = 'move') AS moves",
    )
    .bind(import)
    .fetch_one(connection)
    .await?;
    let count = |column: &str| number::<u64>(&row, column);
    let (added, changed, all) = (count("added")?, count("changed")?, count("all_rows")?);
    let unchanged = all.checked_sub(added + changed).ok_or_else(|| unreadable("all_rows"))?;
    debug_assert!(row.len() == 9, "every count has its place in the summary");
    Ok(Summary {
        added,
        changed,
        closed: count("closed")?,
        unchanged,
        missing: count("missing")?,
        matched: count("matched")?,
        ambiguous: count("ambiguous")?,
        unmatched: count("unmatched")?,
        moves: count("moves")?,
    })
}
