//! What was worked out once, kept for all threads.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

/// Values by canonical as it was asked for.
#[derive(Debug)]
pub(in crate::profile) struct Cache<T>(RwLock<HashMap<String, Arc<T>>>);

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Cache<T> {
    /// What is kept, or else what `make` makes. Nothing is locked while it is made, since making one thing may need
    /// another; two threads may make the same thing once each, and the first is kept. Errors are not kept.
    pub(in crate::profile) fn get_or<E>(
        &self,
        key: &str,
        make: impl FnOnce() -> Result<Arc<T>, E>,
    ) -> Result<Arc<T>, E> {
        // A thread that panicked while it held the lock can have left nothing half done: all that happens under it is
        // one look-up or one insertion.
        if let Some(kept) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Ok(Arc::clone(kept));
        }
        let made = make()?;
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(kept.entry(key.to_owned()).or_insert(made)))
    }
}

/// So many names are kept: whoever makes up new ones must not fill the memory.
const ABSENT_MAX: usize = 4_096;

/// Names of what is not there.
#[derive(Debug, Default)]
pub(in crate::profile) struct Absent(RwLock<HashSet<Box<str>>>);

impl Absent {
    pub(in crate::profile) fn has(&self, name: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(name)
    }

    pub(in crate::profile) fn add(&self, name: &str) {
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if names.len() < ABSENT_MAX {
            names.insert(name.into());
        }
    }
}
