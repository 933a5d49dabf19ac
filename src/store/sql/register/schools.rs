//! Establishments, and what took whose place.

use std::collections::BTreeSet;

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::school::Establishment;
use crate::store::StoreError;
use crate::store::sql::row::{from_json, number};

/// Links that lead in a ring end after so many steps.
const STEPS_MAX: i64 = 10;

/// One establishment.
pub(super) async fn one(
    connection: &mut AnyConnection,
    urn: &str,
) -> Result<Option<Establishment>, StoreError> {
    let row =
        sqlx::query("SELECT record FROM school WHERE urn = $1").bind(urn).fetch_optional(connection).await?;
    row.as_ref().map(read).transpose()
}

/// The last of its successors; of several at one step the one with the latest date.
pub(super) async fn successor(
    connection: &mut AnyConnection,
    urn: &str,
) -> Result<Option<Establishment>, StoreError> {
    let row = sqlx::query(
        "WITH RECURSIVE chain (urn, step) AS (
             SELECT DISTINCT urn, 0 FROM school_successor WHERE urn = $1
             UNION ALL
             SELECT (SELECT successor FROM school_successor AS link WHERE link.urn = chain.urn
                     ORDER BY since DESC, successor LIMIT 1), step + 1
             FROM chain WHERE chain.urn IS NOT NULL AND step < $2
         )
         SELECT record FROM chain JOIN school ON school.urn = chain.urn
         WHERE step > 0 AND school.urn <> $1 ORDER BY step DESC LIMIT 1",
    )
    .bind(urn)
    .bind(STEPS_MAX)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The URN of a LAESTAB: of an open school before one that closed, and of the latest.
pub(super) async fn urn_of(
    connection: &mut AnyConnection,
    laestab: &str,
) -> Result<Option<String>, StoreError> {
    let found = sqlx::query_scalar(
        "SELECT urn FROM school WHERE laestab = $1 ORDER BY openness IN ('open', 'to-close') DESC, length(urn) DESC, urn DESC LIMIT 1",
    )
    .bind(laestab)
    .fetch_optional(connection)
    .await?;
    Ok(found)
}

/// The codes that LAESTABs begin with.
pub(super) async fn authorities(connection: &mut AnyConnection) -> Result<BTreeSet<u16>, StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT CAST(substr(laestab, 1, 3) AS INTEGER) AS code FROM school WHERE laestab IS NOT NULL",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| number(row, "code")).collect()
}

fn read(row: &AnyRow) -> Result<Establishment, StoreError> {
    from_json(row, "record")
}
