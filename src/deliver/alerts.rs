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
use crate::pipeline::{
    House, Letter, Patience, Told, UNREAD_AT_ONCE, Unreachable, is_done, letters, overdue, told,
};
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

    /// Tells of everything that is to be told of now. Whom nobody can be told for is passed over until the next look.
    async fn look(&self) -> Result<(), Problem> {
        let mut passed_over = BTreeSet::new();
        loop {
            let unread = overdue(&self.house, &self.patience, &passed_over, clock::now()).await?;
            let (mut reached, mut unreachable) = (Told::new(), Unreachable::new());
            self.tell(letters(&self.house, &unread, &unreachable), &mut reached, &mut unreachable).await;
            // Where the recipient's persons cannot be reached, the sender's are told at once.
            let open = unread.iter().filter(|one| !is_done(&self.house, one, &reached));
            let more = letters(&self.house, open, &unreachable);
            self.tell(more, &mut reached, &mut unreachable).await;
            told(&self.house, &self.patience, &unread, &reached, clock::now()).await?;
            let left = unread.iter().filter(|one| !is_done(&self.house, one, &reached));
            passed_over.extend(left.map(|one| one.delivery.recipient.clone()));
            if unread.len() < UNREAD_AT_ONCE as usize {
                return Ok(());
            }
        }
    }

    async fn tell(&self, letters: Vec<Letter>, reached: &mut Told, unreachable: &mut Unreachable) {
        for letter in letters {
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
            if !arrived {
                unreachable.insert((letter.partner.clone(), letter.part));
                continue;
            }
            for notice in &letter.notices {
                reached.entry(notice.delivery).or_default().push(letter.partner.clone());
            }
        }
    }
}
