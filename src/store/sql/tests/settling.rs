//! How attempts end: settled once, put back after a crash, replayed from the dead letters.

use std::slice;

use super::*;
use crate::store::{Inboxed, Inboxes as _, StoreError};

/// Whether a statement counts one for this delivery.
async fn has(world: &World, counts: &'static str, id: Uuid) -> bool {
    let count: i64 =
        sqlx::query_scalar(counts).bind(id.to_string()).fetch_one(&world.store.readers).await.unwrap();
    count == 1
}

/// Whether the payload is still there.
async fn has_payload(world: &World, id: Uuid) -> bool {
    has(world, "SELECT count(payload) FROM delivery WHERE id = $1", id).await
}

/// Whether the key of the payload is still there.
async fn has_key(world: &World, id: Uuid) -> bool {
    has(world, "SELECT count(*) FROM delivery_key WHERE delivery = $1", id).await
}

/// What is recalled leaves the centre's inbox.
fn removed(id: Uuid) -> Inboxed {
    Inboxed::Remove { ids: vec![id], of: vec![partner("other"), partner("centre")] }
}

#[tokio::test]
async fn the_key_of_a_payload_stays_as_long_as_a_copy_of_it_in_outbox_or_inbox() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    let withheld = Delivery { state: State::Rejected, ..delivery(Uuid::new_v4(), "d", "centre") };
    let mut given = message("d", &[]);
    given.deliveries = vec![Delivery { message_id: given.message_id, ..withheld.clone() }];
    world.store.accept(&given).await.unwrap();
    assert!(has_key(&world, id).await && !has_key(&world, withheld.id).await);

    world.claims("centre", 1).await;
    let kept = Settlement { inbox: Inboxed::Keep, ..settlement(id, State::Completed, 2) };
    world.store.settle(&kept).await.unwrap();
    assert!(!has_payload(&world, id).await && has_key(&world, id).await);
    let read = world.store.inbox(&partner("centre"), 9).await.unwrap();
    assert_eq!(read[0].payload, Some(parcel()), "as it was sealed");

    // Of what is recalled in part the rest may still be read.
    let (name, birth) = ("identity/name".to_owned(), "birth".to_owned());
    let parts = [(vec![name.clone(), birth], vec![name.clone()]), (vec![name], vec![])];
    for ((held, left), minute) in parts.into_iter().zip(3..) {
        let stays = !left.is_empty();
        let recalled = Recalled { id, held, left };
        world.store.accept(&Acceptance { recalls: vec![recalled], ..message("c", &[]) }).await.unwrap();
        let recall = world.sends("c", "centre").await;
        world.claims("centre", minute).await;
        let removes = Settlement { inbox: removed(id), ..settlement(recall, State::Completed, minute) };
        world.store.settle(&removes).await.unwrap();
        assert_eq!((has_key(&world, id).await, has_key(&world, recall).await), (stays, false));
        assert_eq!(world.store.inbox(&partner("centre"), 9).await.unwrap().len(), usize::from(stays));
    }

    // What was read there is asked for by a notice, and so is what does not lie there.
    let read = world.sends("c", "centre").await;
    world.claims("centre", 5).await;
    let kept = Settlement { inbox: Inboxed::Keep, ..settlement(read, State::Completed, 5) };
    world.store.settle(&kept).await.unwrap();
    let entry = Entry { delivery: Some(read), ..entry(Event::Read, "c", 5) };
    world.store.read_out(slice::from_ref(&entry)).await.unwrap();
    world.store.accept(&Acceptance { recalls: vec![whole(read)], ..message("c", &[]) }).await.unwrap();
    let recall = world.sends("c", "centre").await;
    world.claims("centre", 6).await;
    let removes = Settlement { inbox: removed(read), ..settlement(recall, State::Completed, 6) };
    world.store.settle(&removes).await.unwrap();
    assert!(!has_key(&world, read).await && has_key(&world, recall).await);
    let notice = world.sends("c", "centre").await;
    world.claims("centre", 7).await;
    let asks = Settlement { inbox: removed(id), ..settlement(notice, State::Completed, 7) };
    world.store.settle(&asks).await.unwrap();
    let lies: Vec<Uuid> =
        world.store.inbox(&partner("centre"), 9).await.unwrap().iter().map(|one| one.id).collect();
    assert!(lies == [notice, recall] && has_key(&world, notice).await, "{lies:?}");
}

#[tokio::test]
async fn a_final_state_removes_the_payload_except_for_dead_letters() {
    for (end, stays) in [
        (State::Completed, false),
        (State::Rejected, false),
        (State::Cancelled, false),
        (State::Failed, true),
        (State::Requested, true),
    ] {
        let world = World::new().await;
        let id = world.sends("c", "centre").await;
        world.claims("centre", 1).await;
        world.settles(id, end, 2).await;
        assert_eq!(world.state(id).await, end);
        assert_eq!(has_payload(&world, id).await, stays, "{end:?}");
        assert_eq!(has_key(&world, id).await, stays, "{end:?}");
    }
}

#[tokio::test]
async fn a_settlement_changes_note_and_time_and_writes_its_entry() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    world.claims("centre", 1).await;
    world.settles(id, State::Requested, 2).await;
    let task = world.store.task(id).await.unwrap().unwrap();
    assert_eq!(
        (task.note.as_str(), task.due, task.updated),
        ("shared with the parents' consent", at(2), at(2))
    );

    world.claims("centre", 3).await;
    let end = Settlement { note: Some("refused: 400".to_owned()), ..settlement(id, State::Failed, 4) };
    world.store.settle(&end).await.unwrap();
    let task = world.store.task(id).await.unwrap().unwrap();
    assert_eq!((task.note.as_str(), task.attempts, task.created), ("refused: 400", 2, at(0)));
    assert_eq!(world.entries().await, 3);
}

#[tokio::test]
async fn what_is_not_in_progress_cannot_be_settled_and_no_entry_says_so() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    let end = settlement(id, State::Completed, 2);
    assert!(matches!(world.store.settle(&end).await, Err(StoreError::NotInProgress)), "still waiting");
    world.claims("centre", 1).await;
    world.settles(id, State::Failed, 2).await;
    assert!(matches!(world.store.settle(&end).await, Err(StoreError::NotInProgress)), "settled already");
    let unknown = settlement(Uuid::new_v4(), State::Completed, 2);
    assert!(matches!(world.store.settle(&unknown).await, Err(StoreError::NotInProgress)), "never was");
    assert_eq!((world.state(id).await, world.entries().await), (State::Failed, 2));
}

#[tokio::test]
async fn an_attempt_does_not_end_in_progress_nor_without_its_entry() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    world.claims("centre", 1).await;
    let endless = world.store.settle(&settlement(id, State::InProgress, 2)).await;
    assert!(matches!(endless, Err(StoreError::Engine(_))));

    world.breaks("journal", "INSERT").await;
    assert!(world.store.settle(&settlement(id, State::Completed, 2)).await.is_err());
    assert_eq!(world.state(id).await, State::InProgress);
    assert!(has_payload(&world, id).await);
}

#[tokio::test]
async fn what_was_on_its_way_when_kith_ended_goes_out_again() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for about in ["a", "b"] {
        ids.push(world.sends(about, "centre").await);
        world.sends(about, "centre").await;
        world.claims("centre", 1).await;
    }
    assert_eq!(world.store.recover(at(5)).await.unwrap(), 2);
    assert_eq!(world.next_due("centre").await, Some(at(5)));
    assert_eq!(
        [world.claims("centre", 5).await, world.claims("centre", 5).await],
        [Some(ids[0]), Some(ids[1])]
    );
    let again = world.store.task(ids[0]).await.unwrap().unwrap();
    assert_eq!(again.attempts, 2, "the attempt that nobody saw end counts");
    assert_eq!(world.claims("centre", 5).await, None);
}

#[tokio::test]
async fn recovering_when_nothing_was_on_its_way_changes_nothing() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    assert_eq!(world.store.recover(at(5)).await.unwrap(), 0);
    assert_eq!(world.store.task(id).await.unwrap().unwrap().updated, at(0));
}

#[tokio::test]
async fn a_dead_letter_is_replayed_with_its_payload_and_its_attempts_count_on() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    world.claims("centre", 1).await;
    world.settles(id, State::Failed, 2).await;
    assert!(world.store.replay(id, &entry(Event::Accepted, "c", 9)).await.unwrap());
    assert_eq!(world.next_due("centre").await, Some(at(9)));
    let claimed = world.store.claim(&partner("centre"), at(9), at(9 + 1)).await.unwrap().unwrap();
    assert_eq!((claimed.id, claimed.attempts), (id, 2));
    assert_eq!(claimed.payload, Some(parcel()));
    assert_eq!(world.entries().await, 3);
}

#[tokio::test]
async fn what_is_no_dead_letter_is_not_replayed_and_no_entry_says_so() {
    let world = World::new().await;
    let (done, waiting) = (world.sends("c", "centre").await, world.sends("d", "nurse").await);
    world.claims("centre", 1).await;
    world.settles(done, State::Completed, 2).await;
    let gone = world.sends("e", "school").await;
    world.claims("school", 1).await;
    world.settles(gone, State::Failed, 2).await;
    world.tampers("UPDATE delivery SET payload = NULL WHERE state = 'failed'").await.unwrap();
    let entries = world.entries().await;
    for id in [done, waiting, gone, Uuid::new_v4()] {
        assert!(!world.store.replay(id, &entry(Event::Accepted, "c", 9)).await.unwrap());
    }
    assert_eq!((world.state(done).await, world.entries().await), (State::Completed, entries));
}

#[tokio::test]
async fn a_replayed_dead_letter_goes_before_what_waits_but_not_beside_what_is_on_its_way() {
    let world = World::new().await;
    let first = world.sends("c", "centre").await;
    world.claims("centre", 1).await;
    world.settles(first, State::Failed, 2).await;
    let (second, third) = (world.sends("c", "centre").await, world.sends("c", "centre").await);
    assert_eq!(world.claims("centre", 3).await, Some(second));
    assert!(world.store.replay(first, &entry(Event::Accepted, "c", 4)).await.unwrap());
    assert_eq!(world.claims("centre", 9).await, None);
    world.settles(second, State::Completed, 9).await;
    assert_eq!(world.claims("centre", 9).await, Some(first));
    world.settles(first, State::Completed, 9).await;
    assert_eq!(world.claims("centre", 9).await, Some(third));
}

#[tokio::test]
async fn what_was_delivered_does_not_lie_in_the_file_any_more() {
    let world = World::in_a_file().await;
    let mut given = message("c", &["centre"]);
    // Longer than a page, and known again.
    let payload = b"a payload that is known again ".repeat(400);
    given.deliveries[0].payload = Some(Parcel { contents: Sealed(payload.clone()), ..parcel() });
    world.store.accept(&given).await.unwrap();
    let lies_there = || async {
        world.tampers("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
        let bytes = std::fs::read(world.file()).unwrap();
        bytes.windows(30).any(|window| window == &payload[..30])
    };
    assert!(lies_there().await);
    let id = world.claims("centre", 1).await.unwrap();
    world.settles(id, State::Completed, 1).await;
    assert!(!lies_there().await);
}
