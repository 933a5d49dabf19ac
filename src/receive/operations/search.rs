//! Which deliveries an operator looks for: by id, recipient, state and age.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{SHOWN, Sought};
use crate::clock;
use crate::domain::PartnerId;
use crate::page::operations::{Choice, Row, Searched};
use crate::page::told::day_and_time;
use crate::pipeline::unavailable;
use crate::problem::Problem;
use crate::receive::access::Door;
use crate::store::{Delivery, Matches, State, TaskQuery};

/// The states and ages that can be looked for: the word in the address, and for people.
const STATES: &[(&str, &str, &[State])] = &[
    ("failed", "Dead letters", &[State::Failed]),
    ("open", "Waiting or on their way", &[State::Requested, State::InProgress]),
    ("completed", "Delivered", &[State::Completed]),
    ("withheld", "Withheld or taken back", &[State::Rejected, State::Cancelled]),
    ("all", "All", &[]),
];
const AGES: &[(&str, &str, i64)] = &[
    ("", "of any age", 0),
    ("1", "older than an hour", 1),
    ("24", "older than a day", 24),
    ("168", "older than a week", 168),
];

/// The deliveries that are looked for, newest first.
pub(super) async fn search(door: &Door, sought: &Sought, names: &[PartnerId]) -> Result<Searched, Problem> {
    let state = STATES.iter().find(|(word, _, _)| *word == sought.state).unwrap_or(&STATES[0]);
    let older = AGES.iter().find(|(word, _, _)| *word == sought.older).unwrap_or(&AGES[0]);
    let to = names.iter().find(|id| id.as_str() == sought.to);
    let id: String = sought.id.trim().chars().take(40).collect();
    let store = &door.house.store;
    let (mut fault, mut total) = (None, Matches::Exactly(0));
    let mut deliveries = Vec::new();
    if id.is_empty() {
        let query = TaskQuery {
            recipient: to.cloned(),
            states: state.2.to_vec(),
            before: (older.2 > 0).then(|| clock::now() - TimeDelta::hours(older.2)),
            count: SHOWN,
            ..TaskQuery::default()
        };
        (deliveries, total) = store.tasks(&query).await.map_err(|error| unavailable(&error))?;
    } else if let Ok(id) = Uuid::try_parse(&id) {
        // A delivery's id, or its message's.
        deliveries.extend(store.task(id).await.map_err(|error| unavailable(&error))?);
        let query = TaskQuery { message_id: Some(id), count: SHOWN, ..TaskQuery::default() };
        deliveries.extend(store.tasks(&query).await.map_err(|error| unavailable(&error))?.0);
        total = Matches::Exactly(deliveries.len() as u64);
    } else {
        fault = Some("Check the id: it is a UUID, that of a delivery or of its message.".to_owned());
    }
    let choice = |value: &str, label: String, chosen: bool| Choice { value: value.to_owned(), label, chosen };
    let anybody = std::iter::once(choice("", "anybody".to_owned(), to.is_none()));
    let recipients =
        names.iter().map(|id| choice(id.as_str(), door.house.directory.name(id), to == Some(id)));
    Ok(Searched {
        id: if fault.is_some() || Uuid::try_parse(&id).is_ok() { id } else { String::new() },
        fault,
        recipients: anybody.chain(recipients).collect(),
        states: STATES
            .iter()
            .map(|(word, label, _)| choice(word, (*label).to_owned(), *word == state.0))
            .collect(),
        ages: AGES
            .iter()
            .map(|(word, label, _)| choice(word, (*label).to_owned(), *word == older.0))
            .collect(),
        letters: deliveries
            .iter()
            .filter(|one| one.state == State::Failed)
            .map(|one| one.id.to_string())
            .collect::<Vec<_>>()
            .join(","),
        rows: deliveries.iter().map(|one| row(door, one)).collect(),
        total: total.to_string(),
    })
}

/// A delivery as a row.
pub(super) fn row(door: &Door, delivery: &Delivery) -> Row {
    let state = match delivery.state {
        State::Requested if delivery.attempts > 0 => "waits to be tried again",
        State::Requested => "waits",
        State::InProgress => "is on its way",
        State::Completed => "delivered",
        State::Failed => "dead letter",
        State::Rejected => "withheld",
        State::Cancelled => "taken back",
    };
    Row {
        id: delivery.id.to_string(),
        kind: delivery.kind.clone(),
        from: door.house.directory.name(&delivery.sender),
        to: door.house.directory.name(&delivery.recipient),
        state: state.to_owned(),
        accepted: day_and_time(delivery.created),
        attempts: delivery.attempts,
    }
}
