//! Several at once: nothing is handed out twice, nothing is accepted twice, the chain has no fork.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::*;
use crate::store::StoreError;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_that_claim_at_once_never_get_the_same_delivery_nor_two_of_one_child() {
    let world = Arc::new(World::new().await);
    for about in ["a", "b", "c", "d"] {
        for _ in 0..5 {
            world.sends(about, "centre").await;
        }
    }
    let flying = Arc::new(std::sync::Mutex::new(HashSet::new()));
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let (world, flying) = (Arc::clone(&world), Arc::clone(&flying));
        tasks.spawn(async move {
            let mut mine = Vec::new();
            for _ in 0..200 {
                let Some(claimed) = world.store.claim(&partner("centre"), at(1), at(1 + 1)).await.unwrap()
                else {
                    tokio::task::yield_now().await;
                    continue;
                };
                assert!(flying.lock().unwrap().insert(claimed.child.clone()), "two of one child at once");
                mine.push(claimed.id);
                flying.lock().unwrap().remove(&claimed.child);
                world.settles(claimed.id, State::Completed, 2).await;
            }
            mine
        });
    }
    let all = tasks.join_all().await.concat();
    let different: HashSet<&Uuid> = all.iter().collect();
    assert_eq!((all.len(), different.len()), (20, 20));
    assert_eq!(world.entries().await, 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_message_sent_many_times_at_once_is_accepted_once() {
    let world = Arc::new(World::new().await);
    let given = Arc::new(message("c", &["centre"]));
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let (world, given) = (Arc::clone(&world), Arc::clone(&given));
        tasks.spawn(async move { world.store.accept(&given).await });
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(StoreError::DuplicateMessage))));
    assert_eq!(world.entries().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_on_one_store_write_one_chain() {
    let world = Arc::new(World::new().await);
    let other = Arc::new(world.again().await);
    let mut tasks = JoinSet::new();
    for minute in 0..20 {
        let (world, other) = (Arc::clone(&world), Arc::clone(&other));
        tasks.spawn(async move {
            let store = if minute % 2 == 0 { &world.store } else { &*other };
            store.enter(&entry(Event::Releasing, "c", minute)).await.unwrap();
        });
    }
    tasks.join_all().await;
    assert_eq!(world.entries().await, 20);
}
