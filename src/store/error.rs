//! Why the store did not do what it was asked.

/// Why the store did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The engine failed: disk, lock, corruption. Nothing was written.
    #[error("the store failed: {0}")]
    Engine(String),
    /// There is no room on the disk. Nothing was written; it goes on by itself when there is room again.
    #[error("the store's disk is full")]
    Full,
    /// Too many wait to write. Nothing was written.
    #[error("too many wait to write to the store")]
    Busy,
    /// The row was changed by another since it was read. Nothing was written.
    #[error("the version on file is {0}")]
    VersionConflict(u32),
    /// Another message of this sender has the same id. Nothing was written.
    #[error("a message with this id is on file")]
    DuplicateMessage,
    /// There is an active consent of the same scope already. Nothing was written.
    #[error("the child has an active consent of the same scope")]
    ActiveConsent,
    /// One child cannot have so many numbers. Nothing was written.
    #[error("the child has too many numbers")]
    TooManyNumbers,
    /// The delivery is not in progress, so that no attempt of it can end. Nothing was written.
    #[error("the delivery is not in progress")]
    NotInProgress,
}
