//! How an attempt ends, to be written: taken, refused, or to be tried again.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::clock;
use crate::config;
use crate::consent;
use crate::domain::Item;
use crate::journal::{Entry, Event};
use crate::pipeline::Outgoing;
use crate::store::{Delivery, Inboxed, Settlement, State, Told};

/// The recipient has it.
pub(super) fn taken(
    delivery: &Delivery,
    outgoing: &Outgoing,
    at: DateTime<Utc>,
    words: String,
) -> Settlement {
    let mut entry = entry(delivery, Event::Delivered, at);
    entry.note = Some(words);
    let told = told(delivery, outgoing);
    // Whatever earlier attempts met is over.
    let note = match told.as_ref().and_then(|told| not_told(delivery, &told.holds)) {
        Some(sentence) => noted(delivery, &sentence),
        None => delivery.explanation().to_owned(),
    };
    Settlement { told, ..settlement(delivery, State::Completed, at, Some(note), entry) }
}

pub(super) fn names(items: &BTreeSet<Item>) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

/// What the recipient holds now, or may hold: what this attempt told, which may be more than was to be told, where it reads in another form
/// by now; and what earlier ones may have.
pub(super) fn told(delivery: &Delivery, outgoing: &Outgoing) -> Option<Told> {
    let mut told = outgoing.told.clone()?;
    told.extend(delivery.holds.iter().filter_map(|name| name.parse::<Item>().ok()));
    // What was weighed before was of the same message.
    Some(Told { holds: names(&told), weighed: outgoing.weighed.clone() })
}

/// What was to be told when it was accepted and was not, for its sender.
fn not_told(delivery: &Delivery, told: &[String]) -> Option<String> {
    let missing = delivery.items.iter().filter(|item| !told.contains(item));
    let missing: Vec<Item> = missing.filter_map(|item| item.parse().ok()).collect();
    (!missing.is_empty()).then(|| {
        format!(
            "What it got says nothing of {}: that may not be shared any more, or the form that it reads has no place for what the message \
             says of it.",
            consent::items_in_words(&missing)
        )
    })
}

pub(super) fn failed(delivery: &Delivery, at: DateTime<Utc>, why: &str) -> Settlement {
    let mut entry = entry(delivery, Event::Failed, at);
    entry.note = Some(why.to_owned());
    settlement(
        delivery,
        State::Failed,
        at,
        Some(noted(delivery, &format!("Not delivered: {}.", why.trim_end_matches('.')))),
        entry,
    )
}

fn noted(delivery: &Delivery, progress: &str) -> String {
    format!("{}\n{progress}", delivery.explanation())
}

/// Nothing left in this attempt, and the journal says so.
pub(super) fn unreached(settlement: Settlement) -> Settlement {
    Settlement { entry: Entry { held: Some(vec![]), ..settlement.entry }, ..settlement }
}

/// To be tried again after a wait that grows, unless it has been tried for too long.
pub(super) fn later(
    delivery: &Delivery,
    settings: &config::Delivery,
    why: &str,
    patience: Option<std::time::Duration>,
) -> Settlement {
    let at = clock::now();
    if at - delivery.created > TimeDelta::hours(settings.give_up_after_hours) {
        return failed(
            delivery,
            at,
            &format!("{why}; given up after {} hours", settings.give_up_after_hours),
        );
    }
    let wait = wait(delivery.attempts, settings, Uuid::new_v4().as_u128()).max(patience.unwrap_or_default());
    let mut entry = entry(delivery, Event::Retrying, at);
    entry.note = Some(why.to_owned());
    let due = at + TimeDelta::from_std(wait).unwrap_or_else(|_| TimeDelta::hours(1));
    let note = noted(delivery, &format!("Not delivered yet: {why}. It is tried again."));
    Settlement { due, ..settlement(delivery, State::Requested, at, Some(note), entry) }
}

/// The first wait doubled at each attempt up to the longest, of which a random half is taken off so that recipients that
/// come back are not met by everyone at once.
fn wait(attempts: u32, settings: &config::Delivery, chance: u128) -> std::time::Duration {
    let doubled = settings.retry_first_seconds.saturating_mul(1 << attempts.saturating_sub(1).min(20));
    let longest_ms = doubled.min(settings.retry_max_seconds).saturating_mul(1000);
    let half = longest_ms / 2;
    let part = u64::try_from(chance % u128::from(half + 1)).unwrap_or_default();
    std::time::Duration::from_millis(half + part)
}

pub(super) fn settlement(
    delivery: &Delivery,
    state: State,
    at: DateTime<Utc>,
    note: Option<String>,
    entry: Entry,
) -> Settlement {
    Settlement { id: delivery.id, state, due: at, note, at, entry, inbox: Inboxed::Nothing, told: None }
}

pub(super) fn entry(delivery: &Delivery, event: Event, at: DateTime<Utc>) -> Entry {
    Entry {
        recipient: Some(delivery.recipient.clone()),
        delivery: Some(delivery.id),
        ..Entry::new(
            event,
            at,
            delivery.child.clone(),
            delivery.sender.clone(),
            delivery.message_id,
            delivery.kind.clone(),
        )
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::Value;

    use super::*;
    use crate::domain::Private;
    use crate::journal::Decided;

    pub(crate) fn settings() -> config::Delivery {
        toml::from_str(
            "attempt_timeout_seconds = 1\nretry_first_seconds = 2\nretry_max_seconds = 60\ncircuit_after = 5\ngive_up_after_hours = 1\ndead_letter_days = 1\nlease_seconds = 60\ninbox_days = 1\nparallel_per_recipient = 1",
        )
        .unwrap()
    }

    #[test]
    fn what_is_held_is_what_this_attempt_told_and_what_earlier_ones_may_have() {
        let item = |name: &str| name.parse::<Item>().unwrap();
        let outgoing = Outgoing {
            url: None,
            media_type: "application/fhir+json",
            form: None,
            body: Private::new(Value::Null),
            family: None,
            told: Some([item("identity/name"), item("screening")].into()),
            weighed: "{}".to_owned(),
            decided: Decided::default(),
        };
        let delivery = Delivery {
            items: vec!["identity/name".to_owned(), "feeding".to_owned()],
            holds: vec!["feeding".to_owned()],
            ..crate::deliver::attempt::tests::delivery()
        };
        let mut held = told(&delivery, &outgoing).unwrap().holds;
        held.sort();
        assert_eq!(held, ["feeding", "identity/name", "screening"], "also what was not to be told at first");
        assert_eq!(told(&delivery, &Outgoing { told: None, ..outgoing }), None, "a notice tells nothing");
    }

    #[test]
    fn waits_grow_to_a_bound_and_never_vanish() {
        let settings = settings();
        for (attempts, longest) in [(1, 2_000), (2, 4_000), (3, 8_000), (30, 60_000)] {
            for chance in [0, 7, u128::MAX] {
                let wait = u64::try_from(wait(attempts, &settings, chance).as_millis()).unwrap();
                assert!((longest / 2..=longest).contains(&wait), "{attempts}: {wait}");
            }
        }
    }
}
