//! How the file is opened: settings of the engine, the two pools of connections, the form of the tables.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, SqlSafeStr};

use super::group::Group;
use super::{SqliteStore, Writer};
use crate::store::StoreError;

/// How many calls may read at the same time; SQLite reads in microseconds, so that few are enough.
const READERS: u32 = 4;

/// How long a call waits for another process that writes, such as `kith deliveries`.
const BUSY: Duration = Duration::from_secs(10);

/// The forms that the tables have had, each a step from the one before.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("../../../migrations/sqlite/0001_first.sql")),
    (2, "retention", include_str!("../../../migrations/sqlite/0002_retention.sql")),
    (3, "withdrawal", include_str!("../../../migrations/sqlite/0003_withdrawal.sql")),
    (4, "subject", include_str!("../../../migrations/sqlite/0004_subject.sql")),
    (5, "reading", include_str!("../../../migrations/sqlite/0005_reading.sql")),
    (6, "heads", include_str!("../../../migrations/sqlite/0006_heads.sql")),
    (7, "school", include_str!("../../../migrations/sqlite/0007_school.sql")),
    (8, "inbox", include_str!("../../../migrations/sqlite/0008_inbox.sql")),
    (9, "operations", include_str!("../../../migrations/sqlite/0009_operations.sql")),
    (10, "unread", include_str!("../../../migrations/sqlite/0010_unread.sql")),
    (11, "visits", include_str!("../../../migrations/sqlite/0011_visits.sql")),
];

pub(super) async fn for_writing(path: &Path) -> Result<SqliteStore, StoreError> {
    create(path).map_err(|cause| cannot_open(path, &cause))?;
    let options = settings(path).journal_mode(SqliteJournalMode::Wal);
    let pool_of_one = pool(1, options).await.map_err(|cause| cannot_open(path, &cause))?;
    migrations().run(&pool_of_one).await.map_err(|cause| cannot_open(path, &cause))?;
    let readers =
        pool(READERS, settings(path).read_only(true)).await.map_err(|cause| cannot_open(path, &cause))?;
    let group = Group::start(pool_of_one.clone());
    Ok(SqliteStore { readers, writer: Some(Writer { pool: pool_of_one, group }) })
}

pub(super) async fn for_reading(path: &Path) -> Result<SqliteStore, StoreError> {
    let options = settings(path).read_only(true);
    let readers = pool(READERS, options).await.map_err(|cause| cannot_open(path, &cause))?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'journal'")
        .fetch_one(&readers)
        .await
        .map_err(|cause| cannot_open(path, &cause))?;
    if tables == 0 {
        return Err(cannot_open(path, &"it is not a store of Kith's"));
    }
    Ok(SqliteStore { readers, writer: None })
}

/// Makes the file if there is none, for this user only: SQLite gives its side files the same rights.
fn create(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn settings(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging()
}

/// Connections stay open: there is no server to go away, and opening one again costs more than keeping it.
async fn pool(size: u32, options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .max_connections(size)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
}

fn migrations() -> Migrator {
    let steps = MIGRATIONS.iter().map(|(version, name, sql)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.collect())
}

fn cannot_open(path: &Path, cause: &dyn std::fmt::Display) -> StoreError {
    StoreError::Engine(format!("{} cannot be opened: {cause}", path.display()))
}
