//! What is on file about one child, and who is around it.

use sqlx::SqliteConnection;

use super::consents;
use super::row::{micros, partner, text, time};
use crate::domain::ChildKey;
use crate::store::{ChildFile, CircleMember, StoreError};

/// Consents and circle; the caller's transaction makes them of one moment.
pub(super) async fn file(
    connection: &mut SqliteConnection,
    child: &ChildKey,
) -> Result<ChildFile, StoreError> {
    let consents = consents::of_child(connection, child).await?;
    let rows = sqlx::query(
        "SELECT partner, relation, since FROM circle WHERE child = ? ORDER BY since, partner, relation",
    )
    .bind(child.as_str())
    .fetch_all(connection)
    .await?;
    let circle = rows.iter().map(|row| {
        Ok(CircleMember {
            partner: partner(row, "partner")?,
            relation: text(row, "relation")?,
            since: time(row, "since")?,
        })
    });
    Ok(ChildFile { consents, circle: circle.collect::<Result<_, StoreError>>()? })
}

/// Adds partners to the circle; who is in it already shows again, at the later of the two times.
pub(super) async fn widen(
    connection: &mut SqliteConnection,
    child: &ChildKey,
    members: &[CircleMember],
) -> Result<(), StoreError> {
    for member in members {
        sqlx::query(
            "INSERT INTO circle (child, partner, relation, since) VALUES (?, ?, ?, ?)
             ON CONFLICT (child, partner, relation) DO UPDATE SET since = max(since, excluded.since)",
        )
        .bind(child.as_str())
        .bind(member.partner.as_str())
        .bind(&member.relation)
        .bind(micros(member.since))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
