//! Which receipts are asked for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::delivery::State;
use crate::domain::PartnerId;

/// As many are counted, beyond what a page shows: who has more waiting than that needs no exact number, and must not wait for it.
const COUNTED_MAX: u64 = 10_000;

/// How many match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matches {
    /// So many.
    Exactly(u64),
    /// More than so many; how many more was not counted.
    MoreThan(u64),
}

impl Matches {
    /// The number, where it is known.
    pub fn exactly(self) -> Option<u64> {
        match self {
            Self::Exactly(number) => Some(number),
            Self::MoreThan(_) => None,
        }
    }

    /// The number that it is at least.
    pub fn at_least(self) -> u64 {
        match self {
            Self::Exactly(number) => number,
            Self::MoreThan(number) => number + 1,
        }
    }
}

impl std::fmt::Display for Matches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(number) => write!(f, "{number}"),
            Self::MoreThan(number) => write!(f, "more than {number}"),
        }
    }
}

/// In which order receipts are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TaskOrder {
    /// What was accepted last comes first.
    #[default]
    Newest,
    /// What was accepted first comes first.
    Oldest,
    /// What changed last comes first.
    ChangedLast,
    /// What changed longest ago comes first.
    ChangedFirst,
}

impl TaskOrder {
    /// Whether it goes by the last change.
    pub fn is_by_change(self) -> bool {
        matches!(self, Self::ChangedLast | Self::ChangedFirst)
    }
}

/// Which receipts are asked for.
#[derive(Debug, Clone, Default)]
pub struct TaskQuery {
    /// Only those that one of these partners sent; empty means any. A recipient must not learn what was withheld from it.
    pub senders: Vec<PartnerId>,
    /// Only those that one of these partners took; empty means whatever became of them.
    pub taken_by: Vec<PartnerId>,
    /// Only those to this partner, whatever became of them. For operators.
    pub recipient: Option<PartnerId>,
    /// Only those accepted before.
    pub before: Option<DateTime<Utc>>,
    /// Only those that changed last at this instant or after.
    pub changed_from: Option<DateTime<Utc>>,
    /// Only those that changed last before this instant.
    pub changed_until: Option<DateTime<Utc>>,
    /// Only these; empty means any.
    pub ids: Vec<Uuid>,
    /// Only of these kinds; empty means any.
    pub kinds: Vec<String>,
    /// Only this message's.
    pub message_id: Option<Uuid>,
    /// Only in these states; empty means any.
    pub states: Vec<State>,
    /// Only those whose reading is not waited for any more, or only those whose reading is.
    pub read: Option<bool>,
    /// The kinds that a person at the recipient has to have read.
    pub awaited: Vec<String>,
    /// In which order.
    pub order: TaskOrder,
    /// At most so many.
    pub count: u32,
    /// After so many, for the next page.
    pub offset: u32,
}

impl TaskQuery {
    /// How far matches are counted: to the end of the page at least.
    pub fn counted_to(&self) -> u64 {
        COUNTED_MAX.max(u64::from(self.offset) + u64::from(self.count))
    }
}
