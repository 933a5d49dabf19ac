//! What is on file about one child, and who is around it.

use sqlx::AnyConnection;

use super::consents;
use super::row::{micros, partner, text, time, unreadable};
use super::said::Asking;
use crate::domain::ChildKey;
use crate::store::{Acceptance, ChildFile, CircleMember, Protection, StoreError};

/// One statement, so that all of it is of one moment: consents in their current versions, the one whose first version came first first;
/// then who is around the child, and what protects its record, as consents are written: by whom, what, since when.
pub(super) const FILE: &str = "SELECT 'consent' AS part, first.seq AS place, consent.id AS id, consent.version AS version, consent.child AS child,
            consent.author AS author, consent.status AS status, consent.scope AS scope, consent.resource AS resource,
            consent.updated AS updated
        FROM consent JOIN consent AS first ON first.id = consent.id AND first.version = 1
        WHERE consent.child = $1 AND consent.current = 1
    UNION ALL SELECT 'circle', 0, relation, NULL, child, partner, NULL, NULL, NULL, since FROM circle WHERE child = $1
    UNION ALL SELECT 'protection', 0, what, NULL, child, author, NULL, NULL, NULL, since FROM protection WHERE child = $1
    UNION ALL SELECT 'same', 0, other, NULL, child, NULL, NULL, NULL, NULL, NULL FROM same_child WHERE child = $1
    ORDER BY part, place, updated, author, id";

/// What is on file about a child, by all its numbers.
pub(super) async fn file(connection: &mut AnyConnection, child: &ChildKey) -> Result<ChildFile, StoreError> {
    let mut file = ChildFile::default();
    of_number(connection, child, &mut file).await?;
    let others = std::mem::take(&mut file.others);
    for other in &others {
        of_number(connection, other, &mut file).await?;
    }
    file.others = others;
    Ok(file)
}

async fn of_number(
    connection: &mut AnyConnection,
    child: &ChildKey,
    file: &mut ChildFile,
) -> Result<(), StoreError> {
    let rows = sqlx::query(FILE).bind(child.as_str()).fetch_all(connection).await?;
    for row in &rows {
        let part = text(row, "part")?;
        if part == "same" {
            file.others.push(ChildKey(text(row, "id")?));
            continue;
        }
        let (by, since) = (partner(row, "author")?, time(row, "updated")?);
        match part.as_str() {
            "consent" => file.consents.push(consents::read(row)?),
            "circle" => {
                file.circle.push(CircleMember { partner: by, relation: text(row, "id")?, since });
            }
            _ => {
                let what = text(row, "id")?.parse().map_err(|_| unreadable("what"))?;
                file.protections.push(Protection { what, author: by, since });
            }
        }
    }
    Ok(())
}

/// Begins and ends what a message says that protects the record; what others said stays.
pub(super) async fn protect(
    connection: &mut AnyConnection,
    acceptance: &Acceptance,
) -> Result<(), StoreError> {
    for change in &acceptance.protections {
        let statements: &[&'static str] = if change.holds {
            &[
                "INSERT INTO protection (child, what, author, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            ]
        } else {
            &[
                "DELETE FROM protection WHERE child = $1 AND what = $2 AND author = $3 AND since <= $4",
                "DELETE FROM protection WHERE child IN (SELECT other FROM same_child WHERE child = $1)
                 AND what = $2 AND author = $3 AND since <= $4",
            ]
        };
        for statement in statements {
            sqlx::query(*statement)
                .bind(acceptance.child.as_str())
                .bind(change.what.name())
                .bind(change.author.as_str())
                .bind(micros(acceptance.at))
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

/// Adds partners to the circle; who is in it already shows again, at the later of the two times.
pub(super) async fn widen(
    connection: &mut AnyConnection,
    child: &ChildKey,
    members: &[CircleMember],
) -> Result<(), StoreError> {
    if members.is_empty() {
        return Ok(());
    }
    let mut asking = Asking::new(connection, "INSERT INTO circle (child, partner, relation, since) VALUES ");
    asking.rows(members, |asking, member| {
        asking.bind(child.as_str()).and(member.partner.as_str());
        asking.and(member.relation.as_str()).and(micros(member.since));
    });
    asking.push(
        " ON CONFLICT (child, partner, relation)
          DO UPDATE SET since = CASE WHEN excluded.since > circle.since THEN excluded.since ELSE circle.since END",
    );
    asking.build()?.execute(connection).await?;
    Ok(())
}
