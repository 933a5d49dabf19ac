//! What the store says, in the words of whoever sent or asked.

use crate::problem::{Category, Problem};
use crate::store::StoreError;

/// The store cannot be used: nothing was accepted, nothing leaves.
pub fn unavailable(error: &StoreError) -> Problem {
    Problem::unavailable("keep or read what it must", error)
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
