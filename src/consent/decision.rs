//! The decision: for one recipient, permit or withhold for every item, with what decided and what would change it.

use std::collections::BTreeSet;

use super::Question;
use super::facts::{Agreements, Facts, Finding, Standing};
use super::policy::{Asker, Means, Note, Policies, Ruling};
use crate::domain::{Ground, Item, NhsNumber, PartnerId, Role};
use crate::journal::{Decided, DecisionLine, Reason};
use crate::message::Relation;

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
pub fn decide(policies: &Policies, question: &Question<'_>) -> Decision {
    let recipient = question.recipient;
    let agreements = Agreements::read(question.consents, &question.child.nhs_number);
    let asker = policies.asker(&recipient.partner, recipient.role);
    let outcomes = Item::all().map(|item| {
        let mut finding = agreements.standing(recipient, item, question.at);
        let against = agreements.detriment(recipient, item, question.at);
        let facts = facts(question, finding.standing, !against.is_empty());
        // What a professional decided is what decides, so it is what is cited.
        if facts.detriment {
            finding.consents = against;
        }
        match &asker {
            Ok(asker) => outcome(asker, item, &facts, finding),
            Err(_) => broken(item, Vec::new()),
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

fn facts(question: &Question<'_>, consent: Standing, detriment: bool) -> Facts {
    Facts {
        consent,
        claimed: question.claimed,
        reason_given: question.reason_given,
        duty_in_force: question.duty_in_force,
        relations: question.recipient.relations.iter().copied().collect(),
        sender: question.sender.role,
        restricted: question.child.restricted,
        deceased: question.child.deceased,
        sealed: question.child.sealed,
        detriment,
    }
}

fn outcome(asker: &Asker<'_>, item: Item, facts: &Facts, finding: Finding) -> Outcome {
    let contested = finding.contested;
    match asker.ask(item, facts) {
        Ruling::Permitted(notes) => match chosen(&notes, facts.claimed) {
            Some((ground, sentence)) => {
                // A refusal that the duty went over is named, so that the journal shows that it was weighed.
                let weighed = ground == Ground::Consent || finding.standing == Standing::Deny;
                let consents = if weighed { finding.consents } else { Vec::new() };
                let verdict = Verdict::Permit(ground);
                let (policies, law) = cited(&notes);
                Outcome { item, verdict, policies, consents, law, sentence: sentence.to_owned(), contested }
            }
            None => broken(item, cited(&notes).0),
        },
        Ruling::Forbidden(notes) => {
            let refusals = notes.iter().filter_map(|note| match &note.means {
                Means::Forbid(refusal) => Some(refusal.as_str()),
                Means::Permit(_) => None,
            });
            let verdict = Verdict::Withhold(refusals.min().unwrap_or("refused").to_owned());
            let denied = facts.detriment || finding.standing == Standing::Deny;
            let consents = if denied { finding.consents } else { Vec::new() };
            let sentences: Vec<&str> = notes.iter().map(|note| note.sentence.as_str()).collect();
            let (policies, law) = cited(&notes);
            Outcome { item, verdict, policies, consents, law, sentence: sentences.join(" "), contested }
        }
        Ruling::NoBasis => no_basis(asker, item, facts, finding),
        Ruling::Broken(policies) => broken(item, policies),
    }
}

/// The ground that is named where several would do: the one that the sender claims, else the one that lasts longest.
pub(super) fn chosen<'a>(notes: &[&'a Note], claimed: Option<Ground>) -> Option<(Ground, &'a str)> {
    let order = [Ground::SafeguardingDuty, Ground::LegalOrder, Ground::DirectCare, Ground::Consent];
    claimed.into_iter().chain(order).find_map(|ground| {
        notes
            .iter()
            .find(|note| note.means == Means::Permit(ground))
            .map(|note| (ground, note.sentence.as_str()))
    })
}

fn cited(notes: &[&Note]) -> (Vec<String>, Vec<String>) {
    let law: BTreeSet<&String> = notes.iter().map(|note| &note.law).collect();
    (notes.iter().map(|note| note.id.clone()).collect(), law.into_iter().cloned().collect())
}

/// No policy permits it: says what the consents lack, and finds out from the policies themselves what would change it.
fn no_basis(asker: &Asker<'_>, item: Item, facts: &Facts, finding: Finding) -> Outcome {
    let (refusal, why) = match finding.standing {
        Standing::Withdrawn => ("consent-withdrawn", "The consent for it was withdrawn."),
        Standing::Expired => ("consent-expired", "The consent for it has run out."),
        Standing::NotStarted => ("consent-not-started", "The consent for it has not begun."),
        Standing::NotNamed => ("recipient-not-named", "The consent for it names others, not this recipient."),
        Standing::Permit => ("no-basis", "A consent names it, but consent is no ground for sharing it here."),
        Standing::Deny | Standing::None => ("no-basis", "Nobody agreed to it, and there is no other ground."),
    };
    let sentence = format!("{why} {}", what_would_change(asker, item, facts));
    Outcome {
        item,
        verdict: Verdict::Withhold(refusal.to_owned()),
        policies: Vec::new(),
        consents: finding.consents,
        law: Vec::new(),
        sentence,
        contested: finding.contested,
    }
}

fn what_would_change(asker: &Asker<'_>, item: Item, facts: &Facts) -> String {
    let agreed = Facts { consent: Standing::Permit, ..facts.clone() };
    let claimed = Facts { claimed: Some(Ground::SafeguardingDuty), reason_given: true, ..facts.clone() };
    let around = Facts {
        relations: [Relation::InReach, Relation::Practice, Relation::School, Relation::OnFile].into(),
        ..facts.clone()
    };
    let both = Facts { relations: around.relations.clone(), ..claimed.clone() };
    let ways = [
        (agreed, "a person with parental responsibility agrees to it for this recipient"),
        (around, "the recipient is shown to care for this child"),
        (
            claimed,
            "it is needed to protect the child: the sender claims the safeguarding duty and gives the reason",
        ),
    ];
    let mut open: Vec<&str> = ways
        .into_iter()
        .filter(|(facts, _)| matches!(asker.ask(item, facts), Ruling::Permitted(_)))
        .map(|(_, way)| way)
        .collect();
    if open.is_empty() && matches!(asker.ask(item, &both), Ruling::Permitted(_)) {
        open.push(
            "the recipient is around this child and the sender claims the safeguarding duty with a reason",
        );
    }
    match open.as_slice() {
        [] => "No policy shares it with such a recipient, whatever is agreed or claimed.".to_owned(),
        open => format!("It would be shared if {}.", open.join(", or if ")),
    }
}

/// Something of Kith's own failed while deciding: nothing is released.
fn broken(item: Item, policies: Vec<String>) -> Outcome {
    Outcome {
        item,
        verdict: Verdict::Withhold("policy-broken".to_owned()),
        policies,
        consents: Vec::new(),
        law: Vec::new(),
        sentence: "A policy could not be evaluated, so nothing is shared. The operator must mend the policy."
            .to_owned(),
        contested: false,
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
        let decisions = self.outcomes.iter().map(line).collect();
        Decided { decisions, reasons, policy_set: Some(self.policy_set.clone()) }
    }
}
