//! What lies in an inbox, as its page shows it: each message in the words of its schema, and whether the family may be visited.

use std::collections::{BTreeMap, BTreeSet};

use super::Readable;
use crate::domain::{ChildKey, PartnerId};
use crate::page::inbox::{Item, Shown, Visit};
use crate::page::record::groups;
use crate::page::told::day_and_time;
use crate::pipeline::{NoVisit, unavailable};
use crate::problem::Problem;
use crate::receive::access::Door;
use crate::receive::session::Person;
use crate::store::VisitGround;

/// The page's content.
pub(super) async fn shown(person: &Person, door: &Door, found: &Readable) -> Result<Shown, Problem> {
    let items = items(door, &person.partner, found).await?;
    let organisation = door.house.directory.name(&person.partner);
    Ok(Shown { items, done: None, token: person.token.clone(), organisation })
}

/// Its messages, newest first.
pub(super) async fn items(door: &Door, partner: &PartnerId, found: &Readable) -> Result<Vec<Item>, Problem> {
    let visits = may_be_visited(door, partner, found).await?;
    let mut items = Vec::new();
    for (delivery, outgoing) in found {
        let kind = door.house.kind(outgoing.form.as_ref().unwrap_or(&delivery.kind))?;
        let title = kind.schema.json()["title"].as_str().unwrap_or(&delivery.kind).to_owned();
        items.push(Item {
            id: delivery.id.to_string(),
            title,
            from: door.house.directory.name(&delivery.sender),
            received: day_and_time(delivery.updated),
            read: delivery.acknowledged.map(day_and_time),
            visit: visits.get(&delivery.child).cloned(),
            groups: groups(kind.schema.json(), outgoing.body.reveal()),
        });
    }
    Ok(items)
}

/// For each child about whose family somebody decided: the last decision that may be known counts, and it counts for all that is there
/// about the child.
pub(super) async fn may_be_visited(
    door: &Door,
    partner: &PartnerId,
    found: &Readable,
) -> Result<BTreeMap<ChildKey, Visit>, Problem> {
    let children = Children::of(door, found).await?;
    let mut rules: BTreeMap<ChildKey, NoVisit> = BTreeMap::new();
    for (delivery, outgoing) in found {
        let rule = outgoing.family.as_ref().and_then(|family| family.reveal().rule.clone());
        if let Some(rule) = rule {
            rules.entry(children.one(&delivery.child)).or_insert(rule);
        }
    }
    rules.retain(|_, rule| rule.holds);
    let numbers: Vec<ChildKey> = rules.keys().flat_map(|one| children.numbers(one)).collect();
    let allowed = door.house.inboxes.visits(partner, &numbers, &door.house.registering()).await;
    let allowed = allowed.map_err(|error| unavailable(&error))?;
    let visit = |one: &ChildKey| {
        let rule = rules.get(one)?;
        Some(match children.numbers(one).iter().find_map(|number| allowed.get(number)) {
            None => Visit::Forbidden(rule.reason.clone()),
            Some(VisitGround::Registered) => Visit::Allowed("the family has registered with you"),
            Some(VisitGround::Referred) => Visit::Allowed("the family was referred to you"),
        })
    };
    let of = |child: &ChildKey| Some((child.clone(), visit(&children.one(child))?));
    Ok(found.iter().filter_map(|(delivery, _)| of(&delivery.child)).collect())
}

/// The children that an inbox tells of, whichever of their numbers its messages name.
pub(super) struct Children(BTreeMap<ChildKey, Vec<ChildKey>>);

impl Children {
    pub(super) async fn of(door: &Door, found: &Readable) -> Result<Self, Problem> {
        let children: BTreeSet<&ChildKey> = found.iter().map(|(delivery, _)| &delivery.child).collect();
        let children: Vec<ChildKey> = children.into_iter().cloned().collect();
        let others = door.house.inboxes.other_numbers(&children).await;
        others.map(Self).map_err(|error| unavailable(&error))
    }

    /// The one number that stands for a child: the least.
    pub(super) fn one(&self, child: &ChildKey) -> ChildKey {
        self.0.get(child).into_iter().flatten().chain([child]).min().unwrap_or(child).clone()
    }

    /// All numbers of the child that one stands for.
    fn numbers(&self, one: &ChildKey) -> Vec<ChildKey> {
        let known = self.0.iter().find(|(child, others)| *child == one || others.contains(one));
        let numbers = known.map(|(child, others)| others.iter().chain([child]).cloned().collect());
        numbers.unwrap_or_else(|| vec![one.clone()])
    }
}
