//! Alerts about unread messages, in SQLite.

use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::Sqlite;

use super::row::{delivery, micros, number};
use super::{SqliteStore, journal};
use crate::journal::Entry;
use crate::store::{Alert, Overdue, StoreError, Unread, Unreads};

#[async_trait]
impl Unreads for SqliteStore {
    async fn overdue(&self, asked: &Overdue) -> Result<Vec<Unread>, StoreError> {
        if asked.kinds.is_empty() {
            return Ok(Vec::new());
        }
        let rows = query(asked).build().fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| Ok(Unread { delivery: delivery(row)?, alerts: number(row, "alerts")? }))
            .collect()
    }

    async fn alerted(&self, alerts: &[Alert]) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        for alert in alerts {
            sqlx::query(
                "UPDATE delivery SET alerts = ?2, alerted = ?3, alert_note = ?4, updated = ?3
                 WHERE id = ?1 AND acknowledged IS NULL AND alerts < ?2",
            )
            .bind(alert.delivery.to_string())
            .bind(alert.alerts)
            .bind(micros(alert.entry.at))
            .bind(&alert.note)
            .execute(&mut *transaction)
            .await?;
        }
        let entries: Vec<Entry> = alerts.iter().map(|alert| alert.entry.clone()).collect();
        journal::append(&mut transaction, &entries).await?;
        Ok(transaction.commit().await?)
    }
}

/// The index is named because the engine must never read what was read long ago.
pub(super) fn query(asked: &Overdue) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT id, message_id, sender, recipient, child, kind, state, NULL AS payload, note, items, ground, attempts,
                acknowledged, alerted, alert_note, due, created, updated, alerts
         FROM delivery INDEXED BY delivery_unread
         WHERE acknowledged IS NULL AND recalled IS NULL AND state IN ('requested', 'in-progress', 'completed', 'failed')
           AND kind IN (",
    );
    let mut kinds = query.separated(", ");
    for kind in &asked.kinds {
        kinds.push_bind(kind.clone());
    }
    query.push(") AND created <= ").push_bind(micros(asked.accepted_by));
    query.push(" AND (alerts = 0 OR (alerts < ").push_bind(asked.times);
    query.push(" AND alerted <= ").push_bind(micros(asked.told_by));
    query.push(")) ORDER BY created, seq LIMIT ").push_bind(asked.count);
    query
}
