//! What is unread, for how long, and what was told about it.

use super::super::unread::query;
use super::*;
use crate::store::{Alert, Overdue, Unreads};

fn asked(minute: i64) -> Overdue {
    Overdue {
        kinds: vec!["new-birth-visit".to_owned()],
        accepted_by: at(minute - 60),
        told_by: at(minute - 30),
        times: 2,
        except: vec![],
        count: 10,
    }
}

impl World {
    async fn overdue(&self, minute: i64) -> Vec<(Uuid, u32)> {
        let unread = self.store.overdue(&asked(minute)).await.unwrap();
        unread.into_iter().map(|one| (one.delivery.id, one.alerts)).collect()
    }

    async fn tells(&self, id: Uuid, alerts: u32, minute: i64) {
        let alert = Alert {
            delivery: id,
            alerts,
            note: "they were told".to_owned(),
            entry: entry(Event::Alerted, "c", minute),
        };
        self.store.alerted(&[alert]).await.unwrap();
    }
}

#[tokio::test]
async fn what_nobody_reads_is_overdue_after_its_time_and_again_and_not_more_often_than_asked() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    assert_eq!(world.overdue(59).await, []);
    assert_eq!(world.overdue(60).await, [(id, 0)], "it need not have arrived");
    let others = Overdue { except: vec![partner("centre")], ..asked(60) };
    assert!(world.store.overdue(&others).await.unwrap().is_empty());
    let kinds = asked(0).kinds;
    let counted = |minute| world.store.unread(&kinds, at(minute));
    assert!(counted(-1).await.unwrap().is_empty());
    assert_eq!(counted(0).await.unwrap()[&partner("centre")], 1);
    world.tells(id, 1, 60).await;
    assert_eq!(world.overdue(89).await, []);
    assert_eq!(world.overdue(90).await, [(id, 1)]);
    world.tells(id, 2, 90).await;
    assert_eq!(world.overdue(9000).await, [], "that was the last time");
    let task = world.store.task(id).await.unwrap().unwrap();
    let alerted = task.alerted.unwrap();
    assert_eq!((alerted.at, alerted.note.as_str(), task.updated), (at(90), "they were told", at(90)));
    assert_eq!(world.entries().await, 3);
}

#[tokio::test]
async fn what_was_read_recalled_taken_back_or_never_to_leave_is_not_unread() {
    let world = World::new().await;
    let (read, recalled, back) =
        (world.sends("a", "x").await, world.sends("b", "y").await, world.sends("c", "z").await);
    for recipient in ["x", "y"] {
        let id = world.claims(recipient, 1).await.unwrap();
        world.settles(id, State::Completed, 1).await;
    }
    let mut withheld = message("d", &["w"]);
    (withheld.deliveries[0].state, withheld.deliveries[0].payload) = (State::Rejected, None);
    world.store.accept(&withheld).await.unwrap();
    assert_eq!(world.overdue(100).await.len(), 3);
    world.store.acknowledge(read, &entry(Event::Acknowledged, "a", 2)).await.unwrap();
    world.store.accept(&Acceptance { recalls: vec![whole(recalled)], ..message("b", &[]) }).await.unwrap();
    world.store.take_back(back, "withdrawn", &entry(Event::Withdrawn, "c", 3)).await.unwrap();
    assert_eq!(world.overdue(100).await, []);
    let other = Overdue { kinds: vec!["another".to_owned()], ..asked(100) };
    assert!(world.store.overdue(&other).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_read_it_in_the_meantime_is_not_said_to_have_not() {
    let world = World::new().await;
    let id = world.sends("c", "centre").await;
    world.claims("centre", 1).await;
    world.settles(id, State::Completed, 1).await;
    world.store.acknowledge(id, &entry(Event::Acknowledged, "c", 2)).await.unwrap();
    world.tells(id, 1, 60).await;
    assert_eq!(world.store.task(id).await.unwrap().unwrap().alerted, None);
}

#[tokio::test]
async fn what_is_unread_is_found_by_an_index() {
    let world = World::in_a_file().await;
    let connection = world.store.readers.acquire().await.unwrap();
    let sql = format!("EXPLAIN QUERY PLAN {}", query(&connection, &asked(0)).text());
    drop(connection);
    let rows: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&world.store.readers).await.unwrap();
    assert!(rows[0].3.contains("delivery_unread (kind=? AND created<?)"), "{rows:?}");
}
