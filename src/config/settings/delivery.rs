//! The settings of how messages go out.

use serde::Deserialize;

/// `[delivery]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Longest attempt, in seconds.
    pub attempt_timeout_seconds: u64,
    /// First wait, in seconds.
    pub retry_first_seconds: u64,
    /// Longest wait, in seconds.
    pub retry_max_seconds: u64,
    /// After so many attempts in a row that did not reach a recipient, it is left alone for a while.
    pub circuit_after: u32,
    /// When a message becomes a dead letter, in hours.
    pub give_up_after_hours: i64,
    /// How long what lies in an inbox is kept, in days.
    pub inbox_days: u32,
    /// How long the content of a dead letter is kept, in days.
    pub dead_letter_days: u32,
    /// How long one process holds a delivery that it attempts, in seconds.
    pub lease_seconds: u32,
    /// Deliveries at the same time to one recipient.
    pub parallel_per_recipient: usize,
}

impl Delivery {
    /// What is wrong with them.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut texts = Vec::new();
        let positive = self.attempt_timeout_seconds > 0
            && self.retry_first_seconds > 0
            && self.retry_max_seconds >= self.retry_first_seconds
            && self.circuit_after > 0
            && self.give_up_after_hours > 0
            && self.dead_letter_days > 0
            && self.inbox_days > 0
            && self.parallel_per_recipient > 0;
        if u64::from(self.lease_seconds) < 2 * self.attempt_timeout_seconds {
            texts.push("delivery.lease_seconds is at least twice attempt_timeout_seconds: a delivery must not be taken from whoever still attempts it.".to_owned());
        }
        if !positive {
            texts.push("delivery: all values are at least 1, and retry_max_seconds is not below retry_first_seconds.".to_owned());
        }
        texts
    }
}
