//! A child by all its numbers: tied, tied on, and untied.

use super::*;
use crate::domain::Protection;
use crate::store::{CircleMember, Merged, NUMBERS_MAX, Numbers as _, ProtectionChange, Sealed, StoreError};

fn merged(old: &str, into: &str) -> Merged {
    let numbers = [old, into].map(|number| Sealed(number.as_bytes().to_vec()));
    Merged { child: child(old), into: child(into), numbers, author: partner("authority"), at: at(1) }
}

impl World {
    async fn merges(&self, old: &str, into: &str) -> bool {
        let entries = [entry(Event::NumbersMerged, old, 1), entry(Event::NumbersMerged, into, 1)];
        self.store.merge(&merged(old, into), &entries).await.unwrap()
    }

    async fn unmerges(&self, old: &str, into: &str) -> bool {
        let entries = [entry(Event::NumbersUnmerged, old, 2)];
        self.store.unmerge(&merged(old, into), &entries).await.unwrap()
    }

    async fn numbers(&self, of: &str) -> String {
        let mut all: Vec<String> =
            self.store.numbers_of(&child(of)).await.unwrap().into_iter().map(|key| key.0).collect();
        assert_eq!(all[0], of, "the one that was asked for is first");
        all.sort();
        let mut written: Vec<String> = vec![of.to_owned()];
        for (key, number) in self.store.other_numbers(&child(of)).await.unwrap() {
            assert_eq!(number.0, key.as_str().as_bytes());
            written.push(key.0);
        }
        written.sort();
        assert_eq!(written, all, "each can be asked by");
        all.join(" ")
    }

    /// How many numbers are written down, of whichever child.
    async fn written(&self) -> i64 {
        let mut connection = self.store.readers.acquire().await.unwrap();
        sqlx::query_scalar("SELECT count(*) FROM number").fetch_one(&mut *connection).await.unwrap()
    }
}

#[tokio::test]
async fn numbers_are_tied_and_untied_with_all_that_follows() {
    let world = World::new().await;
    assert_eq!(world.numbers("a").await, "a");
    assert!(world.merges("a", "b").await);
    assert!(!world.merges("a", "b").await, "it was said before");
    assert!(world.merges("c", "d").await);
    assert!(world.merges("b", "c").await);
    assert_eq!(world.entries().await, 6, "what was said again has no entry");
    for one in ["a", "b", "c", "d"] {
        assert_eq!(world.numbers(one).await, "a b c d");
    }
    assert!(world.unmerges("b", "c").await);
    assert!(!world.unmerges("b", "c").await && !world.unmerges("c", "b").await);
    assert_eq!((world.numbers("b").await, world.numbers("d").await), ("a b".into(), "c d".into()));
    assert!(world.merges("x", "b").await && world.unmerges("a", "b").await);
    assert_eq!((world.numbers("a").await, world.numbers("b").await), ("a".into(), "b x".into()));
    assert!(world.unmerges("x", "b").await);
    assert_eq!(
        world.written().await,
        2,
        "those of c and d: a number that is nobody's second one is not kept"
    );
    assert_eq!((world.numbers("x").await, world.numbers("c").await), ("x".into(), "c d".into()));
}

#[tokio::test]
async fn said_again_to_a_store_from_before_the_numbers_are_written_down() {
    let world = World::new().await;
    assert!(world.merges("a", "b").await);
    let mut connection = world.store.write().await.unwrap();
    sqlx::query("DELETE FROM number").execute(&mut *connection).await.unwrap();
    connection.commit().await.unwrap();
    assert_eq!(world.written().await, 0);
    assert!(!world.merges("a", "b").await);
    assert_eq!((world.written().await, world.numbers("b").await), (2, "a b".to_owned()));
    assert_eq!(world.entries().await, 2, "and no entry");
}

#[tokio::test]
async fn a_child_has_only_so_many_numbers() {
    let world = World::new().await;
    for number in 1..NUMBERS_MAX {
        assert!(world.merges(&format!("n{number}"), "n0").await);
    }
    let more = world.store.merge(&merged("more", "n0"), &[]).await.unwrap_err();
    assert!(matches!(more, StoreError::TooManyNumbers), "{more}");
    assert_eq!(world.numbers("more").await, "more", "and nothing was written");
    assert!(!world.unmerges("more", "n0").await);
}

#[tokio::test]
async fn what_is_on_file_about_one_number_is_on_file_about_all() {
    let world = World::new().await;
    let says = |about: &str, holds: bool| Acceptance {
        protections: vec![ProtectionChange { author: partner("visitor"), what: Protection::Sealed, holds }],
        circle: vec![CircleMember {
            partner: partner("practice"),
            relation: "received".into(),
            since: at(0),
        }],
        ..message(about, &["centre"])
    };
    let old = says("old", true);
    world.store.accept(&old).await.unwrap();
    world.store.accept(&message("new", &["centre"])).await.unwrap();
    let alone = ((&old.sender, old.message_id), child("old"));
    assert!(world.store.stands_alone(&alone.1, alone.0).await.unwrap());
    assert!(world.store.child_file(&child("new")).await.unwrap().circle.is_empty());
    world.merges("old", "new").await;
    assert!(!world.store.stands_alone(&alone.1, alone.0).await.unwrap());
    let file = world.store.child_file(&child("new")).await.unwrap();
    assert_eq!((file.protections.len(), file.circle.len(), file.others), (1, 1, vec![child("old")]));
    for number in ["old", "new"] {
        assert_eq!(world.store.queued(&child(number)).await.unwrap().len(), 2);
        assert_eq!(world.store.told(&child(number), "new-birth-visit").await.unwrap(), [partner("centre")]);
        assert_eq!(world.store.senders(&child(number)).await.unwrap(), [partner("visitor")]);
        let entries = world.store.journal_of(&child(number), 3).await.unwrap();
        let numbers: Vec<u64> = entries.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [4, 3, 2], "newest first, of both, so many");
    }
    world.store.accept(&says("new", false)).await.unwrap();
    let file = world.store.child_file(&child("old")).await.unwrap();
    assert!(file.protections.is_empty(), "its author ends it by the other number");
    world.unmerges("old", "new").await;
    assert_eq!(world.store.queued(&child("old")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_waits_about_one_child_is_one_line_by_whichever_number() {
    let world = World::new().await;
    let (first, second) = (world.sends("old", "centre").await, world.sends("new", "centre").await);
    world.merges("old", "new").await;
    let third = world.sends("old", "centre").await;
    let elsewhere = world.sends("new", "nurse").await;
    assert_eq!(world.claims("centre", 1).await, Some(first));
    assert_eq!(world.claims("centre", 1).await, None, "the others wait behind it");
    assert_eq!(world.claims("nurse", 1).await, Some(elsewhere), "but not another recipient");
    world.settles(first, State::Requested, 30).await;
    assert_eq!(world.claims("centre", 29).await, None, "nor does one overtake it that backs off");
    assert_eq!(world.claims("centre", 30).await, Some(first));
    world.settles(first, State::Completed, 31).await;
    assert_eq!(world.claims("centre", 31).await, Some(second));
    world.settles(second, State::Failed, 32).await;
    assert_eq!(world.claims("centre", 32).await, Some(third));
    world.settles(third, State::Completed, 33).await;
    assert_eq!(world.claims("centre", 33).await, None);
}

#[tokio::test]
async fn what_is_under_way_when_numbers_are_tied_goes_first_or_ends_by_itself() {
    let world = World::new().await;
    let (first, second) = (world.sends("old", "centre").await, world.sends("new", "centre").await);
    let third = world.sends("new", "centre").await;
    assert_eq!(world.claims("centre", 1).await, Some(first));
    assert_eq!(world.claims("centre", 1).await, Some(second), "they are two children still");
    world.merges("old", "new").await;
    assert_eq!(world.claims("centre", 2).await, None, "the third waits for one of them at least");
    world.settles(second, State::Requested, 2).await;
    world.settles(first, State::Requested, 2).await;
    assert_eq!(world.claims("centre", 3).await, Some(first), "and those that go again are in one line now");
    assert_eq!(world.claims("centre", 3).await, None);
    world.settles(first, State::Completed, 4).await;
    assert_eq!(world.claims("centre", 4).await, Some(second));
    world.settles(second, State::Completed, 5).await;
    assert_eq!(world.claims("centre", 5).await, Some(third));
}

#[tokio::test]
async fn numbers_that_are_untied_have_lines_of_their_own_again() {
    let world = World::new().await;
    world.merges("old", "new").await;
    let (first, second) = (world.sends("old", "centre").await, world.sends("new", "centre").await);
    let third = world.sends("new", "centre").await;
    assert_eq!(world.claims("centre", 1).await, Some(first));
    world.unmerges("old", "new").await;
    assert_eq!(world.claims("centre", 1).await, Some(second), "it is another child's");
    world.settles(second, State::Completed, 2).await;
    assert_eq!(world.claims("centre", 2).await, Some(third));
    world.settles(first, State::Failed, 3).await;
    world.settles(third, State::Completed, 3).await;
    world.merges("new", "old").await;
    let last = world.sends("new", "centre").await;
    assert!(world.store.replay(first, &entry(Event::Accepted, "old", 4)).await.unwrap());
    assert_eq!(world.claims("centre", 5).await, Some(first), "replayed it is in the line of today");
    assert_eq!(world.claims("centre", 5).await, None);
    world.settles(first, State::Completed, 6).await;
    assert_eq!(world.claims("centre", 6).await, Some(last));
}
