//! Consents: changed only from the version that was read, one active of a scope, every version kept.

use super::*;
use crate::store::StoreError;

async fn change(world: &World, change: &ConsentChange) -> Result<(), StoreError> {
    world.store.change_consent(change, &entry(Event::ConsentChanged, "c", 1)).await
}

#[tokio::test]
async fn a_change_becomes_current_and_the_versions_before_it_stay() {
    let world = World::new().await;
    for version in [consent("one", 1, "active"), consent("one", 2, "inactive")] {
        change(&world, &version).await.unwrap();
    }
    let current = world.store.consent("one").await.unwrap().unwrap();
    assert_eq!((current.version, current.status.as_str(), current.updated), (2, "inactive", at(2)));
    let history = world.store.consent_history("one").await.unwrap();
    let kept: Vec<_> = history.iter().map(|consent| (consent.version, consent.resource.clone())).collect();
    assert_eq!(kept, [(2, Sealed(vec![2])), (1, Sealed(vec![1]))]);
    assert_eq!(world.entries().await, 2);
    assert!(world.store.consent("other").await.unwrap().is_none());
    assert!(world.store.consent_history("other").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_change_of_a_version_that_is_not_on_file_is_refused_with_the_one_that_is() {
    let world = World::new().await;
    let conflict = |result| match result {
        Err(StoreError::VersionConflict(version)) => version,
        other => panic!("{other:?}"),
    };
    assert_eq!(conflict(change(&world, &consent("one", 2, "active")).await), 0, "nothing on file");
    change(&world, &consent("one", 1, "active")).await.unwrap();
    assert_eq!(conflict(change(&world, &consent("one", 1, "active")).await), 1, "there already");
    assert_eq!(conflict(change(&world, &consent("one", 3, "inactive")).await), 1, "from the future");
    change(&world, &consent("one", 2, "inactive")).await.unwrap();
    assert_eq!(conflict(change(&world, &consent("one", 2, "active")).await), 2, "changed by another since");
    assert_eq!(world.entries().await, 2, "what is refused has no entry");
}

#[tokio::test]
async fn versions_leave_no_number_out() {
    let world = World::new().await;
    let mut leap = consent("one", 2, "active");
    leap.replaces = None;
    assert!(matches!(change(&world, &leap).await, Err(StoreError::Engine(_))));
}

#[tokio::test]
async fn a_child_has_one_active_consent_of_a_scope() {
    let world = World::new().await;
    change(&world, &consent("one", 1, "active")).await.unwrap();
    let second = consent("two", 1, "active");
    assert!(matches!(change(&world, &second).await, Err(StoreError::ActiveConsent)));
    assert!(world.store.consent("two").await.unwrap().is_none());

    change(&world, &consent("one", 2, "active")).await.unwrap();
    for (name, about, scope) in [("three", "c", "father, identity"), ("four", "d", "mother, identity")] {
        let mut other = consent(name, 1, "active");
        other.consent.child = child(about);
        other.consent.scope = scope.to_owned();
        change(&world, &other).await.unwrap();
    }
    let mut ended = consent("five", 1, "inactive");
    change(&world, &ended).await.unwrap();
    ended = consent("five", 2, "active");
    assert!(matches!(change(&world, &ended).await, Err(StoreError::ActiveConsent)), "it cannot come to life");

    change(&world, &consent("one", 3, "inactive")).await.unwrap();
    change(&world, &second).await.unwrap();
}

#[tokio::test]
async fn a_message_may_end_a_consent_and_bring_the_next_in_that_order_only() {
    let world = World::new().await;
    change(&world, &consent("one", 1, "active")).await.unwrap();
    let mut given = message("c", &["centre"]);
    given.consents = vec![consent("two", 1, "active"), consent("one", 2, "inactive")];
    assert!(matches!(world.store.accept(&given).await, Err(StoreError::ActiveConsent)));
    assert_eq!(world.store.tasks(&Default::default()).await.unwrap().1.at_least(), 0);
    given.consents.reverse();
    world.store.accept(&given).await.unwrap();

    let on_file = world.store.child_file(&child("c")).await.unwrap().consents;
    let current: Vec<_> = on_file.iter().map(|c| (c.id.as_str(), c.version, c.status.as_str())).collect();
    assert_eq!(
        current,
        [("one", 2, "inactive"), ("two", 1, "active")],
        "oldest first, in their current version"
    );
}

#[tokio::test]
async fn a_change_whose_entry_cannot_be_written_is_not_made() {
    let world = World::new().await;
    change(&world, &consent("one", 1, "active")).await.unwrap();
    world.breaks("journal", "INSERT").await;
    assert!(change(&world, &consent("one", 2, "inactive")).await.is_err());
    assert_eq!(world.store.consent("one").await.unwrap().unwrap().version, 1);
}

#[tokio::test]
async fn the_engine_itself_refuses_to_change_a_version() {
    let world = World::new().await;
    change(&world, &consent("one", 1, "active")).await.unwrap();
    let refused = world.tampers("UPDATE consent SET status = 'inactive'").await.unwrap_err();
    assert!(refused.to_string().contains("never changed"), "{refused}");
}
