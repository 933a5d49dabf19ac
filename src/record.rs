//! What partners send: a record kind's JSON Schema, and the check that finds every fault at once.

mod format;
mod schema;
mod sentence;
mod spelling;
mod whole;

pub use format::FORMATS;
pub use schema::{Leaf, Schema};
pub use spelling::as_records_have_it;

use crate::message::{Content, Received, Valid};
use crate::problem::{Category, Problem};

/// Checks a received record against its kind's schema. FHIR content is for `profile` to check.
pub fn check(schema: &Schema, received: Received) -> Result<Valid, Problem> {
    if let Content::Record(record) = &received.content {
        let issues = schema.faults(record.reveal());
        if !issues.is_empty() {
            return Err(Problem::with(Category::Invalid, issues));
        }
    }
    Ok(Valid::new(received, vec![]))
}
