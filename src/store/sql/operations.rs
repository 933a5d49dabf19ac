//! What an operator asks, in SQLite.

use std::slice;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::row::{delivery, micros, number, optional_time, partner, text, time};
use super::said::{Said, said};
use super::{SqlStore, journal, outbox};
use crate::domain::PartnerId;
use crate::journal::Entry;
use crate::store::{Delivery, Hour, Load, Operations, Parked, StoreError};

pub(super) const LOAD: Said = said!("SELECT recipient, waiting, under_way, failed,
        (SELECT created FROM delivery WHERE seq = first) AS oldest
    FROM (SELECT recipient,
            count(*) FILTER (WHERE state = 'requested') AS waiting,
            count(*) FILTER (WHERE state = 'in-progress') AS under_way,
            count(*) FILTER (WHERE state = 'failed') AS failed,
            min(seq) FILTER (WHERE state <> 'failed') AS first
        FROM delivery" by "delivery_load", "
        WHERE state IN ('requested', 'in-progress', 'failed') GROUP BY recipient) AS counted
    ORDER BY recipient");

/// Microseconds in an hour.
const HOUR: i64 = 3_600_000_000;

pub(super) const ENDED: Said = said!("SELECT settled / $2 * $2 AS hour,
        count(*) FILTER (WHERE state = 'completed') AS completed,
        count(*) FILTER (WHERE state = 'failed') AS failed
    FROM delivery" by "delivery_ended", "
    WHERE state IN ('completed', 'failed') AND settled >= $1 GROUP BY hour ORDER BY hour");

#[async_trait]
impl Operations for SqlStore {
    async fn load(&self) -> Result<Vec<Load>, StoreError> {
        let mut connection = self.readers.acquire().await?;
        let rows = sqlx::query(LOAD.to(&connection)).fetch_all(&mut *connection).await?;
        let load = |row| {
            Ok(Load {
                recipient: partner(row, "recipient")?,
                waiting: number(row, "waiting")?,
                under_way: number(row, "under_way")?,
                failed: number(row, "failed")?,
                oldest: optional_time(row, "oldest")?,
            })
        };
        rows.iter().map(load).collect()
    }

    async fn ended_by_hour(&self, since: DateTime<Utc>) -> Result<Vec<Hour>, StoreError> {
        let mut connection = self.readers.acquire().await?;
        let asked = sqlx::query(ENDED.to(&connection)).bind(micros(since)).bind(HOUR);
        let rows = asked.fetch_all(&mut *connection).await?;
        let hour = |row| {
            Ok(Hour {
                from: time(row, "hour")?,
                completed: number(row, "completed")?,
                failed: number(row, "failed")?,
            })
        };
        rows.iter().map(hour).collect()
    }

    async fn dead_letter(&self, id: Uuid) -> Result<Option<Delivery>, StoreError> {
        let row =
            sqlx::query("SELECT *, (SELECT key FROM delivery_key WHERE delivery = id) AS key FROM delivery WHERE id = $1 AND state = 'failed' AND payload IS NOT NULL")
                .bind(id.to_string())
                .fetch_optional(&self.readers)
                .await?;
        row.as_ref().map(delivery).transpose()
    }

    async fn hold_back(&self, id: Uuid, note: &str, entry: &Entry) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        if !outbox::hold_back(&mut transaction, id, note, entry.at).await? {
            return Ok(false);
        }
        journal::append(&mut transaction, slice::from_ref(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn parked(&self) -> Result<Vec<Parked>, StoreError> {
        let rows = sqlx::query("SELECT partner, since, note FROM parked ORDER BY partner")
            .fetch_all(&self.readers)
            .await?;
        let parked = |row| {
            Ok(Parked {
                recipient: partner(row, "partner")?,
                since: time(row, "since")?,
                note: text(row, "note")?,
            })
        };
        rows.iter().map(parked).collect()
    }

    async fn park(&self, recipient: &PartnerId, note: &str, entry: &Entry) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let parked = sqlx::query(
            "INSERT INTO parked (partner, since, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(recipient.as_str())
        .bind(micros(entry.at))
        .bind(note)
        .execute(&mut *transaction)
        .await?;
        if parked.rows_affected() == 0 {
            return Ok(false);
        }
        journal::append(&mut transaction, slice::from_ref(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn unpark(&self, recipient: &PartnerId, entry: &Entry) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let freed = sqlx::query("DELETE FROM parked WHERE partner = $1")
            .bind(recipient.as_str())
            .execute(&mut *transaction)
            .await?;
        if freed.rows_affected() == 0 {
            return Ok(false);
        }
        journal::append(&mut transaction, slice::from_ref(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
