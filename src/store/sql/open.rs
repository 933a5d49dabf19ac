//! How a database is opened: settings of the engine, the pools of connections, the form of the tables.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, SqlSafeStr};
use uuid::Uuid;

use super::group::Group;
use super::said::Engine;
use super::{SqlStore, Writer};
use crate::domain::Private;
use crate::store::StoreError;
use crate::tls::is_safe_database;

/// How many calls may read at the same time. SQLite reads in microseconds, so that few are enough; a server is a way off.
const READERS: (u32, u32) = (4, 16);

/// How many may wait for their turn to write on a connection of their own. SQLite has one that writes.
const WRITERS: (u32, u32) = (1, 4);

/// How long a call waits for a connection.
const PATIENCE: Duration = Duration::from_secs(15);

/// Settings of each connection to SQLite. A call waits ten seconds for another process that writes, such as `kith deliveries`; what is removed
/// is overwritten, so that no payload lies in the file after it was delivered. What was written goes from the log into the file at 16 MB,
/// so that a page which many messages change is carried over once.
const SETTINGS: &[&str] = &[
    "PRAGMA busy_timeout = 10000",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA wal_autocheckpoint = 4000",
];

/// The forms that the tables have had in SQLite, each a step from the one before.
pub(super) const SQLITE: &[(i64, &str, &str)] = &[
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
    (12, "replicas", include_str!("../../../migrations/sqlite/0012_replicas.sql")),
    (13, "key", include_str!("../../../migrations/sqlite/0013_key.sql")),
    (14, "delivery key", include_str!("../../../migrations/sqlite/0014_delivery_key.sql")),
    (15, "answered", include_str!("../../../migrations/sqlite/0015_answered.sql")),
    (16, "signed out", include_str!("../../../migrations/sqlite/0016_signed_out.sql")),
    (17, "birth", include_str!("../../../migrations/sqlite/0017_birth.sql")),
    (18, "births of a child", include_str!("../../../migrations/sqlite/0018_births_of_a_child.sql")),
    (19, "changed", include_str!("../../../migrations/sqlite/0019_changed.sql")),
    (20, "receipts", include_str!("../../../migrations/sqlite/0020_receipts.sql")),
    (21, "concealed", include_str!("../../../migrations/sqlite/0021_concealed.sql")),
    (22, "numbers", include_str!("../../../migrations/sqlite/0022_numbers.sql")),
    (23, "line", include_str!("../../../migrations/sqlite/0023_line.sql")),
    (24, "number", include_str!("../../../migrations/sqlite/0024_number.sql")),
    (25, "holds", include_str!("../../../migrations/sqlite/0025_holds.sql")),
    (26, "seen", include_str!("../../../migrations/sqlite/0026_seen.sql")),
    (27, "weighed", include_str!("../../../migrations/sqlite/0027_weighed.sql")),
];

/// The same in PostgreSQL, which came when SQLite was at its twelfth.
const POSTGRES: &[(i64, &str, &str)] = &[
    (12, "replicas", include_str!("../../../migrations/postgres/0012_replicas.sql")),
    (13, "key", include_str!("../../../migrations/postgres/0013_key.sql")),
    (14, "delivery key", include_str!("../../../migrations/postgres/0014_delivery_key.sql")),
    (15, "answered", include_str!("../../../migrations/postgres/0015_answered.sql")),
    (16, "signed out", include_str!("../../../migrations/postgres/0016_signed_out.sql")),
    (17, "birth", include_str!("../../../migrations/postgres/0017_birth.sql")),
    (18, "births of a child", include_str!("../../../migrations/postgres/0018_births_of_a_child.sql")),
    (19, "changed", include_str!("../../../migrations/postgres/0019_changed.sql")),
    (20, "receipts", include_str!("../../../migrations/postgres/0020_receipts.sql")),
    (21, "concealed", include_str!("../../../migrations/postgres/0021_concealed.sql")),
    (22, "numbers", include_str!("../../../migrations/postgres/0022_numbers.sql")),
    (23, "line", include_str!("../../../migrations/postgres/0023_line.sql")),
    (24, "number", include_str!("../../../migrations/postgres/0024_number.sql")),
    (25, "holds", include_str!("../../../migrations/postgres/0025_holds.sql")),
    (26, "seen", include_str!("../../../migrations/postgres/0026_seen.sql")),
    (27, "weighed", include_str!("../../../migrations/postgres/0027_weighed.sql")),
];

pub(super) async fn for_writing(path: &Path) -> Result<SqlStore, StoreError> {
    let name = path.display().to_string();
    create(path).map_err(|cause| cannot_open(&name, &cause))?;
    let pool_of_one = file(path, false, WRITERS.0).await.map_err(|cause| cannot_open(&name, &cause))?;
    if is_anothers(&pool_of_one).await.map_err(|cause| cannot_open(&name, &cause))? {
        return Err(cannot_open(&name, &"it holds tables of another program's; name a file of Kith's own"));
    }
    sqlx::query("PRAGMA journal_mode = WAL").execute(&pool_of_one).await?;
    let formed = migrations(SQLITE).run(&pool_of_one).await;
    formed.map_err(|cause| cannot_open(&name, &not_formed(&cause, SQLITE)))?;
    let readers = file(path, true, READERS.0).await.map_err(|cause| cannot_open(&name, &cause))?;
    Ok(store(Engine::Sqlite, readers, Some(pool_of_one)))
}

/// Whether a file has tables, but none of Kith's forms: nothing is added to what another program keeps.
async fn is_anothers(file: &AnyPool) -> Result<bool, sqlx::Error> {
    let formed =
        "SELECT count(*) > 0 AND max(name = '_sqlx_migrations') = 0 FROM sqlite_schema WHERE type = 'table'";
    let found: Option<i64> = sqlx::query_scalar(formed).fetch_one(file).await?;
    Ok(found == Some(1))
}

pub(super) async fn for_reading(path: &Path) -> Result<SqlStore, StoreError> {
    let name = path.display().to_string();
    let readers = file(path, true, READERS.0).await.map_err(|cause| cannot_open(&name, &cause))?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'journal'")
        .fetch_one(&readers)
        .await
        .map_err(|cause| cannot_open(&name, &cause))?;
    if tables == 0 {
        return Err(cannot_open(&name, &"it is not a store of Kith's"));
    }
    Ok(store(Engine::Sqlite, readers, None))
}

/// The address stays out of what is said: it may hold a password.
pub(super) async fn server(url: &Private<String>, writes: bool) -> Result<SqlStore, StoreError> {
    let failed = |cause: &dyn std::fmt::Display| cannot_open("the database at store.url", cause);
    if !is_safe_database(url.reveal()) {
        return Err(failed(
            &"it is not on this machine, so it must be asked for over TLS: add sslmode=verify-full",
        ));
    }
    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = url
        .reveal()
        .parse()
        .map_err(|_| failed(&"its address cannot be read; write postgres://user@host/database"))?;
    let options = options.disable_statement_logging();
    let readers = pool(Engine::Postgres, READERS.1, &[], options.clone()).await;
    let readers = readers.map_err(|cause| failed(&unanswered(&cause)))?;
    if !writes {
        return Ok(store(Engine::Postgres, readers, None));
    }
    let writers = pool(Engine::Postgres, WRITERS.1, &[], options).await.map_err(|cause| failed(&cause))?;
    let formed = migrations(POSTGRES).run(&writers).await;
    formed.map_err(|cause| failed(&not_formed(&cause, POSTGRES)))?;
    Ok(store(Engine::Postgres, readers, Some(writers)))
}

/// Whoever starts a moment later than Kith is waited for; after that it is said in words that help.
fn unanswered(cause: &sqlx::Error) -> String {
    match cause {
        sqlx::Error::PoolTimedOut => format!(
            "nobody answered there for {} s; see whether it runs, and whether host and port are right",
            PATIENCE.as_secs()
        ),
        other => other.to_string(),
    }
}

fn store(engine: Engine, readers: AnyPool, writers: Option<AnyPool>) -> SqlStore {
    let writer = writers.map(|pool| Writer { group: Group::start(pool.clone()), pool });
    SqlStore { engine, readers, writer, instance: Uuid::new_v4() }
}

/// Makes the file if there is none, for this user only: SQLite gives its side files the same rights.
fn create(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// What is wrong with a file is wrong at once, and said: a pool would try again until its patience ends, and say only that.
async fn file(path: &Path, read_only: bool, size: u32) -> Result<AnyPool, sqlx::Error> {
    sqlx::any::install_default_drivers();
    let url = SqliteConnectOptions::new().filename(path).read_only(read_only).to_url_lossy();
    let options = AnyConnectOptions::from_url(&url)?.disable_statement_logging();
    let mut first = AnyConnection::connect_with(&options).await?;
    set(&mut first, SETTINGS).await?;
    first.close().await?;
    pool(Engine::Sqlite, size, SETTINGS, options).await
}

async fn set(connection: &mut AnyConnection, settings: &'static [&'static str]) -> Result<(), sqlx::Error> {
    for setting in settings {
        sqlx::query(*setting).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Connections stay open: opening one again costs more than keeping it. One to a server may have broken, which is found out before it is
/// used; a file is there or not.
async fn pool(
    engine: Engine,
    size: u32,
    settings: &'static [&'static str],
    options: AnyConnectOptions,
) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(engine == Engine::Postgres)
        .after_connect(move |connection, _| Box::pin(set(connection, settings)))
        .connect_with(options)
        .await
}

pub(super) fn migrations(steps: &'static [(i64, &str, &str)]) -> Migrator {
    let steps = steps.iter().map(|(version, name, sql)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.collect())
}

/// Why the tables could not be brought to today's form.
fn not_formed(cause: &MigrateError, steps: &[(i64, &str, &str)]) -> String {
    match cause {
        MigrateError::VersionMissing(form) => {
            let known = steps.last().map_or(0, |(version, ..)| *version);
            format!(
                "it was made by a newer Kith (its form is {form}, and this one knows forms up to {known}); start that one, or put back the backup from before it"
            )
        }
        other => other.to_string(),
    }
}

fn cannot_open(name: &str, cause: &dyn std::fmt::Display) -> StoreError {
    StoreError::Engine(format!("{name} cannot be opened: {cause}"))
}
