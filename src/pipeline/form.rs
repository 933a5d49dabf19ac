//! A message in its two forms: checked as what it came as, mapped to the other, with what it says of its child.

use std::borrow::Cow;

use serde_json::Value;

use super::child::{Foundation, read_child};
use super::{House, contents};
use crate::catalogue::Kind;
use crate::domain::{Dataset, Ground, Item, Private};
use crate::json::Tree;
use crate::map::{self, Envelope};
use crate::message::{Content, Mapped, Received, Valid};
use crate::problem::{Category, Issue, Problem};
use crate::profile;
use crate::record;

/// What a message of a register's kind says, checked and as a record, with what is to be said of it: it is not carried to anybody.
pub fn checked_record(house: &House, received: Received) -> Result<(Private<Value>, Vec<Issue>), Problem> {
    let kind = house.kind(&received.kind)?;
    let valid = checked(house, &kind, received)?;
    let forms = both_forms(house, &kind, &valid)?;
    Ok((forms.record, forms.ledger))
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

/// A message as the kind's record and as FHIR, with what did not fit.
struct Forms<'v> {
    record: Private<Value>,
    bundle: Cow<'v, Value>,
    ledger: Vec<Issue>,
}

fn both_forms<'v>(house: &House, kind: &Kind, valid: &'v Valid) -> Result<Forms<'v>, Problem> {
    let received = valid.received();
    let mut ledger = valid.remarks().to_vec();
    let (record, bundle) = match &received.content {
        Content::Record(record) => {
            let envelope = Envelope { message_id: received.message_id, at: None, ground: None, sender: None };
            let read = Tree::of(record.reveal());
            let (bundle, remarks) = map::to_fhir(&kind.mapping, &read, &envelope);
            ledger.extend(remarks);
            let (text, bundle) = (bundle.to_text(), bundle.to_value());
            // What recipients could not rely on is refused here, where its sender learns of it at once.
            let profile = house.profile_of(received);
            profile::check_made(&house.conformance, profile.as_deref(), &text, &bundle)?;
            (record.clone(), Cow::Owned(bundle))
        }
        Content::Fhir(bundle) => {
            let bundle = &bundle.reveal().value;
            let read = Tree::of(bundle);
            let (record, lost) = map::to_record(&kind.mapping, &read);
            let record = record.to_value();
            ledger.extend(lost);
            let faults = kind.schema.faults(&record);
            if !faults.is_empty() {
                return Err(Problem::with(Category::Invalid, faults));
            }
            (Private::new(record), Cow::Borrowed(bundle))
        }
    };
    Ok(Forms { record, bundle, ledger })
}

/// Puts a valid message into the one form that the later stages know: the kind's record and what it says of the child.
pub(super) fn map_message(house: &House, kind: &Kind, valid: &Valid) -> Result<Mapped, Problem> {
    let received = valid.received();
    let Forms { record, bundle, mut ledger } = both_forms(house, kind, valid)?;
    let read = Tree::of(&bundle);
    let foundation = read_child(&kind.mapping, &bundle, &read)?;
    same_child(kind, record.reveal(), &foundation)?;
    let claim = claim(kind, record.reveal(), foundation.ground, &mut ledger);
    let came = matches!(received.content, Content::Fhir(_));
    let pieces = came.then(|| contents::of_bundle(kind, &read, &bundle, received.message_id, received.at));
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
