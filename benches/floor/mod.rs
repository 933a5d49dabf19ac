//! What the disk and the engine give at most: bare commits of a message's bytes, and how long one wait for the disk takes.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use kith::store::Address;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, Connection};
use uuid::Uuid;

/// The bytes of one message as a store keeps them.
pub struct Bytes {
    /// The answer to its sender.
    pub answer: usize,
    /// The sealed payload of each delivery.
    pub payload: usize,
    /// How many recipients it has.
    pub deliveries: usize,
    /// The text of its journal entry.
    pub entry: String,
}

/// Rows of the same bytes a second, so many messages in one transaction, by one connection through the same driver.
pub async fn commits(address: &Address, together: usize, bytes: &Bytes, lasts: Duration) -> f64 {
    let mut connection = AnyConnection::connect(&url(address)).await.expect("a store");
    let begin = tables(&mut connection, address).await;
    let (started, mut rows) = (Instant::now(), 0);
    while started.elapsed() < lasts {
        let mut transaction = connection.begin_with(begin).await.expect("a transaction");
        for _ in 0..together {
            let of_message = [("INSERT INTO floor_message VALUES ($1, $2)", bytes.answer)];
            let of_outbox = ("INSERT INTO floor_outbox VALUES ($1, $2)", bytes.payload);
            for (statement, length) in
                of_message.into_iter().chain(std::iter::repeat_n(of_outbox, bytes.deliveries))
            {
                let insertion =
                    sqlx::query(statement).bind(Uuid::new_v4().to_string()).bind(vec![7_u8; length]);
                insertion.execute(&mut *transaction).await.expect("a row");
            }
            let insertion = sqlx::query("INSERT INTO floor_journal VALUES ($1, $2)");
            let insertion = insertion.bind(Uuid::new_v4().to_string()).bind(&bytes.entry);
            insertion.execute(&mut *transaction).await.expect("a row");
        }
        transaction.commit().await.expect("on disk");
        rows += together;
    }
    rows as f64 / started.elapsed().as_secs_f64()
}

/// A file of its own beside the store's, or the same database.
fn url(address: &Address) -> String {
    match address {
        Address::File(path) => {
            let file = path.with_extension("floor");
            SqliteConnectOptions::new().filename(file).create_if_missing(true).to_url_lossy().to_string()
        }
        Address::Server(url) => url.reveal().clone(),
    }
}

/// Empty tables with the engine's settings of the store; answers how a transaction begins.
async fn tables(connection: &mut AnyConnection, address: &Address) -> &'static str {
    let (begin, bytes) = match address {
        Address::File(_) => {
            let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
            sqlx::raw_sql(settings).execute(&mut *connection).await.expect("settings");
            ("BEGIN IMMEDIATE", "BLOB")
        }
        Address::Server(_) => ("BEGIN", "BYTEA"),
    };
    for (table, body) in [("floor_message", bytes), ("floor_outbox", bytes), ("floor_journal", "TEXT")] {
        let sql =
            format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} (id TEXT PRIMARY KEY, body {body})");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await.expect("a table");
    }
    begin
}

/// How long 99 of 100 waits for the disk last at most, after 4 kB each.
pub fn fdatasync(folder: &Path) -> Duration {
    let path = folder.join("fdatasync");
    let mut file = File::create(&path).expect("a file");
    let mut waits: Vec<Duration> = (0..500)
        .map(|_| {
            file.rewind().and_then(|()| file.write_all(&[7; 4096])).expect("it is written");
            let before = Instant::now();
            file.sync_data().expect("it is on disk");
            before.elapsed()
        })
        .collect();
    let _ = std::fs::remove_file(path);
    waits.sort();
    waits[waits.len() * 99 / 100]
}
