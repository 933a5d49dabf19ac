//! The monthly list of births that a local authority takes to its children's centres: which month, how many, and the list as a table.
//!
//! The room is pure, and decides nothing: who may stand on the list is decided in the pipeline, as for any other release.

mod archive;
mod count;
mod month;
mod table;

pub use archive::{SIGNATURE_ENDS, Together};
pub use count::{Area, Counts, Mask};
pub use month::Month;
pub use table::{BadList, Part, Row, parts, table};

/// What a list is signed for; OpenSSH calls it a namespace. A signature for something else is none of a list's.
pub const SIGNED_FOR: &str = "births@kith.example";
