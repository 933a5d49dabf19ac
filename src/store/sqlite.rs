//! The store in one SQLite file: the default engine, for one Kith on one machine.
//!
//! One connection writes, a few read. Every write is on disk when the call returns (WAL, `synchronous=FULL`), whole or not at all; what
//! happens for each message shares its transactions with whatever waits at the same moment (`group`). Each file below holds the
//! statements of one subject, as functions over a connection, so that several can go into one transaction.

mod accept;
mod child;
mod consents;
mod flags;
mod group;
mod heads;
mod inbox;
mod journal;
mod matters;
mod open;
mod operations;
mod outbox;
mod receipts;
mod register;
mod retention;
mod row;
mod unread;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::slice;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Connection;
use sqlx::sqlite::{SqlitePool, SqliteTransaction};
use uuid::Uuid;

use super::{
    Acceptance, ChildFile, ConsentChange, Delivery, FirstAnswer, Kept, Matter, Settlement, Store, StoreError,
    StoredConsent, StoredFlag, TaskQuery,
};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::{Entry, Head, SignedHead};

/// A store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    /// One connection; `None` when the file was opened for reading only.
    writer: Option<Writer>,
}

/// The one connection that writes, and the queue of those who share its transactions.
#[derive(Debug)]
struct Writer {
    pool: SqlitePool,
    group: group::Group,
}

impl SqliteStore {
    /// Opens the store in this file, makes it when there is none, and brings an older one up to date.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        open::for_writing(path).await
    }

    /// Opens the store in this file to look at it; nothing can be written. For checks without a running Kith.
    pub async fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        open::for_reading(path).await
    }

    /// Closes the file when the calls under way have ended. Dropping the store does so too, but nobody can wait for it.
    pub async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            writer.pool.close().await;
        }
    }

    /// Waits for its turn to write. Taking the lock at once means that what is read in it stays true until it ends.
    async fn write(&self) -> Result<SqliteTransaction<'static>, StoreError> {
        Ok(self.writer()?.pool.begin_with("BEGIN IMMEDIATE").await?)
    }

    fn writer(&self) -> Result<&Writer, StoreError> {
        self.writer.as_ref().ok_or_else(|| {
            StoreError::Engine("it was opened for reading only, and this would write".to_owned())
        })
    }

    fn group(&self) -> Result<&group::Group, StoreError> {
        Ok(&self.writer()?.group)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn first_answer(
        &self,
        sender: &PartnerId,
        message_id: Uuid,
    ) -> Result<Option<FirstAnswer>, StoreError> {
        accept::first_answer(&mut *self.readers.acquire().await?, sender, message_id).await
    }

    async fn accept(&self, acceptance: &Acceptance) -> Result<(), StoreError> {
        let acceptance = acceptance.clone();
        let writing = self.group()?.offer(|c| Box::pin(async move { accept::accept(c, &acceptance).await }));
        writing.await
    }

    async fn child_file(&self, child: &ChildKey) -> Result<ChildFile, StoreError> {
        // One transaction, so that both halves of the file are of the same moment.
        let mut reading = self.readers.begin().await?;
        child::file(&mut reading, child).await
    }

    async fn consent(&self, id: &str) -> Result<Option<StoredConsent>, StoreError> {
        consents::current(&mut *self.readers.acquire().await?, id).await
    }

    async fn consent_history(&self, id: &str) -> Result<Vec<StoredConsent>, StoreError> {
        consents::history(&mut *self.readers.acquire().await?, id).await
    }

    async fn change_consent(&self, change: &ConsentChange, entry: &Entry) -> Result<(), StoreError> {
        let (change, entry) = (change.clone(), entry.clone());
        let writing = self.group()?.offer(|c| {
            Box::pin(async move {
                consents::change(c, &change).await?;
                journal::append(c, slice::from_ref(&entry)).await
            })
        });
        writing.await
    }

    async fn flag(&self, id: &str) -> Result<Option<StoredFlag>, StoreError> {
        flags::current(&mut *self.readers.acquire().await?, id).await
    }

    async fn told(&self, child: &ChildKey, kind: &str) -> Result<Vec<PartnerId>, StoreError> {
        receipts::told(&mut *self.readers.acquire().await?, child, kind).await
    }

    async fn senders(&self, child: &ChildKey) -> Result<Vec<PartnerId>, StoreError> {
        receipts::senders(&mut *self.readers.acquire().await?, child).await
    }

    async fn claim(&self, recipient: &PartnerId, now: DateTime<Utc>) -> Result<Option<Delivery>, StoreError> {
        let recipient = recipient.clone();
        self.group()?.write(move |c| Box::pin(async move { outbox::claim(c, &recipient, now).await })).await
    }

    async fn enter(&self, entry: &Entry) -> Result<(), StoreError> {
        self.enter_all(slice::from_ref(entry)).await
    }

    async fn enter_all(&self, entries: &[Entry]) -> Result<(), StoreError> {
        let entries = entries.to_vec();
        self.group()?.write(|c| Box::pin(async move { journal::append(c, &entries).await })).await
    }

    async fn settle(&self, settlement: &Settlement) -> Result<(), StoreError> {
        let settlement = settlement.clone();
        let writing = self.group()?.write(|c| {
            Box::pin(async move {
                inbox::change(c, &settlement).await?;
                outbox::settle(c, &settlement).await?;
                journal::append(c, slice::from_ref(&settlement.entry)).await
            })
        });
        writing.await
    }

    async fn next_due(&self, recipient: &PartnerId) -> Result<Option<DateTime<Utc>>, StoreError> {
        outbox::next_due(&mut *self.readers.acquire().await?, recipient).await
    }

    async fn recover(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut transaction = self.write().await?;
        let recovered = outbox::recover(&mut transaction, now).await?;
        transaction.commit().await?;
        Ok(recovered)
    }

    async fn replay(&self, id: Uuid, entry: &Entry) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        if !outbox::replay(&mut transaction, id, entry.at).await? {
            return Ok(false);
        }
        journal::append(&mut transaction, slice::from_ref(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn expire(&self, kept: Kept) -> Result<u64, StoreError> {
        retention::all(self, kept).await
    }

    async fn task(&self, id: Uuid) -> Result<Option<Delivery>, StoreError> {
        receipts::one(&mut *self.readers.acquire().await?, id).await
    }

    async fn tasks(&self, query: &TaskQuery) -> Result<(Vec<Delivery>, u64), StoreError> {
        // One transaction, so that the page and the number are of the same moment.
        let mut reading = self.readers.begin().await?;
        receipts::page(&mut reading, query).await
    }

    async fn queued(&self, child: &ChildKey) -> Result<Vec<Delivery>, StoreError> {
        outbox::queued(&mut *self.readers.acquire().await?, child).await
    }

    async fn take_back(&self, id: Uuid, note: &str, entry: &Entry) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        if !outbox::take_back(&mut transaction, id, note, entry.at).await? {
            return Ok(false);
        }
        journal::append(&mut transaction, slice::from_ref(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn held(&self, child: &ChildKey) -> Result<Vec<Delivery>, StoreError> {
        receipts::held(&mut *self.readers.acquire().await?, child).await
    }

    async fn acknowledge(&self, id: Uuid, entry: &Entry) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        if !receipts::acknowledge(&mut transaction, id, entry.at).await? {
            return Ok(false);
        }
        journal::append(&mut transaction, slice::from_ref(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn consents_changed(&self, since: DateTime<Utc>) -> Result<Vec<StoredConsent>, StoreError> {
        consents::changed_since(&mut *self.readers.acquire().await?, since).await
    }

    async fn keep_matter(&self, matter: &Matter, entry: &Entry) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        if !matters::keep(&mut transaction, matter).await? {
            return Ok(false);
        }
        journal::append(&mut transaction, slice::from_ref(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn matter(&self, id: Uuid) -> Result<Option<Matter>, StoreError> {
        matters::one(&mut *self.readers.acquire().await?, id).await
    }

    async fn matters(&self, owner: Option<&PartnerId>) -> Result<Vec<Matter>, StoreError> {
        matters::list(&mut *self.readers.acquire().await?, owner).await
    }

    async fn journal_head(&self) -> Result<Head, StoreError> {
        journal::head(&mut *self.readers.acquire().await?).await
    }

    async fn keep_head(&self, head: &SignedHead) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        heads::keep(&mut transaction, head).await?;
        Ok(transaction.commit().await?)
    }

    async fn signed_heads(&self) -> Result<Vec<SignedHead>, StoreError> {
        heads::all(&mut *self.readers.acquire().await?).await
    }

    async fn last_entry_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        journal::last_at(&mut *self.readers.acquire().await?).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        // A real write, because a full disk shows only when something is written.
        let mut transaction = self.write().await?;
        let mut trial = transaction.begin().await?;
        journal::probe(&mut trial).await?;
        trial.rollback().await?;
        sqlx::query("UPDATE pulse SET beats = beats + 1").execute(&mut *transaction).await?;
        transaction.commit().await?;
        self.readers.acquire().await?;
        Ok(())
    }

    async fn journal_of(&self, child: &ChildKey, count: u32) -> Result<Vec<(u64, String)>, StoreError> {
        journal::of_child(&mut *self.readers.acquire().await?, child, count).await
    }

    async fn journal(&self, from: u64, count: u32) -> Result<Vec<(u64, String, String)>, StoreError> {
        journal::page(&mut *self.readers.acquire().await?, from, count).await
    }
}
