//! Receipts: deliveries as their sender, their recipient and the operator see them, without payload.

use sqlx::sqlite::Sqlite;
use sqlx::{QueryBuilder, SqliteConnection};
use uuid::Uuid;

use super::row::{delivery, number, partner, state_name};
use crate::domain::{ChildKey, PartnerId};
use crate::store::{Delivery, StoreError, TaskQuery};

/// A delivery's columns, its payload left where it is.
const RECEIPT: &str =
    "SELECT id, message_id, sender, recipient, child, kind, state, NULL AS payload, note, items,
    ground, attempts, due, created, updated FROM delivery";

/// One receipt.
pub(super) async fn one(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<Delivery>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(RECEIPT);
    query.push(" WHERE id = ").push_bind(id.to_string());
    let row = query.build().fetch_optional(connection).await?;
    row.as_ref().map(delivery).transpose()
}

/// A page of the receipts asked for, newest first, and how many there are in all.
pub(super) async fn page(
    connection: &mut SqliteConnection,
    asked: &TaskQuery,
) -> Result<(Vec<Delivery>, u64), StoreError> {
    let mut counting = QueryBuilder::<Sqlite>::new("SELECT count(*) AS matches FROM delivery");
    narrow(&mut counting, asked);
    let matches = number(&counting.build().fetch_one(&mut *connection).await?, "matches")?;

    let mut listing = QueryBuilder::<Sqlite>::new(RECEIPT);
    narrow(&mut listing, asked);
    listing.push(" ORDER BY seq DESC LIMIT ").push_bind(asked.count);
    listing.push(" OFFSET ").push_bind(asked.offset);
    let rows = listing.build().fetch_all(connection).await?;
    let page: Result<Vec<Delivery>, StoreError> = rows.iter().map(delivery).collect();
    Ok((page?, matches))
}

/// The recipients that took, or will take, messages of a kind about a child; who was told first is first.
pub(super) async fn told(
    connection: &mut SqliteConnection,
    child: &ChildKey,
    kind: &str,
) -> Result<Vec<PartnerId>, StoreError> {
    let rows = sqlx::query(
        "SELECT recipient FROM delivery
         WHERE child = ? AND kind = ? AND state IN ('requested', 'in-progress', 'completed')
         GROUP BY recipient ORDER BY min(seq)",
    )
    .bind(child.as_str())
    .bind(kind)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| partner(row, "recipient")).collect()
}

/// Adds what is asked for as conditions; every value is bound, only the words here become SQL.
fn narrow(query: &mut QueryBuilder<Sqlite>, asked: &TaskQuery) {
    query.push(" WHERE true");
    if let Some(sender) = &asked.sender {
        query.push(" AND sender = ").push_bind(sender.as_str().to_owned());
    }
    if let Some(message_id) = asked.message_id {
        query.push(" AND message_id = ").push_bind(message_id.to_string());
    }
    if !asked.states.is_empty() {
        let mut states = query.push(" AND state IN (").separated(", ");
        for state in &asked.states {
            states.push_bind(state_name(*state));
        }
        query.push(")");
    }
}
