//! What is sent: the examples of the record kinds, as Kith delivers them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::catalogue::{Catalogue, Kind};
use crate::domain::{Dataset, Ground, OdsCode};
use crate::json::Tree;
use crate::map::{self, Envelope};
use crate::pipeline::RECALL;
use crate::profile::{Conformance, DELIVERED};

/// In which form a system receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Message Bundles.
    Fhir,
    /// Records of this kind, such as `centre-notice`.
    Record(String),
}

/// A message as it is posted.
#[derive(Debug, Clone)]
pub struct Message {
    /// Whence it is: the kind and its example's file.
    pub name: String,
    /// `X-Request-ID`, and in FHIR the id of its MessageHeader.
    pub id: Uuid,
    /// `X-Record-Kind`, where it is a record.
    pub kind: Option<String>,
    /// `Content-Type`.
    pub media_type: &'static str,
    /// The body.
    pub body: String,
}

/// Every message for a system that receives in this form, of these kinds or, when none is named, of all. They are of that moment, and each
/// has an id of its own, so that no system had it before. An example that does not make a message as Kith delivers them is left out, as
/// Kith would not let it leave.
///
/// # Errors
/// A sentence when there is no such form, or no such kind in it.
pub fn messages(
    (catalogue, conformance): (&Catalogue, &Conformance),
    form: &Form,
    kinds: &[String],
    at: DateTime<Utc>,
) -> Result<Vec<Message>, String> {
    let all: Vec<&Kind> = catalogue.kinds().map(AsRef::as_ref).filter(|kind| is_sent(kind, form)).collect();
    let names: BTreeSet<&str> = all.iter().map(|kind| kind.name.as_str()).collect();
    if let Form::Record(form) = form
        && !names.contains(form.as_str())
    {
        let forms = catalogue.kinds().filter(|kind| kind.mapping.receive_only && kind.name != RECALL);
        let forms: Vec<&str> = forms.map(|kind| kind.name.as_str()).collect();
        return Err(format!("Kith delivers no '{form}'. The forms are: fhir, {}.", forms.join(", ")));
    }
    if let Some(unknown) = kinds.iter().find(|kind| !names.contains(kind.as_str())) {
        let names: Vec<&str> = names.into_iter().collect();
        return Err(format!("No '{unknown}' is sent in this form. Sent are: {}.", names.join(", ")));
    }
    let wanted = |kind: &&Kind| kinds.is_empty() || kinds.contains(&kind.name);
    let made = all.into_iter().filter(wanted).flat_map(|kind| of_kind(kind, form, at));
    let own = conformance.own(DELIVERED).filter(|_| *form == Form::Fhir);
    let leaves = |message: &Message| {
        own.as_deref().is_none_or(|profile| conformance.faults(&message.body, profile).is_empty())
    };
    Ok(made.filter(leaves).collect())
}

/// Whether messages of a kind reach who receives in this form.
fn is_sent(kind: &Kind, form: &Form) -> bool {
    let mapping = &kind.mapping;
    match form {
        // What was shared is asked back from everybody, whatever else they read.
        _ if kind.name == RECALL => true,
        Form::Fhir => !mapping.receive_only && !mapping.childless && mapping.register.is_none(),
        Form::Record(form) => mapping.receive_only && kind.name == *form,
    }
}

fn of_kind<'k>(kind: &'k Kind, form: &'k Form, at: DateTime<Utc>) -> impl Iterator<Item = Message> + 'k {
    kind.examples.iter().map(move |(file, record)| {
        let id = Uuid::new_v4();
        let name = format!("{}/{file}", kind.name);
        match form {
            Form::Fhir => {
                let body = as_fhir(kind, record, id, at).to_string();
                Message { name, id, kind: None, media_type: "application/fhir+json", body }
            }
            Form::Record(_) => {
                let kind = Some(kind.name.clone());
                Message { name, id, kind, media_type: "application/json", body: record.to_string() }
            }
        }
    })
}

/// The message with everything in it, as it reaches who may have all of it.
fn as_fhir(kind: &Kind, record: &Value, id: Uuid, at: DateTime<Utc>) -> Value {
    let ground = match (kind.mapping.ground, kind.mapping.about) {
        (Some(ground), _) => ground,
        (None, Dataset::Safeguarding) => Ground::SafeguardingDuty,
        (None, _) => Ground::DirectCare,
    };
    let reason = "This is a test with an invented child; it says nothing about anybody.";
    let envelope = Envelope {
        message_id: id,
        at: Some(at),
        ground: Some((ground, reason.to_owned())),
        sender: tester().map(|code| (code, "Kith's conformance test".to_owned())),
    };
    map::to_fhir(&kind.mapping, &Tree::of(record), &envelope).0.to_value()
}

/// An organisation that is none: codes that begin with Z99 are given to nobody.
fn tester() -> Option<OdsCode> {
    "Z99800".parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    fn sent(form: &Form) -> (Catalogue, Vec<Message>) {
        let catalogue = Catalogue::builtin().unwrap();
        let conformance = Conformance::new(vec![], clock::now).unwrap();
        let sent = messages((&catalogue, &conformance), form, &[], clock::now()).unwrap();
        (catalogue, sent)
    }

    #[test]
    fn of_every_kind_that_is_delivered_every_example_is_sent_but_a_recall_that_names_no_child() {
        let (catalogue, sent) = sent(&Form::Fhir);
        let names: BTreeSet<&str> = sent.iter().map(|message| message.name.as_str()).collect();
        let kinds = catalogue.kinds().filter(|kind| is_sent(kind, &Form::Fhir));
        let left_out: Vec<String> = kinds
            .flat_map(|kind| kind.examples.iter().map(|(file, _)| format!("{}/{file}", kind.name)))
            .filter(|name| !names.contains(name.as_str()))
            .collect();
        assert_eq!(left_out, ["recall-notice/minimal.json"]);
        assert!(sent.iter().all(|message| message.body.contains(&message.id.to_string())));
    }

    #[test]
    fn every_record_is_one_of_its_kind() {
        for form in ["birth-list", "centre-notice", "school-notice"] {
            let (catalogue, sent) = sent(&Form::Record(form.to_owned()));
            assert!(sent.len() > 3, "{form}");
            for message in sent {
                let kind = catalogue.kind(&message.kind.unwrap()).unwrap();
                let record = serde_json::from_str(&message.body).unwrap();
                assert!(kind.schema.faults(&record).is_empty(), "{}", message.name);
                assert!([form, RECALL].contains(&kind.name.as_str()));
            }
        }
    }
}
