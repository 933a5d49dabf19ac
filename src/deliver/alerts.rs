//! Looks for what nobody has read, tells the persons who are named, and writes that they were told.
//!
//! Told first, written then: who is killed in between tells twice, which does no harm.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;

use super::herald::Herald;
use super::sweep::has_duty;
use crate::clock;
use crate::config::AlertsSettings;
use crate::pipeline::{House, Patience, letters, overdue, told};
use crate::problem::Problem;

/// The longest and the shortest pause between two looks.
const PAUSES: (TimeDelta, TimeDelta) = (TimeDelta::milliseconds(500), TimeDelta::seconds(60));

/// The task.
pub(super) struct Alerting {
    pub(super) house: Arc<House>,
    pub(super) herald: Herald,
    pub(super) patience: Patience,
    pub(super) stop: watch::Receiver<bool>,
}

/// What the settings ask for.
pub(super) fn patience(settings: &AlertsSettings) -> Patience {
    Patience { unread: settings.unread(), again: settings.again(), times: settings.times }
}

impl Alerting {
    /// Looks again and again until Kith stops.
    pub(super) async fn run(mut self) {
        let (least, most) = PAUSES;
        let soonest = self.patience.unread.min(self.patience.again);
        let pause = (soonest / 4).clamp(least, most).to_std().unwrap_or(Duration::from_secs(60));
        while !*self.stop.borrow() {
            let is_mine = has_duty(&self.house, "alerts", clock::now(), pause * 2).await;
            if is_mine && let Err(problem) = self.look().await {
                tracing::error!(cause = %problem, "what is unread cannot be looked for");
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                // Nobody left to say so means stop too.
                changed = self.stop.changed() => if changed.is_err() { break },
            }
        }
    }

    async fn look(&self) -> Result<(), Problem> {
        let unread = overdue(&self.house, &self.patience, clock::now()).await?;
        if unread.is_empty() {
            return Ok(());
        }
        let mut reached = BTreeSet::new();
        for letter in letters(&self.house, &unread) {
            let Some(partner) = self.house.directory.partner(&letter.partner) else { continue };
            let mut arrived = false;
            for (way, outcome) in self.herald.tell(partner, &letter, clock::now()).await {
                self.house.metrics.alerted(letter.partner.as_str(), way, outcome.is_ok());
                match outcome {
                    Ok(()) => arrived = true,
                    Err(error) => tracing::error!(
                        partner = %letter.partner, way, cause = %error,
                        "the persons whom a partner names cannot be told of what is unread; it is tried again"
                    ),
                }
            }
            if arrived {
                reached.insert((letter.partner.clone(), letter.part));
            }
        }
        told(&self.house, &self.patience, &unread, &reached, clock::now()).await
    }
}
