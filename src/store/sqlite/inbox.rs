//! Inboxes that Kith keeps for recipients without a system of their own.

use sqlx::SqliteConnection;

use super::row::{delivery, micros};
use crate::domain::PartnerId;
use crate::store::{Delivery, Inboxed, Settlement, StoreError};

/// Puts what was delivered into the recipient's inbox, or takes out of it what was recalled. Before the delivery is settled, which
/// removes its content there.
pub(super) async fn change(
    connection: &mut SqliteConnection,
    settlement: &Settlement,
) -> Result<(), StoreError> {
    match &settlement.inbox {
        Inboxed::Nothing => {}
        Inboxed::Keep => {
            sqlx::query(
                "INSERT OR IGNORE INTO inbox (delivery, partner, parcel, received)
                 SELECT id, recipient, payload, ?2 FROM delivery WHERE id = ?1 AND state = 'in-progress' AND payload IS NOT NULL",
            )
            .bind(settlement.id.to_string())
            .bind(micros(settlement.at))
            .execute(&mut *connection)
            .await?;
        }
        Inboxed::Remove(ids) => {
            for id in ids {
                sqlx::query(
                    "DELETE FROM inbox WHERE delivery = ?1
                     AND partner = (SELECT recipient FROM delivery WHERE id = ?2)",
                )
                .bind(id.to_string())
                .bind(settlement.id.to_string())
                .execute(&mut *connection)
                .await?;
            }
        }
    }
    Ok(())
}

/// What lies in an inbox, newest first.
pub(super) async fn of(
    connection: &mut SqliteConnection,
    partner: &PartnerId,
    count: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let rows = sqlx::query(
        "SELECT delivery.seq, delivery.id, delivery.message_id, delivery.sender, delivery.recipient, delivery.child, delivery.kind,
                delivery.state, inbox.parcel AS payload, delivery.note, delivery.items, delivery.ground, delivery.attempts,
                delivery.due, delivery.created, inbox.received AS updated, delivery.acknowledged, delivery.alerted, delivery.alert_note
         FROM inbox JOIN delivery ON delivery.id = inbox.delivery
         WHERE inbox.partner = ? ORDER BY inbox.received DESC, delivery.seq DESC LIMIT ?",
    )
    .bind(partner.as_str())
    .bind(count)
    .fetch_all(connection)
    .await?;
    rows.iter().map(delivery).collect()
}
