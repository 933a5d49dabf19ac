//! Where the gateway keeps what it keeps: a file, or a schema of its own in the PostgreSQL database that KITH_TEST_POSTGRES names
//! (`tests/postgres` starts one).

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

/// The address of an empty schema; `None` for a file.
#[allow(clippy::disallowed_methods)] // A test has no configuration.
pub async fn schema() -> Option<String> {
    let url = std::env::var("KITH_TEST_POSTGRES").ok()?;
    sqlx::any::install_default_drivers();
    let name = format!("kith_{}", uuid::Uuid::new_v4().simple());
    let mut connection =
        AnyConnection::connect(&url).await.expect("the database that KITH_TEST_POSTGRES names");
    let create = format!("CREATE SCHEMA {name}");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.expect("a schema");
    let joint = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{joint}options=-csearch_path%3D{name}"))
}
