//! How much an evaluation may do before it is stopped.

use super::fault::Fault;

/// The bounds of one evaluation.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Steps: elements looked at, items compared, calls made.
    pub steps: u64,
    /// Items of one collection, and characters of one text.
    pub items: usize,
}

impl Default for Limits {
    /// About half a second, and some tens of megabytes.
    fn default() -> Self {
        Self { steps: 20_000_000, items: 1_000_000 }
    }
}

/// Counts down.
#[derive(Debug)]
pub(super) struct Meter {
    left: u64,
    items: usize,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        Self { left: limits.steps, items: limits.items }
    }

    /// Takes steps off what is left.
    pub(super) fn charge(&mut self, steps: usize) -> Result<(), Fault> {
        match self.left.checked_sub(steps as u64) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Fault::limit("The expression takes more steps than are allowed.")),
        }
    }

    /// Refuses collections and texts that are too large.
    pub(super) fn check(&self, size: usize) -> Result<(), Fault> {
        if size > self.items {
            return Err(Fault::limit(
                "The expression makes a collection or text that is larger than allowed.",
            ));
        }
        Ok(())
    }
}
