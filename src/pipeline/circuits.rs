//! A circuit a recipient: after several attempts in a row that did not reach it, it is left alone for a while, then tried with one delivery,
//! and only when that gets through do the others follow. What waits keeps its attempts and its order.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::PartnerId;

/// How an attempt met its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// It answered, whatever it said.
    Answered,
    /// It did not, or is in trouble; it may have said how long to wait.
    Trouble(Option<Duration>),
    /// The attempt ended before anything was sent to it.
    Untried,
}

/// Whether deliveries go to a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Circuit {
    /// They do.
    #[default]
    Closed,
    /// They do not before this instant.
    Open(DateTime<Utc>),
    /// One is on its way, to find out.
    Probing,
}

impl Circuit {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open(_) => "open",
            Self::Probing => "probing",
        }
    }
}

#[derive(Debug, Default)]
struct Known {
    circuit: Circuit,
    /// Attempts in a row that met trouble.
    troubles: u32,
    /// How often it was opened in a row.
    openings: u32,
}

/// All circuits of this Kith.
#[derive(Debug)]
pub struct Circuits {
    after: u32,
    first: Duration,
    longest: Duration,
    known: Mutex<BTreeMap<PartnerId, Known>>,
}

impl Circuits {
    /// Circuits that open after so many troubles in a row, for `first`, doubled at each opening up to `longest`.
    pub fn new(after: u32, first: Duration, longest: Duration) -> Self {
        Self { after, first, longest, known: Mutex::default() }
    }

    /// Whether something may go to a recipient now; `Some` is when to ask again. After a pause the first who asks may go, alone.
    pub fn wait(&self, recipient: &PartnerId, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.with(recipient, |known| match known.circuit {
            Circuit::Closed => None,
            Circuit::Open(until) if now < until => Some(until),
            Circuit::Open(_) => {
                known.circuit = Circuit::Probing;
                None
            }
            // Whoever probes says how it went.
            Circuit::Probing => Some(now + TimeDelta::seconds(1)),
        })
    }

    /// Notes how an attempt met its recipient; gives the circuit when that changed it.
    pub fn note(&self, recipient: &PartnerId, contact: Contact, now: DateTime<Utc>) -> Option<Circuit> {
        self.with(recipient, |known| {
            let before = known.circuit.name();
            match contact {
                Contact::Answered => *known = Known::default(),
                Contact::Trouble(patience) => {
                    known.troubles = known.troubles.saturating_add(1);
                    let opens = known.circuit == Circuit::Probing
                        || (known.circuit == Circuit::Closed && known.troubles >= self.after);
                    if opens {
                        let pause = self.pause(known.openings).max(patience.unwrap_or_default());
                        known.openings = known.openings.saturating_add(1);
                        let pause = TimeDelta::from_std(pause).unwrap_or_else(|_| TimeDelta::hours(1));
                        known.circuit = Circuit::Open(now + pause);
                    }
                }
                // Nothing was found out: the next may probe.
                Contact::Untried if known.circuit == Circuit::Probing => known.circuit = Circuit::Open(now),
                Contact::Untried => {}
            }
            (known.circuit.name() != before && contact != Contact::Untried).then_some(known.circuit)
        })
    }

    /// How a recipient's circuit is.
    pub fn of(&self, recipient: &PartnerId) -> Circuit {
        self.with(recipient, |known| known.circuit)
    }

    fn pause(&self, openings: u32) -> Duration {
        self.first.saturating_mul(1 << openings.min(20)).min(self.longest)
    }

    fn with<T>(&self, recipient: &PartnerId, work: impl FnOnce(&mut Known) -> T) -> T {
        // A note is written whole or not at all, so that a panic elsewhere leaves nothing half-way.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains_key(recipient) {
            known.insert(recipient.clone(), Known::default());
        }
        work(known.get_mut(recipient).unwrap_or(&mut Known::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn circuits() -> (Circuits, PartnerId) {
        let circuits = Circuits::new(3, Duration::from_secs(2), Duration::from_secs(5));
        (circuits, PartnerId("centre".to_owned()))
    }

    #[test]
    fn after_troubles_in_a_row_it_opens_and_one_finds_out() {
        let (circuits, centre) = circuits();
        let trouble = Contact::Trouble(None);
        assert_eq!(circuits.note(&centre, trouble, at(0)), None);
        assert_eq!(circuits.note(&centre, Contact::Answered, at(0)), None);
        for _ in 0..2 {
            assert_eq!(circuits.note(&centre, trouble, at(0)), None);
            assert_eq!(circuits.wait(&centre, at(0)), None);
        }
        assert_eq!(circuits.note(&centre, trouble, at(0)), Some(Circuit::Open(at(2))));
        assert_eq!(circuits.wait(&centre, at(1)), Some(at(2)));
        assert_eq!(circuits.wait(&centre, at(2)), None, "the first who asks then may go");
        assert_eq!(circuits.wait(&centre, at(2)), Some(at(3)), "alone");
        assert_eq!(circuits.note(&centre, trouble, at(2)), Some(Circuit::Open(at(6))), "a longer pause");
        assert_eq!(circuits.wait(&centre, at(6)), None);
        assert_eq!(circuits.note(&centre, Contact::Untried, at(6)), None);
        assert_eq!(circuits.wait(&centre, at(6)), None, "who found nothing to send lets the next go");
        assert_eq!(circuits.note(&centre, trouble, at(6)), Some(Circuit::Open(at(11))), "the longest pause");
        assert_eq!(circuits.wait(&centre, at(11)), None);
        assert_eq!(circuits.note(&centre, Contact::Answered, at(11)), Some(Circuit::Closed));
        assert_eq!(circuits.wait(&centre, at(11)), None);
    }

    #[test]
    fn a_recipient_that_asks_for_patience_gets_it_and_another_is_not_concerned() {
        let (circuits, centre) = circuits();
        for _ in 0..3 {
            circuits.note(&centre, Contact::Trouble(Some(Duration::from_secs(60))), at(0));
        }
        assert_eq!(circuits.of(&centre), Circuit::Open(at(60)));
        assert_eq!(circuits.of(&PartnerId("practice".to_owned())), Circuit::Closed);
    }
}
