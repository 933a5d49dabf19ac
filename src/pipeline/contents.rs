//! What a message holds, resource by resource: looked into only where a consent on file speaks of some data and not of others.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::catalogue::Kind;
use crate::consent::{self, ConsentOnFile, Held};
use crate::map::{self, Envelope};
use crate::message::{Mapped, Piece};

/// The pieces of a message; none where no consent asks for them. What came as a record is looked at as the FHIR that it makes.
pub(super) fn of(kind: &Kind, mapped: &Mapped, consents: &[ConsentOnFile]) -> Vec<Piece> {
    if !consent::limited(consents, &mapped.child.nhs_number) {
        return Vec::new();
    }
    if let Some(pieces) = &mapped.pieces {
        return pieces.clone();
    }
    let envelope = Envelope { message_id: mapped.message_id, at: None, ground: None, sender: None };
    let (bundle, _) = map::to_fhir(&kind.mapping, mapped.record.reveal(), &envelope);
    of_bundle(kind, &bundle, mapped.message_id, mapped.at)
}

/// The pieces of a message's Bundle.
pub(super) fn of_bundle(kind: &Kind, bundle: &Value, message_id: Uuid, at: DateTime<Utc>) -> Vec<Piece> {
    let found = map::resources(&kind.mapping, bundle);
    let held: Vec<Held<'_>> =
        found.into_iter().map(|(url, resource, items)| Held { url, resource, items }).collect();
    consent::pieces(&held, Some(message_id), at)
}
