//! What a source holds about a child, cut to what the asker may have: written anew from a list of what may pass.
//!
//! Two tables say it, and can be reviewed and replaced (`reading-datasets.csv`, `reading-elements.csv` beside the policies): to which
//! dataset a resource belongs, and which of its elements pass, each with its dataset. What stands in neither does not pass. Pure.

mod cut;
mod narrative;
mod table;

#[cfg(test)]
mod tests;

pub use cut::{Child, Cut};
pub use table::{Fault, Table};
