//! Record → FHIR: a message Bundle (<https://hl7.org/fhir/R4/messaging.html>) made by a mapping's rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::language::{Condition, Mapping, Row, Section, Source};
use super::path::RecordPath;
use super::value;
use crate::domain::{CANONICAL, Ground, ODS_SYSTEM, OdsCode};
use crate::problem::Issue;

/// What the message says of itself, beside the record.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// Id of the message; the same record in the same envelope gives the same bytes.
    pub message_id: Uuid,
    /// `Bundle.timestamp`.
    pub at: Option<DateTime<Utc>>,
    /// Why it is shared, with the reason in a sentence: `MessageHeader.reason`.
    pub ground: Option<(Ground, String)>,
    /// The sender's organisation, with its name, where the record itself names none.
    pub sender: Option<(OdsCode, String)>,
}

impl Envelope {
    /// An envelope whose id follows from the record alone: for the command line and for comparisons.
    pub fn of_record(kind: &str, record: &Value) -> Self {
        let name = format!("{CANONICAL}record/{kind}/{record}");
        Self {
            message_id: Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()),
            at: None,
            ground: None,
            sender: None,
        }
    }
}

/// A resource of the Bundle while it is made: which section, which item of its list.
type Place = (usize, usize);

/// The message Bundle for a record, and the ledger of what could only be kept as text.
pub fn to_fhir(mapping: &Mapping, record: &Value, envelope: &Envelope) -> (Value, Vec<Issue>) {
    let mut ledger = Vec::new();
    let mut resources: BTreeMap<Place, Value> = BTreeMap::new();
    for (index, section) in mapping.sections.iter().enumerate() {
        if section.resource == "MessageHeader" {
            resources.insert((index, 0), json!({ "resourceType": "MessageHeader" }));
        }
        for row in &section.rows {
            if let Source::Data(path, _) = &row.source {
                write_data((index, section), row, path, record, &mut resources, &mut ledger);
            }
        }
    }
    let places: Vec<Place> = resources.keys().copied().collect();
    for (place, resource) in &mut resources {
        let section = &mapping.sections[place.0];
        for row in &section.rows {
            write_fixed(mapping, *place, row, record, resource, &places, envelope);
        }
        prune(resource);
    }
    (bundle(mapping, record, envelope, resources), ledger)
}

fn write_data(
    (index, section): (usize, &Section),
    row: &Row,
    path: &RecordPath,
    record: &Value,
    resources: &mut BTreeMap<Place, Value>,
    ledger: &mut Vec<Issue>,
) {
    for (indices, value) in path.read(record, &[]) {
        let (nth, rest) = match (&section.each, indices.split_first()) {
            (Some(_), Some((first, rest))) => (*first, rest),
            _ => (0, indices.as_slice()),
        };
        let resource =
            resources.entry((index, nth)).or_insert_with(|| json!({ "resourceType": section.resource }));
        let written = value::to_fhir(&row.shape, value);
        if let Some(remark) = written.remark {
            ledger.push(
                Issue::information("informational", format!("{}: {remark}.", row.fhir.text))
                    .at(place_of(path, &indices)),
            );
        }
        row.fhir.write(resource, rest, written.value);
    }
}

/// The record path with its indices, as people write it: `parents[0].name`.
pub fn place_of(path: &RecordPath, indices: &[usize]) -> String {
    let mut indices = indices.iter();
    let mut steps = Vec::new();
    for step in &path.0 {
        let index = if step.each { indices.next() } else { None };
        match index {
            Some(index) => steps.push(format!("{}[{index}]", step.name)),
            None => steps.push(step.name.clone()),
        }
    }
    steps.join(".")
}

fn write_fixed(
    mapping: &Mapping,
    place: Place,
    row: &Row,
    record: &Value,
    resource: &mut Value,
    places: &[Place],
    envelope: &Envelope,
) {
    match &row.source {
        Source::Is(value) => row.fhir.write(resource, &[], value.clone()),
        Source::Fixed(value, condition) if holds(condition, record, place.1) => {
            row.fhir.write(resource, &[], value.clone());
        }
        Source::Refers(target) => {
            if let Some(target) = target_of(mapping, place, target, places) {
                let reference = full_url(mapping, target, envelope);
                row.fhir.write(resource, &[], json!({ "reference": reference }));
            }
        }
        _ => {}
    }
}

/// Whether a fixed value is to be written for this item of the section's list.
pub fn holds(condition: &Condition, record: &Value, nth: usize) -> bool {
    match condition {
        Condition::Always => true,
        Condition::When(path) => path.is_in(record, &[nth]),
        Condition::Unless(path) => !path.is_in(record, &[nth]),
    }
}

/// The resource a reference points to: the same item of the same list, else the section's only one.
fn target_of(mapping: &Mapping, place: Place, target: &str, places: &[Place]) -> Option<Place> {
    let index = mapping.sections.iter().position(|section| section.name == target)?;
    let same_list = mapping.sections[index].each.is_some()
        && mapping.sections[index].each == mapping.sections[place.0].each;
    let wanted = (index, if same_list { place.1 } else { 0 });
    places.contains(&wanted).then_some(wanted)
}

fn full_url(mapping: &Mapping, place: Place, envelope: &Envelope) -> String {
    let section = &mapping.sections[place.0];
    if section.resource == "MessageHeader" {
        return format!("urn:uuid:{}", envelope.message_id);
    }
    let name = format!("{}/{}", section.name, place.1);
    format!("urn:uuid:{}", Uuid::new_v5(&envelope.message_id, name.as_bytes()))
}

fn bundle(
    mapping: &Mapping,
    record: &Value,
    envelope: &Envelope,
    resources: BTreeMap<Place, Value>,
) -> Value {
    let focus = mapping.focus.as_deref().or(Some("child")).and_then(|name| {
        resources
            .keys()
            .find(|place| mapping.sections[place.0].name == name)
            .map(|place| full_url(mapping, *place, envelope))
    });
    let mut header = header(mapping, record, envelope, focus);
    let mut entries = Vec::new();
    for (place, resource) in resources {
        if mapping.sections[place.0].resource == "MessageHeader" {
            merge(&mut header, resource);
        } else {
            entries.push(json!({ "fullUrl": full_url(mapping, place, envelope), "resource": resource }));
        }
    }
    // The ground is for Kith to state, whatever the sender claimed; the sender's own words stay where they are permitted.
    if let Some((ground, reason)) = &envelope.ground {
        let system = format!("{CANONICAL}CodeSystem/ground");
        let text = header.pointer("/reason/text").cloned().unwrap_or_else(|| json!(reason));
        header["reason"] = json!({ "coding": [{ "system": system, "code": ground.name() }], "text": text });
    }
    entries.insert(0, json!({ "fullUrl": format!("urn:uuid:{}", envelope.message_id), "resource": header }));
    let mut bundle = json!({ "resourceType": "Bundle", "type": "message" });
    if let Some(at) = envelope.at {
        bundle["timestamp"] = json!(at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    }
    bundle["entry"] = Value::Array(entries);
    bundle
}

/// Id, event, source and focus: what Kith itself says in every MessageHeader.
fn header(mapping: &Mapping, record: &Value, envelope: &Envelope, focus: Option<String>) -> Value {
    let named = mapping
        .sender
        .as_ref()
        .and_then(|path| path.read(record, &[]).first().and_then(|(_, code)| code.as_str()));
    let code = named.or(envelope.sender.as_ref().map(|(code, _)| code.as_str()));
    let endpoint = code
        .map_or_else(|| format!("urn:uuid:{}", envelope.message_id), |code| format!("{ODS_ENDPOINT}{code}"));
    let mut header = json!({
        "resourceType": "MessageHeader",
        "id": envelope.message_id,
        "eventCoding": { "system": mapping.event.0, "code": mapping.event.1 },
        "source": { "endpoint": endpoint },
    });
    if let Some((sender, name)) = &envelope.sender {
        header["source"] = json!({ "name": name, "endpoint": endpoint });
        header["sender"] =
            json!({ "identifier": { "system": ODS_SYSTEM, "value": sender.as_str() }, "display": name });
    }
    if let Some(focus) = focus {
        header["focus"] = json!([{ "reference": focus }]);
    }
    header
}

/// How an organisation is addressed in `MessageHeader.source.endpoint` (Digital Child Health).
pub const ODS_ENDPOINT: &str = "urn:nhs-uk:addressing:ods:";

/// Lays `over` over `under`: objects are merged, everything else is replaced.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

/// FHIR has no empty things: placeholders of withheld items go.
pub fn prune(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(prune);
            list.retain(|entry| !is_empty(entry));
        }
        Value::Object(object) => {
            object.values_mut().for_each(prune);
            let kept: Map<String, Value> =
                std::mem::take(object).into_iter().filter(|(_, v)| !is_empty(v)).collect();
            *object = kept;
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}
