//! May this recipient have this information about this child? Asked for each recipient and each item, default deny.
//!
//! Facts are computed from the FHIR Consents on file (`agreement`, `rule`, `london`, `facts`), where they speak of some data only by what the
//! information holds (`limits`, `contents`, `weighed`); policies are loaded and asked (`load`, `policy`), and the answer is a value that explains itself
//! (`decision`, `words`). The room is pure: what it decides depends on its arguments alone, so a decision can be made again later and compared.

mod agreement;
mod contents;
mod limits;
mod london;
mod rule;
mod telling;
mod weighed;

pub mod facts;

mod load;
mod note;
mod policy;

mod decision;
mod duty;
mod file;
mod ruled;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::{Dataset, Demographics, Ground, Item, PartnerId, Private};
use crate::message::{Mapped, Piece, Recipient, Sender};

pub use agreement::{DECISION_SYSTEM, is_whole};
pub use contents::{Contents, Held, pieces};
pub use decision::{Decision, Outcome, Verdict, decide};
pub use duty::DutyDates;
pub use facts::{Facts, Finding, Standing};
pub use file::{contested, limited, named};
pub use note::{Fault, Means, Note};
pub use policy::Policies;
pub use rule::{DATASET_SYSTEM, LOCAL_CENTRES, ROLE_SYSTEM};
pub use weighed::Weighed;

/// A consent in its current version.
#[derive(Debug, Clone)]
pub struct ConsentOnFile {
    /// FHIR id.
    pub id: String,
    /// `meta.versionId`.
    pub version: u32,
    /// The FHIR Consent resource.
    pub resource: Private<Value>,
}

/// What is to be decided: may this recipient be told what this sender sent about this child?
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The child.
    pub child: &'a Demographics,
    /// Who sent it.
    pub sender: &'a Sender,
    /// Who would receive it.
    pub recipient: &'a Recipient,
    /// The ground that the sender claims.
    pub claimed: Option<Ground>,
    /// Whether the sender gave a reason.
    pub reason_given: bool,
    /// All consents for the child: those on file and those that the message brings.
    pub consents: &'a [ConsentOnFile],
    /// What is known of what it holds: a consent may be about some data only.
    pub contents: Contents<'a>,
    /// Whether the duty of Children Act 2004 s.16LA is in force in this area on this day: a setting, not a claim.
    pub duty_in_force: bool,
    /// When.
    pub at: DateTime<Utc>,
}

impl<'a> Question<'a> {
    /// The question that a message, which holds these pieces, raises for one recipient. Only the sender's words that say more than blanks are a reason.
    pub fn of(
        mapped: &'a Mapped,
        recipient: &'a Recipient,
        (consents, pieces): (&'a [ConsentOnFile], &'a [Piece]),
        duty_in_force: bool,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            child: &mapped.child,
            sender: &mapped.sender,
            recipient,
            claimed: mapped.claimed_ground,
            reason_given: mapped.reason.as_ref().is_some_and(|reason| !reason.reveal().trim().is_empty()),
            consents,
            contents: Contents::Known(pieces),
            duty_in_force,
            at,
        }
    }
}

/// What people call these items, in one text: `name, birth date and address`.
pub fn items_in_words(items: &[Item]) -> String {
    let named: Vec<&str> = items.iter().map(|item| words::item(*item)).collect();
    words::and(&named)
}

/// A message may be released to one recipient, cut to the permitted items. Made by [`permit`] only.
#[derive(Debug, Clone)]
pub struct Permitted {
    message_id: Uuid,
    recipient: PartnerId,
    ground: Ground,
    items: BTreeSet<Item>,
    decision: Decision,
}

/// The permit for a message to go to the decision's recipient, or `None`.
///
/// `about` is the dataset without which the message makes no sense: where none of its items is permitted, nothing goes.
/// A decision about another child is no permit for this message.
pub fn permit(mapped: &Mapped, about: Dataset, decision: &Decision) -> Option<Permitted> {
    if decision.child != mapped.child.nhs_number {
        return None;
    }
    let ground = decision.ground_among(|item| item.dataset == about)?;
    Some(Permitted {
        message_id: mapped.message_id,
        recipient: decision.recipient().clone(),
        ground,
        items: decision.permitted(),
        decision: decision.clone(),
    })
}

impl Permitted {
    /// The message that it is a permit for.
    pub fn message_id(&self) -> Uuid {
        self.message_id
    }

    /// To whom it may go.
    pub fn recipient(&self) -> &PartnerId {
        &self.recipient
    }

    /// The ground on which what the message is about may be released.
    pub fn ground(&self) -> Ground {
        self.ground
    }

    /// What of it may go; all else must be removed.
    pub fn items(&self) -> &BTreeSet<Item> {
        &self.items
    }

    /// The decision, to be kept in the journal.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }
}
