//! What the journal holds: one entry for each thing that Kith did or refused, chained by hashes.
//!
//! An entry names a child by its keyed hash and holds no clinical content; it suffices to explain every release.
//! The published format is one JSON object an entry; see README, "The journal".

pub mod chain;
mod signed;

pub use chain::{Break, Chain, Fault, GENESIS, Head, entry_hash, verify, verify_after};

pub use signed::SignedHead;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{ChildKey, PartnerId};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A message was accepted and what is to be released was decided.
    Accepted,
    /// Something was refused to a recipient, or everything was.
    Withheld,
    /// Written before a message leaves for a recipient.
    Releasing,
    /// The recipient took it.
    Delivered,
    /// The recipient refused it, or it was given up.
    Failed,
    /// An attempt that will be made again.
    Retrying,
    /// A queued release was taken back because the decision changed.
    Withdrawn,
    /// A consent was created or changed.
    ConsentChanged,
    /// A safeguarding flag was created or ended.
    FlagChanged,
    /// What was sent is asked back, because the consent for it ended.
    Recalled,
    /// The recipient said that it read what it was sent.
    Acknowledged,
    /// People are to settle something, such as parents who disagree; or have settled it.
    MatterChanged,
    /// A partner asked what others hold about a child; written before anything is answered, refusals too.
    Read,
    /// Somebody asked why something is or was shared or withheld.
    Explained,
    /// Somebody looked at what the journal holds about a child.
    Viewed,
    /// Somebody asked which school a child attends; written before anything is answered.
    LookedUp,
    /// A place at a school was put on file, or somebody decided about one.
    PlaceChanged,
    /// A list of schools, children or places was taken in. It is about no one child.
    Imported,
    /// An operator made a dead letter due again.
    Replayed,
    /// An operator parked a recipient: nothing is delivered to it until it goes on. It is about no one child.
    Parked,
    /// An operator let deliveries to a recipient go on. It is about no one child.
    Unparked,
    /// People were told that nobody has said that they read a message.
    Alerted,
    /// A child was put on the list of births that a local authority takes to its centres; written before the list is. Of the list as a
    /// whole there is an entry about no one child.
    Listed,
    /// What a message told of a birth is kept for the list of a local authority; nothing of it was shared yet.
    Kept,
    /// A recipient said that a family registered with it or was referred to it, so that it may visit in spite of a no-visit rule.
    VisitsAllowed,
    /// Two NHS numbers were said to be one child's: what is on file about either counts for both.
    NumbersMerged,
    /// That was taken back.
    NumbersUnmerged,
}

impl Event {
    /// Whether by it somebody is told what was permitted of what was there.
    pub fn tells(self) -> bool {
        matches!(self, Self::Releasing | Self::Read | Self::LookedUp | Self::Listed)
    }

    /// Whether it says that nothing left, whatever was permitted.
    pub fn holds_back(self) -> bool {
        matches!(self, Self::Withheld | Self::Withdrawn)
    }

    /// The word that the journal uses.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// One decision as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecisionLine {
    /// The dataset or item, such as `identity/name`.
    pub item: String,
    /// `permit` or `withhold`.
    pub outcome: String,
    /// The ground, when permitted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ground: Option<String>,
    /// The policies that decided.
    pub policies: Vec<String>,
    /// The consents that decided, as `id/version`.
    pub consents: Vec<String>,
    /// The refusal's name, such as `consent-withdrawn`, when withheld.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refusal: Option<String>,
    /// One consent denies it and another permits it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub contested: bool,
    /// Why: the place in `reasons`, from 0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<usize>,
}

/// Why something was decided as it was, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The sentence that people are told; for what is withheld also what would have changed it.
    pub sentence: String,
    /// The law or guidance that the policies rest on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub law: Vec<String>,
}

/// A decision about one recipient, complete: it can be explained by this alone, whatever the policies say later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decided {
    /// One an item.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub decisions: Vec<DecisionLine>,
    /// The reasons that the lines point to.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub reasons: Vec<Reason>,
    /// A digest of the policies that were in force.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub policy_set: Option<String>,
}

/// The content of an entry, before it is chained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub event: Event,
    /// The child, by keyed hash.
    pub child: ChildKey,
    /// Who sent the message or asked.
    pub sender: PartnerId,
    /// Who received, or would have.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub recipient: Option<PartnerId>,
    /// The sender's message id.
    pub message_id: Uuid,
    /// The record kind.
    pub kind: String,
    /// The delivery, which is the receipt's Task id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub delivery: Option<Uuid>,
    /// The datasets and items of which the message, or what was answered, says something; none where an attempt ended that reached nobody;
    /// nothing where that is not known. What was decided
    /// about others was about nothing that was there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub held: Option<Vec<String>>,
    /// Of these, what does not go to the recipient although it is permitted: the form that it reads has no place for it, or it shows where a
    /// child is of whom nobody may know that.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub left_out: Vec<String>,
    /// What was decided, for `accepted`, `withheld`, `releasing`, `withdrawn`, `read` and `explained`.
    #[serde(flatten)]
    pub decided: Decided,
    /// A plain sentence: the reason, or the recipient's answer in a word. Never clinical content.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

impl Entry {
    /// An entry that says what happened, when, about which child, by whom and on which message or question; nothing else yet.
    pub fn new(
        event: Event,
        at: DateTime<Utc>,
        child: ChildKey,
        sender: PartnerId,
        message_id: Uuid,
        kind: impl Into<String>,
    ) -> Self {
        Self {
            at,
            event,
            child,
            sender,
            recipient: None,
            message_id,
            kind: kind.into(),
            delivery: None,
            held: None,
            left_out: vec![],
            decided: Decided::default(),
            note: None,
        }
    }

    /// Whether it says of the attempt before it that nothing left: there was nobody to hand it to.
    pub fn reached_nobody(&self) -> bool {
        let ends = matches!(self.event, Event::Retrying | Event::Failed);
        ends && self.held.as_ref().is_some_and(Vec::is_empty)
    }

    /// What its decision permitted, of what was there, or may have been, and could go.
    pub fn permitted(&self) -> impl Iterator<Item = &DecisionLine> {
        self.about_what_was_there("permit").filter(|line| !self.left_out.contains(&line.item))
    }

    /// What its decision withheld, of what was there, or may have been.
    pub fn withheld(&self) -> impl Iterator<Item = &DecisionLine> {
        self.about_what_was_there("withhold")
    }

    fn about_what_was_there(&self, outcome: &'static str) -> impl Iterator<Item = &DecisionLine> {
        let was_there =
            |line: &&DecisionLine| self.held.as_ref().is_none_or(|held| held.contains(&line.item));
        self.decided.decisions.iter().filter(move |line| line.outcome == outcome).filter(was_there)
    }
}
