//! What a message or an answer holds, resource by resource: as much as a consent to some of it must be held against.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::Item;

/// One resource.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The items of which it says something.
    pub items: BTreeSet<Item>,
    /// What a reference may call it: its address, `Type/id`, an identifier as `system|value`, its message as `urn:uuid:`.
    pub names: BTreeSet<String>,
    /// What it refers to, in the same words.
    pub refers: BTreeSet<String>,
    /// The codings in it, as (system, code); the system is empty where it is not said.
    pub codings: BTreeSet<(String, String)>,
    /// Its security labels (`meta.security`), in the same way.
    pub labels: BTreeSet<(String, String)>,
    /// The time that it speaks of; `None` where it does not say.
    pub when: Option<Bounds>,
}

/// From an instant up to, and not including, another; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// The first instant.
    pub from: Option<DateTime<Utc>>,
    /// The first after it.
    pub until: Option<DateTime<Utc>>,
}

/// Names nobody: references and identifiers in it may.
impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Piece({} items, {} codings)", self.items.len(), self.codings.len())
    }
}

impl Piece {
    /// What is to be kept of it with these items; nothing where it says nothing of them.
    pub fn cut(&self, items: &BTreeSet<Item>) -> Option<Self> {
        let items: BTreeSet<Item> = self.items.intersection(items).copied().collect();
        (!items.is_empty()).then(|| Self { items, ..self.clone() })
    }
}

impl Bounds {
    /// The shortest time in which both lie.
    pub fn and(self, other: Self) -> Self {
        let until = self.until.zip(other.until).map(|(one, two)| one.max(two));
        Self { from: self.from.zip(other.from).map(|(one, two)| one.min(two)), until }
    }

    /// Whether they have an instant in common.
    pub fn overlaps(self, other: Self) -> bool {
        let before = |one: Self, two: Self| {
            one.until.zip(two.from).is_some_and(|(until, from)| until <= from && one.from != two.from)
        };
        !before(self, other) && !before(other, self)
    }

    /// Whether all of it lies in another.
    pub fn is_within(self, other: Self) -> bool {
        let from = other.from.is_none_or(|start| self.from.is_some_and(|from| start <= from));
        let until = other.until.is_none_or(|end| self.until.is_some_and(|until| until <= end));
        from && until && self.overlaps(other)
    }
}
