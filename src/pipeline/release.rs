//! Asked before each attempt: may this still leave, and what exactly? The decision is made again on what is on file now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::concealed::hide;
use super::family::{Family, family};
use super::parcel::{Origin, unpack};
use super::{House, child, consents, contents, school, unavailable, whereabouts, withdrawal};
use crate::catalogue::Kind;
use crate::consent::{self, Decision, Permitted, Question};
use crate::domain::{Item, Private};
use crate::journal::Decided;
use crate::json::Tree;
use crate::map::{self, Envelope};
use crate::message::Mapped;
use crate::problem::Problem;
use crate::profile::DELIVERED;
use crate::route;
use crate::store::Delivery;

/// What may leave now.
pub enum Release {
    /// This, there.
    Send(Box<Outgoing>),
    /// Nothing any more: what the decision rests on changed.
    Withdraw {
        /// Why, for the sender.
        sentence: String,
        /// The decision, when one could be made about this recipient.
        decided: Decided,
    },
    /// There is nowhere to send it, or no form in which the recipient could read it; the sentence says why.
    Impossible(String),
}

/// A message ready to leave for one recipient.
pub struct Outgoing {
    /// The address; `None` for an inbox that Kith keeps.
    pub url: Option<String>,
    /// The media type of the body.
    pub media_type: &'static str,
    /// The record kind of the body, or `None` for FHIR.
    pub form: Option<String>,
    /// The body.
    pub body: Private<Value>,
    /// The family, for an inbox that Kith keeps.
    pub family: Option<Private<Family>>,
    /// The items that the body tells; `None` for a notice that discloses nothing.
    pub told: Option<BTreeSet<Item>>,
    /// What consents that speak of some data only say of it, as it is kept.
    pub weighed: String,
    /// The decision by which it leaves, as the journal keeps it; nothing for a notice that discloses nothing.
    pub decided: Decided,
}

/// What may leave, as it was decided again; not yet as its recipient reads it.
struct Ruled {
    kind: Arc<Kind>,
    mapped: Mapped,
    permitted: Permitted,
    decision: Decision,
    weighed: String,
}

/// Decides again and makes the message.
pub async fn release(house: &House, delivery: &Delivery, at: DateTime<Utc>) -> Result<Release, Problem> {
    let Ruled { kind, mapped, permitted, decision, weighed } = match rule(house, delivery, at).await? {
        Ok(ruled) => ruled,
        Err(release) => return Ok(release),
    };
    let released =
        as_delivered(house, &kind, &mapped, permitted, (delivery.id, delivery.created), decision.clone())?;
    Ok(match released {
        Some(Release::Send(outgoing)) => Release::Send(Box::new(Outgoing { weighed, ..*outgoing })),
        Some(other) => other,
        None => withdraw(&kind, &mapped, &decision, delivery),
    })
}

/// Why a delivery may not leave any more, for its sender, and the decision; nothing while something of it may. Makes no message.
pub(super) async fn withdrawn(
    house: &House,
    delivery: &Delivery,
    at: DateTime<Utc>,
) -> Result<Option<(String, Decided)>, Problem> {
    let release = match rule(house, delivery, at).await? {
        Err(release) => release,
        Ok(Ruled { kind, mapped, permitted, decision, .. }) => {
            let cut = map::cut(
                &kind.mapping,
                mapped.record.reveal(),
                permitted.items(),
                mapped.child.hides_where(),
            );
            if map::makes_sense(&kind.mapping, &cut) {
                return Ok(None);
            }
            withdraw(&kind, &mapped, &decision, delivery)
        }
    };
    match release {
        Release::Withdraw { sentence, decided } => Ok(Some((sentence, decided))),
        Release::Send(_) | Release::Impossible(_) => Ok(None),
    }
}

/// What may leave; or else how it ends without that.
async fn rule(
    house: &House,
    delivery: &Delivery,
    at: DateTime<Utc>,
) -> Result<Result<Ruled, Release>, Problem> {
    house.clockwork.check(at)?;
    let parcel = match &delivery.payload {
        Some(payload) => house.open_parcel(&format!("delivery/{}", delivery.id), payload)?,
        None => None,
    };
    let Some(parcel) = parcel else {
        let gone = "The message's content is gone; it cannot be sent again.";
        return Ok(Err(Release::Impossible(gone.to_owned())));
    };
    if let Some(record) = parcel.get("recall") {
        return withdrawal::notice(house, delivery, record).map(Err);
    }
    let message = Origin {
        sender: &delivery.sender,
        message_id: delivery.message_id,
        at: delivery.created,
        kind: &delivery.kind,
    };
    let mut mapped = unpack(&parcel, &message)
        .ok_or_else(|| Problem::internal("read a parcel of its outbox", &"a field is missing"))?;
    let ends = parcel.get("ends").and_then(Value::as_bool).unwrap_or_default();
    let kind = house.kind(&delivery.kind)?;
    let file = house.store.child_file(&delivery.child).await.map_err(|error| unavailable(&error))?;
    mapped.child.schools = school::attended(house, &delivery.child, at).await?;
    child::protect(&mut mapped.child, &file, |_| false);
    // The record may have been restricted since it was accepted.
    whereabouts::hide(house, &kind, &mut mapped);

    let partner = house.directory.partner(&delivery.recipient);
    if partner.is_none_or(|partner| partner.receiving().is_none()) {
        let left = "The recipient has left the directory, or receives nothing any more.";
        return Ok(Err(Release::Impossible(left.to_owned())));
    }
    let Some((decision, weighed)) = judge_again(house, (&kind, &mapped), delivery, &file, ends, at)? else {
        let decided = Decided::default();
        return Ok(Err(Release::Withdraw { sentence: last_word(NOT_AROUND, delivery), decided }));
    };
    Ok(match consent::permit(&mapped, kind.mapping.about, &decision) {
        Some(permitted) => Ok(Ruled { kind, mapped, permitted, decision, weighed }),
        None => Err(withdraw(&kind, &mapped, &decision, delivery)),
    })
}

/// The message as the recipient gets it, under an id and of a time; `None` when what is left of it makes no sense.
pub(super) fn as_delivered(
    house: &House,
    kind: &Kind,
    mapped: &Mapped,
    permitted: Permitted,
    (id, at): (Uuid, DateTime<Utc>),
    decision: Decision,
) -> Result<Option<Release>, Problem> {
    let cut = map::cut(&kind.mapping, mapped.record.reveal(), permitted.items(), mapped.child.hides_where());
    if !map::makes_sense(&kind.mapping, &cut) {
        return Ok(None);
    }
    let there = map::held(&kind.mapping, &cut);
    let (bundle, _) = map::to_fhir(&kind.mapping, &cut, &envelope(id, at, mapped, &permitted));
    render(house, permitted, (bundle, there), decision).map(Some)
}

/// What the sender is told when a consent that named the recipient does not name it any more, or the like.
const NOT_AROUND: &str = "The recipient is not around this child any more; the message was taken back.";

/// The sender is told of what its message holds, as when it was accepted.
fn withdraw(kind: &Kind, mapped: &Mapped, decision: &Decision, delivery: &Delivery) -> Release {
    let held = map::held(&kind.mapping, mapped.record.reveal());
    let sentence = decision.sentence_about(&held, &BTreeMap::new(), Some(kind.mapping.about));
    Release::Withdraw { sentence: last_word(&sentence, delivery), decided: decision.decided() }
}

/// What an attempt ended in the dark may have told cannot be taken back by not sending it again.
fn last_word(sentence: &str, delivery: &Delivery) -> String {
    let may_have_arrived =
        if delivery.holds.is_empty() { "" } else { "\nAn earlier attempt to deliver it may have arrived." };
    format!("{sentence}{may_have_arrived}")
}

/// The decision about this one recipient on today's facts, and what limits say of the message, as it is kept; nothing about who is not around the child.
fn judge_again(
    house: &House,
    (kind, mapped): (&Kind, &Mapped),
    delivery: &Delivery,
    file: &crate::store::ChildFile,
    ends: bool,
    at: DateTime<Utc>,
) -> Result<Option<(Decision, String)>, Problem> {
    let consents = consents::of_child(house, &file.consents, &mapped.child.nhs_number)?;
    let named = consent::named(&consents, &mapped.child.nhs_number);
    let on_file: Vec<_> = file.circle.iter().map(|member| member.partner.clone()).collect();
    let told = if ends { vec![delivery.recipient.clone()] } else { vec![] };
    let around = route::around(
        &house.directory,
        &mapped.child,
        &mapped.kind,
        &mapped.sender.partner,
        &on_file,
        &told,
        &named,
    );
    let found = around.into_iter().find(|recipient| recipient.partner == delivery.recipient);
    let Some(mut recipient) = found else { return Ok(None) };
    if delivery.concealed {
        hide(&mut recipient);
    }
    let (pieces, duty) = (contents::of(kind, mapped, &consents), house.duty_in_force(&mapped.child, at));
    let question = Question::of(mapped, &recipient, (&consents, &pieces), duty, at);
    let decision = consent::decide(&house.policies, &question);
    Ok(Some((decision, contents::weighed(house, mapped, (&consents, &pieces)))))
}

/// What the header of a message says to its recipient: why it may know.
pub(super) fn envelope(id: Uuid, at: DateTime<Utc>, mapped: &Mapped, permitted: &Permitted) -> Envelope {
    let reason = match (&mapped.reason, permitted.ground()) {
        // The sender's own reason belongs to the duty that it claims, and goes with the concern itself.
        (Some(reason), crate::domain::Ground::SafeguardingDuty) => reason.reveal().clone(),
        // Not the receipt's words: those are for the sender, and speak of what is withheld too.
        _ => permitted.decision().why(permitted.ground()),
    };
    Envelope {
        message_id: id,
        at: Some(at),
        ground: Some((permitted.ground(), reason)),
        sender: Some((mapped.sender.organisation.clone(), mapped.sender.name.clone())),
    }
}

/// In the form in which the recipient reads; of the items that are there, it tells those for which the form has a place.
fn render(
    house: &House,
    permitted: Permitted,
    (bundle, there): (Tree<'_>, BTreeSet<Item>),
    decision: Decision,
) -> Result<Release, Problem> {
    let Some(addressed) = route::address(&house.directory, permitted) else {
        return Ok(Release::Impossible("The recipient receives nothing by the directory.".to_owned()));
    };
    let receiving = addressed.receiving();
    let (url, weighed) = (receiving.url.map(str::to_owned), String::new());
    if receiving.form == "fhir" {
        if let Some(sentence) = nonconforming(house, &bundle, receiving.profile) {
            return Ok(Release::Impossible(sentence));
        }
        let body = Private::new(bundle.to_value());
        let decided = decision.decided();
        let told = Some(there);
        let media_type = "application/fhir+json";
        let outgoing = Outgoing { url, media_type, form: None, body, family: None, told, weighed, decided };
        return Ok(Release::Send(Box::new(outgoing)));
    }
    let form = house.kind(receiving.form)?;
    let (record, _) = map::to_record(&form.mapping, &bundle);
    let record = record.to_value();
    let faults = form.schema.faults(&record);
    if !faults.is_empty() {
        let places: BTreeSet<String> = faults.into_iter().filter_map(|fault| fault.expression).collect();
        let places: Vec<String> = places.into_iter().collect();
        return Ok(Release::Impossible(format!(
            "What may be shared does not make a {}: {}.",
            form.name,
            places.join(", ")
        )));
    }
    let told = map::held(&form.mapping, &record).intersection(&there).copied().collect();
    let body = Private::new(record);
    let decided = decision.decided();
    let family = url.is_none().then(|| Private::new(family(&bundle.to_value())));
    let form = Some(form.name.clone());
    let (media_type, told) = ("application/json", Some(told));
    let outgoing = Outgoing { url, media_type, form, body, family, told, weighed, decided };
    Ok(Release::Send(Box::new(outgoing)))
}

/// Why a message may not leave as it is: it would break the profile that its recipient relies on.
fn nonconforming(house: &House, bundle: &Tree<'_>, registered: Option<&str>) -> Option<String> {
    let own = house.conformance.own(DELIVERED);
    let text = bundle.to_text();
    own.as_deref().into_iter().chain(registered).find_map(|profile| {
        let faults = house.conformance.faults(&text, profile);
        let sentence = format!("The message would not meet {profile}: {}.", faults.join(", "));
        (!faults.is_empty()).then_some(sentence)
    })
}
