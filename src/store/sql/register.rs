//! The register of schools, children and places in SQLite.

mod commit;
mod imports;
mod places;
mod pupils;
mod schools;
mod stage;

use std::collections::BTreeSet;
use std::slice;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::AnyConnection;
use uuid::Uuid;

use super::{SqlStore, journal};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;
use crate::school::{Establishment, RowFault};
use crate::store::{
    Batch, Import, PlaceDecision, PlaceState, Register, StoreError, StoredPlace, StoredPupil,
};

#[async_trait]
impl Register for SqlStore {
    async fn school(&self, urn: &str) -> Result<Option<Establishment>, StoreError> {
        schools::one(&mut *self.readers.acquire().await?, urn).await
    }

    async fn successor(&self, urn: &str) -> Result<Option<Establishment>, StoreError> {
        schools::successor(&mut *self.readers.acquire().await?, urn).await
    }

    async fn urn_of(&self, laestab: &str) -> Result<Option<String>, StoreError> {
        schools::urn_of(&mut *self.readers.acquire().await?, laestab).await
    }

    async fn authorities(&self) -> Result<BTreeSet<u16>, StoreError> {
        schools::authorities(&mut *self.readers.acquire().await?).await
    }

    async fn pupil(&self, child: &ChildKey) -> Result<Option<StoredPupil>, StoreError> {
        pupils::one(&mut *self.readers.acquire().await?, child).await
    }

    async fn pupils_with(&self, keys: &[String], count: u32) -> Result<Vec<StoredPupil>, StoreError> {
        pupils::with_keys(&mut *self.readers.acquire().await?, keys, count).await
    }

    async fn places(&self, child: &ChildKey) -> Result<Vec<StoredPlace>, StoreError> {
        places::of_child(&mut *self.readers.acquire().await?, child).await
    }

    async fn places_at(&self, urn: &str) -> Result<Vec<StoredPlace>, StoreError> {
        places::at_school(&mut *self.readers.acquire().await?, urn).await
    }

    async fn revision(&self) -> Result<u64, StoreError> {
        imports::revision(&mut *self.readers.acquire().await?).await
    }

    async fn begin_import(&self, import: &Import) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        imports::begin(&mut transaction, import).await?;
        Ok(transaction.commit().await?)
    }

    async fn stage(&self, id: Uuid, batch: &Batch) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        stage::rows(&mut transaction, id, batch).await?;
        Ok(transaction.commit().await?)
    }

    async fn end_reading(&self, id: Uuid, refused: Option<&str>) -> Result<Import, StoreError> {
        let mut transaction = self.write().await?;
        stage::end(&mut transaction, id, refused).await?;
        let import = imports::one(&mut transaction, id).await?.ok_or(StoreError::NotInProgress)?;
        transaction.commit().await?;
        Ok(import)
    }

    async fn import(&self, id: Uuid) -> Result<Option<Import>, StoreError> {
        imports::one(&mut *self.readers.acquire().await?, id).await
    }

    async fn import_faults(&self, id: Uuid, count: u32) -> Result<Vec<RowFault>, StoreError> {
        imports::faults(&mut *self.readers.acquire().await?, id, count).await
    }

    async fn commit_import(&self, id: Uuid, at: DateTime<Utc>, entry: &Entry) -> Result<Import, StoreError> {
        let mut transaction = self.write().await?;
        let import = imports::ready(&mut transaction, id).await?;
        let mut entries = vec![entry.clone()];
        entries.extend(commit::entries(&mut transaction, &import, at).await?);
        commit::all(&mut transaction, id).await?;
        if import.form.is_about_children() {
            imports::revise(&mut transaction).await?;
        }
        journal::append(&mut transaction, &entries).await?;
        imports::remove_rows(&mut transaction, id, "committed").await?;
        let import = imports::one(&mut transaction, id).await?.ok_or(StoreError::NotInProgress)?;
        transaction.commit().await?;
        Ok(import)
    }

    async fn drop_import(&self, id: Uuid) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        imports::remove_rows(&mut transaction, id, "dropped").await?;
        Ok(transaction.commit().await?)
    }

    async fn waiting(
        &self,
        states: &[PlaceState],
        source: Option<&PartnerId>,
        after: &str,
        count: u32,
    ) -> Result<Vec<StoredPlace>, StoreError> {
        places::waiting(&mut *self.readers.acquire().await?, states, source, after, count).await
    }

    async fn place(&self, id: &str) -> Result<Option<StoredPlace>, StoreError> {
        places::one(&mut *self.readers.acquire().await?, id).await
    }

    async fn decide_place(&self, decision: &PlaceDecision, entry: &Entry) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        if !places::decide(&mut transaction, decision, entry.at).await? {
            return Ok(false);
        }
        if let Some(pupil) = &decision.pupil {
            pupils::keep(&mut transaction, pupil).await?;
        }
        changed(&mut transaction, Some(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn look_again(&self, place: &StoredPlace, entry: Option<&Entry>) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        places::look_again(&mut transaction, place).await?;
        changed(&mut transaction, entry).await?;
        Ok(transaction.commit().await?)
    }
}

/// Drops imports that nobody committed or gave up: their rows name children. Gives how many.
pub(super) async fn forget_previews(
    connection: &mut AnyConnection,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let ids = imports::left_lying(connection, before).await?;
    for id in &ids {
        imports::remove_rows(connection, *id, "dropped").await?;
    }
    Ok(ids.len() as u64)
}

async fn changed(connection: &mut AnyConnection, entry: Option<&Entry>) -> Result<(), StoreError> {
    imports::revise(connection).await?;
    match entry {
        Some(entry) => journal::append(connection, slice::from_ref(entry)).await,
        None => Ok(()),
    }
}
