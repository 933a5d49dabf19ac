//! Places: what each source says of where a child is taught, and what people decided about it.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::domain::{ChildKey, PartnerId};
use crate::school::Rule;
use crate::store::sql::row::{from_json, micros, partner, sealed, text, time, to_json, unreadable};
use crate::store::sql::said::Asking;
use crate::store::{PlaceDecision, PlaceState, StoreError, StoredPlace};

/// The most places at one school that are read.
const AT_SCHOOL_MAX: i64 = 5_000;

/// Everything about a child that was not dismissed.
pub(super) async fn of_child(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<StoredPlace>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM place WHERE child = $1 AND state <> 'dismissed'
         UNION ALL SELECT place.* FROM same_child JOIN place ON place.child = same_child.other
         WHERE same_child.child = $1 AND state <> 'dismissed'
         ORDER BY start, id",
    )
    .bind(child.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter().map(read).collect()
}

/// Places at a school that count.
pub(super) async fn at_school(
    connection: &mut AnyConnection,
    urn: &str,
) -> Result<Vec<StoredPlace>, StoreError> {
    let rows =
        sqlx::query("SELECT * FROM place WHERE attended = $1 AND state = 'matched' ORDER BY id LIMIT $2")
            .bind(urn)
            .bind(AT_SCHOOL_MAX)
            .fetch_all(connection)
            .await?;
    rows.iter().map(read).collect()
}

/// Places in these states, of one source or all, by id.
pub(super) async fn waiting(
    connection: &mut AnyConnection,
    states: &[PlaceState],
    source: Option<&PartnerId>,
    after: &str,
    count: u32,
) -> Result<Vec<StoredPlace>, StoreError> {
    let states = states.iter().map(|state| state_name(*state)).collect::<Result<Vec<_>, _>>()?;
    let mut asking = Asking::new(connection, "SELECT * FROM place WHERE state IN ");
    asking.list(states.iter().map(String::as_str)).push(" AND id > ").bind(after);
    if let Some(source) = source {
        asking.push(" AND source = ").bind(source.as_str());
    }
    asking.push(" ORDER BY id LIMIT ").bind(i64::from(count));
    let rows = asking.build()?.fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// One place.
pub(super) async fn one(connection: &mut AnyConnection, id: &str) -> Result<Option<StoredPlace>, StoreError> {
    let row = sqlx::query("SELECT * FROM place WHERE id = $1").bind(id).fetch_optional(connection).await?;
    row.as_ref().map(read).transpose()
}

/// Writes a decision, if the place still waits.
pub(super) async fn decide(
    connection: &mut AnyConnection,
    decision: &PlaceDecision,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "UPDATE place SET state = $2, child = coalesce($3, child), candidates = '[]', updated = $4
         WHERE id = $1 AND state IN ('ambiguous', 'move', 'unmatched')",
    )
    .bind(&decision.id)
    .bind(state_name(decision.state)?)
    .bind(decision.child.as_ref().map(ChildKey::as_str))
    .bind(micros(at))
    .execute(&mut *connection)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(false);
    }
    for (id, day) in &decision.ends {
        sqlx::query(
            "UPDATE place SET ended = $2, updated = $3 WHERE id = $1 AND (ended IS NULL OR ended > $2)",
        )
        .bind(id)
        .bind(day.to_string())
        .bind(micros(at))
        .execute(&mut *connection)
        .await?;
    }
    Ok(true)
}

/// What looking again found, if the place still waits.
pub(super) async fn look_again(
    connection: &mut AnyConnection,
    place: &StoredPlace,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE place SET state = $2, child = $3, rule = $4, candidates = $5, updated = $6
         WHERE id = $1 AND state IN ('ambiguous', 'unmatched')",
    )
    .bind(&place.id)
    .bind(state_name(place.state)?)
    .bind(place.child.as_ref().map(ChildKey::as_str))
    .bind(place.rule.map(|rule| to_json(&rule, "rule")).transpose()?)
    .bind(to_json(&place.candidates, "candidates")?)
    .bind(micros(place.updated))
    .execute(connection)
    .await?;
    Ok(())
}

/// The word for a state, as it is kept.
pub(super) fn state_name(state: PlaceState) -> Result<String, StoreError> {
    let word = serde_json::to_value(state).map_err(|_| unreadable("state"))?;
    word.as_str().map(str::to_owned).ok_or_else(|| unreadable("state"))
}

fn day(row: &AnyRow, column: &str) -> Result<Option<NaiveDate>, StoreError> {
    let day: Option<String> = row.try_get(column)?;
    day.map(|day| day.parse().map_err(|_| unreadable(column))).transpose()
}

fn read(row: &AnyRow) -> Result<StoredPlace, StoreError> {
    let child: Option<String> = row.try_get("child")?;
    let rule: Option<String> = row.try_get("rule")?;
    let state = serde_json::Value::String(text(row, "state")?);
    let rule: Option<Rule> =
        rule.map(|rule| serde_json::from_str(&rule).map_err(|_| unreadable("rule"))).transpose()?;
    Ok(StoredPlace {
        id: text(row, "id")?,
        child: child.map(ChildKey),
        who: text(row, "who")?,
        upn: row.try_get("upn")?,
        pupil: sealed(row, "pupil")?,
        attended: text(row, "attended")?,
        start: day(row, "start")?,
        ended: day(row, "ended")?,
        as_of: day(row, "as_of")?.ok_or_else(|| unreadable("as_of"))?,
        source: partner(row, "source")?,
        state: serde_json::from_value(state).map_err(|_| unreadable("state"))?,
        rule,
        candidates: from_json(row, "candidates")?,
        updated: time(row, "updated")?,
    })
}
