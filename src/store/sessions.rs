//! Which sessions of people are over because they signed out. Of the others the store knows nothing: they are in cookies.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::StoreError;

/// Reads and writes of ended sessions, each by a keyed hash of what its cookie holds.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Ends a session for every replica; one that was ended before stays so.
    async fn sign_out(&self, session: &str, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Whether a session was ended.
    async fn is_signed_out(&self, session: &str) -> Result<bool, StoreError>;
}
