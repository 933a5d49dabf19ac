//! Can a system work with Kith? What `kith conformance` tries with a vendor's system, and what it found.
//!
//! A system that receives gets messages made of the examples of the record kinds, about invented children, as Kith would deliver them. A
//! system that sends is put on a line with trouble on it, whose other end is a Kith to try with, such as the sandbox's. No store, no
//! directory, no journal and no delivery takes part: a test can never reach a partner.

mod call;
mod line;
mod messages;
mod receiver;
mod report;
mod sender;

pub use call::{Target, TargetError};
pub use line::Line;
pub use messages::{Form, Message, messages};
pub use receiver::try_receiver;
pub use report::{Finding, Report, Role, Verdict, Weight};
pub use sender::{Call, Trouble, is_done, judge_sender};

/// Whether nobody tries again after this status.
fn is_final(status: u16) -> bool {
    (400..500).contains(&status) && ![401, 408, 425, 429].contains(&status)
}

fn is_good(status: u16) -> bool {
    (200..300).contains(&status)
}
