//! What a withdrawal does to the outbox and to what recipients hold; and what protects a record.

use std::slice;

use super::*;
use crate::domain::Protection;
use crate::store::{Answers as _, Matter, ProtectionChange, Recalled, StoreError};

#[tokio::test]
async fn what_waits_is_taken_back_once_and_the_next_of_its_line_goes_on() {
    let world = World::new().await;
    let (first, second) = (message("maja", &["centre"]), message("maja", &["centre"]));
    world.store.accept(&first).await.unwrap();
    world.store.accept(&second).await.unwrap();
    let queued = world.store.queued(&first.child).await.unwrap();
    assert_eq!(queued.len(), 2);
    assert!(queued[0].payload.is_some());
    let taken = |id| {
        let store = &world.store;
        async move { store.take_back(id, "withdrawn", &entry(Event::Withdrawn, "maja", 9)).await.unwrap() }
    };
    assert!(taken(queued[0].id).await);
    assert!(!taken(queued[0].id).await, "it does not wait any more");
    let task = world.store.task(queued[0].id).await.unwrap().unwrap();
    assert_eq!((task.state, task.note.as_str()), (State::Cancelled, "withdrawn"));
    let claimed = world.store.claim(&partner("centre"), at(20), at(20 + 1)).await.unwrap().unwrap();
    assert_eq!(claimed.id, queued[1].id);
    assert!(!taken(claimed.id).await, "what is under way is not taken back here");
}

#[tokio::test]
async fn a_protection_lasts_until_its_author_ends_it_and_anothers_stays() {
    let world = World::new().await;
    let says = |sender: &str, holds: bool| Acceptance {
        sender: partner(sender),
        protections: vec![ProtectionChange { author: partner(sender), what: Protection::Sealed, holds }],
        ..message("maja", &[])
    };
    let authors = || async {
        let file = world.store.child_file(&child("maja")).await.unwrap();
        file.protections.into_iter().map(|one| one.author.0).collect::<Vec<_>>()
    };
    world.store.accept(&says("visitor", true)).await.unwrap();
    world.store.accept(&says("practice", true)).await.unwrap();
    world.store.accept(&says("visitor", true)).await.unwrap();
    world.store.accept(&message("maja", &[])).await.unwrap();
    assert_eq!(authors().await.len(), 2, "who is silent ends nothing");
    world.store.accept(&says("visitor", false)).await.unwrap();
    assert_eq!(authors().await, ["practice"]);
}

#[tokio::test]
async fn a_matter_is_written_when_it_changes_and_seen_by_its_owners() {
    let world = World::new().await;
    let matter = Matter {
        id: Uuid::nil(),
        kind: "consent-conflict".to_owned(),
        child: child("maja"),
        owners: vec![partner("visitor")],
        note: "settle it".to_owned(),
        open: true,
        created: at(1),
        updated: at(1),
    };
    let keep = |matter: Matter| {
        let store = &world.store;
        async move { store.keep_matter(&matter, &entry(Event::MatterChanged, "maja", 9)).await.unwrap() }
    };
    assert!(keep(matter.clone()).await);
    assert!(!keep(matter.clone()).await, "nothing changed");
    assert!(keep(Matter { open: false, ..matter }).await);
    let seen = |owner: &str| {
        let (store, owner) = (&world.store, partner(owner));
        async move { store.matters(Some(&owner)).await.unwrap() }
    };
    assert!(!seen("visitor").await[0].open);
    assert!(seen("practice").await.is_empty());
    assert_eq!(world.store.matters(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_taken_on_consent_is_held_until_it_is_recalled_and_no_recall_counts_twice() {
    let world = World::new().await;
    let sent = message("maja", &["centre"]);
    world.store.accept(&sent).await.unwrap();
    assert!(world.store.held(&sent.child).await.unwrap().is_empty(), "it was not taken yet");
    let claimed = world.store.claim(&partner("centre"), at(1), at(1 + 1)).await.unwrap().unwrap();
    world.store.settle(&settlement(claimed.id, State::Completed, 2)).await.unwrap();
    let held = world.store.held(&sent.child).await.unwrap();
    assert_eq!(held.iter().map(|one| one.id).collect::<Vec<_>>(), [claimed.id]);
    let recall = |kind: &str| Acceptance {
        kind: kind.to_owned(),
        recalls: vec![whole(claimed.id)],
        ..message("maja", &[])
    };
    world.store.accept(&recall("recall-notice")).await.unwrap();
    assert!(world.store.held(&sent.child).await.unwrap().is_empty());
    let again = world.store.accept(&recall("recall-notice")).await;
    assert!(
        matches!(again, Err(StoreError::DuplicateMessage)),
        "two replicas recall at once: one of them wins"
    );
    assert!(world.store.acknowledge(claimed.id, &entry(Event::Acknowledged, "maja", 3)).await.unwrap());
    assert!(!world.store.acknowledge(claimed.id, &entry(Event::Acknowledged, "maja", 4)).await.unwrap());
    assert_eq!(world.store.senders(&sent.child).await.unwrap(), [partner("visitor")]);
}

#[tokio::test]
async fn an_answer_is_held_until_it_is_recalled_and_no_recall_counts_twice() {
    let world = World::new().await;
    let answered = answered(&["birth"]);
    world.store.enter_answers(slice::from_ref(&answered), &[entry(Event::Read, "maja", 1)]).await.unwrap();
    assert_eq!(world.entries().await, 1);
    assert_eq!(world.store.answered(&child("maja")).await.unwrap(), std::slice::from_ref(&answered));
    assert_eq!(world.store.answered(&child("noa")).await.unwrap(), []);
    // Who asks for the same again holds it once, as the last question tells it; something else beside it.
    let again = Answered { id: Uuid::new_v4(), question: Uuid::new_v4(), at: at(2), ..answered.clone() };
    world.store.enter_answers(slice::from_ref(&again), &[entry(Event::Read, "maja", 2)]).await.unwrap();
    let other =
        Answered { id: Uuid::new_v4(), items: vec!["growth".to_owned()], at: at(3), ..answered.clone() };
    world.store.enter_answers(slice::from_ref(&other), &[entry(Event::Read, "maja", 3)]).await.unwrap();
    // Of what another limit says something else is held beside it.
    let weighed = r#"{"limits":{"birth":"some"}}"#.to_owned();
    let apart = Answered { id: Uuid::new_v4(), weighed, at: at(4), ..answered.clone() };
    world.store.enter_answers(slice::from_ref(&apart), &[entry(Event::Read, "maja", 4)]).await.unwrap();
    let last = Answered { id: answered.id, ..again };
    assert_eq!(world.store.answered(&child("maja")).await.unwrap(), [last, other.clone(), apart.clone()]);
    assert_eq!(world.entries().await, 4, "each question has its entry");

    let all = Recalled { id: answered.id, held: answered.items.clone(), left: vec![] };
    let recall = || Acceptance { recalls: vec![all.clone()], ..message("maja", &[]) };
    world.store.accept(&recall()).await.unwrap();
    assert_eq!(world.store.answered(&child("maja")).await.unwrap(), [other, apart]);
    let twice = world.store.accept(&recall()).await;
    assert!(matches!(twice, Err(StoreError::DuplicateMessage)));
}

/// A consent of that child, written at that minute.
fn agreed(id: &str, about: &str, minute: i64) -> ConsentChange {
    let mut change = consent(id, 1, "active");
    (change.consent.child, change.consent.updated) = (child(about), at(minute));
    change.consent.scope = format!("{id}, identity");
    change
}

#[tokio::test]
async fn a_message_stands_alone_until_anything_else_is_on_file_about_its_child() {
    let world = World::new().await;
    for (about, more) in
        [("a", "a message"), ("b", "a consent"), ("c", "an answer"), ("d", "another's message")]
    {
        let first = Acceptance { consents: vec![agreed(about, about, 0)], ..message(about, &["centre"]) };
        world.store.accept(&first).await.unwrap();
        let of = (&first.sender, first.message_id);
        assert!(world.store.stands_alone(&child(about), of).await.unwrap(), "{more}");
        match more {
            "a message" => world.store.accept(&message(about, &["centre"])).await.unwrap(),
            "a consent" => {
                let changed = entry(Event::ConsentChanged, about, 1);
                world.store.change_consent(&agreed("other", about, 1), &changed).await.unwrap();
            }
            "an answer" => {
                let (source, asker) = (partner("visitor"), partner("centre"));
                let (id, question, at, kind) = (Uuid::new_v4(), Uuid::new_v4(), at(1), "Flag".to_owned());
                let child = child(about);
                let (items, weighed) = (vec![], "{}".to_owned());
                let answered = Answered { id, question, child, source, asker, kind, items, weighed, at };
                let entries = [entry(Event::Read, about, 1)];
                world.store.enter_answers(slice::from_ref(&answered), &entries).await.unwrap();
            }
            _ => {
                // Two senders may have chosen the same id.
                let mut other = message(about, &["nursery"]);
                (other.sender, other.message_id) = (partner("practice"), first.message_id);
                other.deliveries.iter_mut().for_each(|one| {
                    (one.sender, one.message_id) = (partner("practice"), first.message_id);
                });
                world.store.accept(&other).await.unwrap();
            }
        }
        assert!(!world.store.stands_alone(&child(about), of).await.unwrap(), "{more}");
    }
}

#[tokio::test]
async fn only_a_consent_from_which_something_may_follow_is_looked_at_again() {
    let world = World::new().await;
    let changed = |minute: i64| {
        let store = &world.store;
        async move {
            let found = store.consents_changed((at(minute), "")).await.unwrap();
            found.into_iter().map(|consent| consent.id).collect::<Vec<_>>()
        }
    };
    // What came with its consent was decided on it.
    world
        .store
        .accept(&Acceptance { consents: vec![agreed("alone", "a", 0)], ..message("a", &["centre"]) })
        .await
        .unwrap();
    assert!(changed(0).await.is_empty());
    // A consent that came after a message, and one that a message overtook while it was written.
    world.store.accept(&message("b", &["centre"])).await.unwrap();
    world
        .store
        .change_consent(&agreed("later", "b", 5), &entry(Event::ConsentChanged, "b", 5))
        .await
        .unwrap();
    world
        .store
        .change_consent(&agreed("overtaken", "c", 6), &entry(Event::ConsentChanged, "c", 6))
        .await
        .unwrap();
    let mut overtakes = message("c", &["centre"]);
    overtakes.deliveries[0].created = at(6) + chrono::TimeDelta::minutes(2);
    world.store.accept(&overtakes).await.unwrap();
    // One of two, and one on which a question was answered.
    for id in ["one", "two"] {
        world.store.change_consent(&agreed(id, "d", 7), &entry(Event::ConsentChanged, "d", 7)).await.unwrap();
    }
    world
        .store
        .change_consent(&agreed("asked", "e", 8), &entry(Event::ConsentChanged, "e", 8))
        .await
        .unwrap();
    let (id, question) = (Uuid::new_v4(), Uuid::new_v4());
    let (source, asker) = (partner("visitor"), partner("centre"));
    let answered = Answered {
        id,
        question,
        child: child("e"),
        source,
        asker,
        kind: "Flag".to_owned(),
        items: vec![],
        weighed: "{}".to_owned(),
        at: at(9),
    };
    world.store.enter_answers(slice::from_ref(&answered), &[entry(Event::Read, "e", 9)]).await.unwrap();

    assert_eq!(changed(0).await, ["later", "overtaken", "one", "two", "asked"]);
    assert_eq!(changed(7).await, ["one", "two", "asked"]);
    let after: Vec<_> = world.store.consents_changed((at(7), "one")).await.unwrap();
    assert_eq!(
        after.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        ["two", "asked"],
        "after a place"
    );
}

#[tokio::test]
async fn changed_consents_come_a_page_at_a_time() {
    let world = World::new().await;
    let page = super::super::consents::PAGE;
    for number in 0..=page {
        let change = agreed(&format!("{number:04}"), "a", 1);
        world.store.change_consent(&change, &entry(Event::ConsentChanged, "a", 1)).await.unwrap();
    }
    let first = world.store.consents_changed((at(0), "")).await.unwrap();
    assert_eq!(first.len() as i64, page);
    let last = first.last().unwrap();
    let second = world.store.consents_changed((last.updated, &last.id)).await.unwrap();
    assert_eq!(second.len(), 1);
    let last = second.last().unwrap();
    assert!(world.store.consents_changed((last.updated, &last.id)).await.unwrap().is_empty());
}
