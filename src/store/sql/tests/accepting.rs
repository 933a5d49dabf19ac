//! Accepting a message: everything it brings or nothing, and never twice.

use super::*;
use crate::store::{CircleMember, StoreError, StoredFlag};

fn flag(version: u32, status: &str) -> StoredFlag {
    StoredFlag {
        id: "flag-1".to_owned(),
        version,
        child: child("c"),
        author: partner("visitor"),
        status: status.to_owned(),
        code: "hash of the code".to_owned(),
        updated: at(i64::from(version)),
    }
}

fn member(name: &str, relation: &str, minute: i64) -> CircleMember {
    CircleMember { partner: partner(name), relation: relation.to_owned(), since: at(minute) }
}

/// A message that brings one of everything.
fn full() -> Acceptance {
    let mut acceptance = message("c", &["centre", "nurse"]);
    acceptance.consents = vec![consent("consent-1", 1, "active")];
    acceptance.flag = Some((flag(1, "active"), None));
    acceptance.circle = vec![member("visitor", "sent", 0)];
    acceptance
}

#[tokio::test]
async fn everything_that_a_message_brings_is_on_file_as_it_was_given() {
    let world = World::new().await;
    let given = full();
    world.store.accept(&given).await.unwrap();

    let answer = world.store.first_answer(&given.sender, given.message_id).await.unwrap().unwrap();
    assert_eq!(format!("{answer:?}"), format!("{:?}", given.answer));

    let file = world.store.child_file(&child("c")).await.unwrap();
    assert_eq!(format!("{:?}", file.consents), format!("{:?}", [&given.consents[0].consent]));
    assert_eq!(file.circle, given.circle);
    let flag_on_file = world.store.flag("flag-1").await.unwrap();
    assert_eq!(format!("{flag_on_file:?}"), format!("{:?}", Some(flag(1, "active"))));

    let mut expected = given.deliveries[0].clone();
    expected.payload = None;
    let task = world.store.task(expected.id).await.unwrap().unwrap();
    assert_eq!(format!("{task:?}"), format!("{expected:?}"), "a receipt is the delivery without its payload");

    let (seq, text, _) = world.store.journal(1, 10).await.unwrap().remove(0);
    assert_eq!((seq, serde_json::from_str::<Entry>(&text).unwrap()), (1, given.entries[0].clone()));
}

#[tokio::test]
async fn the_same_message_of_the_same_sender_is_refused_and_another_sender_may_use_its_id() {
    let world = World::new().await;
    let first = message("c", &["centre"]);
    world.store.accept(&first).await.unwrap();
    let mut again = message("c", &["centre"]);
    again.message_id = first.message_id;
    again.deliveries.clear();
    assert!(matches!(world.store.accept(&again).await, Err(StoreError::DuplicateMessage)));
    assert_eq!(world.entries().await, 1);

    again.sender = partner("practice");
    world.store.accept(&again).await.unwrap();
    assert!(world.store.first_answer(&partner("nurse"), first.message_id).await.unwrap().is_none());
}

/// Asserts that nothing of `full()` is on file.
async fn nothing_is_on_file(world: &World, given: &Acceptance) {
    assert!(world.store.first_answer(&given.sender, given.message_id).await.unwrap().is_none());
    let file = world.store.child_file(&child("c")).await.unwrap();
    assert!(file.consents.is_empty() && file.circle.is_empty());
    assert!(world.store.flag("flag-1").await.unwrap().is_none());
    assert_eq!(world.store.tasks(&Default::default()).await.unwrap().1.at_least(), 0);
    assert_eq!(world.claims("centre", 1).await, None);
    assert_eq!(world.entries().await, 0);
}

#[tokio::test]
async fn a_message_whose_entry_cannot_be_written_leaves_nothing() {
    let world = World::new().await;
    world.breaks("journal", "INSERT").await;
    let given = full();
    let refused = world.store.accept(&given).await.unwrap_err();
    assert!(matches!(refused, StoreError::Engine(_)), "{refused}");
    nothing_is_on_file(&world, &given).await;

    world.mends("journal").await;
    world.store.accept(&given).await.unwrap();
    assert_eq!(world.entries().await, 1);
}

#[tokio::test]
async fn a_message_whose_last_delivery_cannot_be_written_leaves_nothing() {
    let world = World::new().await;
    let mut given = full();
    given.deliveries[1].id = given.deliveries[0].id;
    let refused = world.store.accept(&given).await.unwrap_err();
    assert!(matches!(refused, StoreError::Engine(_)), "a delivery's id is not a message's: {refused}");
    nothing_is_on_file(&world, &given).await;
}

#[tokio::test]
async fn a_call_that_is_dropped_half_way_leaves_nothing_or_everything() {
    let world = World::new().await;
    for wait in 0..60 {
        let given = message("c", &["centre"]);
        let patience = std::time::Duration::from_micros(wait * 50);
        let _ = tokio::time::timeout(patience, world.store.accept(&given)).await;
    }
    // Whatever still waited for its turn had it before this.
    world.store.enter(&entry(Event::Delivered, "c", 0)).await.unwrap();
    // Each that is on file has both its delivery and its entry.
    assert_eq!(world.store.tasks(&Default::default()).await.unwrap().1.at_least() + 1, world.entries().await);
}

#[tokio::test]
async fn what_is_withheld_is_a_receipt_that_never_leaves_and_has_no_payload() {
    let world = World::new().await;
    let mut given = message("c", &["centre"]);
    given.deliveries[0].state = State::Rejected;
    world.store.accept(&given).await.unwrap();
    assert_eq!(world.state(given.deliveries[0].id).await, State::Rejected);
    assert_eq!(world.claims("centre", 100).await, None);
    assert_eq!(world.next_due("centre").await, None);
    let payloads: i64 = sqlx::query_scalar("SELECT count(payload) FROM delivery")
        .fetch_one(&world.store.readers)
        .await
        .unwrap();
    assert_eq!(payloads, 0);
}

#[tokio::test]
async fn a_flag_is_ended_only_by_the_version_that_follows() {
    let world = World::new().await;
    world.store.accept(&full()).await.unwrap();
    let mut ending = message("c", &[]);
    for (replaces, on_file) in [(None, 1), (Some(2), 1)] {
        ending.flag = Some((flag(2, "inactive"), replaces));
        let refused = world.store.accept(&ending).await;
        assert!(matches!(refused, Err(StoreError::VersionConflict(version)) if version == on_file));
    }
    ending.flag = Some((flag(2, "inactive"), Some(1)));
    world.store.accept(&ending).await.unwrap();
    assert_eq!(world.store.flag("flag-1").await.unwrap().unwrap().status, "inactive");
}

#[tokio::test]
async fn a_partner_is_around_a_child_once_for_each_relation_since_it_last_showed() {
    let world = World::new().await;
    for (minute, relation) in [(5, "sent"), (9, "sent"), (7, "sent"), (6, "centre")] {
        let mut given = message("c", &[]);
        given.circle = vec![member("visitor", relation, minute)];
        world.store.accept(&given).await.unwrap();
    }
    let file = world.store.child_file(&child("c")).await.unwrap();
    assert_eq!(file.circle, [member("visitor", "centre", 6), member("visitor", "sent", 9)]);
    assert!(world.store.child_file(&child("other")).await.unwrap().circle.is_empty());
}
