//! How long things took of late, and waits that are as long: what is left out must not be told from what is done.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// So many durations are remembered.
const REMEMBERED: usize = 64;

/// How long something took, the last times.
#[derive(Debug, Default)]
pub(super) struct Lately(Mutex<VecDeque<Duration>>);

impl Lately {
    /// It took that long.
    pub(super) fn took(&self, duration: Duration) {
        let mut known = self.known();
        if known.len() == REMEMBERED {
            known.pop_front();
        }
        known.push_back(duration);
    }

    /// One of the durations, by chance, so that many drawn are spread as the true ones are; none where nothing is known.
    pub(super) fn drawn(&self) -> Option<Duration> {
        let known = self.known();
        let chance = usize::try_from(Uuid::new_v4().as_u128() % 1_000_003).unwrap_or_default();
        known.get(chance % known.len().max(1)).copied()
    }

    fn known(&self) -> MutexGuard<'_, VecDeque<Duration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the runtime's timer may be late by: it counts in whole milliseconds, and a step may take a tenth of one.
const COARSE: Duration = Duration::from_millis(2);

/// Waits that are hardly longer than they are meant to be. One that were always later than the step in whose place it stands would tell it
/// from that.
#[derive(Debug, Default)]
pub(super) struct Waits {
    /// By how much they were late of late, a quarter of it from the last.
    late: Mutex<Duration>,
}

impl Waits {
    /// Waits for so long.
    pub(super) async fn wait(&self, wanted: Duration) {
        let started = Instant::now();
        if let Some(most) = wanted.checked_sub(COARSE) {
            tokio::time::sleep(most).await;
        }
        let late = *self.late();
        let rest = wanted.saturating_sub(started.elapsed() + late);
        // The end of it is left to a thread, whose sleep is as exact as the machine's own clock. Where none is to be had the wait ends early, and
        // nothing else is lost.
        let _ = tokio::task::spawn_blocking(move || std::thread::sleep(rest)).await;
        let after = (started.elapsed() + late).saturating_sub(wanted);
        // A machine that was busy for once says nothing of the next time.
        *self.late() = (late * 3 + after.min(COARSE)) / 4;
    }

    fn late(&self) -> MutexGuard<'_, Duration> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_one_of_the_last() {
        let lately = Lately::default();
        assert_eq!(lately.drawn(), None);
        for millis in 0..200 {
            lately.took(Duration::from_millis(millis));
        }
        let drawn: Vec<u128> = (0..500).filter_map(|_| Some(lately.drawn()?.as_millis())).collect();
        assert!(drawn.iter().all(|millis| (136..200).contains(millis)));
        assert!(drawn.iter().collect::<std::collections::BTreeSet<_>>().len() > 32);
    }

    #[tokio::test]
    async fn a_wait_is_never_much_too_short() {
        let waits = Waits::default();
        for _ in 0..20 {
            let started = Instant::now();
            waits.wait(Duration::from_millis(5)).await;
            assert!(started.elapsed() >= Duration::from_millis(3), "{:?}", started.elapsed());
        }
    }
}
