//! What a message holds, resource by resource: looked into only where a consent on file speaks of some data and not of others.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::House;
use crate::catalogue::Kind;
use crate::consent::{self, ConsentOnFile, Held, Weighed};
use crate::domain::NhsNumber;
use crate::json::Tree;
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
    let record = Tree::of(mapped.record.reveal());
    let (bundle, _) = map::to_fhir(&kind.mapping, &record, &envelope);
    of_bundle(kind, &bundle, &bundle.to_value(), mapped.message_id, mapped.at)
}

/// The pieces of a message's Bundle, given as a tree and as the same value.
pub(super) fn of_bundle(
    kind: &Kind,
    tree: &Tree<'_>,
    bundle: &Value,
    message_id: Uuid,
    at: DateTime<Utc>,
) -> Vec<Piece> {
    let entry = |at: usize| bundle.get("entry")?.get(at);
    let held = map::resources(&kind.mapping, tree).into_iter().filter_map(|(at, items)| {
        let (entry, resource) = (entry(at)?, entry(at)?.get("resource")?);
        let url = entry.get("fullUrl").and_then(Value::as_str).unwrap_or_default();
        Some(Held { url, resource, items })
    });
    consent::pieces(&held.collect::<Vec<_>>(), Some(message_id), at)
}

/// What consents that speak of some data only say of a message that is told, to be kept with it.
pub(super) fn weighed(
    house: &House,
    mapped: &Mapped,
    (consents, pieces): (&[ConsentOnFile], &[Piece]),
) -> String {
    let (child, author) = (&mapped.child.nhs_number, &mapped.sender.organisation);
    let weighed =
        if pieces.is_empty() { Weighed::default() } else { Weighed::of(consents, child, author, pieces) };
    kept(house, &weighed)
}

/// As it is kept.
pub(super) fn kept(house: &House, weighed: &Weighed) -> String {
    weighed.to_text(|limits| name(house, limits))
}

/// What was kept of something that was told, as far as it concerns the consents of today.
pub(super) fn recalled(house: &House, kept: &str, consents: &[ConsentOnFile], child: &NhsNumber) -> Weighed {
    Weighed::read(kept, consents, child, |limits| name(house, limits))
}

fn name(house: &House, limits: &str) -> String {
    house.vault.digest("consent-limits", limits.as_bytes())
}
