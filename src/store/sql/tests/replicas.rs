//! Several processes on one store: what one holds no other settles, what is lost with one another takes over, one chain and one duty.

use super::super::{CopyScope, copy};
use super::*;
use crate::store::StoreError;

#[tokio::test]
async fn what_one_holds_another_can_neither_claim_nor_settle() {
    let world = World::new().await;
    let other = world.again().await;
    let id = world.sends("c", "centre").await;
    assert_eq!(world.claims("centre", 1).await, Some(id));
    assert!(other.claim(&partner("centre"), at(1), at(2)).await.unwrap().is_none());
    let refused = other.settle(&settlement(id, State::Completed, 1)).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotInProgress), "{refused}");
    world.settles(id, State::Completed, 1).await;
}

#[tokio::test]
async fn what_was_not_settled_in_time_is_taken_over_and_its_first_holder_comes_too_late() {
    let world = World::new().await;
    let other = world.again().await;
    let id = world.sends("c", "centre").await;
    // Until minute 2.
    world.claims("centre", 1).await;
    assert_eq!(other.take_over(at(1)).await.unwrap(), 0);
    assert_eq!(other.take_over(at(2)).await.unwrap(), 1);
    let claimed = other.claim(&partner("centre"), at(2), at(9)).await.unwrap().unwrap();
    assert_eq!((claimed.id, claimed.attempts), (id, 2));
    let late = world.store.settle(&settlement(id, State::Failed, 3)).await.unwrap_err();
    assert!(matches!(late, StoreError::NotInProgress), "{late}");
    other.settle(&settlement(id, State::Completed, 3)).await.unwrap();
    assert_eq!(world.state(id).await, State::Completed);
    assert_eq!(world.entries().await, 2, "what came too late is not written");
}

#[tokio::test]
async fn a_duty_is_one_processs_until_its_time_is_over() {
    let world = World::new().await;
    let other = world.again().await;
    assert!(world.store.take_duty("sweep", at(0), at(2)).await.unwrap());
    assert!(!other.take_duty("sweep", at(1), at(3)).await.unwrap());
    assert!(other.take_duty("alerts", at(1), at(3)).await.unwrap());
    assert!(world.store.take_duty("sweep", at(1), at(3)).await.unwrap(), "it goes on");
    assert!(other.take_duty("sweep", at(3), at(5)).await.unwrap());
    other.give_back_duties().await.unwrap();
    assert!(world.store.take_duty("sweep", at(3), at(5)).await.unwrap(), "it need not be waited for");
}

#[tokio::test]
async fn a_store_is_copied_whole_and_goes_on_where_it_was() {
    let world = World::in_a_file().await;
    let waits = world.sends("c", "centre").await;
    let done = world.sends("c", "nurse").await;
    world.claims("nurse", 1).await;
    world.settles(done, State::Completed, 1).await;
    world
        .store
        .change_consent(&consent("one", 1, "active"), &entry(Event::ConsentChanged, "c", 1))
        .await
        .unwrap();
    let target = World::new().await;
    let copied = world.store.copy_to(&target.store, CopyScope::Whole).await.unwrap();
    assert!(copied.contains(&("delivery", 2)) && copied.contains(&("journal", 4)), "{copied:?}");
    assert_eq!(
        verify_journal(&target.store).await.unwrap().unwrap(),
        verify_journal(&world.store).await.unwrap().unwrap()
    );
    assert_eq!(target.claims("centre", 5).await, Some(waits));
    assert_eq!(target.state(done).await, State::Completed);
    assert_eq!(target.store.consent("one").await.unwrap().unwrap().version, 1);
    let next = target.sends("d", "centre").await;
    target.settles(waits, State::Completed, 6).await;
    assert_eq!(target.claims("centre", 7).await, Some(next), "numbers go on after those that were copied");
    let again = world.store.copy_to(&target.store, CopyScope::Whole).await.unwrap_err();
    assert!(again.to_string().contains("not empty"), "{again}");
}

#[tokio::test]
async fn an_archive_has_everything_but_the_keys_of_payloads() {
    let world = World::in_a_file().await;
    world.sends("c", "centre").await;
    let target = World::new().await;
    let copied = world.store.copy_to(&target.store, CopyScope::Archive).await.unwrap();
    assert!(copied.contains(&("delivery", 1)), "{copied:?}");
    assert!(copied.iter().all(|(table, _)| !["delivery_key", "birth"].contains(table)), "{copied:?}");
    assert_eq!(
        verify_journal(&target.store).await.unwrap().unwrap(),
        verify_journal(&world.store).await.unwrap().unwrap()
    );
    let claimed = target.store.claim(&partner("centre"), at(5), at(6)).await.unwrap().unwrap();
    assert_eq!(claimed.payload, Some(Parcel { key: None, ..parcel() }));
    let here = world.store.claim(&partner("centre"), at(5), at(6)).await.unwrap().unwrap();
    assert_eq!(here.payload, Some(parcel()));
}

#[tokio::test]
async fn every_column_is_copied() {
    let world = World::in_a_file().await;
    let tables: Vec<(String,)> = sqlx::query_as(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx%'",
    )
    .fetch_all(&world.store.readers)
    .await
    .unwrap();
    for (table,) in tables {
        // Nothing of these goes along: the pulse of a file, a number that is copied by itself, and what ends with the move.
        if ["pulse", "register", "duty"].contains(&table.as_str()) {
            continue;
        }
        let sql = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns: Vec<(String,)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&world.store.readers).await.unwrap();
        let columns: Vec<String> = columns.into_iter().map(|(name,)| name).collect();
        assert_eq!(copy::names(&table), Some(columns), "{table}");
    }
}
