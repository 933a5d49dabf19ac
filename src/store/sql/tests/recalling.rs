//! What recipients hold, or may hold, and what is recalled of it, in parts too.

use std::slice;

use super::*;
use crate::store::{Answers as _, StoreError};

fn items(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn what_is_recalled_in_parts_is_held_until_its_last_part_is_recalled() {
    let world = World::new().await;
    let sent = message("maja", &["centre"]);
    world.store.accept(&sent).await.unwrap();
    let claimed = world.store.claim(&partner("centre"), at(1), at(1 + 1)).await.unwrap().unwrap();
    world.settles(claimed.id, State::Completed, 2).await;
    let recalls = |held: &[&str], left: &[&str]| {
        let one = Recalled { id: claimed.id, held: items(held), left: items(left) };
        Acceptance { kind: "recall-notice".to_owned(), recalls: vec![one], ..message("maja", &[]) }
    };
    let holds = || async {
        let held = world.store.held(&sent.child).await.unwrap();
        held.into_iter().map(|one| one.holds).collect::<Vec<_>>()
    };
    assert!(world.store.acknowledge(claimed.id, &entry(Event::Acknowledged, "maja", 3)).await.unwrap());
    assert_eq!(
        world.store.held(&sent.child).await.unwrap()[0].updated,
        at(2),
        "as it was taken, not as it was read"
    );
    world.store.accept(&recalls(&["identity/name", "birth"], &["identity/name"])).await.unwrap();
    assert_eq!(holds().await, [items(&["identity/name"])]);
    let again = world.store.accept(&recalls(&["identity/name", "birth"], &["birth"])).await;
    assert!(matches!(again, Err(StoreError::DuplicateMessage)), "somebody else was first");
    assert_eq!(holds().await, [items(&["identity/name"])]);
    world.store.accept(&recalls(&["identity/name"], &[])).await.unwrap();
    assert!(holds().await.is_empty());
    let receipt = world.store.task(claimed.id).await.unwrap().unwrap();
    assert_eq!(receipt.items, items(&["identity/name", "birth"]), "it was told, all the same");
}

#[tokio::test]
async fn what_may_be_kept_of_an_answer_is_held_until_it_is_recalled_too() {
    let world = World::new().await;
    let answered = answered(&["birth", "measurements"]);
    world.store.enter_answers(slice::from_ref(&answered), &[entry(Event::Read, "maja", 1)]).await.unwrap();
    let recall = |one: &Answered, left: &[&str]| {
        let one = Recalled { id: one.id, held: one.items.clone(), left: items(left) };
        Acceptance { recalls: vec![one], ..message("maja", &[]) }
    };
    world.store.accept(&recall(&answered, &["birth"])).await.unwrap();
    let held = world.store.answered(&child("maja")).await.unwrap();
    assert_eq!(held, [Answered { id: held[0].id, items: items(&["birth"]), ..answered.clone() }]);
    assert!(world.store.accept(&recall(&answered, &["birth"])).await.is_err(), "that was recalled before");
    world.store.accept(&recall(&held[0], &[])).await.unwrap();
    assert_eq!(world.store.answered(&child("maja")).await.unwrap(), []);
}

#[tokio::test]
async fn what_an_attempt_may_have_told_is_held_however_the_delivery_ends() {
    let world = World::new().await;
    let mut sent = message("maja", &["centre", "practice", "nurse"]);
    let accepted = r#"{"limits":{"birth":"none"}}"#;
    sent.deliveries.iter_mut().for_each(|one| accepted.clone_into(&mut one.weighed));
    world.store.accept(&sent).await.unwrap();
    let holds = |recipient: &'static str| {
        let (world, child) = (&world, &sent.child);
        async move {
            let held = world.store.held(child).await.unwrap();
            held.into_iter().find(|one| one.recipient == partner(recipient)).map(|one| (one.state, one.holds))
        }
    };
    let claim = |recipient: &'static str, minute: i64| {
        let store = &world.store;
        async move { store.claim(&partner(recipient), at(minute), at(minute + 1)).await.unwrap().unwrap().id }
    };
    // Nobody knows whether it arrived; then it is taken back.
    let centre = claim("centre", 1).await;
    let dark = Settlement { told: Some(told(&["birth"])), ..settlement(centre, State::Requested, 2) };
    world.store.settle(&dark).await.unwrap();
    assert_eq!(holds("centre").await, Some((State::Requested, items(&["birth"]))));
    assert!(world.store.take_back(centre, "back", &entry(Event::Withdrawn, "maja", 3)).await.unwrap());
    assert_eq!(holds("centre").await, Some((State::Cancelled, items(&["birth"]))));
    let receipt = world.store.task(centre).await.unwrap().unwrap();
    assert_eq!(receipt.items, items(&["identity/name", "birth"]), "nobody knows that less was told");
    // It cannot be reached.
    let practice = claim("practice", 1).await;
    world.settles(practice, State::Requested, 2).await;
    assert_eq!(holds("practice").await, None);
    // The program ends while an attempt is under way.
    let nurse = claim("nurse", 1).await;
    world.store.recover(at(3)).await.unwrap();
    assert_eq!(holds("nurse").await, Some((State::Requested, items(&["identity/name", "birth"]))));
    assert_eq!(world.store.task(nurse).await.unwrap().unwrap().weighed, accepted, "as when it was accepted");
    // At last it is taken, and less of it by then.
    assert_eq!(claim("nurse", 4).await, nurse);
    let taken = Settlement { told: Some(told(&["identity/name"])), ..settlement(nurse, State::Completed, 5) };
    world.store.settle(&taken).await.unwrap();
    assert_eq!(holds("nurse").await, Some((State::Completed, items(&["identity/name"]))));
    let receipt = world.store.task(nurse).await.unwrap().unwrap();
    assert_eq!(receipt.items, items(&["identity/name"]), "its receipt says what was told");
    assert_eq!(receipt.weighed, told(&[]).weighed);
    let practice = world.store.task(practice).await.unwrap().unwrap();
    assert_eq!(practice.weighed, accepted, "nothing was told");
}
