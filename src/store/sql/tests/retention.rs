//! What is kept for a time only: content goes, and what happened stays known.

use super::super::retention::{ANSWERS, DEAD_LETTERS, PAGE, SIGNED_OUT};
use super::*;
use crate::store::{Births, Kept, KeptBirth, Sessions};

fn nothing_is_old() -> Kept {
    let never = at(-1000);
    Kept {
        dead_letters_since: never,
        answers_since: never,
        inbox_since: never,
        signed_out_since: never,
        births_until: never,
    }
}

fn dead_letters_before(minute: i64) -> Kept {
    Kept { dead_letters_since: at(minute), ..nothing_is_old() }
}

fn answers_before(minute: i64) -> Kept {
    Kept { answers_since: at(minute), ..nothing_is_old() }
}

async fn fails(world: &World, recipient: &str, minute: i64) -> Uuid {
    let id = world.sends("c", recipient).await;
    world.claims(recipient, minute).await;
    world.settles(id, State::Failed, minute).await;
    id
}

#[tokio::test]
async fn an_old_dead_letter_loses_its_content_and_cannot_be_replayed() {
    let world = World::new().await;
    let (old, young) = (fails(&world, "centre", 1).await, fails(&world, "nurse", 9).await);
    let waiting = world.sends("c", "school").await;
    assert_eq!(world.store.expire(dead_letters_before(1)).await.unwrap(), 0, "not yet");
    assert_eq!(world.store.expire(dead_letters_before(5)).await.unwrap(), 1);
    assert_eq!(world.store.expire(dead_letters_before(5)).await.unwrap(), 0, "once");

    assert!(!world.store.replay(old, &entry(Event::Accepted, "c", 10)).await.unwrap());
    assert_eq!(world.state(old).await, State::Failed, "the receipt stays");
    assert!(world.store.replay(young, &entry(Event::Accepted, "c", 10)).await.unwrap());
    assert_eq!(
        world.store.expire(dead_letters_before(100)).await.unwrap(),
        0,
        "what waits keeps its content"
    );
    assert_eq!(world.claims("school", 10).await, Some(waiting));
}

#[tokio::test]
async fn an_old_answer_loses_its_words_and_its_message_is_still_known() {
    let world = World::new().await;
    let given = message("c", &["centre"]);
    world.store.accept(&given).await.unwrap();
    assert_eq!(world.store.expire(answers_before(0)).await.unwrap(), 0, "not yet");
    assert_eq!(world.store.expire(answers_before(1)).await.unwrap(), 1);
    assert_eq!(world.store.expire(answers_before(1)).await.unwrap(), 0, "once");
    let kept = world.store.first_answer(&given.sender, given.message_id).await.unwrap().unwrap();
    assert_eq!((kept.body_hash.as_str(), kept.status), ("hash of the body", 202));
    assert!(kept.body.0.is_empty());
    let again = world.store.accept(&given).await.unwrap_err();
    assert!(matches!(again, crate::store::StoreError::DuplicateMessage), "{again}");
}

#[tokio::test]
async fn an_ended_session_is_forgotten_when_none_can_be_as_old() {
    let world = World::new().await;
    let kept_from = |minute| Kept { signed_out_since: at(minute), ..nothing_is_old() };
    world.store.sign_out("a", at(1)).await.unwrap();
    world.store.sign_out("a", at(2)).await.unwrap();
    assert!(!world.store.is_signed_out("b").await.unwrap());
    assert_eq!(world.store.expire(kept_from(1)).await.unwrap(), 0);
    assert!(world.store.is_signed_out("a").await.unwrap());
    assert_eq!(world.store.expire(kept_from(3)).await.unwrap(), 1);
    assert!(!world.store.is_signed_out("a").await.unwrap());
}

#[tokio::test]
async fn births_are_found_by_month_until_their_time_is_over() {
    let world = World::new().await;
    let (council, other) = (partner("council"), partner("other"));
    let told = |about: &str, month: &str, minute: i64| {
        let of_message = message(about, &[]);
        let births = vec![KeptBirth {
            authority: partner("council"),
            sender: of_message.sender.clone(),
            message_id: of_message.message_id,
            child: child(about),
            kind: of_message.kind.clone(),
            month: month.to_owned(),
            record: Sealed(vec![7, 7]),
            at: at(minute),
            until: at(minute + 10),
        }];
        Acceptance { births, ..of_message }
    };
    let corrected = told("c", "2026-11", 8);
    let told =
        [told("d", "2026-10", 2), told("c", "2026-10", 3), told("c", "2026-10", 1), told("e", "2026-11", 9)];
    for one in &told {
        world.store.accept(one).await.unwrap();
    }
    let again = world.store.accept(&told[0]).await.unwrap_err();
    assert!(matches!(again, crate::store::StoreError::DuplicateMessage), "{again}");

    let months = |counts: &[(&str, u64)]| -> Vec<(String, u64)> {
        counts.iter().map(|(month, count)| ((*month).to_owned(), *count)).collect()
    };
    assert_eq!(world.store.birth_months(&council).await.unwrap(), months(&[("2026-11", 1), ("2026-10", 2)]));
    assert!(world.store.birth_months(&other).await.unwrap().is_empty());
    let mut october: Vec<KeptBirth> = told[..3].iter().flat_map(|one| one.births.clone()).collect();
    october.sort_by_key(|birth| (birth.child.clone(), birth.at));
    let of = async |council: &PartnerId, month: &str, at_most| {
        world.store.births(council, month, at_most).await.unwrap().concat()
    };
    assert_eq!(of(&council, "2026-10", 9).await, october);
    assert_eq!(of(&council, "2026-10", 2).await, october[..2]);
    assert!(of(&other, "2026-10", 9).await.is_empty());

    // The date is corrected: the child was born in November.
    world.store.accept(&corrected).await.unwrap();
    assert_eq!(world.store.birth_months(&council).await.unwrap(), months(&[("2026-11", 2), ("2026-10", 1)]));
    assert_eq!(of(&council, "2026-10", 9).await, told[0].births);
    assert_eq!(of(&council, "2026-11", 9).await.len(), 2);

    let kept = |minute| Kept { births_until: at(minute), ..nothing_is_old() };
    assert_eq!(world.store.expire(kept(11)).await.unwrap(), 0, "to the end of its time");
    assert_eq!(world.store.expire(kept(13)).await.unwrap(), 2, "d, and the older of c");
    assert!(of(&council, "2026-10", 9).await.is_empty());
    assert_eq!(world.store.birth_months(&council).await.unwrap(), months(&[("2026-11", 2)]));
}

#[tokio::test]
async fn more_than_a_page_goes_in_one_call() {
    let world = World::new().await;
    for _ in 0..=PAGE {
        world.store.accept(&message("c", &[])).await.unwrap();
    }
    assert_eq!(world.store.expire(answers_before(1)).await.unwrap(), PAGE + 1);
}

#[tokio::test]
async fn what_is_old_is_found_by_an_index() {
    super::plans::check(DEAD_LETTERS.sqlite, &["delivery_dead (updated<?)"]).await;
    super::plans::check(ANSWERS.sqlite, &["message_answered (accepted<?)"]).await;
    super::plans::check(SIGNED_OUT.sqlite, &["signed_out_at (at<?)"]).await;
}
