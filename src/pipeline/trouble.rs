//! What the store says, in the words of whoever sent or asked.

use crate::problem::{Category, Problem};
use crate::store::StoreError;

/// The store cannot be used: nothing was accepted, nothing leaves.
pub fn unavailable(error: &StoreError) -> Problem {
    match error {
        StoreError::Full => {
            tracing::error!(cause = %error, "nothing can be accepted until there is room on the store's disk");
            let text = "Kith has no room to keep anything at the moment. Nothing was accepted or shared; send the message again later.";
            Problem::new(Category::NoRoom, text).again_in(60)
        }
        StoreError::Busy => {
            let text = "Kith has more to do than it can do at the moment. Nothing was accepted or shared; send the message again in a second.";
            Problem::new(Category::Unavailable, text).again_in(1)
        }
        _ => Problem::unavailable("keep or read what it must", error),
    }
}

/// Something that the message changes was changed by another since it was read.
pub(super) fn changed_meanwhile(version: u32) -> Problem {
    let text = format!(
        "It was changed by another at the same time; its version is {version} now. Read it, and send again."
    );
    Problem::new(Category::VersionConflict, text)
}

/// The same id with another body, or two at once.
pub fn duplicate() -> Problem {
    Problem::new(
        Category::Duplicate,
        "A message with this id was accepted before, with another body. Give a new message a new id; to see what became of the first, ask for its Task.",
    )
}
