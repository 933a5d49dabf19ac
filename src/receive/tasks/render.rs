//! Deliveries and matters as FHIR Task (<https://hl7.org/fhir/R4/task.html>). None of them names anybody but partners.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::domain::CANONICAL;
use crate::pipeline::{CONCEALED, RECALL};
use crate::receive::access::Door;
use crate::receive::party::party;
use crate::store::{Delivery, Matter, State};

fn code(code: &str, text: &str) -> Value {
    json!({ "coding": [{ "system": format!("{CANONICAL}CodeSystem/task"), "code": code }], "text": text })
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Where it stands: what was taken and is still to be acknowledged by a person is `received`.
fn status(door: &Door, delivery: &Delivery) -> Value {
    match (delivery.state, delivery.acknowledged) {
        (State::Completed, None) if door.house.is_awaited(&delivery.kind) => json!("received"),
        (state, _) => json!(state),
    }
}

/// What became of a message, for its sender.
pub(super) fn receipt(door: &Door, delivery: &Delivery) -> Value {
    let output = |code: &str, value: &str| {
        json!({
            "type": { "coding": [{ "system": format!("{CANONICAL}CodeSystem/receipt"), "code": code }] },
            "valueString": value,
        })
    };
    let mut outputs: Vec<Value> = delivery.items.iter().map(|item| output("dataset", item)).collect();
    outputs.extend(delivery.ground.iter().map(|ground| output("ground", ground)));
    outputs.push(output("attempts", &delivery.attempts.to_string()));
    outputs.extend(delivery.acknowledged.map(|at| output("acknowledged", &time(at))));
    let what = if delivery.kind == RECALL { "recall" } else { "deliver" };
    let mut task = json!({
        "resourceType": "Task",
        "id": delivery.id,
        "meta": { "lastUpdated": time(delivery.updated) },
        "groupIdentifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{}", delivery.message_id) },
        "status": status(door, delivery),
        "statusReason": { "text": if delivery.concealed { delivery.explanation() } else { &delivery.note } },
        "intent": "order",
        "code": code(what, &format!("Deliver {}", delivery.kind)),
        "authoredOn": time(delivery.created),
        "lastModified": time(delivery.updated),
        "requester": party(&door.house.directory, &delivery.sender),
        "owner": if delivery.concealed { json!({ "display": CONCEALED }) } else { party(&door.house.directory, &delivery.recipient) },
        "output": outputs,
    });
    if let Some(alerted) = &delivery.alerted {
        task["note"] = json!([{ "time": time(alerted.at), "text": alerted.note }]);
    }
    task
}

/// A recall, for the recipient that is to delete something; or what one of its people is to read.
pub(super) fn owned(door: &Door, delivery: &Delivery) -> Value {
    let code = if delivery.kind == RECALL {
        code("recall", "Delete what the notice with this id names, and say so")
    } else {
        code("read", "Read the message with this id, and say so")
    };
    let mut task = json!({
        "resourceType": "Task",
        "id": delivery.id,
        "meta": { "lastUpdated": time(delivery.updated) },
        "status": status(door, delivery),
        "intent": "order",
        "code": code,
        "authoredOn": time(delivery.created),
        "lastModified": time(delivery.updated),
        "requester": party(&door.house.directory, &delivery.sender),
        "owner": party(&door.house.directory, &delivery.recipient),
    });
    if delivery.kind == RECALL {
        if delivery.concealed {
            task["requester"] = json!({ "display": CONCEALED });
        }
        // Whoever gets no notice finds here what it would name.
        task["description"] = json!(delivery.note);
    }
    task
}

/// A matter, for those who are to settle it, with the ids of the consents that it is about.
pub(super) fn matter(door: &Door, matter: &Matter, consents: &[&str]) -> Value {
    let consent = |id: &&str| json!({ "type": { "text": "consent" }, "valueReference": { "reference": format!("Consent/{id}") } });
    let mut task = json!({
        "resourceType": "Task",
        "id": matter.id,
        "meta": { "lastUpdated": time(matter.updated) },
        "status": if matter.open { "requested" } else { "completed" },
        "intent": "order",
        "code": code("settle", &matter.kind),
        "description": matter.note,
        "authoredOn": time(matter.created),
        "lastModified": time(matter.updated),
    });
    if !consents.is_empty() {
        task["input"] = consents.iter().map(consent).collect();
    }
    if let [owner] = matter.owners.as_slice() {
        task["owner"] = party(&door.house.directory, owner);
    }
    task
}
