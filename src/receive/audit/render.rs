//! A journal entry as FHIR AuditEvent (<https://hl7.org/fhir/R4/auditevent.html>, profile `disclosure-event`): in plain words, with
//! no value from any record. The child is named by its key.

use std::collections::BTreeSet;

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::ID;
use crate::domain::{CANONICAL, PartnerId};
use crate::journal::{DecisionLine, Entry, Event};
use crate::receive::party::party;
use crate::route::Directory;

const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";

/// One entry of the journal, as an event; `left` whether anything left after it, where it is a release.
pub(super) fn event(directory: &Directory, number: u64, entry: &Entry, left: bool) -> Value {
    let (code, display, action) = kind(entry.event);
    let mut event = json!({
        "resourceType": "AuditEvent",
        "id": format!("{ID}{number}"),
        "meta": { "profile": [format!("{CANONICAL}StructureDefinition/disclosure-event")] },
        "type": { "system": DICOM, "code": code, "display": display },
        "subtype": [{ "system": format!("{CANONICAL}CodeSystem/disclosure"), "code": entry.event.name() }],
        "action": action,
        "recorded": entry.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "outcome": if entry.event == Event::Failed { "4" } else { "0" },
        "agent": agents(directory, entry),
        "source": { "observer": { "display": "Kith" } },
        "entity": entities(entry, left),
    });
    if let Some(note) = &entry.note {
        event["outcomeDesc"] = json!(note);
    }
    event
}

/// The type of the event in DICOM's words, and what was done (`E`xecute, `R`ead, `U`pdate).
fn kind(event: Event) -> (&'static str, &'static str, &'static str) {
    match event {
        Event::Read | Event::Explained | Event::Viewed | Event::LookedUp => ("110112", "Query", "R"),
        Event::ConsentChanged
        | Event::FlagChanged
        | Event::MatterChanged
        | Event::PlaceChanged
        | Event::NumbersMerged
        | Event::NumbersUnmerged
        | Event::Imported => ("110110", "Patient Record", "U"),
        // Everything else is about what went, or was to go, to somebody.
        _ => ("110106", "Export", "E"),
    }
}

fn agents(directory: &Directory, entry: &Entry) -> Vec<Value> {
    let who = |id: &PartnerId| party(directory, id);
    let agent = |id: &PartnerId, code: &str, display: &str, requestor: bool| {
        json!({
            "type": { "coding": [{ "system": DICOM, "code": code, "display": display }] },
            "who": who(id),
            "requestor": requestor,
        })
    };
    let mut agents = vec![agent(&entry.sender, "110153", "Source Role ID", true)];
    if let Some(recipient) = &entry.recipient {
        let mut to = agent(recipient, "110152", "Destination Role ID", false);
        let lines = || entry.permitted().chain(entry.withheld());
        let policies: BTreeSet<&String> = lines().flat_map(|line| &line.policies).collect();
        if !policies.is_empty() {
            to["policy"] = policies.iter().map(|id| format!("{CANONICAL}policy/{id}")).collect();
        }
        let grounds: BTreeSet<&String> = lines().filter_map(|line| line.ground.as_ref()).collect();
        if !grounds.is_empty() {
            let coded = |ground: &&String| json!({ "coding": [{ "system": format!("{CANONICAL}CodeSystem/ground"), "code": ground }] });
            to["purposeOfUse"] = grounds.iter().map(coded).collect();
        }
        agents.push(to);
    }
    agents
}

fn entities(entry: &Entry, left: bool) -> Vec<Value> {
    let role = |code: &str, display: &str| json!({ "system": ROLE, "code": code, "display": display });
    let child = json!({
        "what": { "identifier": { "system": format!("{CANONICAL}Id/child-key"), "value": entry.child.as_str() } },
        "role": role("1", "Patient"),
    });
    let message = json!({
        "what": { "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{}", entry.message_id) } },
        "role": role("4", "Domain Resource"),
        "detail": details(entry, left),
    });
    let consents: BTreeSet<&String> =
        entry.permitted().chain(entry.withheld()).flat_map(|line| &line.consents).collect();
    let consent = |label: &String| {
        let (id, version) = label.split_once('/').unwrap_or((label, "1"));
        json!({ "what": { "reference": format!("Consent/{id}/_history/{version}") }, "role": role("13", "Security Resource") })
    };
    [child, message].into_iter().chain(consents.into_iter().map(consent)).collect()
}

/// The kind of message, the delivery, and what was released (or only permitted) and withheld of what was there, each with its reason and its law.
fn details(entry: &Entry, left: bool) -> Vec<Value> {
    let detail = |kind: &str, value: String| json!({ "type": kind, "valueString": value });
    let mut details = vec![detail("kind", entry.kind.clone())];
    details.extend(entry.delivery.map(|id| detail("delivery", id.to_string())));
    details.extend(entry.decided.policy_set.iter().map(|digest| detail("policy-set", digest.clone())));
    // What was permitted was told only where something left, and only as far as it was there.
    let word = if left && entry.event.tells() && entry.held.is_some() { "released" } else { "permitted" };
    let permitted: Vec<&DecisionLine> = entry.permitted().collect();
    for (word, of_outcome) in [(word, permitted), ("withheld", entry.withheld().collect())] {
        let reasons: BTreeSet<Option<usize>> = of_outcome.iter().map(|line| line.reason).collect();
        for reason in reasons {
            let items: Vec<&str> = of_outcome
                .iter()
                .filter(|line| line.reason == reason)
                .map(|line| line.item.as_str())
                .collect();
            let why = reason.and_then(|place| entry.decided.reasons.get(place));
            let why = why.map(|why| format!(": {}{}", why.sentence, law(&why.law))).unwrap_or_default();
            details.push(detail(word, format!("{}{why}", items.join(", "))));
        }
    }
    details
}

fn law(law: &[String]) -> String {
    if law.is_empty() { String::new() } else { format!(" ({})", law.join("; ")) }
}
