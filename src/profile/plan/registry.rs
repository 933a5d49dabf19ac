//! Where plans live: compiled when first asked for, kept as long as the validator, bounded in number.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use super::Plan;
use super::compile::compile;
use crate::profile::needs::Definitions;

/// The number of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot(u32);

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// No definition of that name is at hand.
    Unknown,
    /// There is a definition, but it cannot be used.
    Broken,
    /// There are too many plans already.
    Full,
}

/// More definitions than any set of packages that one message needs.
const PLANS_MAX: usize = 16_384;

/// Every plan, by number and by name.
pub struct Plans {
    definitions: Arc<dyn Definitions>,
    // Slots are filled once and never emptied, so plans can be lent out for as long as the registry lives.
    slots: Box<[OnceLock<Box<Plan>>]>,
    names: RwLock<HashMap<Box<str>, Result<Slot, Missing>>>,
}

impl Plans {
    /// Plans of these definitions.
    pub fn new(definitions: Arc<dyn Definitions>) -> Self {
        let slots = (0..PLANS_MAX).map(|_| OnceLock::new()).collect();
        Self { definitions, slots, names: RwLock::new(HashMap::new()) }
    }

    /// The definitions that plans are made from.
    pub fn definitions(&self) -> &Arc<dyn Definitions> {
        &self.definitions
    }

    /// The plan with that number.
    pub fn get(&self, slot: Slot) -> Option<&Plan> {
        self.slots.get(slot.0 as usize)?.get().map(|plan| &**plan)
    }

    /// The number of the plan of a type or canonical.
    pub fn slot(&self, name: &str) -> Result<Slot, Missing> {
        if let Some(known) = self.names.read().ok().and_then(|names| names.get(name).copied()) {
            return known;
        }
        let made = self.make(name);
        // A poisoned lock means that another thread failed while it compiled: nothing can be relied on then.
        let mut names = self.names.write().map_err(|_| Missing::Broken)?;
        if let Some(known) = names.get(name) {
            return *known;
        }
        let answer = match made {
            Err(missing) => Err(missing),
            Ok(plan) => Self::keep(&self.slots, &names, plan),
        };
        if names.len() < 4 * PLANS_MAX {
            names.insert(name.into(), answer);
        }
        answer
    }

    /// The plan of a type or canonical.
    pub fn plan(&self, name: &str) -> Result<&Plan, Missing> {
        self.slot(name).and_then(|slot| self.get(slot).ok_or(Missing::Broken))
    }

    fn make(&self, name: &str) -> Result<Plan, Missing> {
        let known = self.definitions.structure(name).map_err(|_| Missing::Broken)?;
        let structure = known.ok_or(Missing::Unknown)?;
        compile(&structure, self).ok_or(Missing::Broken)
    }

    fn keep(
        slots: &[OnceLock<Box<Plan>>],
        names: &HashMap<Box<str>, Result<Slot, Missing>>,
        plan: Plan,
    ) -> Result<Slot, Missing> {
        let used = names.values().filter(|slot| slot.is_ok()).count();
        let place = slots.get(used).ok_or(Missing::Full)?;
        place.set(Box::new(plan)).map_err(|_| Missing::Broken)?;
        Ok(Slot(u32::try_from(used).map_err(|_| Missing::Full)?))
    }
}

impl std::fmt::Debug for Plans {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Plans").finish_non_exhaustive()
    }
}
