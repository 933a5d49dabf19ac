//! The decision: for one recipient, permit or withhold for every item, with what decided and what would change it.

use std::collections::BTreeSet;

use super::Question;
use super::facts::{Agreements, Facts, Standing};
use super::policy::Policies;
use super::ruled::Ask;
use crate::domain::{Ground, Item, NhsNumber, PartnerId, Role};
use crate::journal::{Decided, DecisionLine, Reason};

/// Whether an item may be released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may, on this ground.
    Permit(Ground),
    /// It may not; the refusal's name, such as `no-basis` or `consent-denied`.
    Withhold(String),
}

/// What was decided about one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The item.
    pub item: Item,
    /// Whether it may be released.
    pub verdict: Verdict,
    /// The policies that decided, by `@id`; none where no policy applied.
    pub policies: Vec<String>,
    /// The consents that decided, or that a duty went over, as `id/version`.
    pub consents: Vec<String>,
    /// The law or guidance that the policies rest on.
    pub law: Vec<String>,
    /// Why, for people; for what is withheld also what would change it.
    pub sentence: String,
    /// One consent denies this and another permits it.
    pub contested: bool,
}

impl Outcome {
    /// The ground, where it may be released.
    pub fn ground(&self) -> Option<Ground> {
        match self.verdict {
            Verdict::Permit(ground) => Some(ground),
            Verdict::Withhold(_) => None,
        }
    }
}

/// What one recipient may and may not have of one child's information, in this message, at this instant.
///
/// Only [`decide`] makes one, so what it says was decided by the policies.
#[derive(Debug, Clone)]
pub struct Decision {
    pub(super) child: NhsNumber,
    recipient: PartnerId,
    pub(super) name: String,
    pub(super) role: Role,
    outcomes: Vec<Outcome>,
    policy_set: String,
}

/// Decides, for every item, whether the recipient may have it. Whatever is not permitted is withheld.
///
/// The policies are asked once about equal facts: their answers are remembered for as long as they are in force.
pub fn decide(policies: &Policies, question: &Question<'_>) -> Decision {
    let recipient = question.recipient;
    // A record is written by the organisation that sends it, or that holds what is read through.
    let (author, contents) = (&question.sender.organisation, question.contents);
    let agreements = Agreements::read(question.consents, &question.child.nhs_number);
    let facts = facts(question);
    let ask = Ask::about(policies, &recipient.partner, recipient.role);
    let outcomes = Item::all().map(|item| {
        let mut finding = agreements.standing((Some(author), contents), recipient, item, question.at);
        let against = agreements.detriment((author, contents), recipient, item, question.at);
        let detriment = !against.is_empty();
        // What a professional decided is what decides, so it is what is cited.
        if detriment {
            finding.consents = against;
        }
        let ruled = ask.ruled(item, &facts, finding.standing, detriment);
        Outcome {
            item,
            verdict: ruled.verdict.clone(),
            policies: ruled.policies.clone(),
            consents: if ruled.cites { finding.consents } else { Vec::new() },
            law: ruled.law.clone(),
            sentence: ruled.sentence.clone(),
            contested: finding.contested && !ruled.is_broken,
        }
    });
    Decision {
        child: question.child.nhs_number.clone(),
        recipient: recipient.partner.clone(),
        name: recipient.name.clone(),
        role: recipient.role,
        outcomes: outcomes.collect(),
        policy_set: policies.digest().to_owned(),
    }
}

/// The facts that are the same for every item.
fn facts(question: &Question<'_>) -> Facts {
    Facts {
        consent: Standing::None,
        claimed: question.claimed,
        reason_given: question.reason_given,
        duty_in_force: question.duty_in_force,
        relations: question.recipient.relations.iter().copied().collect(),
        sender: question.sender.role,
        restricted: question.child.restricted,
        deceased: question.child.deceased,
        sealed: question.child.sealed,
        detriment: false,
    }
}

impl Decision {
    /// Whom it is about.
    pub fn recipient(&self) -> &PartnerId {
        &self.recipient
    }

    /// One outcome an item, in the order of `Item::all()`.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// The items that may be released.
    pub fn permitted(&self) -> BTreeSet<Item> {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.ground().is_some())
            .map(|outcome| outcome.item)
            .collect()
    }

    /// The ground of the release as a whole, `None` where nothing may be released: a duty colours all that goes with it.
    pub fn ground(&self) -> Option<Ground> {
        self.ground_among(|_| true)
    }

    /// The ground of the release among some of the items.
    pub(super) fn ground_among(&self, which: impl Fn(Item) -> bool) -> Option<Ground> {
        let used: BTreeSet<Ground> =
            self.outcomes.iter().filter(|outcome| which(outcome.item)).filter_map(Outcome::ground).collect();
        let order = [Ground::SafeguardingDuty, Ground::LegalOrder, Ground::Consent, Ground::DirectCare];
        order.into_iter().find(|ground| used.contains(ground))
    }

    /// The decision as the journal keeps it: it can be explained by that alone.
    pub fn decided(&self) -> Decided {
        self.decided_about(|_| true)
    }

    /// The same of some items only, where nothing else was asked for.
    pub fn decided_about(&self, which: impl Fn(Item) -> bool) -> Decided {
        let mut reasons: Vec<Reason> = Vec::new();
        let mut place = |outcome: &Outcome| {
            let known =
                reasons.iter().position(|one| one.sentence == outcome.sentence && one.law == outcome.law);
            known.unwrap_or_else(|| {
                reasons.push(Reason { sentence: outcome.sentence.clone(), law: outcome.law.clone() });
                reasons.len() - 1
            })
        };
        let line = |outcome: &Outcome| DecisionLine {
            item: outcome.item.to_string(),
            outcome: if outcome.ground().is_some() { "permit" } else { "withhold" }.to_owned(),
            ground: outcome.ground().map(|ground| ground.name().to_owned()),
            policies: outcome.policies.clone(),
            consents: outcome.consents.clone(),
            refusal: match &outcome.verdict {
                Verdict::Permit(_) => None,
                Verdict::Withhold(refusal) => Some(refusal.clone()),
            },
            contested: outcome.contested,
            reason: Some(place(outcome)),
        };
        let decisions = self.outcomes.iter().filter(|outcome| which(outcome.item)).map(line).collect();
        Decided { decisions, reasons, policy_set: Some(self.policy_set.clone()) }
    }
}
