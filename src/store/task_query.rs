//! Which receipts are asked for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::rows::State;
use crate::domain::PartnerId;

/// Which receipts are asked for.
#[derive(Debug, Clone, Default)]
pub struct TaskQuery {
    /// Only those that this partner sent. A recipient must not learn what was withheld from it.
    pub sender: Option<PartnerId>,
    /// Only those that this partner took.
    pub taken_by: Option<PartnerId>,
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
    /// At most so many.
    pub count: u32,
    /// After so many, for the next page.
    pub offset: u32,
}
