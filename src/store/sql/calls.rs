//! What the rest of Kith asks of a store, each a call and, where it writes, a transaction.

use std::slice;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Connection;
use uuid::Uuid;

use super::said::Engine;
use super::{
    SqlStore, accept, child, consents, flags, heads, inbox, journal, matters, numbers, outbox, receipts,
    retention,
};
use crate::domain::{ChildKey, PartnerId};
use crate::journal::{Entry, Head, SignedHead};
use crate::store::{
    Acceptance, ChildFile, ConsentChange, Delivery, FirstAnswer, Kept, Matches, Matter, Settlement, Store,
    StoreError, StoredConsent, StoredFlag, TaskQuery,
};

#[async_trait]
impl Store for SqlStore {
    async fn first_answer(
        &self,
        sender: &PartnerId,
        message_id: Uuid,
    ) -> Result<Option<FirstAnswer>, StoreError> {
        accept::first_answer(&mut *self.readers.acquire().await?, sender, message_id).await
    }

    async fn accept(&self, acceptance: &Acceptance) -> Result<(), StoreError> {
        let acceptance = Arc::new(acceptance.clone());
        let writing = self.group()?.offer(move |c, end| {
            let acceptance = Arc::clone(&acceptance);
            Box::pin(async move { accept::accept(c, end, &acceptance).await })
        });
        writing.await
    }

    async fn child_file(&self, child: &ChildKey) -> Result<ChildFile, StoreError> {
        child::file(&mut *self.readers.acquire().await?, child).await
    }

    async fn consent(&self, id: &str) -> Result<Option<StoredConsent>, StoreError> {
        consents::current(&mut *self.readers.acquire().await?, id).await
    }

    async fn consent_history(&self, id: &str) -> Result<Vec<StoredConsent>, StoreError> {
        consents::history(&mut *self.readers.acquire().await?, id).await
    }

    async fn change_consent(&self, change: &ConsentChange, entry: &Entry) -> Result<(), StoreError> {
        let change = Arc::new((change.clone(), entry.clone()));
        let writing = self.group()?.offer(move |c, end| {
            let change = Arc::clone(&change);
            Box::pin(async move {
                consents::change(c, &change.0).await?;
                journal::append_at(c, end, slice::from_ref(&change.1)).await
            })
        });
        writing.await
    }

    async fn flag(&self, id: &str) -> Result<Option<StoredFlag>, StoreError> {
        flags::current(&mut *self.readers.acquire().await?, id).await
    }

    async fn told(&self, child: &ChildKey, kind: &str) -> Result<Vec<PartnerId>, StoreError> {
        numbers::told(&mut *self.readers.acquire().await?, child, kind).await
    }

    async fn senders(&self, child: &ChildKey) -> Result<Vec<PartnerId>, StoreError> {
        numbers::senders(&mut *self.readers.acquire().await?, child).await
    }

    async fn claim(
        &self,
        recipient: &PartnerId,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<Delivery>, StoreError> {
        let (recipient, lease) = (recipient.clone(), (now, self.instance, until));
        let writing = self.group()?.write(move |c, _| {
            let recipient = recipient.clone();
            Box::pin(async move { outbox::claim(c, &recipient, lease).await })
        });
        writing.await
    }

    async fn enter(&self, entry: &Entry) -> Result<(), StoreError> {
        self.enter_all(slice::from_ref(entry)).await
    }

    async fn enter_all(&self, entries: &[Entry]) -> Result<(), StoreError> {
        let entries: Arc<[Entry]> = entries.into();
        let writing = self.group()?.write(move |c, end| {
            let entries = Arc::clone(&entries);
            Box::pin(async move { journal::append_at(c, end, &entries).await })
        });
        writing.await
    }

    async fn settle(&self, settlement: &Settlement) -> Result<(), StoreError> {
        let (settlement, holder) = (Arc::new(settlement.clone()), self.instance);
        let writing = self.group()?.write(move |c, end| {
            let settlement = Arc::clone(&settlement);
            Box::pin(async move {
                inbox::change(c, &settlement).await?;
                outbox::settle(c, &settlement, holder).await?;
                journal::append_at(c, end, slice::from_ref(&settlement.entry)).await
            })
        });
        writing.await
    }

    async fn next_due(&self, recipient: &PartnerId) -> Result<Option<DateTime<Utc>>, StoreError> {
        outbox::next_due(&mut *self.readers.acquire().await?, recipient).await
    }

    async fn recover(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut transaction = self.write().await?;
        // Whoever opened the file is alone with it; among replicas another may be about to settle what it holds.
        let leased_by = (self.engine == Engine::Postgres).then_some(now);
        if leased_by.is_none() {
            outbox::give_back_duties(&mut transaction, None).await?;
        }
        let recovered = outbox::recover(&mut transaction, now, leased_by).await?;
        transaction.commit().await?;
        Ok(recovered)
    }

    async fn take_over(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        // Nearly always there is nothing, and nobody has to wait for a turn to write.
        if !outbox::is_overdue(&mut *self.readers.acquire().await?, now).await? {
            return Ok(0);
        }
        let mut transaction = self.write().await?;
        let taken = outbox::recover(&mut transaction, now, Some(now)).await?;
        transaction.commit().await?;
        Ok(taken)
    }

    async fn take_duty(
        &self,
        name: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let taken = outbox::take_duty(&mut transaction, name, (now, self.instance, until)).await?;
        transaction.commit().await?;
        Ok(taken)
    }

    async fn give_back_duties(&self) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        outbox::give_back_duties(&mut transaction, Some(self.instance)).await?;
        Ok(transaction.commit().await?)
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

    async fn tasks(&self, query: &TaskQuery) -> Result<(Vec<Delivery>, Matches), StoreError> {
        // One transaction, so that the page and the number are of the same moment.
        let mut reading = self.one_moment().await?;
        receipts::page(&mut reading, query, query.counted_to()).await
    }

    async fn queued(&self, child: &ChildKey) -> Result<Vec<Delivery>, StoreError> {
        numbers::queued(&mut *self.readers.acquire().await?, child).await
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
        numbers::held(&mut *self.readers.acquire().await?, child).await
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

    async fn consents_changed(&self, after: (DateTime<Utc>, &str)) -> Result<Vec<StoredConsent>, StoreError> {
        consents::changed(&mut *self.readers.acquire().await?, after).await
    }

    async fn stands_alone(&self, child: &ChildKey, message: (&PartnerId, Uuid)) -> Result<bool, StoreError> {
        consents::stands_alone(&mut *self.readers.acquire().await?, child, message).await
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

    async fn knows_key(&self, mark: &str) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let kept: String = sqlx::query_scalar("UPDATE pulse SET key = coalesce(key, $1) RETURNING key")
            .bind(mark)
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(kept == mark)
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
        numbers::journal_of(&mut *self.readers.acquire().await?, child, count).await
    }

    async fn journal(&self, from: u64, count: u32) -> Result<Vec<(u64, String, String)>, StoreError> {
        journal::page(&mut *self.readers.acquire().await?, from, count).await
    }
}
