//! How many children one caller may ask about: enough for a school nurse's day, too few to walk through the register.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::problem::{Category, Problem};

/// What a caller did within the hour.
#[derive(Debug, Clone, Copy)]
struct Hour {
    since: DateTime<Utc>,
    asked: u32,
    unknown: u32,
}

/// Counts look-ups by caller, and those that found nothing: these are what a walk through the register is made of.
#[derive(Debug)]
pub struct LookUps {
    asked_max: u32,
    unknown_max: u32,
    hours: Mutex<HashMap<String, Hour>>,
}

impl LookUps {
    /// At most so many an hour, and so many of them without an answer.
    pub fn new(asked_max: u32, unknown_max: u32) -> Self {
        Self { asked_max, unknown_max, hours: Mutex::default() }
    }

    /// Whether these are the limits.
    pub fn are(&self, asked_max: u32, unknown_max: u32) -> bool {
        (self.asked_max, self.unknown_max) == (asked_max, unknown_max)
    }

    /// Counts so many look-ups of a caller before they are made.
    ///
    /// # Errors
    /// There were too many; nothing is counted then.
    pub fn ask(&self, caller: &str, count: usize, at: DateTime<Utc>) -> Result<(), Problem> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let mut hours = self.hours.lock().unwrap_or_else(PoisonError::into_inner);
        // Callers that went away do not stay in memory.
        hours.retain(|_, hour| at - hour.since < TimeDelta::hours(1));
        let hour = hours.entry(caller.to_owned()).or_insert(Hour { since: at, asked: 0, unknown: 0 });
        let seconds = (hour.since + TimeDelta::hours(1) - at).num_seconds();
        let refuse = |text: String| {
            let problem = Problem::new(Category::Throttled, text);
            Err(problem.again_in(u32::try_from(seconds).unwrap_or(3600)))
        };
        if hour.asked.saturating_add(count) > self.asked_max {
            return refuse(format!(
                "More than {} children were asked about within an hour. Ask again later.",
                self.asked_max
            ));
        }
        if hour.unknown >= self.unknown_max {
            return refuse(format!(
                "{} questions within an hour had no answer. Compare the numbers and birth dates with the record, and ask again later.",
                hour.unknown
            ));
        }
        hour.asked += count;
        Ok(())
    }

    /// Counts so many of them that found nothing.
    pub fn found_nothing(&self, caller: &str, count: usize) {
        let mut hours = self.hours.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hour) = hours.get_mut(caller) {
            hour.unknown = hour.unknown.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_through_the_register_ends_soon_and_a_days_work_does_not() {
        let limits = LookUps::new(100, 10);
        let at: DateTime<Utc> = "2026-11-26T10:00:00Z".parse().unwrap();
        for _ in 0..9 {
            limits.ask("nurse", 10, at).unwrap();
            limits.found_nothing("nurse", 1);
        }
        assert!(limits.ask("nurse", 11, at).is_err(), "more than a hundred");
        limits.ask("nurse", 10, at).unwrap();
        limits.ask("walker", 10, at).unwrap();
        limits.found_nothing("walker", 10);
        let refused = limits.ask("walker", 1, at + TimeDelta::minutes(20)).unwrap_err();
        assert_eq!((refused.category, refused.retry_after), (Category::Throttled, Some(2400)));
        limits.ask("walker", 1, at + TimeDelta::minutes(60)).unwrap();
    }
}
