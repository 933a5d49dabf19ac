//! A message in its two forms: checked as what it came as, mapped to the other, with what it says of its child.

use serde_json::Value;

use super::child::{Foundation, read_child};
use super::{House, contents};
use crate::catalogue::Kind;
use crate::domain::{Dataset, Ground, Item, Private};
use crate::map::{self, Envelope};
use crate::message::{Content, Mapped, Received, Valid};
use crate::problem::{Category, Issue, Problem};
use crate::profile;
use crate::record;

/// What a message of a register's kind says, checked and as a record, with what is to be said of it: it is not carried to anybody.
pub fn checked_record(house: &House, received: Received) -> Result<(Private<Value>, Vec<Issue>), Problem> {
    let kind = house.kind(&received.kind)?;
    let (record, _, ledger) = both_forms(house, &kind, &checked(house, &kind, received)?)?;
    Ok((record, ledger))
}

/// Held against what its kind must hold.
pub(super) fn checked(house: &House, kind: &Kind, received: Received) -> Result<Valid, Problem> {
    match &received.content {
        Content::Record(_) => record::check(&kind.schema, received),
        Content::Fhir(_) => {
            profile::check(&house.conformance, house.profile_of(&received).as_deref(), received)
        }
    }
}

/// A valid message as the kind's record and as FHIR, with what did not fit.
fn both_forms(
    house: &House,
    kind: &Kind,
    valid: &Valid,
) -> Result<(Private<Value>, Value, Vec<Issue>), Problem> {
    let received = valid.received();
    let mut ledger = valid.remarks().to_vec();
    let (record, bundle) = match &received.content {
        Content::Record(record) => {
            let envelope = Envelope { message_id: received.message_id, at: None, ground: None, sender: None };
            let (bundle, remarks) = map::to_fhir(&kind.mapping, record.reveal(), &envelope);
            ledger.extend(remarks);
            // What recipients could not rely on is refused here, where its sender learns of it at once.
            profile::check_made(&house.conformance, house.profile_of(received).as_deref(), &bundle)?;
            (record.clone(), bundle)
        }
        Content::Fhir(bundle) => {
            let bundle = &bundle.reveal().value;
            let (record, lost) = map::to_record(&kind.mapping, bundle, &kind.open);
            ledger.extend(lost);
            let faults = kind.schema.faults(&record);
            if !faults.is_empty() {
                return Err(Problem::with(Category::Invalid, faults));
            }
            (Private::new(record), bundle.clone())
        }
    };
    Ok((record, bundle, ledger))
}

/// Puts a valid message into the one form that the later stages know: the kind's record and what it says of the child.
pub(super) fn map_message(house: &House, kind: &Kind, valid: &Valid) -> Result<Mapped, Problem> {
    let received = valid.received();
    let (record, bundle, mut ledger) = both_forms(house, kind, valid)?;
    let foundation = read_child(&kind.mapping, &bundle)?;
    same_child(kind, record.reveal(), &foundation)?;
    let claim = claim(kind, record.reveal(), foundation.ground, &mut ledger);
    let came = matches!(received.content, Content::Fhir(_));
    let pieces = came.then(|| contents::of_bundle(kind, &bundle, received.message_id, received.at));
    Ok(Mapped {
        sender: received.sender.clone(),
        message_id: received.message_id,
        at: received.at,
        kind: received.kind.clone(),
        record,
        child: foundation.child,
        claimed_ground: claim,
        reason: foundation.reason,
        protections: foundation.protections,
        consents: foundation.consents,
        pieces,
        ledger,
    })
}

/// The record that is sent and the child that is decided about must be one.
fn same_child(kind: &Kind, record: &Value, foundation: &Foundation) -> Result<(), Problem> {
    let number = foundation.child.nhs_number.reveal();
    let of_child = |item: Item| item.to_string() == "identity/nhs-number";
    let rows = kind.mapping.data_rows().filter(|(_, _, _, item)| of_child(*item));
    let differs = rows.flat_map(|(_, _, path, _)| path.read(record, &[])).any(|(_, value)| value != number);
    if differs {
        return Err(Problem::new(
            Category::BusinessRule,
            "The message names two children. Send one message a child.",
        ));
    }
    Ok(())
}

/// The ground that the sender claims. The safeguarding duty counts only where something safeguards: claiming it must not
/// carry out of a message what consent would not have.
fn claim(kind: &Kind, record: &Value, claimed: Option<Ground>, ledger: &mut Vec<Issue>) -> Option<Ground> {
    let safeguards =
        map::held(&kind.mapping, record).iter().any(|item| item.dataset == Dataset::Safeguarding);
    if claimed == Some(Ground::SafeguardingDuty) && !safeguards {
        let text = "The safeguarding duty is claimed, but the message says nothing that safeguards; the claim does not count.";
        ledger.push(Issue::warning("business-rule", text));
        return None;
    }
    claimed
}
