//! A store of any earlier form is brought to today's with all that is in it, and one of a later form is left alone. The forms before
//! PostgreSQL are SQLite's only.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::*;
use crate::store::sql::open::{SQLITE, migrations};

/// From which form on payloads have keys of their own.
const KEYS_OF_THEIR_OWN: usize = 14;

/// The tables of a database that is attached as `old`, and the columns that it shares with today's.
async fn shared(connection: &mut SqliteConnection) -> Vec<(String, String)> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM old.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '_sqlx%'",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let mut shared = Vec::new();
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM pragma_table_info($1, 'old') INTERSECT SELECT name FROM pragma_table_info($1, 'main')",
        )
        .bind(&table)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
        shared.push((table, columns.join(", ")));
    }
    shared
}

/// Makes a store of an earlier form, with what a store of today holds of it.
async fn of_form(form: usize, today: &Path, file: &Path) {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut old = SqliteConnection::connect_with(&options).await.unwrap();
    migrations(&SQLITE[..form]).run(&mut old).await.unwrap();
    old.close().await.unwrap();
    let options = SqliteConnectOptions::new().filename(today).foreign_keys(false);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("ATTACH $1 AS old").bind(file.display().to_string()).execute(&mut connection).await.unwrap();
    for (table, columns) in shared(&mut connection).await {
        // What a form puts into its tables itself is there already.
        let sql = format!("INSERT OR IGNORE INTO old.{table} ({columns}) SELECT {columns} FROM main.{table}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_store_of_any_earlier_form_is_brought_to_todays_with_all_that_is_in_it() {
    let world = World::in_a_file().await;
    let ids = [
        world.sends("c", "centre").await,
        world.sends("c", "surgery").await,
        world.sends("d", "centre").await,
    ];
    assert_eq!(world.claims("surgery", 1).await, Some(ids[1]));
    world.settles(ids[1], State::Completed, 2).await;
    world
        .store
        .change_consent(&consent("one", 1, "active"), &entry(Event::ConsentChanged, "c", 1))
        .await
        .unwrap();
    let head = verify_journal(&world.store).await.unwrap().unwrap();
    world.store.close().await;
    for form in 1..SQLITE.len() {
        let file = world.folder.join(format!("form-{form}.db"));
        of_form(form, &world.file(), &file).await;
        let store = SqlStore::open(&file).await.unwrap_or_else(|error| panic!("form {form}: {error}"));
        assert_eq!(verify_journal(&store).await.unwrap().unwrap(), head, "form {form}");
        for (id, state) in ids.iter().zip([State::Requested, State::Completed, State::Requested]) {
            let task = store.task(*id).await.unwrap().unwrap();
            assert_eq!((task.state, task.items.len()), (state, 2), "form {form}");
        }
        let held = store.held(&child("c")).await.unwrap();
        assert_eq!(
            held.iter().map(|one| (one.id, one.holds.len())).collect::<Vec<_>>(),
            [(ids[1], 2)],
            "form {form}"
        );
        assert_eq!(store.consent("one").await.unwrap().unwrap().version, 1, "form {form}");
        // And it goes on: what waited is delivered, what comes is accepted.
        let key = parcel().key.filter(|_| form >= KEYS_OF_THEIR_OWN);
        let next = store.claim(&partner("centre"), at(3), at(4)).await.unwrap().unwrap();
        assert_eq!((next.id, next.payload), (ids[0], Some(Parcel { key, ..parcel() })), "form {form}");
        store.settle(&settlement(ids[0], State::Completed, 4)).await.unwrap();
        store.accept(&message("e", &["centre"])).await.unwrap();
        assert_eq!(verify_journal(&store).await.unwrap().unwrap().count, head.count + 2, "form {form}");
        store.close().await;
    }
}

#[tokio::test]
async fn a_store_made_by_a_newer_kith_is_left_alone() {
    let world = World::in_a_file().await;
    world
        .tampers(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (999, 'later', 1, x'00', 0)",
        )
        .await
        .unwrap();
    let says = SqlStore::open(&world.file()).await.unwrap_err().to_string();
    assert!(says.contains("made by a newer Kith") && says.contains("999"), "{says}");
}

#[tokio::test]
async fn two_lines_of_a_child_with_two_numbers_become_one() {
    let world = World::in_a_file().await;
    let ids = [world.sends("m1", "nurse").await, world.sends("m2", "nurse").await];
    let under_way = [world.sends("m1", "centre").await, world.sends("m2", "centre").await];
    let own = world.sends("c", "nurse").await;
    for id in under_way {
        assert_eq!(world.claims("centre", 1).await, Some(id));
    }
    world.store.close().await;
    let file = world.folder.join("form-22.db");
    of_form(22, &world.file(), &file).await;
    let mut old = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await.unwrap();
    for (one, other) in [("m1", "m2"), ("m2", "m1")] {
        let tied = sqlx::query("INSERT INTO same_child (child, other) VALUES ($1, $2)").bind(one).bind(other);
        tied.execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();

    let store = SqlStore::open(&file).await.unwrap();
    let claims = async |from: &str, at_second: i64| {
        store.claim(&partner(from), at(at_second), at(at_second + 60)).await.unwrap().map(|one| one.id)
    };
    assert_eq!(claims("nurse", 3).await, Some(ids[0]));
    assert_eq!(claims("nurse", 3).await, Some(own), "the second number's waits behind the first's");
    assert_eq!(claims("nurse", 3).await, None);
    store.settle(&settlement(ids[0], State::Completed, 4)).await.unwrap();
    assert_eq!(claims("nurse", 5).await, Some(ids[1]));
    assert_eq!(store.recover(at(6)).await.unwrap(), 4, "what was under way goes on, one after the other");
    assert_eq!(claims("centre", 7).await, Some(under_way[0]));
    assert_eq!(claims("centre", 7).await, None);
}
