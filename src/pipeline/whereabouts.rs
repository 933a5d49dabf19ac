//! Where a child may be found is not said in free words either, of a child of whom nobody may learn it: neither in a text of the record nor in
//! the reason that its sender gives.

use std::collections::BTreeSet;

use super::House;
use crate::catalogue::Kind;
use crate::domain::{Demographics, Private};
use crate::map::Telling;
use crate::message::Mapped;
use crate::problem::Issue;
use crate::route::Partner;

/// Takes it out of the message, before anything is decided; the sender is told in which fields.
pub(super) fn hide(house: &House, kind: &Kind, mapped: &mut Mapped) {
    if !mapped.child.hides_where() {
        return;
    }
    let whereabouts = &kind.mapping.whereabouts;
    let mut record = mapped.record.reveal().clone();
    let is_field = whereabouts.words().any(|path| {
        let reason = mapped.reason.as_ref().map(|reason| reason.reveal().as_str());
        path.read(&record, &[]).iter().any(|(_, value)| value.as_str() == reason)
    });
    let (by_message, by_register) = telling(house, kind, mapped);
    let said = whereabouts.hide(&mut record, &by_message);
    let mut places: BTreeSet<String> = said.into_iter().map(ToString::to_string).collect();
    whereabouts.hide(&mut record, &by_register);
    mapped.record = Private::new(record);
    if let Some(reason) = &mapped.reason {
        let said = by_message.without(reason.reveal());
        // Most kinds have a field for it, which is named already.
        places.extend((said.is_some() && !is_field).then(|| "the reason for sharing".to_owned()));
        let rest = said.as_ref().unwrap_or(reason.reveal());
        mapped.reason = Some(Private::new(by_register.without(rest).unwrap_or_else(|| rest.clone())));
    }
    let told = |place| Issue::information("suppressed", format!("{place}: {SAID}"));
    mapped.ledger.extend(places.into_iter().map(told));
}

/// What may not be said: by what the message itself says, its practices' names among it, and by what Kith alone knows, of which its sender must
/// not learn: it could try one school after another.
fn telling(house: &House, kind: &Kind, mapped: &Mapped) -> (Telling, Telling) {
    let (child, record) = (&mapped.child, mapped.record.reveal());
    let names = |near: fn(&Partner, &Demographics) -> bool| {
        let partners = house.directory.partners().filter(move |partner| near(partner, child));
        partners.map(|partner| partner.name.as_str())
    };
    let practices = names(|partner, child| child.practices.contains(&partner.ods));
    let schools = names(|partner, child| partner.urn.as_ref().is_some_and(|urn| child.schools.contains(urn)));
    let mut by_message = kind.mapping.whereabouts.telling(record, practices);
    let mut by_register = Telling::of(schools);
    // Recipients are told of the sender anyway.
    by_message.allow(&mapped.sender.name);
    by_register.allow(&mapped.sender.name);
    (by_message, by_register)
}

/// What its sender is told.
const SAID: &str = "this text says where the child may be found, or who is with it. Nobody may learn that of this child: \
    recipients read '…' in place of these words.";
