//! What the consents on file for a child say as a whole: whom they name, whether they speak of some data only, whether they contradict each other.

use chrono::{DateTime, Utc};

use super::ConsentOnFile;
use super::agreement::{State, Voice};
use super::contents::Contents;
use super::facts::Agreements;
use super::rule::{Kind, Rule};
use crate::domain::{NhsNumber, PartnerId, Role};
use crate::message::{Recipient, Relation};

/// The identifiers of every organisation that the consents for a child name, as (system, value).
pub fn named(consents: &[ConsentOnFile], child: &NhsNumber) -> Vec<(String, String)> {
    let mut found = Vec::new();
    Agreements::read(consents, child).each_rule(|rule| found.extend(rule.actors.iter().cloned()));
    found
}

/// Whether a consent for a child speaks of some data only, so that what is asked about must be looked into.
pub fn limited(consents: &[ConsentOnFile], child: &NhsNumber) -> bool {
    let mut limited = false;
    Agreements::read(consents, child).each_rule(|rule| limited |= rule.limits.look_inside());
    limited
}

/// Whether a consent in force refuses something that another in force agrees to, for anybody whom the agreement names: people
/// who may both decide disagree.
pub fn contested(consents: &[ConsentOnFile], child: &NhsNumber, at: DateTime<Utc>) -> bool {
    let agreements = Agreements::read(consents, child);
    let active = || {
        agreements.all().iter().filter(|one| one.state == State::Active && one.voice != Voice::Professional)
    };
    let reached = |rule: &Rule| -> Vec<Recipient> {
        let anybody = |role: Role, identifiers: Vec<(String, String)>| Recipient {
            partner: PartnerId(String::new()),
            role,
            name: String::new(),
            concealed: false,
            identifiers,
            relations: vec![Relation::InReach, Relation::OnFile],
        };
        let roles = rule.roles.iter().copied().chain(rule.local_centres.then_some(Role::ChildrensCentre));
        // What an organisation is, a consent does not say; a purpose of centres' services is about centres alone.
        let named = rule.actors.iter().map(|actor| anybody(Role::ChildrensCentre, vec![actor.clone()]));
        roles.map(|role| anybody(role, vec![])).chain(named).collect()
    };
    let permits = active().filter(|one| one.usable).flat_map(|one| &one.rules);
    permits.filter(|rule| rule.kind == Kind::Permit).any(|rule| {
        reached(rule).iter().any(|recipient| {
            rule.items
                .iter()
                .any(|item| agreements.standing((None, Contents::Unknown), recipient, *item, at).contested)
        })
    })
}
