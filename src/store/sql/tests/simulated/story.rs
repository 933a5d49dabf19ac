//! One story: its seed chooses every step, and the store is asked and the model told the same.

use super::model::{Known, Model};
use super::*;
use crate::store::{Operations as _, StoreError, TaskQuery};

const RECIPIENTS: [&str; 2] = ["centre", "nurse"];
const CHILDREN: [&str; 3] = ["a", "b", "c"];
/// How long what one took is left to it.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Numbers that look random and are the same for a seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    fn of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())]
    }
}

/// What happened, to see that it did.
#[derive(Debug, Default)]
pub struct Happened {
    accepted: u64,
    arrived: u64,
    arrived_again: u64,
    came_too_late: u64,
    crashed: u64,
    taken_over: u64,
    withdrawn: u64,
    held_back: u64,
    replayed: u64,
    clock_set_back: u64,
}

impl Happened {
    pub fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.arrived += other.arrived;
        self.arrived_again += other.arrived_again;
        self.came_too_late += other.came_too_late;
        self.crashed += other.crashed;
        self.taken_over += other.taken_over;
        self.withdrawn += other.withdrawn;
        self.held_back += other.held_back;
        self.replayed += other.replayed;
        self.clock_set_back += other.clock_set_back;
    }

    pub fn is_everything(&self) -> bool {
        let Self { accepted, arrived, arrived_again, came_too_late, crashed, .. } = self;
        let Self { taken_over, withdrawn, held_back, replayed, clock_set_back, .. } = self;
        let all =
            [accepted, arrived, arrived_again, came_too_late, crashed, taken_over, withdrawn, held_back];
        all.into_iter().chain([replayed, clock_set_back]).all(|count| *count > 0)
    }
}

/// An attempt that a Kith is at.
#[derive(Debug, Clone, Copy)]
struct Attempt {
    id: Uuid,
    kith: usize,
    /// Whether its message has come to the recipient.
    arrived: bool,
}

pub struct Story {
    world: World,
    kiths: Vec<SqlStore>,
    chance: Chance,
    model: Model,
    now: DateTime<Utc>,
    attempts: Vec<Attempt>,
    /// What came to recipients, in order.
    arrivals: Vec<Uuid>,
    entries: u64,
    pub told: Vec<String>,
    pub happened: Happened,
}

type Step = Result<(), String>;

/// That the store said what the model says.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, model: T) -> Step {
    if got == model { Ok(()) } else { Err(format!("{what}: the store has {got:?}, the model {model:?}")) }
}

impl Story {
    pub async fn begins(seed: u64) -> Self {
        let world = World::new().await;
        let mut kiths = vec![world.again().await];
        if seed % 2 == 1 {
            kiths.push(world.again().await);
        }
        Self {
            world,
            kiths,
            chance: Chance(seed),
            model: Model::default(),
            now: at(0),
            attempts: vec![],
            arrivals: vec![],
            entries: 0,
            told: vec![],
            happened: Happened::default(),
        }
    }

    pub async fn goes_on(&mut self) -> Step {
        match self.chance.below(20) {
            0..=3 => self.accepts().await,
            4..=8 => self.claims().await?,
            9..=13 => self.attempt_goes_on().await?,
            14 => self.crashes().await?,
            15 => self.takes_over().await?,
            16 => self.operator_or_withdrawal().await?,
            _ => self.time_passes(),
        }
        self.agrees().await
    }

    /// Every recipient is there, nobody crashes any more: everything that is not taken back comes to its end.
    pub async fn ends(&mut self) -> Step {
        self.told.push("everything is let go".to_owned());
        for recipient in std::mem::take(&mut self.model.parked) {
            let entry = self.entry();
            self.world.store.unpark(&partner(recipient), &entry).await.map_err(text)?;
        }
        self.attempts.clear();
        // Longer than any pause, and than every lease.
        self.now += TimeDelta::days(2);
        if self.kiths.len() > 1 {
            self.takes_over().await?
        } else {
            self.recovers().await?
        }
        loop {
            self.now += TimeDelta::seconds(1);
            let mut moved = false;
            for recipient in RECIPIENTS {
                if self.claims_for(0, recipient).await? {
                    moved = true;
                    let attempt = self.attempts.pop().ok_or("an attempt")?;
                    self.arrives(attempt.id);
                    self.settles(attempt, State::Completed).await?;
                }
            }
            if !moved {
                break;
            }
        }
        self.agrees().await?;
        let unsettled = |known: &&Known| matches!(known.state, State::Requested | State::InProgress);
        if let Some(known) = self.model.deliveries.iter().find(unsettled) {
            return Err(format!("{} was never settled", known.id));
        }
        let lost = |known: &&Known| known.state == State::Completed && known.arrived == 0;
        if let Some(known) = self.model.deliveries.iter().find(lost) {
            return Err(format!("{} is completed and never came", known.id));
        }
        // At least once, and more often only where Kith could not know how an attempt had ended.
        let doubled = |known: &&Known| known.arrived > known.in_doubt + 1;
        if let Some(known) = self.model.deliveries.iter().find(doubled) {
            return Err(format!("{} came {} times, of {} in doubt", known.id, known.arrived, known.in_doubt));
        }
        verify_journal(&self.world.store).await.map_err(text)?.map_err(text).map(drop)
    }

    fn entry(&self) -> Entry {
        let mut entry = entry(Event::Delivered, "a", 0);
        entry.at = self.now;
        entry
    }

    fn says(&mut self, what: String) {
        self.told.push(format!("{} {what}", self.now.format("%H:%M:%S")));
    }

    fn time_passes(&mut self) {
        let back = self.chance.below(8) == 0;
        let seconds = TimeDelta::seconds(self.chance.below(if back { 300 } else { 40 }) as i64);
        self.now = if back { self.now - seconds } else { self.now + seconds };
        self.happened.clock_set_back += u64::from(back);
    }

    async fn accepts(&mut self) {
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

    async fn claims(&mut self) -> Step {
        let (kith, recipient) = (self.chance.below(self.kiths.len()), self.chance.of(&RECIPIENTS));
        self.claims_for(kith, recipient).await.map(drop)
    }

    async fn claims_for(&mut self, kith: usize, recipient: &'static str) -> Result<bool, String> {
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
    async fn attempt_goes_on(&mut self) -> Step {
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

    fn arrives(&mut self, id: Uuid) {
        let place = self.model.place(id);
        self.arrivals.push(id);
        let known = &mut self.model.deliveries[place];
        known.arrived += 1;
        self.happened.arrived += 1;
        self.happened.arrived_again += u64::from(known.arrived > 1);
        self.says(format!("delivery {place} comes to its recipient"));
    }

    async fn settles(&mut self, attempt: Attempt, end: State) -> Step {
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

    /// A Kith is gone in the middle of everything, and comes back as another.
    async fn crashes(&mut self) -> Step {
        let kith = self.chance.below(self.kiths.len());
        self.kiths[kith] = self.world.again().await;
        let (lost, left): (Vec<_>, Vec<_>) = self.attempts.iter().partition(|attempt| attempt.kith == kith);
        for attempt in lost.iter().filter(|attempt: &&Attempt| attempt.arrived) {
            let place = self.model.place(attempt.id);
            self.model.deliveries[place].in_doubt += 1;
        }
        self.attempts = left;
        self.happened.crashed += 1;
        self.says(format!("Kith {kith} crashes with {} attempts", lost.len()));
        if self.kiths.len() == 1 { self.recovers().await } else { Ok(()) }
    }

    /// What a Kith does that is alone, when it starts.
    async fn recovers(&mut self) -> Step {
        let alone = self.world.store.engine == Engine::Sqlite;
        let got = self.kiths[0].recover(self.now).await.map_err(text)?;
        let now = self.now;
        let put = self.model.put_back(now, |_, lease| alone || lease <= now);
        same("what is put back", got, put)
    }

    async fn takes_over(&mut self) -> Step {
        let kith = self.chance.below(self.kiths.len());
        let got = self.kiths[kith].take_over(self.now).await.map_err(text)?;
        let now = self.now;
        let put = self.model.put_back(now, |_, lease| lease <= now);
        self.happened.taken_over += put;
        self.says(format!("Kith {kith} takes over {put}"));
        same("what is taken over", got, put)
    }

    async fn operator_or_withdrawal(&mut self) -> Step {
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

    async fn parks(&mut self) -> Step {
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

    /// The store holds what the model says, and recipients hold no more than that, in order; the journal only grows.
    async fn agrees(&mut self) -> Step {
        let query = TaskQuery { count: 10_000, ..TaskQuery::default() };
        let (tasks, _) = self.world.store.tasks(&query).await.map_err(text)?;
        same("how many deliveries there are", tasks.len(), self.model.deliveries.len())?;
        for task in &tasks {
            let place = self.model.place(task.id);
            let known = &self.model.deliveries[place];
            same(&format!("delivery {place}"), (task.state, task.attempts), (known.state, known.attempts))?;
        }
        let entries = self.world.store.journal_head().await.map_err(text)?.count;
        if entries < self.entries {
            return Err(format!("the journal had {} entries and has {entries}", self.entries));
        }
        self.entries = entries;
        self.model.order(&self.arrivals)
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
