//! Can a system work with Kith? What `kith conformance` tries with a vendor's system, and what it found.
//!
//! Messages are made of the examples of the record kinds, about invented children, as Kith would deliver them; they go straight to the
//! system under test. No store, no directory, no journal and no delivery takes part: a test can never reach a partner.

mod call;
mod messages;
mod receiver;
mod report;

pub use call::{Target, TargetError};
pub use messages::{Form, Message, messages};
pub use receiver::try_receiver;
pub use report::{Finding, Report, Verdict, Weight};

/// The record kind by which what was shared is asked back; it goes to whoever receives records, whatever else they read.
const RECALL: &str = "recall-notice";
