//! The steps of a story: each asks the store and tells the model the same.

use super::model::Known;
use super::story::{Attempt, Step, Story, same, text};
use super::*;
use crate::store::{Operations as _, StoreError};

pub const RECIPIENTS: [&str; 2] = ["centre", "nurse"];
const CHILDREN: [&str; 3] = ["a", "b", "c"];
/// How long what one took is left to it.
const LEASE: TimeDelta = TimeDelta::seconds(60);

impl Story {
    pub(super) fn entry(&self) -> Entry {
        let mut entry = entry(Event::Delivered, "a", 0);
        entry.at = self.now;
        entry
    }

    pub(super) fn says(&mut self, what: String) {
        self.told.push(format!("{} {what}", self.now.format("%H:%M:%S")));
    }

    pub(super) fn time_passes(&mut self) {
        let back = self.chance.below(8) == 0;
        let seconds = TimeDelta::seconds(self.chance.below(if back { 300 } else { 40 }) as i64);
        self.now = if back { self.now - seconds } else { self.now + seconds };
        self.happened.clock_set_back += u64::from(back);
    }

    pub(super) async fn accepts(&mut self) {
        let child = self.chance.of(&CHILDREN);
        let to = if self.chance.below(2) == 0 { &RECIPIENTS[..] } else { &RECIPIENTS[..1] };
        let mut given = message(child, to);
        for delivery in &mut given.deliveries {
            (delivery.due, delivery.created) = (self.now, self.now);
        }
        let kith = self.chance.below(self.kiths.len());
        self.kiths[kith].accept(&given).await.expect("it is accepted");
        for (delivery, recipient) in given.deliveries.iter().zip(to) {
            let (id, due) = (delivery.id, self.now);
            let fresh = Known {
                id,
                recipient,
                child,
                state: State::Requested,
                attempts: 0,
                due,
                held: None,
                arrived: 0,
                in_doubt: 0,
                stepped_out: false,
            };
            self.model.deliveries.push(fresh);
        }
        self.happened.accepted += 1;
        self.says(format!("accepted for {to:?} about {child}"));
    }

    pub(super) async fn claims(&mut self) -> Step {
        let (kith, recipient) = (self.chance.below(self.kiths.len()), self.chance.of(&RECIPIENTS));
        self.claims_for(kith, recipient).await.map(drop)
    }

    pub(super) async fn claims_for(&mut self, kith: usize, recipient: &'static str) -> Result<bool, String> {
        let until = self.now + LEASE;
        let claimed = self.kiths[kith].claim(&partner(recipient), self.now, until).await.map_err(text)?;
        let next = self.model.next(recipient, self.now);
        same(
            "what is claimed",
            claimed.map(|one| one.id),
            next.map(|place| self.model.deliveries[place].id),
        )?;
        let Some(place) = next else { return Ok(false) };
        let holder = self.kiths[kith].instance;
        let known = &mut self.model.deliveries[place];
        (known.state, known.held) = (State::InProgress, Some((holder, until)));
        known.attempts += 1;
        let id = known.id;
        self.attempts.push(Attempt { id, kith, arrived: false });
        self.says(format!("Kith {kith} takes delivery {place} for {recipient}"));
        Ok(true)
    }

    /// The message comes to its recipient; or an attempt ends, one way or the other.
    pub(super) async fn attempt_goes_on(&mut self) -> Step {
        if self.attempts.is_empty() {
            return Ok(());
        }
        let which = self.chance.below(self.attempts.len());
        let attempt = self.attempts[which];
        if !attempt.arrived && self.chance.below(2) == 0 {
            self.attempts[which].arrived = true;
            self.arrives(attempt.id);
            return Ok(());
        }
        self.attempts.remove(which);
        let end = match (attempt.arrived, self.chance.below(4)) {
            (true, 0) => {
                // The answer never came back, so it has to be tried again.
                let place = self.model.place(attempt.id);
                self.model.deliveries[place].in_doubt += 1;
                State::Requested
            }
            (true, _) => State::Completed,
            (false, 0 | 1) => State::Requested,
            (false, 2) => State::Failed,
            (false, _) => State::Cancelled,
        };
        self.settles(attempt, end).await
    }

    pub(super) fn arrives(&mut self, id: Uuid) {
        let place = self.model.place(id);
        self.arrivals.push(id);
        let known = &mut self.model.deliveries[place];
        known.arrived += 1;
        self.happened.arrived += 1;
        self.happened.arrived_again += u64::from(known.arrived > 1);
        self.says(format!("delivery {place} comes to its recipient"));
    }

    pub(super) async fn settles(&mut self, attempt: Attempt, end: State) -> Step {
        let place = self.model.place(attempt.id);
        let due = self.now + TimeDelta::seconds(self.chance.below(30) as i64);
        let settlement = Settlement { due, at: self.now, ..settlement(attempt.id, end, 0) };
        let store = &self.kiths[attempt.kith];
        let settled = match store.settle(&settlement).await {
            Ok(()) => true,
            Err(StoreError::NotInProgress) => false,
            Err(error) => return Err(error.to_string()),
        };
        let known = &mut self.model.deliveries[place];
        let holds = known.held.is_some_and(|(holder, _)| holder == store.instance);
        if holds {
            (known.state, known.held) = (end, None);
            known.due = if end == State::Requested { due } else { known.due };
            known.stepped_out |= matches!(end, State::Failed | State::Cancelled);
        } else {
            known.in_doubt += u32::from(attempt.arrived);
            self.happened.came_too_late += 1;
        }
        self.says(format!("Kith {} ends delivery {place} as {end:?}: {holds}", attempt.kith));
        same("whether it could be settled", settled, holds)
    }

    /// How these attempts ended nobody will know; what came to its recipient may come again.
    pub(super) fn never_known(&mut self, attempts: &[Attempt]) {
        for attempt in attempts.iter().filter(|attempt| attempt.arrived) {
            let place = self.model.place(attempt.id);
            self.model.deliveries[place].in_doubt += 1;
        }
    }

    /// A Kith is gone in the middle of everything, and comes back as another.
    pub(super) async fn crashes(&mut self) -> Step {
        let kith = self.chance.below(self.kiths.len());
        self.kiths[kith] = self.world.again().await;
        let (lost, left): (Vec<_>, Vec<_>) = self.attempts.iter().partition(|attempt| attempt.kith == kith);
        self.never_known(&lost);
        self.attempts = left;
        self.happened.crashed += 1;
        self.says(format!("Kith {kith} crashes with {} attempts", lost.len()));
        if self.kiths.len() == 1 { self.recovers().await } else { Ok(()) }
    }

    /// What a Kith does that is alone, when it starts.
    pub(super) async fn recovers(&mut self) -> Step {
        let alone = self.world.store.engine == Engine::Sqlite;
        let got = self.kiths[0].recover(self.now).await.map_err(text)?;
        let now = self.now;
        let put = self.model.put_back(now, |_, lease| alone || lease <= now);
        same("what is put back", got, put)
    }

    pub(super) async fn takes_over(&mut self) -> Step {
        let kith = self.chance.below(self.kiths.len());
        let got = self.kiths[kith].take_over(self.now).await.map_err(text)?;
        let now = self.now;
        let put = self.model.put_back(now, |_, lease| lease <= now);
        self.happened.taken_over += put;
        self.says(format!("Kith {kith} takes over {put}"));
        same("what is taken over", got, put)
    }

    pub(super) async fn operator_or_withdrawal(&mut self) -> Step {
        if self.model.deliveries.is_empty() || self.chance.below(5) == 0 {
            return self.parks().await;
        }
        let place = self.chance.below(self.model.deliveries.len());
        let (id, state) = (self.model.deliveries[place].id, self.model.deliveries[place].state);
        let (store, entry, now) = (&self.world.store, self.entry(), self.now);
        let (what, got, may, then) = match state {
            State::Failed => ("replayed", store.replay(id, &entry).await, true, State::Requested),
            State::InProgress => {
                ("held back", store.hold_back(id, "held", &entry).await, true, State::Failed)
            }
            _ if self.chance.below(3) == 0 => {
                let may = state == State::Requested;
                ("held back", store.hold_back(id, "held", &entry).await, may, State::Failed)
            }
            _ => (
                "taken back",
                store.take_back(id, "withdrawn", &entry).await,
                state == State::Requested,
                State::Cancelled,
            ),
        };
        let known = &mut self.model.deliveries[place];
        if may {
            (known.state, known.held) = (then, None);
            known.due = if then == State::Requested { now } else { known.due };
            known.stepped_out |= then != State::Requested;
            match what {
                "replayed" => self.happened.replayed += 1,
                "held back" => self.happened.held_back += 1,
                _ => self.happened.withdrawn += 1,
            }
        }
        self.says(format!("delivery {place} is {what}: {may}"));
        same(what, got.map_err(text)?, may)
    }

    pub(super) async fn parks(&mut self) -> Step {
        let (recipient, entry) = (self.chance.of(&RECIPIENTS), self.entry());
        let parked = self.model.parked.contains(recipient);
        let store = &self.world.store;
        let changed = if parked {
            self.model.parked.remove(recipient);
            store.unpark(&partner(recipient), &entry).await
        } else {
            self.model.parked.insert(recipient);
            store.park(&partner(recipient), "moving", &entry).await
        };
        self.says(format!("{recipient} is {}", if parked { "released" } else { "parked" }));
        same("whether it was parked or released", changed.map_err(text)?, true)
    }
}
