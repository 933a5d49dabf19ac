//! The law that what Kith writes conforms to its own profiles: whole messages, and what is left of them for any recipient.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::DateTime;
use kith::catalogue::Kind;
use kith::domain::{Ground, Item};
use kith::map::{Envelope, makes_sense};
use kith::profile::Conformance;
use proptest::prelude::*;
use serde_json::Value;

use super::{Verdict, cases, for_every_kind, records};
use crate::values::{cut, envelope, to_fhir};

static CONFORMANCE: LazyLock<Conformance> =
    LazyLock::new(|| Conformance::new(vec![], kith::clock::now).expect("the profiles"));

/// What FHIR demands and no schema of a record says: a period ends after it starts, a measurement has a day, a URN does
/// not begin with 0, a language exists. A record that breaks this is refused at the door, with the reason.
const ONLY_FHIR: &[&str] = &["per-1", "vs-1", "kith-urn-1", "communication[0].language"];

fn faults(kind: &Kind, record: &Value, envelope: &Envelope, profile: &str) -> Vec<String> {
    let (bundle, _) = to_fhir(&kind.mapping, record, envelope);
    let profile = CONFORMANCE.own(profile).expect("there is such a profile");
    let faults = CONFORMANCE.faults(&bundle.to_string(), &profile).into_iter();
    faults.filter(|fault| !ONLY_FHIR.iter().any(|known| fault.contains(known))).collect()
}

fn conforms(kind: &Kind, record: &Value, envelope: &Envelope, profile: &str) -> Verdict {
    let faults = faults(kind, record, envelope, profile);
    if faults.is_empty() { Ok(()) } else { Err(format!("{profile}: {}", faults.join(", "))) }
}

#[test]
fn what_is_made_of_a_record_conforms_to_the_profile_of_its_kind() {
    for_every_kind("to_fhir(r) conforms", cases().div_ceil(4), records::of, |kind, record| {
        conforms(kind, record, &envelope(&kind.name, record), &format!("{}-message", kind.name))
    });
}

#[test]
fn what_is_left_for_a_recipient_conforms_to_the_profile_of_deliveries() {
    let all: Vec<Item> = Item::all().collect();
    let some = move |kind: &Kind| {
        let items = prop::sample::subsequence(all.clone(), 1..=all.len());
        (records::of(kind), (items, prop::bool::ANY)).boxed()
    };
    for_every_kind("what is delivered conforms", cases().div_ceil(4), some, |kind, case| {
        let (record, (items, hides_where)) = case;
        let permitted: BTreeSet<Item> = items.iter().copied().collect();
        let kept = cut(&kind.mapping, record, &permitted, *hides_where);
        if kind.mapping.receive_only || !makes_sense(&kind.mapping, &kept) {
            return Ok(());
        }
        let made = Envelope {
            at: DateTime::from_timestamp(1_790_000_000, 0),
            ground: Some((Ground::Consent, "A person with parental responsibility agreed.".to_owned())),
            sender: Some(("RZ998".parse().expect("a code"), "A sender".to_owned())),
            ..envelope(&kind.name, &kept)
        };
        conforms(kind, &kept, &made, "delivered-message")
    });
}
