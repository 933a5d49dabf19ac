//! The directory, and who is around a child: the partners that may be told something, before consent says what.
//!
//! Pure: the directory's text comes in as an argument.

mod around;
mod directory;

pub use around::{around, asker, reached, reaching};
pub use directory::{
    Alerts, BirthLists, Client, Directory, Endpoint, Fault, Inbox, Known, May, Partner, Receiving, Source,
    TokenSettings, Webhook,
};

use crate::consent::Permitted;
use crate::domain::PartnerId;

/// A permitted message with where it goes. Only `address` makes one.
#[derive(Debug)]
pub struct Addressed<'d> {
    permitted: Permitted,
    partner: &'d Partner,
    receiving: Receiving<'d>,
}

impl Addressed<'_> {
    /// What may be told.
    pub fn permitted(&self) -> &Permitted {
        &self.permitted
    }

    /// To whom.
    pub fn partner(&self) -> &Partner {
        self.partner
    }

    /// Where to and in which form.
    pub fn receiving(&self) -> Receiving<'_> {
        self.receiving
    }
}

/// Gives a permitted message the place where it is received: the recipient's own, never another's. `None` when the partner has left the
/// directory or receives nothing any more.
pub fn address(directory: &Directory, permitted: Permitted) -> Option<Addressed<'_>> {
    let recipient: &PartnerId = permitted.recipient();
    let partner = directory.partner(recipient)?;
    let receiving = partner.receiving()?;
    Some(Addressed { permitted, partner, receiving })
}
