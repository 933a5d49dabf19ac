//! Receipts: who asks for which, in pages, and who was told what.

use super::*;
use crate::store::sql::receipts;
use crate::store::{Matches, TaskOrder, TaskQuery};

fn every() -> TaskQuery {
    TaskQuery { count: 100, ..TaskQuery::default() }
}

async fn ids(world: &World, query: &TaskQuery) -> (Vec<Uuid>, u64) {
    let (page, all) = world.store.tasks(query).await.unwrap();
    assert!(page.iter().all(|task| task.payload.is_none()), "a receipt never holds the payload");
    (page.iter().map(|task| task.id).collect(), all.exactly().unwrap())
}

#[tokio::test]
async fn pages_are_newest_first_and_say_how_many_there_are() {
    let world = World::new().await;
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.push(world.sends("c", "centre").await);
    }
    sent.reverse();
    let page = |count, offset| TaskQuery { count, offset, ..TaskQuery::default() };
    assert_eq!(ids(&world, &page(2, 0)).await, (sent[..2].to_vec(), 5));
    assert_eq!(ids(&world, &page(2, 2)).await, (sent[2..4].to_vec(), 5));
    assert_eq!(ids(&world, &page(2, 4)).await, (sent[4..].to_vec(), 5));
    assert_eq!(ids(&world, &page(2, 6)).await, (vec![], 5));
    assert_eq!(ids(&world, &page(0, 0)).await, (vec![], 5), "only the number");
}

#[tokio::test]
async fn they_are_counted_so_far_and_no_further() {
    let world = World::new().await;
    for _ in 0..5 {
        world.sends("c", "centre").await;
    }
    let mut connection = world.store.readers.acquire().await.unwrap();
    for (most, matches) in [
        (4, Matches::MoreThan(4)),
        (5, Matches::Exactly(5)),
        (9, Matches::Exactly(5)),
        (0, Matches::MoreThan(0)),
    ] {
        let (page, found) = receipts::page(&mut connection, &every(), most).await.unwrap();
        assert_eq!((page.len(), found), (5, matches), "{most}");
    }
    let deep = TaskQuery { offset: 30_000, count: 50, ..TaskQuery::default() };
    assert_eq!((every().counted_to(), deep.counted_to()), (10_000, 30_050));
    assert_eq!(
        (Matches::MoreThan(4).to_string(), Matches::MoreThan(4).at_least()),
        ("more than 4".to_owned(), 5)
    );
}

#[tokio::test]
async fn a_sender_sees_what_it_sent_and_nothing_else() {
    let world = World::new().await;
    let given = message("c", &["centre", "nurse"]);
    world.store.accept(&given).await.unwrap();
    let asked = |name: &str| TaskQuery { senders: vec![partner(name)], ..every() };
    let (centre, nurse) = (given.deliveries[0].id, given.deliveries[1].id);
    assert_eq!(ids(&world, &asked("visitor")).await, (vec![nurse, centre], 2));
    assert_eq!(
        ids(&world, &asked("centre")).await,
        (vec![], 0),
        "a recipient must not learn what was withheld"
    );
    assert_eq!(ids(&world, &asked("school' OR '1'='1")).await, (vec![], 0));
}

#[tokio::test]
async fn message_and_states_narrow_what_is_found() {
    let world = World::new().await;
    let given = message("c", &["centre", "nurse"]);
    world.store.accept(&given).await.unwrap();
    world.sends("d", "centre").await;
    world.claims("nurse", 1).await;
    let nurse = given.deliveries[1].id;
    let centre = given.deliveries[0].id;

    let of_message = TaskQuery { message_id: Some(given.message_id), ..every() };
    assert_eq!(ids(&world, &of_message).await, (vec![nurse, centre], 2));
    let flying = TaskQuery { states: vec![State::InProgress, State::Failed], ..of_message.clone() };
    assert_eq!(ids(&world, &flying).await, (vec![nurse], 1));
    let of_centre = TaskQuery { senders: vec![partner("centre")], ..of_message };
    assert_eq!(ids(&world, &of_centre).await, (vec![], 0));
    let none = TaskQuery { states: vec![State::Cancelled], ..every() };
    assert_eq!(ids(&world, &none).await, (vec![], 0));
    assert!(world.store.task(Uuid::new_v4()).await.unwrap().is_none());
}

#[tokio::test]
async fn ids_and_the_time_of_the_last_change_narrow_what_is_found() {
    let world = World::new().await;
    let (one, two) = (world.sends("c", "centre").await, world.sends("d", "centre").await);
    let changed = world.store.task(one).await.unwrap().unwrap().updated;
    let (before, after) = (changed - TimeDelta::hours(1), changed + TimeDelta::hours(1));
    let within = |from, until| TaskQuery { changed_from: Some(from), changed_until: Some(until), ..every() };
    assert_eq!(ids(&world, &within(before, after)).await, (vec![two, one], 2));
    assert_eq!(ids(&world, &within(before, changed)).await.1, 0, "the end is not in it");
    assert!(ids(&world, &within(changed, after)).await.0.contains(&one), "the beginning is");
    assert_eq!(ids(&world, &within(after, after)).await.1, 0);
    let named = TaskQuery { ids: vec![one, Uuid::new_v4()], ..every() };
    assert_eq!(ids(&world, &named).await, (vec![one], 1));
}

#[tokio::test]
async fn they_come_in_the_order_asked_for_whoever_asks() {
    let world = World::new().await;
    let mut sent = Vec::new();
    for child in ["c", "d", "e"] {
        sent.push(world.sends(child, "centre").await);
    }
    // The second is the last to change; of the others the first changed longest ago.
    for _ in &sent {
        world.claims("centre", 1).await;
    }
    for (minute, place) in [(2, 0), (3, 2), (4, 1)] {
        world.settles(sent[place], State::Completed, minute).await;
    }
    let [one, two, three] = sent[..] else { panic!("three were sent") };
    let ordered = [
        (TaskOrder::Newest, [three, two, one]),
        (TaskOrder::Oldest, [one, two, three]),
        (TaskOrder::ChangedLast, [two, three, one]),
        (TaskOrder::ChangedFirst, [one, three, two]),
    ];
    let visitor = || vec![partner("visitor")];
    for asked in [
        every(),
        TaskQuery { senders: visitor(), ..every() },
        TaskQuery { senders: visitor(), states: vec![State::Completed, State::Failed], ..every() },
        TaskQuery { senders: vec![partner("before"), partner("visitor")], ..every() },
        TaskQuery {
            senders: (0..100).map(|n| partner(&format!("p{n}"))).chain(visitor()).collect(),
            ..every()
        },
        TaskQuery { taken_by: vec![partner("before"), partner("centre")], ..every() },
        TaskQuery { senders: visitor(), ids: sent.clone(), ..every() },
        TaskQuery { senders: visitor(), changed_from: Some(chrono::DateTime::UNIX_EPOCH), ..every() },
        TaskQuery { taken_by: vec![partner("centre")], ..every() },
    ] {
        for (order, expected) in ordered {
            let whole = TaskQuery { order, ..asked.clone() };
            assert_eq!(ids(&world, &whole).await, (expected.to_vec(), 3), "{whole:?}");
            let second = TaskQuery { count: 1, offset: 1, ..whole };
            assert_eq!(ids(&world, &second).await, (vec![expected[1]], 3), "{second:?}");
        }
    }
}

#[tokio::test]
async fn told_are_those_who_took_it_or_will_once_each() {
    let world = World::new().await;
    for (recipient, end) in [
        ("done", Some(State::Completed)),
        ("dead", Some(State::Failed)),
        ("withdrawn", Some(State::Cancelled)),
        ("flying", None),
    ] {
        let id = world.sends("c", recipient).await;
        world.claims(recipient, 1).await;
        if let Some(end) = end {
            world.settles(id, end, 2).await;
        }
    }
    world.sends("c", "waiting").await;
    world.sends("c", "waiting").await;
    world.sends("d", "elsewhere").await;
    let mut withheld = message("c", &["withheld"]);
    withheld.deliveries[0].state = State::Rejected;
    world.store.accept(&withheld).await.unwrap();

    let told = world.store.told(&child("c"), "new-birth-visit").await.unwrap();
    assert_eq!(told, [partner("done"), partner("flying"), partner("waiting")]);
    assert!(world.store.told(&child("c"), "first-visit-form").await.unwrap().is_empty());
}
