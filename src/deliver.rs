//! Edge out: the only room that holds credentials for partners. A worker a recipient takes from the outbox, asks the
//! pipeline what may leave now, writes the journal, hands over, and writes how it ended.

pub mod token;

mod alerts;
mod attempt;
mod courier;
mod ending;
mod herald;
mod sources;
mod sweep;
mod worker;

pub use courier::{Courier, Handed};
pub use herald::{Herald, HeraldError, Mail, Secret, Security};
pub use sources::PartnerSources;
pub use worker::{Bells, Workers};
