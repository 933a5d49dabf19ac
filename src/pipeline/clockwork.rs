//! Whether the clock can be believed: a consent that has run out must not come to life again because a clock was set back.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use crate::problem::Problem;

/// The latest instant that anything was done at, and how far behind it the clock may be.
#[derive(Debug)]
pub struct Clockwork {
    latest: AtomicI64,
    tolerance: TimeDelta,
}

impl Clockwork {
    /// Begins with the instant of the journal's last entry.
    pub fn new(latest: Option<DateTime<Utc>>, tolerance: TimeDelta) -> Self {
        let latest = latest.map_or(i64::MIN, |at| at.timestamp_micros());
        Self { latest: AtomicI64::new(latest), tolerance }
    }

    /// Goes on when this instant is not before what was done already, but for small corrections of the clock.
    ///
    /// # Errors
    /// The clock was set back: nothing can be decided until it is right again.
    pub fn check(&self, at: DateTime<Utc>) -> Result<(), Problem> {
        let now = at.timestamp_micros();
        let latest = self.latest.fetch_max(now, Ordering::Relaxed).max(now);
        let behind = latest.saturating_sub(now);
        if TimeDelta::microseconds(behind) <= self.tolerance {
            return Ok(());
        }
        Err(Problem::unavailable(
            "decide by a clock that was set back behind the journal's last entry",
            &"set it right",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_corrected_a_little_and_not_set_back() {
        let at = |seconds: i64| DateTime::from_timestamp(1_780_000_000 + seconds, 0).unwrap();
        let clock = Clockwork::new(Some(at(0)), TimeDelta::seconds(120));
        assert!(clock.check(at(-120)).is_ok());
        assert!(clock.check(at(-121)).is_err());
        assert!(clock.check(at(1000)).is_ok());
        assert!(clock.check(at(800)).is_err(), "it knows what it was asked at");
        assert!(clock.check(at(900)).is_ok());
        assert!(Clockwork::new(None, TimeDelta::zero()).check(at(0)).is_ok());
    }
}
