//! The message around the resources: Bundle, MessageHeader, addresses (<https://hl7.org/fhir/R4/messaging.html>).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::language::Mapping;
use super::to_fhir::Place;
use crate::domain::{CANONICAL, Ground, ODS_SYSTEM, OdsCode};

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

/// The address of a resource within its message.
pub(super) fn full_url(mapping: &Mapping, place: Place, envelope: &Envelope) -> String {
    let section = &mapping.sections[place.0];
    if section.resource == "MessageHeader" {
        return format!("urn:uuid:{}", envelope.message_id);
    }
    let name = format!("{}/{}", section.name, place.1);
    format!("urn:uuid:{}", Uuid::new_v5(&envelope.message_id, name.as_bytes()))
}

/// A resource of a message, and its address there.
pub(super) struct Made {
    pub(super) place: Place,
    pub(super) url: String,
    pub(super) resource: Value,
}

/// The message Bundle of the resources: header first, then in the order of the page.
pub(super) fn bundle(
    mapping: &Mapping,
    record: &Value,
    envelope: &Envelope,
    mut resources: Vec<Made>,
) -> Value {
    let focus = mapping.focus.as_deref().unwrap_or("child");
    let focus = resources.iter().find(|made| mapping.sections[made.place.0].name == focus);
    let focus = focus.map(|made| made.url.clone());
    let mut header = header(mapping, record, envelope, focus);
    let mut entries = Vec::new();
    // Sections that divide a list among them stand in the list's order: it is how a reader knows it.
    if mapping.sections.iter().any(|section| section.choice.is_some()) {
        resources.sort_by_key(|made| (mapping.family(made.place.0), made.place.1));
    }
    for Made { place, url, resource } in resources {
        if mapping.sections[place.0].resource == "MessageHeader" {
            merge(&mut header, resource);
        } else {
            let mut entry = Map::with_capacity(2);
            entry.insert("fullUrl".to_owned(), Value::String(url));
            entry.insert("resource".to_owned(), resource);
            entries.push(Value::Object(entry));
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
