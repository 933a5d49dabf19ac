//! Explanations as Parameters: one `decision` for each recipient, with one `item` for each item and a sentence for people.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use crate::domain::{CANONICAL, PartnerId};
use crate::journal::{DecisionLine, Event};
use crate::pipeline::{CONCEALED, Explained};
use crate::receive::party;
use crate::route::Directory;
use crate::store::Delivery;

/// As the sender of a message may see it: of what its message said something, and nothing of what others' consents say of the rest.
/// Consents are named to who brought them and to information governance, not here. Whom its receipts conceal is concealed here too.
pub(super) fn as_sender(explained: Vec<Explained>, sent: &[Delivery]) -> Vec<Explained> {
    let seen = |mut one: Explained| {
        let held = &one.held;
        one.decided.decisions.retain(|line| held.contains(&line.item));
        for line in &mut one.decided.decisions {
            line.consents.clear();
            line.contested = false;
        }
        one.entry = None;
        one.concealed = sent.iter().any(|delivery| one.delivery == Some(delivery.id) && delivery.concealed);
        one
    };
    explained.into_iter().map(seen).collect()
}

/// As the recipient of a delivery may see it: what it was permitted when it left, and why; nothing of what was withheld.
pub(super) fn as_recipient(explained: Vec<Explained>) -> Vec<Explained> {
    let left = explained.into_iter().find(|one| one.event == Some(Event::Releasing));
    let seen = |mut one: Explained| {
        let left = one.left.clone();
        let was_there = |item: &String| left.as_ref().is_none_or(|left| left.contains(item));
        one.decided.decisions.retain(|line| line.outcome == "permit" && was_there(&line.item));
        one.decided.decisions.iter_mut().for_each(|line| line.consents.clear());
        // The words of the receipt are the sender's, and the sender's message id tells of other recipients.
        one.text = String::new();
        one.message_id = None;
        one.entry = None;
        one
    };
    left.into_iter().map(seen).collect()
}

/// The answer.
pub(super) fn parameters(directory: &Directory, explained: &[Explained]) -> Value {
    let mut answer = json!({ "resourceType": "Parameters" });
    if !explained.is_empty() {
        answer["parameter"] = explained.iter().map(|one| decision(directory, one)).collect();
    }
    answer
}

fn decision(directory: &Directory, one: &Explained) -> Value {
    let party = |id: &PartnerId| party::party(directory, id);
    let recipient = if one.concealed { json!({ "display": CONCEALED }) } else { party(&one.recipient) };
    let mut parts = vec![
        json!({ "name": "recipient", "valueReference": recipient }),
        json!({ "name": "sender", "valueReference": party(&one.sender) }),
        json!({ "name": "at", "valueInstant": one.at.to_rfc3339_opts(SecondsFormat::Millis, true) }),
    ];
    if let Some(partner) = directory.partner(&one.recipient) {
        parts.push(json!({ "name": "role", "valueCode": partner.role.name() }));
    }
    parts.extend(one.event.map(|event| json!({ "name": "event", "valueCode": event.name() })));
    parts.extend(one.entry.map(|number| json!({ "name": "auditEvent", "valueReference": { "reference": format!("AuditEvent/journal-{number}") } })));
    parts
        .extend(one.message_id.map(|id| json!({ "name": "message", "valueUuid": format!("urn:uuid:{id}") })));
    parts.extend(one.delivery.map(|id| json!({ "name": "delivery", "valueUuid": format!("urn:uuid:{id}") })));
    parts.extend(
        one.decided.policy_set.iter().map(|digest| json!({ "name": "policySet", "valueString": digest })),
    );
    if !one.text.is_empty() {
        parts.push(json!({ "name": "text", "valueString": one.text }));
    }
    parts.extend(one.decided.decisions.iter().map(|line| item(one, line)));
    json!({ "name": "decision", "part": parts })
}

fn item(one: &Explained, line: &DecisionLine) -> Value {
    let mut parts = vec![
        json!({ "name": "item", "valueCode": line.item }),
        json!({ "name": "outcome", "valueCode": line.outcome }),
    ];
    // A decision about what was not there told nobody anything.
    let there = one.left.as_ref().or(Some(&one.held).filter(|held| !held.is_empty()));
    parts.extend(there.map(|there| json!({ "name": "present", "valueBoolean": there.contains(&line.item) })));
    parts.extend(line.ground.iter().map(|ground| json!({ "name": "ground", "valueCode": ground })));
    parts.extend(line.refusal.iter().map(|refusal| json!({ "name": "refusal", "valueCode": refusal })));
    let policy = |id: &String| json!({ "name": "policy", "valueUri": format!("{CANONICAL}policy/{id}") });
    parts.extend(line.policies.iter().map(policy));
    parts.extend(line.consents.iter().map(|label| {
        let (id, version) = label.split_once('/').unwrap_or((label, "1"));
        json!({ "name": "consent", "valueReference": { "reference": format!("Consent/{id}/_history/{version}") } })
    }));
    if let Some(reason) = line.reason.and_then(|place| one.decided.reasons.get(place)) {
        parts.push(json!({ "name": "sentence", "valueString": reason.sentence }));
        parts.extend(reason.law.iter().map(|law| json!({ "name": "law", "valueString": law })));
    }
    if line.contested {
        parts.push(json!({ "name": "contested", "valueBoolean": true }));
    }
    json!({ "name": "item", "part": parts })
}
