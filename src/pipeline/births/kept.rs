//! What messages tell of births, kept for the list of an authority: as much as its form carries, sealed, until its time is over. Nothing of it
//! is known to the authority before a list is made, and then only what may be known on that day.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::born::Read;
use super::{BIRTH_DATE, BirthList, Making, Order};
use crate::births::Month;
use crate::catalogue::Kind;
use crate::domain::{ChildKey, Protection};
use crate::map;
use crate::message::Mapped;
use crate::pipeline::parcel::{Origin, parcel, unpack};
use crate::pipeline::{House, Prepared, child, unavailable};
use crate::problem::{Category, Problem};
use crate::route::{self, Partner};
use crate::store::KeptBirth;

/// What its sender is told of that, and the journal.
pub(in crate::pipeline) const KEPT: &str = "the birth was noted for its list of the month's births; \
    what may stand there is decided when the list is made, by the consents on file then.";

/// So many records of one month are read at once. A large city has a tenth of that.
const RECORDS_MAX: u32 = 50_000;

/// What is kept of a message for the list of each authority in whose area the child was born.
pub(in crate::pipeline) fn kept<'h>(
    house: &'h House,
    kind: &Kind,
    mapped: &Mapped,
    key: &ChildKey,
) -> Result<Vec<(KeptBirth, &'h Partner)>, Problem> {
    let mut kept = Vec::new();
    for authority in house.directory.partners() {
        let Some(lists) = authority.births.as_ref().filter(|lists| lists.from.contains(&kind.name)) else {
            continue;
        };
        let mut centres = lists.centres.iter().filter_map(|centre| house.directory.partner(centre));
        let is_there = route::reaching(authority, &mapped.child).is_some()
            || centres.any(|centre| route::reaching(centre, &mapped.child).is_some());
        let born = map::said(&kind.mapping, mapped.record.reveal(), BIRTH_DATE);
        let Some(month) = born.as_deref().and_then(Month::of_day).filter(|_| is_there) else { continue };
        let items = map::carried(&house.kind(&lists.form)?.mapping);
        let record = map::cut(&kind.mapping, mapped.record.reveal(), &items, mapped.child.hides_where());
        let mut parcel = parcel(mapped, (record.to_value(), &items), false);
        // No list rests on a duty that somebody claimed months before; the reason is no part of it.
        for part in ["ground", "reason"] {
            parcel[part] = Value::Null;
        }
        if mapped.child.restricted || mapped.child.sealed {
            hide(&mut parcel);
        }
        parcel["decides"] = (!mapped.consents.is_empty()).into();
        let birth = KeptBirth {
            authority: authority.id.clone(),
            sender: mapped.sender.partner.clone(),
            message_id: mapped.message_id,
            child: key.clone(),
            kind: kind.name.clone(),
            month: month.to_string(),
            record: house.seal_json(&context(authority, mapped), &parcel)?,
            at: mapped.at,
            until: mapped.at + TimeDelta::days(i64::from(lists.keep_days)),
        };
        kept.push((birth, authority));
    }
    Ok(kept)
}

/// Of a child that nobody may learn the home of, only that it was born is kept: it is counted, in no centre's area.
fn hide(parcel: &mut Value) {
    parcel["record"] = json!({});
    parcel["pieces"] = Value::Null;
    parcel["child"]["postcode"] = Value::Null;
    parcel["child"]["practices"] = json!([]);
    parcel["child"]["schools"] = json!([]);
}

/// What was kept of a child before the message that forbids it to be: as little as is kept of such a child from the start.
pub(in crate::pipeline) async fn hidden(
    house: &House,
    mapped: &Mapped,
    key: &ChildKey,
) -> Result<Vec<KeptBirth>, Problem> {
    let hides = |what: &Protection| matches!(what, Protection::RestrictedAddress | Protection::Sealed);
    if !mapped.protections.iter().any(|(what, holds)| *holds && hides(what)) {
        return Ok(vec![]);
    }
    let kept = house.births.births_of(key).await.map_err(|error| unavailable(&error))?;
    let hidden = kept.into_iter().map(|mut birth| {
        let context =
            sealed_as(birth.authority.as_str(), birth.sender.as_str(), &birth.message_id.to_string());
        let mut parcel = house.open_json(&context, &birth.record)?;
        hide(&mut parcel);
        birth.record = house.seal_json(&context, &parcel)?;
        Ok(birth)
    });
    hidden.collect()
}

/// What seals it.
fn context(authority: &Partner, mapped: &Mapped) -> String {
    sealed_as(authority.id.as_str(), mapped.sender.partner.as_str(), &mapped.message_id.to_string())
}

fn sealed_as(authority: &str, sender: &str, message: &str) -> String {
    format!("birth/{authority}/{sender}/{message}")
}

/// Makes the list of what was kept; with it, in words, which messages it was made of, by their place.
///
/// # Errors
/// The clock, the store or the journal cannot be used, or there is more of the month than can be read: no list is made.
pub async fn list_kept(house: &House, order: &Order<'_>) -> Result<(BirthList, Vec<String>), Problem> {
    house.clockwork.check(order.at)?;
    let month = order.month.to_string();
    let kept = house.births.births(&order.authority.id, &month, RECORDS_MAX + 1).await;
    let kept = kept.map_err(|error| unavailable(&error))?;
    if kept.iter().map(Vec::len).sum::<usize>() > RECORDS_MAX as usize {
        let text = format!(
            "More than {RECORDS_MAX} records of this month are kept; make the list from files ('kith births list')."
        );
        return Err(Problem::new(Category::BusinessRule, text));
    }
    let (mut making, mut messages) = (Making::default(), Vec::new());
    for births in kept {
        let mut read = Vec::new();
        for birth in births {
            let place = messages.len();
            messages.push(format!("message {} of {}", birth.message_id, birth.sender));
            read.push(opened(house, place, birth).await?);
        }
        making.counted(house, order, &read);
        (order.done)(read.len());
        making.decided(house, order, read).await?;
    }
    Ok((making.ends(house, order, 0).await?, messages))
}

/// A birth as it was told, with what is on file about the child now.
async fn opened(house: &House, place: usize, birth: KeptBirth) -> Result<Read, Problem> {
    let KeptBirth { authority, sender, message_id, child: key, kind, record, at, .. } = birth;
    let context = sealed_as(authority.as_str(), sender.as_str(), &message_id.to_string());
    let parcel = house.open_json(&context, &record)?;
    let message = Origin { sender: &sender, message_id, at, kind: &kind };
    let mut mapped = unpack(&parcel, &message)
        .ok_or_else(|| Problem::internal("read a birth that it kept", &"a field is missing"))?;
    let kind = house.kind(&kind)?;
    let file = house.store.child_file(&key).await.map_err(|error| unavailable(&error))?;
    child::protect(&mut mapped.child, &file, |_| false);
    let brings_consent = parcel["decides"] == true;
    // A list is told to its authority, and to nobody who sent what is in it.
    let named_schools = vec![];
    let prepared = Prepared { kind, mapped, key, file, named_schools, arriving: vec![] };
    Ok(Read { place, prepared, brings_consent })
}
