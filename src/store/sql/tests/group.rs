//! Those who write together: each succeeds or fails alone, nobody is kept waiting for ever, a full disk is said and got over.

use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
use tokio::task::JoinSet;

use super::*;
use crate::store::StoreError;

/// Keeps everybody from writing until it is dropped: another process that holds the file's lock.
async fn hold(world: &World) -> sqlx::AnyConnection {
    let address = format!("sqlite://{}", world.file().display());
    let mut other = sqlx::AnyConnection::connect(&address).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    other
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_write_together_only_the_wrong_ones_fail() {
    let world = Arc::new(World::in_a_file().await);
    let same = message("c", &["centre"]);
    let other = hold(&world).await;
    let mut tasks = JoinSet::new();
    for place in 0..60 {
        let given = if place % 3 == 0 { same.clone() } else { message(&format!("c{place}"), &["centre"]) };
        let world = Arc::clone(&world);
        tasks.spawn(async move { world.store.accept(&given).await });
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(other);
    let answers = tasks.join_all().await;
    let good = answers.iter().filter(|answer| answer.is_ok()).count();
    let duplicates = answers.iter().filter(|a| matches!(a, Err(StoreError::DuplicateMessage))).count();
    assert_eq!((good, duplicates), (41, 19));
    assert_eq!(world.entries().await, 41);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_too_many_wait_the_next_is_refused_at_once_and_the_others_are_served() {
    let world = Arc::new(World::in_a_file().await);
    let other = hold(&world).await;
    let mut tasks = JoinSet::new();
    for place in 0..1500 {
        let world = Arc::clone(&world);
        tasks.spawn(async move { world.store.accept(&message(&format!("c{place}"), &["centre"])).await });
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(other);
    let answers = tasks.join_all().await;
    let good = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(StoreError::Busy))));
    assert!((1024..1500).contains(&good), "{good}");
    assert_eq!(world.entries().await, good as u64);
}

#[tokio::test]
async fn a_full_disk_is_said_and_got_over() {
    let world = World::in_a_file().await;
    world.tampers("PRAGMA max_page_count = 1").await.unwrap();
    let mut accepted = 0;
    let refused = loop {
        match world.store.accept(&message("c", &["centre"])).await {
            Ok(()) => accepted += 1,
            Err(error) => break error,
        }
        assert!(accepted < 10_000);
    };
    assert!(matches!(refused, StoreError::Full), "{refused}");
    assert_eq!(world.entries().await, accepted);
    world.tampers("PRAGMA max_page_count = 1000000").await.unwrap();
    world.store.accept(&message("c", &["centre"])).await.unwrap();
    assert_eq!(world.entries().await, accepted + 1);
}
