//! Children who are known by more than one number.

use chrono::{DateTime, Utc};

use crate::domain::{ChildKey, PartnerId};

/// So many numbers one child may have.
pub const NUMBERS_MAX: usize = 8;

/// What somebody said: what was kept under one number is about the child of another.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The number that does not hold any more.
    pub child: ChildKey,
    /// The one that does.
    pub into: ChildKey,
    /// Who said it.
    pub author: PartnerId,
    /// When.
    pub at: DateTime<Utc>,
}
