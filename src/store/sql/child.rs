//! What is on file about one child, and who is around it.

use sqlx::AnyConnection;

use super::consents;
use super::row::{micros, partner, text, time, unreadable};
use crate::domain::ChildKey;
use crate::store::{Acceptance, ChildFile, CircleMember, Protection, StoreError};

/// Consents and circle; the caller's transaction makes them of one moment.
pub(super) async fn file(connection: &mut AnyConnection, child: &ChildKey) -> Result<ChildFile, StoreError> {
    let consents = consents::of_child(connection, child).await?;
    let rows = sqlx::query(
        "SELECT partner, relation, since FROM circle WHERE child = $1 ORDER BY since, partner, relation",
    )
    .bind(child.as_str())
    .fetch_all(&mut *connection)
    .await?;
    let circle = rows.iter().map(|row| {
        Ok(CircleMember {
            partner: partner(row, "partner")?,
            relation: text(row, "relation")?,
            since: time(row, "since")?,
        })
    });
    let rows = sqlx::query(
        "SELECT what, author, since FROM protection WHERE child = $1 ORDER BY since, what, author",
    )
    .bind(child.as_str())
    .fetch_all(&mut *connection)
    .await?;
    let protections = rows.iter().map(|row| {
        Ok(Protection {
            what: text(row, "what")?.parse().map_err(|_| unreadable("what"))?,
            author: partner(row, "author")?,
            since: time(row, "since")?,
        })
    });
    let protections = protections.collect::<Result<_, StoreError>>()?;
    Ok(ChildFile { protections, consents, circle: circle.collect::<Result<_, StoreError>>()? })
}

/// Begins and ends what a message says that protects the record; what others said stays.
pub(super) async fn protect(
    connection: &mut AnyConnection,
    acceptance: &Acceptance,
) -> Result<(), StoreError> {
    for change in &acceptance.protections {
        let statement = if change.holds {
            "INSERT INTO protection (child, what, author, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM protection WHERE child = $1 AND what = $2 AND author = $3 AND since <= $4"
        };
        sqlx::query(statement)
            .bind(acceptance.child.as_str())
            .bind(change.what.name())
            .bind(acceptance.sender.as_str())
            .bind(micros(acceptance.at))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Adds partners to the circle; who is in it already shows again, at the later of the two times.
pub(super) async fn widen(
    connection: &mut AnyConnection,
    child: &ChildKey,
    members: &[CircleMember],
) -> Result<(), StoreError> {
    for member in members {
        sqlx::query(
            "INSERT INTO circle (child, partner, relation, since) VALUES ($1, $2, $3, $4)
             ON CONFLICT (child, partner, relation) 
             DO UPDATE SET since = CASE WHEN excluded.since > circle.since THEN excluded.since ELSE circle.since END",
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
