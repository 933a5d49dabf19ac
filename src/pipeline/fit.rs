//! What one recipient gets of a message: what goes of what is permitted and there, why the rest does not, and the outbox row for it.

use std::collections::{BTreeMap, BTreeSet};

use super::concealed::delivery_id;
use super::parcel::parcel;
use super::{House, Judged};
use crate::catalogue::Kind;
use crate::consent;
use crate::domain::{ChildKey, Item, PartnerId};
use crate::json::Tree;
use crate::map;
use crate::message::Mapped;
use crate::problem::Problem;
use crate::store::{Delivery, State};

/// Why something is left out that the recipient's form cannot hold, for the sender.
const NO_PLACE: &str = "The form that it reads has no place for that.";
/// Why something is left out of a record that hides where the child is, for the sender.
const SHOWS_WHERE: &str =
    "What the message says of it shows where the child may be found, which nobody may know.";

/// The outbox row for one recipient: sealed and waiting when something is permitted, else a receipt of the refusal; and what does not go
/// although it is permitted.
pub(super) fn delivery(
    house: &House,
    kind: &Kind,
    mapped: &Mapped,
    child: &ChildKey,
    judged: &Judged,
) -> Result<(Delivery, BTreeSet<Item>), Problem> {
    let partner = &judged.recipient.partner;
    let concealed = judged.recipient.concealed;
    let id = delivery_id(&mapped.message_id, &format!("{}/{partner}", mapped.sender.partner), concealed);
    let permitted = consent::permit(mapped, kind.mapping.about, &judged.decision);
    let held = map::held(&kind.mapping, mapped.record.reveal());
    let items: BTreeSet<_> = permitted
        .as_ref()
        .map(|permitted| permitted.items().intersection(&held).copied().collect())
        .unwrap_or_default();
    let record = map::cut(&kind.mapping, mapped.record.reveal(), &items, mapped.child.hides_where());
    let kept = permitted.filter(|_| map::makes_sense(&kind.mapping, &record));
    let seal = || {
        let parcel = parcel(mapped, (record.to_value(), &items), judged.told);
        house.seal_parcel(&format!("delivery/{id}"), &parcel)
    };
    let payload = kept.is_some().then(seal).transpose()?;
    // A receipt names what this message tells, not what another might have.
    let Fit { goes, left_out } = fit(house, partner, (kind, &record), &items)?;
    let unless = kept.is_none().then_some(kind.mapping.about);
    let delivery = Delivery {
        id,
        message_id: mapped.message_id,
        sender: mapped.sender.partner.clone(),
        recipient: partner.clone(),
        child: child.clone(),
        concealed,
        kind: mapped.kind.clone(),
        state: if kept.is_some() { State::Requested } else { State::Rejected },
        payload,
        note: judged.decision.sentence_about(&held, &left_out, unless),
        items: if kept.is_some() { goes.iter().map(ToString::to_string).collect() } else { vec![] },
        holds: vec![],
        weighed: judged.weighed.clone(),
        ground: kept.as_ref().map(|permitted| permitted.ground().to_string()),
        attempts: 0,
        acknowledged: None,
        alerted: None,
        due: mapped.at,
        created: mapped.at,
        updated: mapped.at,
    };
    Ok((delivery, left_out.into_keys().collect()))
}

/// What goes of what is permitted.
struct Fit {
    /// The items that the recipient gets.
    goes: BTreeSet<Item>,
    /// Those that it does not get although they are permitted and the message speaks of them, each with the reason in a sentence.
    left_out: BTreeMap<Item, &'static str>,
}

/// Of these items, of which the message says something, what the record that was cut to them tells a recipient in the form that it reads.
///
/// # Errors
/// The recipient's form is no record kind.
fn fit(
    house: &House,
    recipient: &PartnerId,
    (kind, cut): (&Kind, &Tree<'_>),
    permitted: &BTreeSet<Item>,
) -> Result<Fit, Problem> {
    let shown = map::held(&kind.mapping, cut);
    let receiving = house.directory.partner(recipient).and_then(|partner| partner.receiving());
    let carried = match receiving.map(|receiving| receiving.form) {
        None | Some("fhir") => None,
        Some(form) => Some(map::carried(&house.kind(form)?.mapping)),
    };
    let has_place = |item: &Item| carried.as_ref().is_none_or(|carried| carried.contains(item));
    let why = |item: &Item| if shown.contains(item) { NO_PLACE } else { SHOWS_WHERE };
    let goes: BTreeSet<Item> = shown.iter().copied().filter(has_place).collect();
    let left_out = permitted.difference(&goes).map(|item| (*item, why(item))).collect();
    Ok(Fit { goes, left_out })
}
