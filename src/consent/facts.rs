//! Facts for a decision: what the consents on file say about one item and one recipient, at one instant.
//!
//! All consents are weighed together and their order means nothing: an active deny that matches beats every permit,
//! however new the permit is.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use smallvec::SmallVec;

use super::ConsentOnFile;
use super::agreement::{Agreement, State, Voice};
use super::contents::Contents;
use super::limits::About;
use super::rule::{Kind, Rule};
use crate::domain::{Ground, Item, NhsNumber, OdsCode, Role};
use crate::message::{Recipient, Relation};

/// What the consents on file say, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// An active consent refuses it.
    Deny,
    /// An active consent agrees to it, for this recipient, today.
    Permit,
    /// A consent agreed to it and was withdrawn.
    Withdrawn,
    /// A consent agreed to it until a day that is past.
    Expired,
    /// A consent agrees to it from a day that is still to come.
    NotStarted,
    /// A consent agrees to it, but for others.
    NotNamed,
    /// No consent says anything about it.
    None,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Deny,
        Self::Permit,
        Self::Withdrawn,
        Self::Expired,
        Self::NotStarted,
        Self::NotNamed,
        Self::None,
    ];

    /// The word used in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Permit => "permit",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::NotStarted => "not-started",
            Self::NotNamed => "not-named",
            Self::None => "none",
        }
    }
}

/// What the consents say, and which of them said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What they say.
    pub standing: Standing,
    /// The consents that decided, as `id/version`, sorted.
    pub consents: Vec<String>,
    /// One consent denies and another permits: somebody should speak with those who gave them.
    pub contested: bool,
}

/// Everything that a policy may look at besides the recipient and the item. Equal facts get equal decisions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Facts {
    /// What the consents on file say.
    pub consent: Standing,
    /// The ground that the sender claims.
    pub claimed: Option<Ground>,
    /// Whether the sender gave a reason.
    pub reason_given: bool,
    /// Whether the duty to share (Children Act 2004 s.16LA) is in force here and now.
    pub duty_in_force: bool,
    /// How the recipient comes to be around the child.
    pub relations: BTreeSet<Relation>,
    /// What the sender is to the child.
    pub sender: Role,
    /// Whether the child's record is restricted.
    pub restricted: bool,
    /// Whether the child has died.
    pub deceased: bool,
    /// Whether the child's record is sealed.
    pub sealed: bool,
    /// Whether a named professional recorded that telling this recipient would harm the child more than not telling.
    pub detriment: bool,
}

/// The consents on file for one child, read once and weighed for many items.
#[derive(Debug)]
pub struct Agreements(Vec<Agreement>);

impl Agreements {
    /// Reads those consents that have a say about this child.
    pub fn read(consents: &[ConsentOnFile], child: &NhsNumber) -> Self {
        Self(consents.iter().filter_map(|consent| Agreement::read(consent, child)).collect())
    }

    /// What they say, taken together, about an item for a recipient at an instant, in what this organisation wrote and what it holds; or in
    /// what anybody might have written, where none is named.
    ///
    /// A competent young person who takes their own agreement back has refused: no parent's agreement stands in for it.
    pub fn standing(
        &self,
        (author, contents): (Option<&OdsCode>, Contents<'_>),
        recipient: &Recipient,
        item: Item,
        at: DateTime<Utc>,
    ) -> Finding {
        let asked = Asked { about: About { author, item, contents, was_covered: false }, recipient, at };
        let mut said: SmallVec<[(Standing, &str); 8]> = SmallVec::new();
        let mut taken_back = false;
        for agreement in self.0.iter().filter(|agreement| agreement.voice != Voice::Professional) {
            let standing = weigh(agreement, &asked);
            taken_back |= standing == Standing::Withdrawn && agreement.voice == Voice::YoungPerson;
            said.push((standing, &agreement.label));
        }
        let says = |wanted: Standing| said.iter().any(|(standing, _)| *standing == wanted);
        let contested = says(Standing::Deny) && says(Standing::Permit);
        if taken_back {
            said.retain(|(standing, _)| *standing != Standing::Permit);
        }
        let standing = said.iter().map(|(standing, _)| *standing).min().unwrap_or(Standing::None);
        let mut consents = Vec::new();
        if standing != Standing::None {
            let deciding = said.iter().filter(|(one, _)| *one == standing);
            consents.extend(deciding.map(|(_, label)| (*label).to_owned()));
            consents.sort_unstable();
            consents.dedup();
        }
        Finding { standing, consents, contested }
    }

    /// The recorded decisions of professionals **not** to tell this recipient this item, as `id/version`, sorted.
    pub fn detriment(
        &self,
        (author, contents): (&OdsCode, Contents<'_>),
        recipient: &Recipient,
        item: Item,
        at: DateTime<Utc>,
    ) -> Vec<String> {
        let asked = Asked {
            about: About { author: Some(author), item, contents, was_covered: false },
            recipient,
            at,
        };
        let decided = self.0.iter().filter(|agreement| agreement.voice == Voice::Professional);
        let against = decided.filter(|one| weigh(one, &asked) == Standing::Deny);
        against.map(|one| one.label.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Each of them.
    pub(super) fn all(&self) -> &[Agreement] {
        &self.0
    }

    /// Every rule, and every exception from it.
    pub(super) fn each_rule<'a>(&'a self, mut visit: impl FnMut(&'a Rule)) {
        let mut left: Vec<&Rule> = self.0.iter().flat_map(|agreement| &agreement.rules).collect();
        while let Some(rule) = left.pop() {
            visit(rule);
            left.extend(&rule.exceptions);
        }
    }
}

struct Asked<'a> {
    about: About<'a>,
    recipient: &'a Recipient,
    at: DateTime<Utc>,
}

impl Asked<'_> {
    /// What was told while an agreement held was covered by it then: where that is not known, it counts.
    fn as_it_was(&self) -> Self {
        Self { about: About { was_covered: true, ..self.about }, ..*self }
    }
}

fn weigh(agreement: &Agreement, asked: &Asked<'_>) -> Standing {
    let each = agreement.rules.iter().map(|rule| match agreement.state {
        State::Active => verdict(rule, agreement.usable, asked),
        // Only a withdrawn permit is worth telling of; a withdrawn deny is as if it had never been.
        State::Withdrawn => match permit(rule, agreement.usable, &asked.as_it_was()) {
            Standing::None | Standing::NotNamed => Standing::None,
            _ => Standing::Withdrawn,
        },
    });
    each.min().unwrap_or(Standing::None)
}

/// What an active rule says, its exceptions considered.
fn verdict(rule: &Rule, usable: bool, asked: &Asked<'_>) -> Standing {
    if !touches(rule, asked) {
        return permit(rule, usable, asked);
    }
    let exceptions =
        || rule.exceptions.iter().map(|exception| (exception, verdict(exception, usable, asked)));
    if exceptions().any(|(_, said)| said == Standing::Deny) {
        return Standing::Deny;
    }
    match rule.kind {
        Kind::Permit => permit(rule, usable, asked),
        // A permit inside a deny releases what it names itself, whom and what; it inherits neither.
        Kind::Deny => {
            let released =
                exceptions().any(|(inner, said)| inner.kind == Kind::Permit && said == Standing::Permit);
            if released { Standing::Permit } else { Standing::Deny }
        }
        Kind::Unread => Standing::None,
    }
}

/// The wide reading, for denies: might this rule mean this recipient and item, now?
fn touches(rule: &Rule, asked: &Asked<'_>) -> bool {
    let whom = rule.anybody
        || names(rule, asked)
        || rule.roles.contains(&asked.recipient.role)
        || (rule.local_centres && asked.recipient.role == Role::ChildrensCentre);
    let what = rule.anything || rule.items.contains(&asked.about.item);
    let begun = rule.start.is_none_or(|start| start <= asked.at);
    let over = rule.end.is_some_and(|end| end <= asked.at);
    whom && what
        && begun
        && !over
        && !rule.elsewhere
        && concerns(rule, asked)
        && rule.limits.may_mean(&asked.about)
}

/// The narrow reading, for permits: does this rule name this recipient and item, now? If not, how it falls short.
fn permit(rule: &Rule, usable: bool, asked: &Asked<'_>) -> Standing {
    let local = rule.local_centres
        && asked.recipient.role == Role::ChildrensCentre
        && asked.recipient.relations.contains(&Relation::InReach);
    // A role means those of it who are around this child, not all that there are.
    let role = rule.roles.contains(&asked.recipient.role) && !asked.recipient.relations.is_empty();
    let names_item = rule.items.contains(&asked.about.item) && rule.limits.cover(&asked.about);
    if !usable || rule.kind != Kind::Permit || !names_item {
        Standing::None
    } else if !(local || role || names(rule, asked)) || !concerns(rule, asked) {
        Standing::NotNamed
    } else if rule.end.is_some_and(|end| end <= asked.at) {
        Standing::Expired
    } else if rule.start.is_some_and(|start| asked.at < start) {
        Standing::NotStarted
    } else {
        Standing::Permit
    }
}

/// Whether the rule's purpose is one for which this recipient would receive: a decision about centres' services is none
/// about care by the practice.
fn concerns(rule: &Rule, asked: &Asked<'_>) -> bool {
    !rule.early_years_only || asked.recipient.role == Role::ChildrensCentre
}

fn names(rule: &Rule, asked: &Asked<'_>) -> bool {
    rule.actors.iter().any(|actor| asked.recipient.identifiers.contains(actor))
}
