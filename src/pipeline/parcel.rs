//! What is kept of a message, sealed, until it is decided about again: as much of its record as was permitted or wanted then, and the facts
//! by which it is decided.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::{Demographics, Ground, Item, OdsCode, PartnerId, Postcode, Private, SchoolUrn};
use crate::message::{Mapped, Piece, Sender};

/// What stands beside a parcel, unsealed: whose message it is of, when that came, and its kind.
pub(super) struct Origin<'a> {
    pub(super) sender: &'a PartnerId,
    pub(super) message_id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) kind: &'a str,
}

/// What waits in the outbox, sealed: the record, cut to these items, and the facts by which the decision is made again.
pub(super) fn parcel(mapped: &Mapped, (record, items): (Value, &BTreeSet<Item>), ends: bool) -> Value {
    let child = &mapped.child;
    let pieces = mapped
        .pieces
        .as_ref()
        .map(|pieces| pieces.iter().filter_map(|piece| piece.cut(items)).collect::<Vec<_>>());
    json!({
        "record": record,
        "ends": ends,
        "pieces": pieces,
        "sender": { "partner": mapped.sender.partner, "role": mapped.sender.role.name(), "ods": mapped.sender.organisation.as_str(), "name": mapped.sender.name },
        "at": mapped.at,
        "ground": mapped.claimed_ground.map(Ground::name),
        "reason": mapped.reason.as_ref().map(Private::reveal),
        "child": {
            "nhsNumber": child.nhs_number.reveal(),
            "postcode": child.postcode.as_ref().map(Postcode::reveal),
            "practices": child.practices.iter().map(OdsCode::as_str).collect::<Vec<_>>(),
            "schools": child.schools.iter().map(SchoolUrn::as_str).collect::<Vec<_>>(),
            "deceased": child.deceased,
            "restricted": child.restricted,
            "sealed": child.sealed,
        },
    })
}

/// The mapped message again, as far as it was permitted when it was accepted.
pub(super) fn unpack(parcel: &Value, message: &Origin<'_>) -> Option<Mapped> {
    let text = |pointer: &str| parcel.pointer(pointer).and_then(Value::as_str);
    let list = |pointer: &str| {
        parcel.pointer(pointer).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    };
    let flag = |pointer: &str| parcel.pointer(pointer).and_then(Value::as_bool);
    Some(Mapped {
        sender: Sender {
            partner: message.sender.clone(),
            role: text("/sender/role")?.parse().ok()?,
            organisation: text("/sender/ods")?.parse().ok()?,
            name: text("/sender/name")?.to_owned(),
        },
        message_id: message.message_id,
        at: message.at,
        kind: message.kind.to_owned(),
        record: Private::new(parcel.get("record")?.clone()),
        child: Demographics {
            nhs_number: text("/child/nhsNumber")?.parse().ok()?,
            postcode: text("/child/postcode").and_then(|postcode| postcode.parse().ok()),
            practices: list("/child/practices").filter_map(|code| code.parse().ok()).collect(),
            schools: list("/child/schools").filter_map(|urn| urn.parse().ok()).collect(),
            deceased: flag("/child/deceased")?,
            restricted: flag("/child/restricted")?,
            sealed: flag("/child/sealed").unwrap_or_default(),
        },
        claimed_ground: text("/ground").and_then(|ground| ground.parse().ok()),
        reason: text("/reason").map(|reason| Private::new(reason.to_owned())),
        protections: vec![],
        consents: vec![],
        pieces: pieces(parcel),
        ledger: vec![],
    })
}

/// What a message that came as FHIR held. Of a parcel of before this was kept nothing is known.
fn pieces(parcel: &Value) -> Option<Vec<Piece>> {
    let Some(kept) = parcel.get("pieces") else { return Some(vec![]) };
    serde_json::from_value(kept.clone()).unwrap_or_else(|_| Some(vec![]))
}
