//! Inboxes that Kith keeps for recipients without a system of their own, and which families these may visit.

use std::collections::BTreeMap;
use std::slice;

use async_trait::async_trait;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::row::{child, delivery, micros, text, unreadable};
use super::{SqliteStore, journal};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;
use crate::store::{Delivery, Inboxed, Inboxes, Settlement, StoreError, VisitGround};

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

#[async_trait]
impl Inboxes for SqliteStore {
    async fn inbox(&self, partner: &PartnerId, count: u32) -> Result<Vec<Delivery>, StoreError> {
        let rows = sqlx::query(
            "SELECT delivery.seq, delivery.id, delivery.message_id, delivery.sender, delivery.recipient, delivery.child, delivery.kind,
                    delivery.state, inbox.parcel AS payload, delivery.note, delivery.items, delivery.ground, delivery.attempts,
                    delivery.due, delivery.created, inbox.received AS updated, delivery.acknowledged, delivery.alerted, delivery.alert_note
             FROM inbox JOIN delivery ON delivery.id = inbox.delivery
             WHERE inbox.partner = ? ORDER BY inbox.received DESC, delivery.seq DESC LIMIT ?",
        )
        .bind(partner.as_str())
        .bind(count)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(delivery).collect()
    }

    async fn visits(
        &self,
        partner: &PartnerId,
        children: &[ChildKey],
        registering: &[String],
    ) -> Result<BTreeMap<ChildKey, VisitGround>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT child, ground FROM visit WHERE partner = ");
        query.push_bind(partner.as_str().to_owned()).push(" AND child IN (");
        among(&mut query, children.iter().map(ChildKey::as_str));
        query.push(" UNION ALL SELECT DISTINCT child, 'registered' AS ground FROM message INDEXED BY message_child WHERE sender = ");
        query.push_bind(partner.as_str().to_owned()).push(" AND child IN (");
        among(&mut query, children.iter().map(ChildKey::as_str));
        query.push(" AND kind IN (");
        among(&mut query, registering.iter().map(String::as_str));
        let rows = query.build().fetch_all(&self.readers).await?;
        let visit = |row| {
            let ground = VisitGround::named(&text(row, "ground")?).ok_or_else(|| unreadable("ground"))?;
            Ok((child(row)?, ground))
        };
        rows.iter().map(visit).collect()
    }

    async fn allow_visits(
        &self,
        partner: &PartnerId,
        ground: VisitGround,
        entry: &Entry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let kept =
            sqlx::query("INSERT OR IGNORE INTO visit (partner, child, ground, since) VALUES (?, ?, ?, ?)")
                .bind(partner.as_str())
                .bind(entry.child.as_str())
                .bind(ground.name())
                .bind(micros(entry.at))
                .execute(&mut *transaction)
                .await?;
        if kept.rows_affected() == 0 {
            return Ok(false);
        }
        journal::append(&mut transaction, slice::from_ref(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Ends a list that was begun; every value is bound.
fn among<'v>(query: &mut QueryBuilder<Sqlite>, values: impl Iterator<Item = &'v str>) {
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value.to_owned());
    }
    query.push(")");
}
