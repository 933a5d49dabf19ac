//! Sessions that people ended.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::SqlStore;
use super::row::micros;
use crate::store::{Sessions, StoreError};

#[async_trait]
impl Sessions for SqlStore {
    async fn sign_out(&self, session: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        sqlx::query("INSERT INTO signed_out (session, at) VALUES ($1, $2) ON CONFLICT (session) DO NOTHING")
            .bind(session)
            .bind(micros(at))
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn is_signed_out(&self, session: &str) -> Result<bool, StoreError> {
        let found = sqlx::query("SELECT 1 FROM signed_out WHERE session = $1")
            .bind(session)
            .fetch_optional(&self.readers)
            .await?;
        Ok(found.is_some())
    }
}
