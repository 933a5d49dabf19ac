//! What the policies rule about one item under given facts, with its reasons in words; asked once about equal facts.
//!
//! Asking Cedar takes tens of microseconds, and a refusal asks again what would change it. The answers depend on nothing but the key below,
//! so they are kept with the policies, and go with them. A fault while asking is never kept.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use super::decision::Verdict;
use super::facts::{Facts, Standing};
use super::note::{Means, Note};
use super::policy::{Asker, Policies, Ruling};
use crate::domain::{Ground, Item, PartnerId, Role};
use crate::message::Relation;

/// When more answers than this are kept, all are forgotten: whoever asks makes no more of them than that at a time.
const KEPT_MAX: usize = 50_000;

/// A ruling, without the consents that were weighed.
#[derive(Debug, PartialEq)]
pub(super) struct Ruled {
    pub(super) verdict: Verdict,
    pub(super) policies: Vec<String>,
    pub(super) law: Vec<String>,
    pub(super) sentence: String,
    /// Whether the consents that were weighed are named with it.
    pub(super) cites: bool,
    pub(super) is_broken: bool,
}

/// Everything that a ruling depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    /// The place among the partners that policies name, if it is one of them.
    partner: Option<usize>,
    role: Role,
    item: Item,
    consent: Standing,
    claimed: Option<Ground>,
    sender: Role,
    relations: u8,
    flags: u8,
}

/// Rulings by what they depend on.
#[derive(Debug, Default)]
pub(super) struct Memo(RwLock<HashMap<Key, Arc<Ruled>>>);

impl Memo {
    fn get(&self, key: &Key) -> Option<Arc<Ruled>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn keep(&self, key: Key, ruled: &Arc<Ruled>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT_MAX {
            known.clear();
        }
        known.insert(key, Arc::clone(ruled));
    }
}

/// Questions about one recipient.
pub(super) struct Ask<'a> {
    policies: &'a Policies,
    partner: &'a PartnerId,
    role: Role,
    named: Option<usize>,
    asker: OnceCell<Result<Asker<'a>, String>>,
}

impl<'a> Ask<'a> {
    pub(super) fn about(policies: &'a Policies, partner: &'a PartnerId, role: Role) -> Self {
        let named = policies.named().iter().position(|name| name == partner.as_str());
        Self { policies, partner, role, named, asker: OnceCell::new() }
    }

    /// What is ruled about an item; `facts` are those that are the same for every item.
    pub(super) fn ruled(&self, item: Item, facts: &Facts, consent: Standing, detriment: bool) -> Arc<Ruled> {
        let key = self.key(item, facts, consent, detriment);
        if let Some(known) = self.policies.memo().get(&key) {
            return known;
        }
        let facts = Facts { consent, detriment, ..facts.clone() };
        let asker = self.asker.get_or_init(|| self.policies.asker(self.partner, self.role));
        let ruled = Arc::new(match asker {
            Ok(asker) => rule(asker, item, &facts),
            Err(_) => broken(Vec::new()),
        });
        if !ruled.is_broken {
            self.policies.memo().keep(key, &ruled);
        }
        ruled
    }

    fn key(&self, item: Item, facts: &Facts, consent: Standing, detriment: bool) -> Key {
        let relation = |relation: &Relation| match relation {
            Relation::InReach => 1,
            Relation::Practice => 2,
            Relation::School => 4,
            Relation::OnFile => 8,
        };
        let flags = [
            facts.reason_given,
            facts.duty_in_force,
            facts.restricted,
            facts.deceased,
            facts.sealed,
            detriment,
        ];
        Key {
            partner: self.named,
            role: self.role,
            item,
            consent,
            claimed: facts.claimed,
            sender: facts.sender,
            relations: facts.relations.iter().map(relation).sum(),
            flags: flags.into_iter().fold(0, |all, flag| (all << 1) | u8::from(flag)),
        }
    }
}

/// Asks the policies.
pub(super) fn rule(asker: &Asker<'_>, item: Item, facts: &Facts) -> Ruled {
    match asker.ask(item, facts) {
        Ruling::Permitted(notes) => match chosen(&notes, facts.claimed) {
            Some((ground, sentence)) => {
                let (policies, law) = cited(&notes);
                Ruled {
                    verdict: Verdict::Permit(ground),
                    policies,
                    law,
                    sentence: sentence.to_owned(),
                    // A refusal that the duty went over is named, so that the journal shows that it was weighed.
                    cites: ground == Ground::Consent || facts.consent == Standing::Deny,
                    is_broken: false,
                }
            }
            None => broken(cited(&notes).0),
        },
        Ruling::Forbidden(notes) => {
            let refusals = notes.iter().filter_map(|note| match &note.means {
                Means::Forbid(refusal) => Some(refusal.as_str()),
                Means::Permit(_) => None,
            });
            let sentences: Vec<&str> = notes.iter().map(|note| note.sentence.as_str()).collect();
            let (policies, law) = cited(&notes);
            Ruled {
                verdict: Verdict::Withhold(refusals.min().unwrap_or("refused").to_owned()),
                policies,
                law,
                sentence: sentences.join(" "),
                cites: facts.detriment || facts.consent == Standing::Deny,
                is_broken: false,
            }
        }
        Ruling::NoBasis => no_basis(asker, item, facts),
        Ruling::Broken(policies) => broken(policies),
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
fn no_basis(asker: &Asker<'_>, item: Item, facts: &Facts) -> Ruled {
    let (refusal, why) = match facts.consent {
        Standing::Withdrawn => ("consent-withdrawn", "The consent for it was withdrawn."),
        Standing::Expired => ("consent-expired", "The consent for it has run out."),
        Standing::NotStarted => ("consent-not-started", "The consent for it has not begun."),
        Standing::NotNamed => ("recipient-not-named", "The consent for it names others, not this recipient."),
        Standing::Permit => ("no-basis", "A consent names it, but consent is no ground for sharing it here."),
        Standing::Deny | Standing::None => {
            ("no-basis", "No consent that can be relied on covers it, and there is no other ground.")
        }
    };
    let sentence = format!("{why} {}", what_would_change(asker, item, facts));
    Ruled {
        verdict: Verdict::Withhold(refusal.to_owned()),
        policies: Vec::new(),
        law: Vec::new(),
        sentence,
        cites: true,
        is_broken: false,
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
fn broken(policies: Vec<String>) -> Ruled {
    Ruled {
        verdict: Verdict::Withhold("policy-broken".to_owned()),
        policies,
        law: Vec::new(),
        sentence: "A policy could not be evaluated, so nothing is shared. The operator must mend the policy."
            .to_owned(),
        cites: false,
        is_broken: true,
    }
}
