//! Inboxes that Kith keeps for recipients without a system of their own, and which families these may visit.

use std::collections::BTreeMap;
use std::slice;

use async_trait::async_trait;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::row::{child, delivery, micros, number, text, unreadable};
use super::said::Asking;
use super::{SqlStore, journal};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;
use crate::store::{Delivery, Inboxed, Inboxes, Settlement, StoreError, VisitGround};

/// Puts what was delivered into the recipient's inbox, or takes out of it what was recalled. Before the delivery is settled, which
/// removes its content there.
pub(super) async fn change(
    connection: &mut AnyConnection,
    settlement: &Settlement,
) -> Result<(), StoreError> {
    match &settlement.inbox {
        Inboxed::Nothing => {}
        Inboxed::Keep => keep(connection, settlement).await?,
        Inboxed::Remove { ids, of } => {
            let mut is_known = false;
            for id in ids {
                is_known |= remove(connection, *id, of).await?;
            }
            if is_known {
                keep(connection, settlement).await?;
            }
        }
    }
    Ok(())
}

/// Takes out what a recall names; what the recipient may keep a part of stays, and shows that part alone. Whether somebody may know it all the
/// same: it was read or printed there, or does not lie there any more.
async fn remove(connection: &mut AnyConnection, id: Uuid, of: &[PartnerId]) -> Result<bool, StoreError> {
    let lies = |connection: &AnyConnection, what: &str| {
        let mut asking = Asking::new(connection, what);
        asking.push(" FROM inbox WHERE delivery = ").bind(id.to_string());
        asking.push(" AND partner IN ").list(of.iter().map(PartnerId::as_str));
        asking
    };
    let mut removal = lies(&*connection, "DELETE");
    removal.push(
        " AND EXISTS (SELECT 1 FROM delivery WHERE id = inbox.delivery AND holds = '[]') RETURNING seen",
    );
    let removed = removal.build()?.fetch_optional(&mut *connection).await?;
    let lay = match removed {
        Some(row) => Some(row),
        None => lies(&*connection, "SELECT seen").build()?.fetch_optional(connection).await?,
    };
    Ok(match lay {
        Some(row) => number::<i64>(&row, "seen")? != 0,
        None => true,
    })
}

/// Puts what is delivered into the recipient's inbox.
async fn keep(connection: &mut AnyConnection, settlement: &Settlement) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO inbox (delivery, partner, parcel, received, seen)
         SELECT id, recipient, payload, $2, 0 FROM delivery WHERE id = $1 AND state = 'in-progress' AND payload IS NOT NULL
         ON CONFLICT DO NOTHING",
    )
    .bind(settlement.id.to_string())
    .bind(micros(settlement.at))
    .execute(connection)
    .await?;
    Ok(())
}

#[async_trait]
impl Inboxes for SqlStore {
    async fn inbox(&self, partner: &PartnerId, count: u32) -> Result<Vec<Delivery>, StoreError> {
        let rows = sqlx::query(
            "SELECT delivery.seq, delivery.id, delivery.message_id, delivery.sender, delivery.recipient, delivery.concealed, delivery.child, delivery.kind,
                    delivery.state, inbox.parcel AS payload, delivery_key.key, delivery.note, delivery.items, delivery.holds, delivery.weighed, delivery.ground, delivery.attempts,
                    delivery.due, delivery.created, inbox.received AS updated, delivery.acknowledged, delivery.alerted, delivery.alert_note
             FROM inbox JOIN delivery ON delivery.id = inbox.delivery LEFT JOIN delivery_key ON delivery_key.delivery = inbox.delivery
             WHERE inbox.partner = $1 ORDER BY inbox.received DESC, delivery.seq DESC LIMIT $2",
        )
        .bind(partner.as_str())
        .bind(i64::from(count))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(delivery).collect()
    }

    async fn read_out(&self, entries: &[Entry]) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let read: Vec<String> =
            entries.iter().filter_map(|entry| entry.delivery).map(|id| id.to_string()).collect();
        if !read.is_empty() {
            let mut asking =
                Asking::new(&transaction, "UPDATE inbox SET seen = 1 WHERE seen = 0 AND delivery IN ");
            asking.list(read.iter().map(String::as_str));
            asking.build()?.execute(&mut *transaction).await?;
        }
        journal::append(&mut transaction, entries).await?;
        Ok(transaction.commit().await?)
    }

    async fn other_numbers(
        &self,
        children: &[ChildKey],
    ) -> Result<BTreeMap<ChildKey, Vec<ChildKey>>, StoreError> {
        let mut others: BTreeMap<ChildKey, Vec<ChildKey>> = BTreeMap::new();
        if children.is_empty() {
            return Ok(others);
        }
        let mut connection = self.readers.acquire().await?;
        let mut asking = Asking::new(&connection, "SELECT child, other FROM same_child WHERE child IN ");
        asking.list(children.iter().map(ChildKey::as_str));
        for row in asking.build()?.fetch_all(&mut *connection).await? {
            others.entry(child(&row)?).or_default().push(ChildKey(text(&row, "other")?));
        }
        Ok(others)
    }

    async fn visits(
        &self,
        partner: &PartnerId,
        children: &[ChildKey],
        registering: &[String],
    ) -> Result<BTreeMap<ChildKey, VisitGround>, StoreError> {
        if children.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut connection = self.readers.acquire().await?;
        let mut asking = Asking::new(&connection, "SELECT child, ground FROM visit WHERE partner = ");
        asking.bind(partner.as_str()).push(" AND child IN ").list(children.iter().map(ChildKey::as_str));
        if !registering.is_empty() {
            asking
                .push(" UNION ALL SELECT DISTINCT child, 'registered' AS ground FROM message")
                .by("message_child");
            asking.push(" WHERE sender = ").bind(partner.as_str());
            asking.push(" AND child IN ").list(children.iter().map(ChildKey::as_str));
            asking.push(" AND kind IN ").list(registering.iter().map(String::as_str));
        }
        let rows = asking.build()?.fetch_all(&mut *connection).await?;
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
            sqlx::query("INSERT INTO visit (partner, child, ground, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
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
