//! Receipts: deliveries as their sender, their recipient and the operator see them, without payload.

use chrono::{DateTime, Utc};
use sqlx::AnyConnection;
use uuid::Uuid;

use super::answers;
use super::row::{delivery, micros, partner, to_json};
use super::said::{Asking, said};
use crate::domain::{ChildKey, PartnerId};
use crate::store::{Delivery, Recalled, StoreError};

mod page;

pub(super) use page::page;
#[cfg(test)]
pub(super) use page::{counting, listing};

/// A delivery's columns, its payload left where it is.
const RECEIPT: &str =
    "SELECT id, message_id, sender, recipient, concealed, child, kind, state, NULL AS payload, note, items,
    holds, weighed, ground, attempts, acknowledged, alerted, alert_note, due, created, updated FROM delivery";

/// The same of what was told: an acknowledgement or an alert changed it since.
const HELD: &str =
    "SELECT id, message_id, sender, recipient, concealed, child, kind, state, NULL AS payload, note, items,
    holds, weighed, ground, attempts, acknowledged, alerted, alert_note, due, created, coalesce(settled, updated) AS updated FROM delivery";

/// One receipt.
pub(super) async fn one(connection: &mut AnyConnection, id: Uuid) -> Result<Option<Delivery>, StoreError> {
    let mut query = Asking::new(connection, RECEIPT);
    query.push(" WHERE id = ").bind(id.to_string());
    let row = query.build()?.fetch_optional(connection).await?;
    row.as_ref().map(delivery).transpose()
}

/// The recipients that took, or will take, messages of a kind about a child; who was told first is first.
pub(super) async fn told(
    connection: &mut AnyConnection,
    child: &ChildKey,
    kind: &str,
) -> Result<Vec<PartnerId>, StoreError> {
    let rows = sqlx::query(
        "SELECT recipient FROM delivery
         WHERE child = $1 AND kind = $2 AND state IN ('requested', 'in-progress', 'completed')
         GROUP BY recipient ORDER BY min(seq)",
    )
    .bind(child.as_str())
    .bind(kind)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| partner(row, "recipient")).collect()
}

/// Who ever sent something about a child.
pub(super) async fn senders(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<PartnerId>, StoreError> {
    let rows = sqlx::query(
        said!(
            "SELECT DISTINCT sender FROM message" by "message_child",
            " WHERE child = $1 AND kind <> 'recall-notice' ORDER BY sender"
        )
        .to(connection),
    )
    .bind(child.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| partner(row, "sender")).collect()
}

/// What recipients took about a child, or may have taken, on a ground that a withdrawal can end, and nobody recalled;
/// each as it was settled.
pub(super) async fn held(
    connection: &mut AnyConnection,
    child: &ChildKey,
) -> Result<Vec<Delivery>, StoreError> {
    let mut query = Asking::new(connection, HELD);
    query.by("delivery_told").push(" WHERE holds <> '[]'");
    query.push(" AND ground IN ('consent', 'safeguarding-duty') AND child = ");
    query.bind(child.as_str().to_owned()).push(" ORDER BY seq");
    query.build()?.fetch_all(connection).await?.iter().map(delivery).collect()
}

/// Marks what a message recalls of deliveries and answers; `false` when somebody recalled of one of them before.
pub(super) async fn recall(
    connection: &mut AnyConnection,
    recalled: &[Recalled],
    by: Uuid,
) -> Result<bool, StoreError> {
    for one in recalled {
        let marked = sqlx::query(
            "UPDATE delivery SET holds = $4, recalled = CASE WHEN $4 = '[]' THEN $1 ELSE recalled END
             WHERE id = $2 AND holds = $3",
        )
        .bind(by.to_string())
        .bind(one.id.to_string())
        .bind(to_json(&one.held, "holds")?)
        .bind(to_json(&one.left, "holds")?)
        .execute(&mut *connection)
        .await?;
        if marked.rows_affected() != 1 && !answers::recall(connection, one, by).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Marks what a recipient took as read by it.
pub(super) async fn acknowledge(
    connection: &mut AnyConnection,
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let marked = sqlx::query(
        "UPDATE delivery SET acknowledged = $2, updated = $2
         WHERE id = $1 AND state = 'completed' AND acknowledged IS NULL",
    )
    .bind(id.to_string())
    .bind(micros(at))
    .execute(connection)
    .await?;
    Ok(marked.rows_affected() == 1)
}
