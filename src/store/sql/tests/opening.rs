//! Opening: settings as promised, what was written is there again, and reading alone writes nothing.

use super::*;
use crate::store::StoreError;

#[tokio::test]
async fn what_was_written_is_there_when_the_store_is_opened_again() {
    let world = World::new().await;
    let first = world.sends("c", "centre").await;
    world.claims("centre", 1).await;
    world.store.close().await;

    let again = world.again().await;
    assert_eq!(again.recover(at(2)).await.unwrap(), 1);
    assert_eq!(again.claim(&partner("centre"), at(2), at(2 + 1)).await.unwrap().unwrap().id, first);
    again.enter(&entry(Event::Releasing, "c", 3)).await.unwrap();
    assert_eq!(verify_journal(&again).await.unwrap().unwrap().count, 2, "the chain goes on where it was");
}

#[tokio::test]
async fn what_was_written_is_there_when_the_store_was_only_dropped() {
    let folder = World::in_a_file().await;
    let file = folder.folder.join("other.db");
    let store = SqlStore::open(&file).await.unwrap();
    let given = message("c", &["centre"]);
    store.accept(&given).await.unwrap();
    drop(store);
    let again = SqlStore::open(&file).await.unwrap();
    assert!(again.task(given.deliveries[0].id).await.unwrap().is_some());
}

#[tokio::test]
async fn the_engine_is_set_to_lose_nothing() {
    let world = World::in_a_file().await;
    let mut writer = world.store.writer.as_ref().unwrap().pool.acquire().await.unwrap();
    for (pragma, expected) in
        [("PRAGMA synchronous", "2"), ("PRAGMA foreign_keys", "1"), ("PRAGMA busy_timeout", "10000")]
    {
        let value: i64 = sqlx::query_scalar(pragma).fetch_one(&mut *writer).await.unwrap();
        assert_eq!(value.to_string(), expected, "{pragma}");
    }
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *writer).await.unwrap();
    assert_eq!(mode, "wal");
    let written = sqlx::query("DELETE FROM circle").execute(&world.store.readers).await;
    assert!(written.unwrap_err().to_string().contains("readonly"));
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_user_may_read_the_file_and_its_side_files() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::in_a_file().await;
    world.sends("c", "centre").await;
    for name in ["kith.db", "kith.db-wal", "kith.db-shm"] {
        let mode = std::fs::metadata(world.folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}

#[tokio::test]
async fn a_store_opened_for_reading_verifies_beside_a_running_one_and_writes_nothing() {
    let world = World::in_a_file().await;
    let id = world.sends("c", "centre").await;
    let reading = SqlStore::open_read_only(&world.file()).await.unwrap();
    assert_eq!(verify_journal(&reading).await.unwrap().unwrap().count, 1);
    world.store.enter(&entry(Event::Releasing, "c", 1)).await.unwrap();
    assert_eq!(
        verify_journal(&reading).await.unwrap().unwrap().count,
        2,
        "it sees what is written meanwhile"
    );
    assert!(reading.task(id).await.unwrap().is_some());
    for refused in [
        reading.accept(&message("c", &[])).await.unwrap_err(),
        reading.claim(&partner("centre"), at(1), at(1 + 1)).await.unwrap_err(),
        reading.ready().await.unwrap_err(),
    ] {
        assert!(refused.to_string().contains("opened for reading only"), "{refused}");
    }
}

#[tokio::test]
async fn a_store_that_is_not_running_can_be_read_too() {
    let world = World::in_a_file().await;
    world.sends("c", "centre").await;
    world.store.close().await;
    let reading = SqlStore::open_read_only(&world.file()).await.unwrap();
    assert_eq!(verify_journal(&reading).await.unwrap().unwrap().count, 1);
}

#[tokio::test]
async fn a_file_that_is_no_store_is_named_and_none_is_made() {
    let world = World::in_a_file().await;
    let absent = world.folder.join("absent.db");
    let says = SqlStore::open_read_only(&absent).await.unwrap_err().to_string();
    assert!(says.contains("absent.db cannot be opened") && !absent.exists(), "{says}");

    let text = world.folder.join("text.db");
    std::fs::write(
        &text,
        "this is a letter, not a data base, and long enough to be looked at as one".repeat(9),
    )
    .unwrap();
    let empty = world.folder.join("empty.db");
    std::fs::write(&empty, "").unwrap();
    for (file, cause) in [(&text, "file is not a database"), (&empty, "it is not a store of Kith's")] {
        let says = SqlStore::open_read_only(file).await.unwrap_err().to_string();
        assert!(says.contains("cannot be opened") && says.contains(cause), "{says}");
    }
    let says = SqlStore::open(&text).await.unwrap_err().to_string();
    assert!(says.contains("text.db cannot be opened") && says.contains("file is not a database"), "{says}");
    let nowhere = world.folder.join("no/such/folder/kith.db");
    assert!(matches!(SqlStore::open(&nowhere).await, Err(StoreError::Engine(_))));
}

#[tokio::test]
async fn nothing_is_added_to_what_another_program_keeps() {
    let world = World::in_a_file().await;
    let others = world.folder.join("others.db");
    let mut connection =
        sqlx::AnyConnection::connect(&format!("sqlite://{}?mode=rwc", others.display())).await.unwrap();
    sqlx::query("CREATE TABLE note (text TEXT)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let before = std::fs::read(&others).unwrap();
    let says = SqlStore::open(&others).await.unwrap_err().to_string();
    assert!(says.contains("others.db cannot be opened") && says.contains("another program's"), "{says}");
    assert_eq!(std::fs::read(&others).unwrap(), before);
}

#[tokio::test]
async fn a_store_that_can_be_written_is_ready_and_one_that_cannot_is_not() {
    let world = World::new().await;
    world.store.ready().await.unwrap();
    world.breaks("pulse", "UPDATE").await;
    assert!(world.store.ready().await.is_err());
}

#[tokio::test]
async fn a_store_whose_journal_cannot_be_written_is_not_ready_and_asking_writes_no_entry() {
    let world = World::new().await;
    world.sends("c", "centre").await;
    world.store.ready().await.unwrap();
    assert_eq!(world.entries().await, 1);
    world.breaks("journal", "INSERT").await;
    assert!(world.store.ready().await.is_err());
    world.mends("journal").await;
    world.store.ready().await.unwrap();
    world.sends("c", "centre").await;
    assert_eq!(world.entries().await, 2, "the chain goes on without a gap");
}

#[tokio::test]
async fn neither_payload_nor_value_is_in_what_the_store_says_of_itself() {
    let world = World::new().await;
    let mut given = message("key-of-a-child", &["centre"]);
    given.deliveries[0].note = "a secret note".to_owned();
    given.deliveries.push(given.deliveries[0].clone());
    let says = format!("{:?}", world.store.accept(&given).await.unwrap_err());
    for secret in ["key-of-a-child", "a secret note", "[1, 2, 3]"] {
        assert!(!says.contains(secret), "{says}");
    }
    assert!(!format!("{:?}", given.deliveries[0]).contains("[1, 2, 3]"));
}

#[allow(clippy::disallowed_methods)] // A test has no configuration.
#[tokio::test]
async fn a_server_elsewhere_is_asked_over_tls_and_one_that_cannot_prove_who_it_is_is_told_nothing() {
    // `tests/postgres` starts one that is known by its certificate, as `localhost`.
    let Ok(known) = std::env::var("KITH_TEST_POSTGRES_TLS") else { return };
    let world = World::at(Address::Server(Private::new(schema(&known).await))).await;
    let id = world.sends("c", "centre").await;
    assert_eq!(world.claims("centre", 1).await, Some(id));
    let hidden = "SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
    assert_eq!(sqlx::query_scalar::<_, i64>(hidden).fetch_one(&world.store.readers).await.unwrap(), 1);

    let address = known.split('?').next().unwrap();
    for (unknown, why) in [
        (format!("{address}?sslmode=verify-full"), "invalid peer certificate"),
        (
            known.replace("@localhost:", "@127.0.0.1:"),
            "invalid peer certificate: certificate not valid for name",
        ),
        (format!("{address}?sslmode=disable"), "no encryption"),
    ] {
        let opened = SqlStore::open_at(&Address::Server(Private::new(unknown))).await;
        let says = opened.unwrap_err().to_string();
        assert!(says.contains("store.url cannot be opened") && says.contains(why), "{says}");
    }
}
