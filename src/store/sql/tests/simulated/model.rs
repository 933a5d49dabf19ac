//! The same machine in plain words: what is in which line, who holds what, and what may be claimed next.

use std::collections::BTreeSet;

use super::*;

/// A delivery as the model knows it.
#[derive(Debug, Clone)]
pub struct Known {
    pub id: Uuid,
    pub recipient: &'static str,
    pub child: &'static str,
    pub state: State,
    pub attempts: u32,
    pub due: DateTime<Utc>,
    /// Which Kith has it in progress, and until when.
    pub held: Option<(Uuid, DateTime<Utc>)>,
    /// How often it came to its recipient.
    pub arrived: u32,
    /// How many attempts may have come to the recipient, of those whose end Kith could not know.
    pub in_doubt: u32,
    /// It has been a dead letter: those behind it may have gone before.
    pub stepped_out: bool,
}

/// All deliveries, in the order in which they were accepted; and who is left alone.
#[derive(Debug, Default)]
pub struct Model {
    pub deliveries: Vec<Known>,
    pub parked: BTreeSet<&'static str>,
}

impl Model {
    /// What a Kith that asks at this time for this recipient has to get: of the deliveries at the front of their lines the one that
    /// is due first.
    pub fn next(&self, recipient: &str, now: DateTime<Utc>) -> Option<usize> {
        if self.parked.contains(recipient) {
            return None;
        }
        let due = |place: &usize| self.deliveries[*place].due;
        (0..self.deliveries.len())
            .filter(|place| self.deliveries[*place].recipient == recipient && self.is_front(*place))
            .filter(|place| due(place) <= now)
            .min_by_key(|place| (due(place), *place))
    }

    /// Whether it waits, and nothing of its line is in progress or older.
    fn is_front(&self, place: usize) -> bool {
        let one = &self.deliveries[place];
        let in_line = |other: &&Known| {
            other.recipient == one.recipient && other.child == one.child && other.id != one.id
        };
        let line = || self.deliveries.iter().enumerate().filter(|(_, other)| in_line(other));
        one.state == State::Requested
            && line().all(|(at, other)| {
                other.state != State::InProgress && (other.state != State::Requested || at > place)
            })
    }

    pub fn place(&self, id: Uuid) -> usize {
        self.deliveries.iter().position(|known| known.id == id).expect("a delivery of the model")
    }

    /// What was held until then waits again.
    pub fn put_back(&mut self, now: DateTime<Utc>, held: impl Fn(Uuid, DateTime<Utc>) -> bool) -> u64 {
        let mut put = 0;
        for known in &mut self.deliveries {
            if known.held.is_some_and(|(holder, lease)| held(holder, lease)) {
                (known.state, known.held, known.due) = (State::Requested, None, now);
                put += 1;
            }
        }
        put
    }

    /// What must hold whatever the machine is: nothing came that was not accepted for its recipient (by construction), and a line's
    /// deliveries came in their order, but for those that were dead letters.
    pub fn order(&self, arrivals: &[Uuid]) -> Result<(), String> {
        let mut seen: Vec<usize> = Vec::new();
        for id in arrivals {
            let place = self.place(*id);
            if seen.contains(&place) {
                continue;
            }
            let one = &self.deliveries[place];
            let before = seen.iter().rev().map(|at| (*at, &self.deliveries[*at])).find(|(_, other)| {
                other.recipient == one.recipient && other.child == one.child && !other.stepped_out
            });
            if let Some((at, _)) = before.filter(|(at, _)| *at > place && !one.stepped_out) {
                return Err(format!(
                    "delivery {place} came to {} after delivery {at} of the same child",
                    one.recipient
                ));
            }
            seen.push(place);
        }
        Ok(())
    }
}
