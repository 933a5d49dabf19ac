//! The statements that run for every delivery find their rows by an index, so that a million rows cost no more than ten.

use super::super::accept::inserting;
use super::super::births::OF_MONTH;
use super::super::child::FILE;
use super::super::consents::{CHANGED, MORE};
use super::super::journal::OF_CHILD;
use super::super::lines::{LEAVE_FRONT, TAKE_FRONT};
use super::super::operations::ENDED;
use super::super::outbox::{CLAIM, NEXT_DUE};
use super::super::receipts::{counting, listing};
use super::*;
use crate::store::{TaskOrder, TaskQuery};

/// What the engine is going to do, one line a step.
async fn plan(world: &World, sql: impl std::fmt::Display) -> Vec<String> {
    let explained = format!("EXPLAIN QUERY PLAN {sql}");
    let rows: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(explained)).fetch_all(&world.store.readers).await.unwrap();
    rows.into_iter().map(|(_, _, _, step)| step).collect()
}

pub(super) async fn check(sql: &'static str, expected: &[&str]) {
    let world = World::in_a_file().await;
    let steps = plan(&world, sql).await;
    for step in &steps {
        assert!(!step.contains("SCAN") && !step.contains("TEMP B-TREE"), "{steps:?}");
    }
    for step in expected {
        assert!(steps.iter().any(|found| found.contains(step)), "{step} is not in {steps:?}");
    }
}

#[tokio::test]
async fn a_claim_looks_at_the_fronts_of_one_recipient_in_the_order_in_which_they_are_due() {
    check(
        CLAIM.sqlite,
        &["USING COVERING INDEX delivery_due (recipient=? AND due<?)", "USING INTEGER PRIMARY KEY"],
    )
    .await;
}

#[tokio::test]
async fn the_next_time_is_the_first_of_the_same_index() {
    check(NEXT_DUE.sqlite, &["USING COVERING INDEX delivery_due (recipient=?)"]).await;
}

#[tokio::test]
async fn the_front_of_a_line_is_found_by_its_line() {
    check(LEAVE_FRONT.sqlite, &["(recipient=? AND line=?)"]).await;
    let world = World::in_a_file().await;
    let connection = world.store.readers.acquire().await.unwrap();
    let two = ["a", "b"].map(|about| delivery(Uuid::new_v4(), about, "centre"));
    let statement = inserting(&connection, &two).unwrap().text().to_owned();
    let steps = plan(&world, statement).await;
    let found = steps.iter().filter(|step| step.contains("delivery_unsettled (recipient=? AND line=?)"));
    assert_eq!(found.count(), 2, "{steps:?}");
    check(TAKE_FRONT.sqlite, &["delivery_unsettled (recipient=? AND line=?)", "delivery_one_in_progress"])
        .await;
}

#[tokio::test]
async fn a_list_reads_what_is_kept_for_its_authority_once_and_finds_each_child_by_its_key() {
    let world = World::in_a_file().await;
    let steps = plan(&world, OF_MONTH).await;
    let outer = |step: &String| step.contains("SEARCH birth USING PRIMARY KEY (authority=?)");
    assert!(steps.iter().any(outer), "{steps:?}");
    assert!(
        steps.iter().any(|step| step.contains("later USING INDEX birth_child (child=? AND authority=?)")),
        "{steps:?}"
    );
}

#[tokio::test]
async fn recovering_receipts_and_who_was_told_use_their_indices() {
    check("SELECT payload FROM delivery WHERE id = $1 AND state = 'failed'", &["(id=?)"]).await;
    check("SELECT note FROM delivery WHERE message_id = $1", &["delivery_message"]).await;
    check(
        "SELECT partner, relation, since FROM circle WHERE child = $1 AND partner = $2",
        &["(child=? AND partner=?)"],
    )
    .await;
    check("SELECT * FROM consent WHERE id = $1 AND current = 1", &["consent_current"]).await;
    check(OF_CHILD.sqlite, &["journal_child (child=?)"]).await;
}

#[tokio::test]
async fn each_part_of_a_childs_file_is_found_by_the_child() {
    let world = World::in_a_file().await;
    let steps = plan(&world, FILE).await;
    assert!(!steps.iter().any(|step| step.contains("SCAN")), "{steps:?}");
    for table in ["consent", "circle", "protection"] {
        let search = format!("SEARCH {table} ");
        let found = steps.iter().any(|step| step.starts_with(&search) && step.contains("(child=?"));
        assert!(found, "{table}: {steps:?}");
    }
}

#[tokio::test]
async fn what_ended_lately_is_found_by_when_it_ended() {
    let world = World::in_a_file().await;
    let steps = plan(&world, ENDED.sqlite).await;
    assert!(steps.iter().any(|step| step.contains("delivery_ended (settled>?)")), "{steps:?}");
}

#[tokio::test]
async fn whether_anything_else_is_on_file_is_found_by_the_child() {
    let world = World::in_a_file().await;
    let steps = plan(&world, MORE).await;
    // The row that is answered is none of a table.
    assert!(!steps.iter().any(|step| step.contains("SCAN") && *step != "SCAN CONSTANT ROW"), "{steps:?}");
    for found in ["delivery_told (child=?)", "answered_held (child=?)", "consent_of_child (child=?)"] {
        assert!(steps.iter().any(|step| step.contains(found)), "{found} is not in {steps:?}");
    }
}

#[tokio::test]
async fn what_may_follow_from_a_consent_is_asked_of_its_own_child() {
    let world = World::in_a_file().await;
    let steps = plan(&world, CHANGED.sqlite).await;
    // Of what changed at one moment the order by id is made; there is little of it.
    assert!(steps.iter().all(|step| !step.contains("SCAN")), "{steps:?}");
    for found in [
        "consent_changed (updated>?)",
        "delivery_told (child=?)",
        "answered_held (child=?)",
        "consent_of_child (child=?)",
    ] {
        assert!(steps.iter().any(|step| step.contains(found)), "{found} is not in {steps:?}");
    }
}

#[tokio::test]
async fn a_page_of_receipts_is_read_from_the_end_of_one_index_for_each_state() {
    let world = World::in_a_file().await;
    let connection = world.store.readers.acquire().await.unwrap();
    let page = TaskQuery { count: 50, ..TaskQuery::default() };
    let sent = TaskQuery { senders: vec![partner("visitor")], ..page.clone() };
    let and_before = TaskQuery { senders: vec![partner("visitor"), partner("before")], ..page.clone() };
    let taken = TaskQuery { taken_by: vec![partner("centre")], ..page.clone() };
    let given = TaskQuery { recipient: Some(partner("centre")), ..page.clone() };
    let failed = |query: &TaskQuery| TaskQuery { states: vec![State::Failed], ..query.clone() };
    let in_order = |order, query: &TaskQuery| TaskQuery { order, ..query.clone() };
    for (query, searches) in [
        (in_order(TaskOrder::Oldest, &sent), vec![("delivery_sent (sender=? AND state=?)", 6)]),
        (in_order(TaskOrder::ChangedLast, &sent), vec![("delivery_changed (sender=?)", 1)]),
        (in_order(TaskOrder::ChangedFirst, &failed(&sent)), vec![("delivery_changed (sender=?)", 1)]),
        (in_order(TaskOrder::ChangedFirst, &and_before), vec![("delivery_changed (sender=?)", 2)]),
        (and_before, vec![("delivery_sent (sender=? AND state=?)", 12)]),
        (sent.clone(), vec![("delivery_sent (sender=? AND state=?)", 6)]),
        (failed(&sent), vec![("delivery_sent (sender=? AND state=?)", 1)]),
        (taken, vec![("delivery_taken (recipient=? AND state=?)", 1)]),
        (
            given.clone(),
            vec![
                ("delivery_taken (recipient=? AND state=?)", 3),
                ("delivery_load (recipient=? AND state=?)", 3),
            ],
        ),
        (failed(&given), vec![("delivery_load (recipient=? AND state=?)", 1)]),
        (failed(&page), vec![("delivery_seldom (state=?)", 1)]),
    ] {
        for asking in [listing(&connection, &query), counting(&connection, &query, 10_000)] {
            let steps = plan(&world, asking.text()).await;
            for (search, times) in &searches {
                let found = steps.iter().filter(|step| step.contains(search)).count();
                assert_eq!(found, *times, "{search}: {steps:?}");
            }
            assert!(!steps.iter().any(|step| step.contains("SCAN delivery")), "{steps:?}");
        }
    }
    // The first and the last to change are at the ends of that index: only the page itself is put in order.
    let steps = plan(&world, listing(&connection, &in_order(TaskOrder::ChangedFirst, &sent)).text()).await;
    assert_eq!(steps.iter().filter(|step| step.contains("TEMP B-TREE")).count(), 1, "{steps:?}");
}
