//! A Flag as a message Bundle of its kind, so that the mapping reads it like any other message.

use serde_json::{Value, json};
use uuid::Uuid;

use super::KIND;
use super::said::{is_nhs, patient};
use crate::domain::{NHS_NUMBER_SYSTEM, NhsNumber};
use crate::problem::Problem;
use crate::receive::access::Door;

/// The flag as a message Bundle of its kind: the Patient beside it instead of inside it.
pub(super) fn message(
    door: &Door,
    resource: &Value,
    child: &NhsNumber,
    message_id: Uuid,
) -> Result<Value, Problem> {
    let kind = door.house.kind(KIND)?;
    let url = |name: &str| format!("urn:uuid:{}", Uuid::new_v5(&message_id, name.as_bytes()));
    let who = who(resource, child);
    let mut flag = resource.clone();
    if let Some(object) = flag.as_object_mut() {
        object.remove("id");
        // What a server says of its own copy is no loss; labels and profiles would be, so they stay for the ledger.
        if let Some(meta) = object.get_mut("meta").and_then(Value::as_object_mut) {
            meta.retain(|key, _| key != "versionId" && key != "lastUpdated");
        }
        object.retain(|key, value| key != "meta" || value.as_object().is_none_or(|meta| !meta.is_empty()));
        let id = resource
            .pointer("/subject/reference")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix('#'));
        let kept: Vec<Value> = object
            .get("contained")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|inner| inner.get("id").and_then(Value::as_str) != id)
            .cloned()
            .collect();
        object.remove("contained");
        if !kept.is_empty() {
            object.insert("contained".to_owned(), Value::Array(kept));
        }
        if let Some(subject) = object.get_mut("subject").and_then(Value::as_object_mut) {
            subject.remove("identifier");
            subject.insert("reference".to_owned(), json!(url("child")));
        }
    }
    let header = json!({
        "resourceType": "MessageHeader",
        "eventCoding": { "system": kind.mapping.event.0, "code": kind.mapping.event.1 },
        "source": { "endpoint": door.settings.server.public_url },
    });
    Ok(json!({
        "resourceType": "Bundle",
        "type": "message",
        "entry": [
            { "fullUrl": format!("urn:uuid:{message_id}"), "resource": header },
            { "fullUrl": url("child"), "resource": who },
            { "fullUrl": url("flag"), "resource": flag },
        ],
    }))
}

/// The child as the message's Patient: the contained one, with the number where only the subject gave it.
fn who(resource: &Value, child: &NhsNumber) -> Value {
    let mut who = patient(resource).cloned().unwrap_or_else(|| json!({ "resourceType": "Patient" }));
    let number = json!({ "system": NHS_NUMBER_SYSTEM, "value": child.reveal() });
    if let Some(patient) = who.as_object_mut() {
        patient.remove("id");
        let identifiers = patient.entry("identifier").or_insert_with(|| json!([]));
        if let Some(identifiers) = identifiers.as_array_mut()
            && !identifiers.iter().any(is_nhs)
        {
            identifiers.push(number);
        }
    }
    who
}
