//! The journal in the store: chained as it is written, refused to be changed, and any change behind its back found.

use super::*;
use crate::journal::Fault;

async fn with_entries(count: i64) -> World {
    let world = World::new().await;
    for minute in 0..count {
        world.store.enter(&entry(Event::Releasing, "c", minute)).await.unwrap();
    }
    world
}

#[tokio::test]
async fn entries_are_numbered_from_one_and_read_in_pages() {
    let world = with_entries(5).await;
    let numbers = |rows: Vec<(u64, String, String)>| rows.into_iter().map(|row| row.0).collect::<Vec<_>>();
    assert_eq!(numbers(world.store.journal(0, 10).await.unwrap()), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(world.store.journal(2, 2).await.unwrap()), [2, 3]);
    assert!(world.store.journal(6, 10).await.unwrap().is_empty());
    assert!(world.store.journal(u64::MAX, 10).await.unwrap().is_empty());
    assert_eq!(world.entries().await, 5);
}

#[tokio::test]
async fn the_engine_itself_refuses_to_change_remove_or_replace_an_entry() {
    let world = with_entries(3).await;
    for sql in [
        "UPDATE journal SET text = '{}' WHERE seq = 2",
        "UPDATE journal SET seq = 9 WHERE seq = 3",
        "DELETE FROM journal WHERE seq = 3",
        "DELETE FROM journal",
        match world.store.engine {
            Engine::Sqlite => "INSERT OR REPLACE INTO journal (seq, text, hash) VALUES (2, '{}', '')",
            Engine::Postgres => "TRUNCATE journal",
        },
        "INSERT INTO journal (seq, text, hash) VALUES (5, '{}', '')",
        "INSERT INTO journal (text, hash) VALUES ('{}', '')",
    ] {
        let refused = world.tampers(sql).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{sql}: {refused}");
    }
    assert_eq!(world.entries().await, 3);
}

#[tokio::test]
async fn what_is_done_to_the_file_without_the_triggers_is_found() {
    const LOCKS: [&str; 3] = ["journal_is_not_changed", "journal_is_not_cut", "journal_has_no_gap"];
    for (sql, seq, fault) in [
        ("UPDATE journal SET text = replace(text, 'visitor', 'nobody') WHERE seq = 2", 2, Fault::TextChanged),
        (
            "UPDATE journal SET hash = replace(hash, 'a', 'b') || '' WHERE seq = 4; UPDATE journal SET hash = upper(hash) WHERE seq = 4",
            4,
            Fault::DoesNotFollow,
        ),
        ("DELETE FROM journal WHERE seq = 3", 3, Fault::Missing { found: 4 }),
        ("DELETE FROM journal WHERE seq = 1", 1, Fault::Missing { found: 2 }),
        (
            "DELETE FROM journal WHERE seq = 2; UPDATE journal SET seq = seq - 1 WHERE seq > 2",
            2,
            Fault::DoesNotFollow,
        ),
    ] {
        let world = with_entries(4).await;
        for lock in LOCKS {
            world.drops(lock, "journal").await;
        }
        world.tampers(sql).await.unwrap();
        let broken = verify_journal(&world.store).await.unwrap().unwrap_err();
        assert_eq!((broken.seq, broken.fault), (seq, fault), "{sql}");
    }
}

#[tokio::test]
async fn a_journal_of_more_than_a_page_is_verified_whole() {
    let world = World::new().await;
    let mut given = message("c", &[]);
    given.entries = (0..2001).map(|minute| entry(Event::Releasing, "c", minute)).collect();
    world.store.accept(&given).await.unwrap();
    assert_eq!(world.entries().await, 2001);
}

#[tokio::test]
async fn every_write_that_has_an_entry_goes_on_with_the_same_chain() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    world
        .store
        .change_consent(&consent("one", 1, "active"), &entry(Event::ConsentChanged, "c", 1))
        .await
        .unwrap();
    world.claims("centre", 1).await;
    world.store.enter(&entry(Event::Releasing, "c", 1)).await.unwrap();
    world.settles(id, State::Failed, 2).await;
    assert!(world.store.replay(id, &entry(Event::Accepted, "c", 3)).await.unwrap());
    assert_eq!(world.entries().await, 5);
}
