//! The outbox keeps the order of each child for each recipient, and holds nobody else up.

use super::*;

#[tokio::test]
async fn what_is_claimed_is_the_whole_delivery_in_progress_with_the_attempt_counted() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    let claimed = world.store.claim(&partner("centre"), at(3), at(3 + 1)).await.unwrap().unwrap();
    assert_eq!((claimed.id, claimed.state, claimed.attempts), (id, State::InProgress, 1));
    assert_eq!(claimed.payload, Some(parcel()));
    assert_eq!(claimed.updated, at(3));
    assert_eq!(claimed.items, ["identity/name", "birth"]);
}

#[tokio::test]
async fn nothing_is_claimed_before_it_is_due_or_by_another_recipient() {
    let world = World::new().await;
    let mut given = message("c", &["centre"]);
    given.deliveries[0].due = at(10);
    world.store.accept(&given).await.unwrap();
    assert_eq!(world.claims("centre", 9).await, None);
    assert_eq!(world.claims("nurse", 20).await, None);
    assert_eq!(world.next_due("centre").await, Some(at(10)));
    assert_eq!(world.claims("centre", 10).await, Some(given.deliveries[0].id));
}

#[tokio::test]
async fn one_child_goes_one_at_a_time_in_the_order_of_acceptance() {
    let world = World::new().await;
    let (first, second) = (world.sends("c", "centre").await, world.sends("c", "centre").await);
    assert_eq!(world.claims("centre", 1).await, Some(first));
    assert_eq!(world.claims("centre", 1).await, None, "the first is still on its way");
    assert_eq!(world.next_due("centre").await, None, "and until it is settled nothing can be claimed");
    world.settles(first, State::Completed, 2).await;
    assert_eq!(world.next_due("centre").await, Some(at(0)));
    assert_eq!(world.claims("centre", 2).await, Some(second));
}

#[tokio::test]
async fn a_later_delivery_does_not_overtake_one_that_backs_off() {
    let world = World::new().await;
    let (first, second) = (world.sends("c", "centre").await, world.sends("c", "centre").await);
    assert_eq!(world.claims("centre", 1).await, Some(first));
    world.settles(first, State::Requested, 30).await;
    assert_eq!(world.claims("centre", 29).await, None);
    assert_eq!(world.next_due("centre").await, Some(at(30)));
    assert_eq!(world.claims("centre", 30).await, Some(first));
    world.settles(first, State::Failed, 31).await;
    assert_eq!(world.claims("centre", 31).await, Some(second), "a dead letter holds nobody up");
}

#[tokio::test]
async fn order_is_that_of_acceptance_whatever_the_clock_says() {
    let world = World::new().await;
    let mut first = message("c", &["centre"]);
    first.deliveries[0].created = at(50);
    first.deliveries[0].due = at(50);
    world.store.accept(&first).await.unwrap();
    world.sends("c", "centre").await;
    assert_eq!(world.claims("centre", 10).await, None, "the second is due, but not its turn");
    assert_eq!(world.claims("centre", 50).await, Some(first.deliveries[0].id));
}

#[tokio::test]
async fn one_child_or_recipient_does_not_hold_up_another() {
    let world = World::new().await;
    let stuck = world.sends("c", "centre").await;
    world.sends("c", "centre").await;
    let (other_child, other_recipient) = (world.sends("d", "centre").await, world.sends("c", "nurse").await);
    assert_eq!(world.claims("centre", 1).await, Some(stuck));
    assert_eq!(world.claims("centre", 1).await, Some(other_child));
    assert_eq!(world.claims("nurse", 1).await, Some(other_recipient));
}

#[tokio::test]
async fn two_deliveries_of_one_message_to_the_same_recipient_go_in_the_order_given() {
    let world = World::new().await;
    let given = message("c", &["centre", "centre"]);
    world.store.accept(&given).await.unwrap();
    assert_eq!(world.claims("centre", 1).await, Some(given.deliveries[0].id));
    world.settles(given.deliveries[0].id, State::Completed, 2).await;
    assert_eq!(world.claims("centre", 2).await, Some(given.deliveries[1].id));
}

#[tokio::test]
async fn what_was_due_first_is_claimed_first() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for (about, minute) in [("a", 3), ("b", 1), ("c", 2)] {
        let mut given = message(about, &["centre"]);
        given.deliveries[0].due = at(minute);
        world.store.accept(&given).await.unwrap();
        ids.push(given.deliveries[0].id);
    }
    assert_eq!(world.next_due("centre").await, Some(at(1)));
    for expected in [1, 2, 0] {
        assert_eq!(world.claims("centre", 5).await, Some(ids[expected]));
    }
}

/// The law itself, against a plain model: random steps, and after each the claimable set is what the trait says.
#[tokio::test]
async fn the_front_of_each_line_is_what_the_rule_says_after_any_steps() {
    let world = World::new().await;
    let mut seed: u64 = 42;
    let mut random = move |below: u64| {
        // A linear congruential generator: the same steps at every run.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let (mut flying, mut dead): (Vec<Uuid>, Vec<Uuid>) = (Vec::new(), Vec::new());
    for step in 0..300 {
        match random(6) {
            0 | 1 => drop(world.sends(["a", "b"][random(2) as usize], "centre").await),
            2 | 3 => flying.extend(world.claims("centre", step).await),
            4 if !flying.is_empty() => {
                let id = flying.swap_remove(random(flying.len() as u64) as usize);
                let end = [State::Completed, State::Requested, State::Failed][random(3) as usize];
                world.settles(id, end, step).await;
                if end == State::Failed {
                    dead.push(id);
                }
            }
            5 if !dead.is_empty() => {
                let id = dead.swap_remove(random(dead.len() as u64) as usize);
                assert!(world.store.replay(id, &entry(Event::Accepted, "c", step)).await.unwrap());
            }
            _ => {}
        }
        fronts_are_right(&world).await;
    }
}

async fn fronts_are_right(world: &World) {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT child, state, front FROM delivery ORDER BY seq")
            .fetch_all(&world.store.readers)
            .await
            .unwrap();
    for line in ["a", "b"] {
        let unsettled: Vec<_> = rows
            .iter()
            .filter(|(child, state, _)| child == line && (state == "requested" || state == "in-progress"))
            .collect();
        let flying = unsettled.iter().any(|(_, state, _)| state == "in-progress");
        let fronts: Vec<usize> = unsettled
            .iter()
            .enumerate()
            .filter(|(_, (_, _, front))| *front == 1)
            .map(|(place, _)| place)
            .collect();
        let expected: &[usize] = if flying || unsettled.is_empty() { &[] } else { &[0] };
        assert_eq!(fronts, expected, "{rows:?}");
    }
}
