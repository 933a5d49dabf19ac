//! The store in a database: one SQLite file, the default, for one Kith on one machine; or PostgreSQL, for several that share it.
//!
//! Writes come one after the other, whoever makes them: in SQLite one connection writes, in PostgreSQL whoever writes holds one lock until
//! its transaction ends. That is what the journal's chain and the order of deliveries rest on. Every write is on disk when the call
//! returns, whole or not at all; what happens for each message shares its transactions with whatever waits at the same moment (`group`).
//! Each file below holds the statements of one subject, as functions over a connection, so that several can go into one transaction;
//! `said` is where the engines differ.

mod accept;
mod answers;
mod births;
mod calls;
mod child;
mod consents;
mod copy;
mod flags;
mod group;
mod heads;
mod inbox;
mod journal;
mod lines;
mod matters;
mod numbers;
mod open;
mod operations;
mod outbox;
mod receipts;
mod register;
mod retention;
mod row;
mod said;
mod sessions;
mod unread;

#[cfg(test)]
mod tests;

use std::path::Path;

use sqlx::any::Any;
use sqlx::{AnyConnection, AnyPool, Transaction};
use uuid::Uuid;

use super::{Address, StoreError};
pub use copy::{Copied, Scope as CopyScope};
use said::Engine;

/// A store in a database.
#[derive(Debug)]
pub struct SqlStore {
    engine: Engine,
    readers: AnyPool,
    /// `None` when it was opened for reading only.
    writer: Option<Writer>,
    /// Who this is among those that share the database: the holder of what it takes out of the outbox.
    instance: Uuid,
}

/// Connections that write, and the queue of those who share their transactions.
#[derive(Debug)]
struct Writer {
    pool: AnyPool,
    group: group::Group,
}

impl SqlStore {
    /// Opens the store in this file, makes it when there is none, and brings an older one up to date.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        open::for_writing(path).await
    }

    /// Opens the store in this file to look at it; nothing can be written. For checks without a running Kith.
    pub async fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        open::for_reading(path).await
    }

    /// Opens the store at an address, makes it when there is none, and brings an older one up to date.
    pub async fn open_at(address: &Address) -> Result<Self, StoreError> {
        match address {
            Address::File(path) => open::for_writing(path).await,
            Address::Server(url) => open::server(url, true).await,
        }
    }

    /// Opens the store at an address to look at it; nothing can be written.
    pub async fn look_at(address: &Address) -> Result<Self, StoreError> {
        match address {
            Address::File(path) => open::for_reading(path).await,
            Address::Server(url) => open::server(url, false).await,
        }
    }

    /// Copies all that is here into an empty store; the numbers of rows by table, which are the same here and there, as the journal's
    /// heads are. An archive lacks the keys of what is on its way and of what lies in inboxes, and what is kept of births: nobody can read
    /// either from it.
    pub async fn copy_to(&self, other: &Self, scope: CopyScope) -> Result<Copied, StoreError> {
        copy::all(self, other, scope).await
    }

    /// Closes the file when the calls under way have ended. Dropping the store does so too, but nobody can wait for it.
    pub async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            writer.pool.close().await;
        }
    }

    /// Waits for its turn to write. Taking the lock at once means that what is read in it stays true until it ends.
    async fn write(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let pool = &self.writer()?.pool;
        let mut transaction = pool.begin_with(self.engine.begin_writing()).await?;
        wait_for_turn(&mut transaction).await?;
        Ok(transaction)
    }

    /// A transaction in which everything that is read is of one moment.
    async fn one_moment(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.readers.begin_with(self.engine.begin_reading()).await?)
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

/// Among all that write to a PostgreSQL database, in whatever process; in SQLite beginning was enough.
async fn wait_for_turn(connection: &mut AnyConnection) -> Result<(), StoreError> {
    if Engine::of(connection) == Engine::Postgres {
        sqlx::query("SELECT pg_advisory_xact_lock(hashtext('kith'), hashtext(current_schema()))")
            .execute(connection)
            .await?;
    }
    Ok(())
}
