//! A page of receipts: as quick among millions in another state as among ten.

use sqlx::AnyConnection;

use super::RECEIPT;
use crate::domain::PartnerId;
use crate::store::sql::row::{delivery, micros, number, state_name};
use crate::store::sql::said::Asking;
use crate::store::{Delivery, Matches, State, StoreError, TaskOrder, TaskQuery};

/// A page of the receipts asked for, in the order asked for, and how many there are in all; they are counted to `most` and no further, for a queue may
/// hold millions.
pub(in crate::store::sql) async fn page(
    connection: &mut AnyConnection,
    asked: &TaskQuery,
    most: u64,
) -> Result<(Vec<Delivery>, Matches), StoreError> {
    let counted =
        number(&counting(connection, asked, most).build()?.fetch_one(&mut *connection).await?, "matches")?;
    let matches = if counted > most { Matches::MoreThan(most) } else { Matches::Exactly(counted) };
    let rows = listing(connection, asked).build()?.fetch_all(connection).await?;
    let page: Result<Vec<Delivery>, StoreError> = rows.iter().map(delivery).collect();
    Ok((page?, matches))
}

/// Counts to one more than `most`.
pub(in crate::store::sql) fn counting(connection: &AnyConnection, asked: &TaskQuery, most: u64) -> Asking {
    let mut query = Asking::new(connection, "SELECT count(*) AS matches FROM (");
    let limit = i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX);
    each_walk(&mut query, asked, |query, walk| {
        query.push("SELECT * FROM (SELECT 1 AS one FROM delivery");
        walk.narrow(query, asked);
        query.push(" LIMIT ").bind(limit).push(") AS part");
    });
    query.push(" LIMIT ").bind(limit).push(") AS counted");
    query
}

/// Lists the page: the first of each walk, and of these the first.
pub(in crate::store::sql) fn listing(connection: &AnyConnection, asked: &TaskQuery) -> Asking {
    let mut query = Asking::new(connection, RECEIPT);
    let (count, offset) = (i64::from(asked.count), i64::from(asked.offset));
    let (columns, order) = ordered(asked.order);
    query.push(" WHERE seq IN (SELECT seq FROM (");
    each_walk(&mut query, asked, |query, walk| {
        query.push("SELECT * FROM (SELECT ").push(columns).push(" FROM delivery");
        walk.narrow(query, asked);
        query.push(order).push(" LIMIT ").bind(offset + count).push(") AS part");
    });
    query.push(") AS walked").push(order).push(" LIMIT ").bind(count).push(" OFFSET ").bind(offset);
    query.push(")").push(order);
    query
}

/// What a walk reads of each row to put it in order, and that order.
fn ordered(order: TaskOrder) -> (&'static str, &'static str) {
    match order {
        TaskOrder::Newest => ("seq", " ORDER BY seq DESC"),
        TaskOrder::Oldest => ("seq", " ORDER BY seq"),
        TaskOrder::ChangedLast => ("seq, updated", " ORDER BY updated DESC, seq DESC"),
        TaskOrder::ChangedFirst => ("seq, updated", " ORDER BY updated, seq"),
    }
}

fn each_walk(query: &mut Asking, asked: &TaskQuery, mut say: impl FnMut(&mut Asking, &Walk<'_>)) {
    for (place, walk) in walks(asked).iter().enumerate() {
        if place > 0 {
            query.push(" UNION ALL ");
        }
        say(query, walk);
    }
}

/// Rows that lie one after the other in an index, in the order asked for or against it, so that a page is read from one end.
#[derive(Clone, Copy)]
struct Walk<'q> {
    /// The index; without one the engine finds the rows by what is asked.
    index: Option<&'static Index>,
    /// One of these sent each of them; empty means any.
    senders: &'q [PartnerId],
    /// One of these took each of them; empty means that it may have been taken by nobody.
    takers: &'q [PartnerId],
    /// The one state of all of them; without one they are of any.
    state: Option<State>,
}

/// An index of deliveries. SQLite takes one of some rows only where a statement says which, word for word as the index does.
struct Index {
    name: &'static str,
    rows: &'static str,
}

const SENT: Index = Index { name: "delivery_sent", rows: "true" };
const LOAD: Index = Index { name: "delivery_load", rows: "state IN ('requested', 'in-progress', 'failed')" };
const TAKEN: Index =
    Index { name: "delivery_taken", rows: "state IN ('completed', 'rejected', 'cancelled')" };
const CHANGED: Index = Index { name: "delivery_changed", rows: "true" };
const SELDOM: Index = Index { name: "delivery_seldom", rows: "state IN ('failed', 'rejected', 'cancelled')" };

const EVERY: [State; 6] =
    [State::Requested, State::InProgress, State::Completed, State::Failed, State::Rejected, State::Cancelled];

/// So many partners are walked one by one: a partner, and those whose part it took over.
const PARTNERS_MAX: usize = 16;

/// One walk for each state of each partner's, because the states differ by millions. Ids, a message and a time of change lead to few rows by
/// themselves.
fn walks<'q>(asked: &'q TaskQuery) -> Vec<Walk<'q>> {
    let (senders, takers) = (asked.senders.as_slice(), asked.taken_by.as_slice());
    let all = Walk { index: None, senders, takers, state: None };
    let few = !asked.ids.is_empty() || asked.message_id.is_some();
    if few || senders.len().max(takers.len()) > PARTNERS_MAX {
        return vec![all];
    }
    if asked.order.is_by_change() && !senders.is_empty() {
        let changed = |senders| Walk { index: Some(&CHANGED), senders, ..all };
        return senders.chunks(1).map(changed).collect();
    }
    let of_partner = !senders.is_empty() || !takers.is_empty() || asked.recipient.is_some();
    let seldom = !asked.states.is_empty() && asked.states.iter().all(|state| is_seldom(*state));
    if asked.changed_from.is_some() || !(of_partner || seldom) {
        return vec![all];
    }
    let wanted = |state: &State| {
        (asked.states.is_empty() || asked.states.contains(state))
            && (takers.is_empty() || *state == State::Completed)
    };
    let index = |state: State| match (senders.is_empty(), of_partner) {
        (false, _) => &SENT,
        (true, false) => &SELDOM,
        (true, true) if matches!(state, State::Requested | State::InProgress | State::Failed) => &LOAD,
        (true, true) => &TAKEN,
    };
    let of = |walk: Walk<'q>| {
        let walk = |state: State| Walk { index: Some(index(state)), state: Some(state), ..walk };
        EVERY.into_iter().filter(wanted).map(walk).collect::<Vec<_>>()
    };
    let found: Vec<Walk<'q>> = match (senders, takers) {
        ([], []) => of(all),
        ([], takers) => takers.chunks(1).flat_map(|takers| of(Walk { takers, ..all })).collect(),
        (senders, _) => senders.chunks(1).flat_map(|senders| of(Walk { senders, ..all })).collect(),
    };
    // What is asked for contradicts itself; nothing will match it.
    if found.is_empty() { vec![all] } else { found }
}

fn is_seldom(state: State) -> bool {
    matches!(state, State::Failed | State::Rejected | State::Cancelled)
}

impl Walk<'_> {
    /// Adds what is asked for as conditions; every value is bound, only the words here become SQL. A walk's state is one of them, so that the
    /// engine sees that an index of some states holds it.
    fn narrow(&self, query: &mut Asking, asked: &TaskQuery) {
        match self.index {
            Some(index) => query.by(index.name).push(" WHERE ").push(index.rows),
            None => query.push(" WHERE true"),
        };
        if let Some(state) = self.state {
            query.push(" AND state = '").push(state_name(state)).push("'");
        } else if !asked.states.is_empty() {
            query.push(" AND state IN ").list(asked.states.iter().map(|state| state_name(*state)));
        }
        one_of(query, " AND sender", self.senders);
        if !self.takers.is_empty() {
            one_of(query.push(" AND state = 'completed'"), " AND recipient", self.takers);
        }
        if let Some(recipient) = &asked.recipient {
            query.push(" AND recipient = ").bind(recipient.as_str().to_owned());
        }
        within(query, asked);
        if !asked.ids.is_empty() {
            let ids: Vec<String> = asked.ids.iter().map(uuid::Uuid::to_string).collect();
            query.push(" AND id IN ").list(ids.iter().map(String::as_str));
        }
        if let Some(message_id) = asked.message_id {
            query.push(" AND message_id = ").bind(message_id.to_string());
        }
        if !asked.kinds.is_empty() {
            query.push(" AND kind IN ").list(asked.kinds.iter().map(String::as_str));
        }
        if let Some(read) = asked.read.filter(|_| !asked.awaited.is_empty()) {
            query.push(if read { " AND NOT (" } else { " AND (" });
            query.push("state = 'completed' AND acknowledged IS NULL AND kind IN ");
            query.list(asked.awaited.iter().map(String::as_str)).push(")");
        }
    }
}

/// That a column names one of these partners, where there are any. A single one is said by itself, for only then are the rows of an index in order.
fn one_of(query: &mut Asking, column: &'static str, partners: &[PartnerId]) {
    query.push(if partners.is_empty() { "" } else { column });
    match partners {
        [] => {}
        [one] => {
            query.push(" = ").bind(one.as_str().to_owned());
        }
        several => {
            query.push(" IN ").list(several.iter().map(PartnerId::as_str));
        }
    }
}

/// When they were accepted, and when they changed last.
fn within(query: &mut Asking, asked: &TaskQuery) {
    if let Some(before) = asked.before {
        query.push(" AND created < ").bind(micros(before));
    }
    if let Some(from) = asked.changed_from {
        query.push(" AND updated >= ").bind(micros(from));
    }
    if let Some(until) = asked.changed_until {
        query.push(" AND updated < ").bind(micros(until));
    }
}
