//! What askers were answered on a ground that a withdrawal can end, so that it can be recalled.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::StoreError;
use crate::domain::{ChildKey, PartnerId};
use crate::journal::Entry;

/// What one source answered of one type, told by the last question for it. What it said is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its own id.
    pub id: Uuid,
    /// The id of the last question for it, which the asker was told with the answer (`X-Request-ID`).
    pub question: Uuid,
    /// The child, by keyed hash.
    pub child: ChildKey,
    /// Who holds what was answered.
    pub source: PartnerId,
    /// Who asked.
    pub asker: PartnerId,
    /// The resource type asked for.
    pub kind: String,
    /// Names of the items that were told on that ground, such as `birth`.
    pub items: Vec<String>,
    /// What consents that speak of some data only said of it, as `consent::Weighed` is kept.
    pub weighed: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Reads and writes of answers. They are recalled as deliveries are, by the acceptance of the message that recalls them.
#[async_trait]
pub trait Answers: Send + Sync {
    /// Writes answers with their entries, before they are given, all or none; each takes the place of one before it about the same that
    /// nobody recalled.
    async fn enter_answers(&self, answered: &[Answered], entries: &[Entry]) -> Result<(), StoreError>;

    /// What was answered about a child and nobody recalled, oldest first.
    async fn answered(&self, child: &ChildKey) -> Result<Vec<Answered>, StoreError>;
}
