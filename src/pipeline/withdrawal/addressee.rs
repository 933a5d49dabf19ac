//! Who is asked to delete what a partner holds: it, or whoever took over its part; or nobody, when neither can be reached any more.

use super::Case;
use super::held::Held;
use crate::consent::{self, Contents, Decision, Outcome, Question, Verdict};
use crate::domain::{Demographics, Ground, Item, PartnerId, Role};
use crate::message::{Recipient, Relation, Sender};
use crate::pipeline::contents;
use crate::route::Partner;

/// Refusals that say that a consent does not carry it any more. One that ran out was kept to its end.
const ENDED: &[&str] = &["consent-withdrawn", "consent-denied", "no-basis", "recipient-not-named"];

/// Who is asked.
pub(super) struct Addressee<'a> {
    /// Who holds it, or took over the part of who does.
    pub(super) id: &'a PartnerId,
    /// What people call it.
    pub(super) name: String,
    /// It, where it can be asked: who receives nothing and asks finds the notice among its tasks.
    pub(super) heard: Option<&'a Partner>,
    /// As whom it is decided about.
    who: Vec<Recipient>,
}

impl<'a> Addressee<'a> {
    /// Whether a message can be sent to it.
    pub(super) fn receives(&self) -> bool {
        self.heard.is_some_and(|partner| partner.receiving().is_some())
    }
}

impl Case<'_> {
    /// Who is asked for what a partner holds.
    pub(super) fn addressee<'c>(&'c self, holder: &'c PartnerId) -> Addressee<'c> {
        let hears = |partner: &&Partner| partner.receiving().is_some() || partner.client.is_some();
        // By what consents named one that left the directory is not known any more: it may be whoever they name.
        let named = || consent::named(&self.consents, self.child);
        let Some(partner) = self.house.directory.stands_for(holder) else {
            let who = Role::ALL.iter().map(|role| recipient(holder, *role, named())).collect();
            return Addressee { id: holder, name: holder.to_string(), heard: None, who };
        };
        let mut identifiers = partner.identifiers();
        if partner.id != *holder {
            identifiers.extend(named());
        }
        let who = vec![recipient(&partner.id, partner.role, identifiers)];
        Addressee { id: &partner.id, name: partner.name.clone(), heard: Some(partner).filter(hears), who }
    }

    /// What was told of this and might not be today, because of what the consents say. That its recipient may have moved away from the child
    /// since is no reason to ask anything back.
    pub(super) fn no_longer_permitted(&self, addressee: &Addressee<'_>, held: &Held) -> Vec<Item> {
        let duty = held.by_duty.then_some(Ground::SafeguardingDuty);
        let weighed = contents::recalled(self.house, &held.weighed, &self.consents, self.child);
        let decide = |who| self.decide(who, &held.sender, duty, Contents::Told(&weighed));
        let decisions: Vec<Decision> = addressee.who.iter().filter_map(decide).collect();
        let gone = |item: &Item| {
            let outcomes = || decisions.iter().flat_map(Decision::outcomes).filter(|one| one.item == *item);
            !outcomes().any(may_stay) && outcomes().any(has_ended)
        };
        held.items.iter().filter_map(|name| name.parse().ok()).filter(gone).collect()
    }

    /// Whether the child's number may stand in the notice.
    pub(super) fn may_have_number(&self, partner: &Partner) -> bool {
        let who = recipient(&partner.id, partner.role, partner.identifiers());
        let decision = self.decide(&who, self.by, None, Contents::Unknown);
        let permitted = decision.map(|decision| decision.permitted()).unwrap_or_default();
        permitted.iter().any(|item| item.to_string() == "identity/nhs-number")
    }

    fn decide(
        &self,
        recipient: &Recipient,
        sender: &PartnerId,
        claimed: Option<Ground>,
        contents: Contents<'_>,
    ) -> Option<Decision> {
        let directory = &self.house.directory;
        let sender = directory.stands_for(sender).or_else(|| directory.stands_for(self.by));
        let sender = sender.or_else(|| directory.partners().next())?;
        let child = Demographics::only(self.child.clone());
        let question = Question {
            child: &child,
            sender: &Sender {
                partner: sender.id.clone(),
                role: sender.role,
                organisation: sender.ods.clone(),
                name: sender.name.clone(),
            },
            recipient,
            claimed,
            reason_given: claimed.is_some(),
            consents: &self.consents,
            contents,
            duty_in_force: self.house.duty_in_force(&child, self.at),
            at: self.at,
        };
        Some(consent::decide(&self.house.policies, &question))
    }
}

/// One that may be around the child in any way.
fn recipient(id: &PartnerId, role: Role, identifiers: Vec<(String, String)>) -> Recipient {
    Recipient {
        partner: id.clone(),
        role,
        name: id.to_string(),
        concealed: false,
        identifiers,
        relations: vec![Relation::InReach, Relation::Practice, Relation::School, Relation::OnFile],
    }
}

/// Whether it may be kept on a ground that a withdrawal can end, which all that is asked back was told on; or people have to settle first
/// whether it may.
fn may_stay(outcome: &Outcome) -> bool {
    outcome.contested || matches!(outcome.ground(), Some(Ground::Consent | Ground::SafeguardingDuty))
}

fn has_ended(outcome: &Outcome) -> bool {
    // Where a consent still agrees, it is the policies that changed, and nobody withdrew anything.
    let agreed = |why: &str| why == "no-basis" && !outcome.consents.is_empty();
    let by_consent = |why: &str| ENDED.contains(&why) && !agreed(why);
    matches!(&outcome.verdict, Verdict::Withhold(why) if by_consent(why))
}
