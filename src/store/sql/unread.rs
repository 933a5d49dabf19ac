//! Alerts about unread messages, in SQLite.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::AnyConnection;

use super::row::{delivery, micros, number, partner};
use super::said::Asking;
use super::{SqlStore, journal};
use crate::domain::PartnerId;
use crate::journal::Entry;
use crate::store::{Alert, Overdue, StoreError, Unread, Unreads};

#[async_trait]
impl Unreads for SqlStore {
    async fn overdue(&self, asked: &Overdue) -> Result<Vec<Unread>, StoreError> {
        if asked.kinds.is_empty() {
            return Ok(Vec::new());
        }
        let mut connection = self.readers.acquire().await?;
        let rows = query(&connection, asked).build()?.fetch_all(&mut *connection).await?;
        rows.iter()
            .map(|row| Ok(Unread { delivery: delivery(row)?, alerts: number(row, "alerts")? }))
            .collect()
    }

    async fn unread(
        &self,
        kinds: &[String],
        accepted_by: DateTime<Utc>,
    ) -> Result<BTreeMap<PartnerId, u64>, StoreError> {
        if kinds.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut connection = self.readers.acquire().await?;
        let mut asking = Asking::new(&connection, "SELECT recipient, count(*) AS unread FROM delivery");
        asking.by("delivery_unread").push(UNREAD).list(kinds.iter().map(String::as_str));
        asking.push(" AND created <= ").bind(micros(accepted_by)).push(" GROUP BY recipient");
        let rows = asking.build()?.fetch_all(&mut *connection).await?;
        rows.iter().map(|row| Ok((partner(row, "recipient")?, number(row, "unread")?))).collect()
    }

    async fn alerted(&self, alerts: &[Alert]) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        for alert in alerts {
            sqlx::query(
                "UPDATE delivery SET alerts = $2, alerted = $3, alert_note = $4, updated = $3
                 WHERE id = $1 AND acknowledged IS NULL AND alerts < $2",
            )
            .bind(alert.delivery.to_string())
            .bind(i64::from(alert.alerts))
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

/// What nobody said they read, and could have; the kinds follow.
const UNREAD: &str =
    " WHERE acknowledged IS NULL AND recalled IS NULL AND state IN ('requested', 'in-progress', 'completed', 'failed')
      AND kind IN ";

/// The index is named because the engine must never read what was read long ago.
pub(super) fn query(connection: &AnyConnection, asked: &Overdue) -> Asking {
    let mut asking = Asking::new(
        connection,
        "SELECT id, message_id, sender, recipient, concealed, child, kind, state, NULL AS payload, note, items, holds, weighed, ground, attempts,
                acknowledged, alerted, alert_note, due, created, updated, alerts
         FROM delivery",
    );
    asking.by("delivery_unread").push(UNREAD).list(asked.kinds.iter().map(String::as_str));
    asking.push(" AND created <= ").bind(micros(asked.accepted_by));
    asking.push(" AND (alerts = 0 OR (alerts < ").bind(i64::from(asked.times));
    asking.push(" AND alerted <= ").bind(micros(asked.told_by));
    asking.push("))");
    if !asked.except.is_empty() {
        asking.push(" AND recipient NOT IN ").list(asked.except.iter().map(PartnerId::as_str));
    }
    asking.push(" ORDER BY created, seq LIMIT ").bind(i64::from(asked.count));
    asking
}
