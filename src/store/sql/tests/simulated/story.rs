//! One story: its seed chooses every step, and the store is asked and the model told the same.

use super::happened::{Chance, Happened};
use super::model::{Known, Model};
use super::steps::RECIPIENTS;
use super::*;
use crate::store::{Operations as _, TaskQuery};

/// An attempt that a Kith is at.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    pub id: Uuid,
    pub kith: usize,
    /// Whether its message has come to the recipient.
    pub arrived: bool,
}

pub struct Story {
    pub world: World,
    pub kiths: Vec<SqlStore>,
    pub chance: Chance,
    pub model: Model,
    pub now: DateTime<Utc>,
    pub attempts: Vec<Attempt>,
    /// What came to recipients, in order.
    pub arrivals: Vec<Uuid>,
    pub entries: u64,
    pub told: Vec<String>,
    pub happened: Happened,
}

pub type Step = Result<(), String>;

/// That the store said what the model says.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, model: T) -> Step {
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
        let lost = std::mem::take(&mut self.attempts);
        self.never_known(&lost);
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

pub fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
