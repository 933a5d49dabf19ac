//! Nothing is accepted and nothing leaves while the journal cannot be written; and what was written cannot be changed unseen.

use std::process::Command;

use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use uuid::Uuid;

use super::check;
use crate::world::{World, run};

/// The store's file, opened beside the running gateway.
async fn store(world: &World) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(world.folder.store());
    SqliteConnection::connect_with(&options.busy_timeout(std::time::Duration::from_secs(10))).await.unwrap()
}

async fn rows(store: &mut SqliteConnection, table: &'static str) -> i64 {
    let count = match table {
        "message" => "SELECT count(*) FROM message",
        _ => "SELECT count(*) FROM delivery",
    };
    sqlx::query_scalar(count).fetch_one(store).await.unwrap()
}

const FULL: &str =
    "CREATE TRIGGER disk_is_full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'disk full'); END";

#[test]
fn when_the_journal_cannot_be_written_nothing_is_accepted_and_nothing_leaves() {
    run(async {
        let world = World::start().await;
        let mut store = store(&world).await;
        sqlx::query(FULL).execute(&mut store).await.unwrap();
        let id = Uuid::new_v4();
        let refused = world.health_visitor().sends_as("new-birth-visit", &check("one"), id).await.expect(503);
        assert!(refused.header("retry-after").is_some());
        assert_eq!(refused.issues()[0]["code"], "transient");
        assert_eq!((rows(&mut store, "message").await, rows(&mut store, "delivery").await), (0, 0));
        assert!(world.journal().await.is_empty());
        assert!(world.partners().all(|partner| partner.arrived().is_empty()));

        sqlx::query("DROP TRIGGER disk_is_full").execute(&mut store).await.unwrap();
        // The same message again, by the same id: it was never accepted, so it is new.
        let sent = world.health_visitor().sends_as("new-birth-visit", &check("one"), id).await.expect(202);
        world.wait_until_settled(&sent).await;
        assert_eq!(world.centre().received().len(), 1);
    });
}

#[test]
fn what_was_accepted_does_not_leave_while_the_journal_cannot_be_written() {
    run(async {
        let world = World::start().await;
        world.centre().goes_down().await;
        let sent = world.health_visitor().sends("new-birth-visit", &check("one")).await.expect(202);
        world.wait_for(&sent, "weir-lane", "completed").await;
        world.wait_until_journal_says(0, &json!({ "event": "retrying", "recipient": "north-centre" })).await;
        let mut store = store(&world).await;
        sqlx::query(FULL).execute(&mut store).await.unwrap();
        world.centre().comes_back().await;
        // The next attempt is claimed, and ends where the journal cannot be written.
        world.wait_for(&sent, "north-centre", "in-progress").await;
        assert!(world.centre().arrived().is_empty());
        sqlx::query("DROP TRIGGER disk_is_full").execute(&mut store).await.unwrap();
        world.wait_for(&sent, "north-centre", "completed").await;
        assert_eq!(world.centre().arrived().len(), 1);
    });
}

fn verify(world: &World) -> (Option<i32>, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.args(["journal", "verify", "--format", "json", "--config"]).arg(&world.folder.path);
    let output = command.output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default())
}

#[test]
fn the_journal_is_verified_offline_and_tampering_shows() {
    run(async {
        let world = World::start().await;
        let sent = world.health_visitor().sends("new-birth-visit", &check("one")).await.expect(202);
        world.wait_until_settled(&sent).await;
        let (code, said) = verify(&world);
        assert_eq!((code, &said["intact"]), (Some(0), &json!(true)), "{said}");
        assert_eq!(said["entries"], world.journal().await.len());

        let mut store = store(&world).await;
        let change = "UPDATE journal SET text = replace(text, 'north-centre', 'some-centre') WHERE seq = 2";
        assert!(sqlx::query(change).execute(&mut store).await.is_err(), "the journal protects itself");
        sqlx::query("DROP TRIGGER journal_is_not_changed").execute(&mut store).await.unwrap();
        sqlx::query(change).execute(&mut store).await.unwrap();
        let (code, said) = verify(&world);
        assert_eq!((code, &said["intact"], &said["entry"]), (Some(1), &json!(false), &json!(2)), "{said}");
    });
}
