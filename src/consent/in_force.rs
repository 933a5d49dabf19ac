//! The policies in force, which can be replaced while questions are asked: a broken replacement changes nothing and is told.

use std::sync::{Arc, PoisonError, RwLock};

use super::policy::Policies;

/// The policies in force, and why the newest files are not, if they are not.
#[derive(Debug)]
pub struct InForce {
    policies: RwLock<Arc<Policies>>,
    fault: RwLock<Option<String>>,
}

impl InForce {
    /// These are in force.
    pub fn new(policies: Policies) -> Self {
        Self { policies: RwLock::new(Arc::new(policies)), fault: RwLock::new(None) }
    }

    /// Those in force now; whoever holds them decides by them to the end, whatever is replaced meanwhile.
    pub fn now(&self) -> Arc<Policies> {
        Arc::clone(&self.policies.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts others in force; or, when they are broken, leaves those that are and says so from now on.
    pub fn replace(&self, policies: Result<Policies, String>) {
        let fault = match policies {
            Ok(policies) => {
                *self.policies.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policies);
                None
            }
            Err(fault) => Some(fault),
        };
        *self.fault.write().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// What is wrong with the newest files, when older policies are in force because of it.
    pub fn fault(&self) -> Option<String> {
        self.fault.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
