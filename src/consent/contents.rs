//! What information holds, resource by resource, as far as a provision of a Consent can be limited to some of it.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::london::span;
use super::rule::{codings, list};
use super::weighed::Weighed;
use crate::domain::Item;
use crate::message::{Bounds, Piece};

/// What is known of the information that is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Contents<'a> {
    /// Nothing: a refusal of some data may mean it, an agreement to some data does not count.
    Unknown,
    /// Nothing yet, and it will be decided again when it is known: as if every limit spoke for it.
    Awaited,
    /// Nothing any more, but what limits said of it when it was told. Of other limits it is as if nothing had ever been known.
    Told(&'a Weighed),
    /// These resources.
    Known(&'a [Piece]),
}

/// A resource that was found in a message or an answer.
#[derive(Debug)]
pub struct Held<'a> {
    /// Its address, where it has one.
    pub url: &'a str,
    /// The resource.
    pub resource: &'a Value,
    /// The items of which it says something.
    pub items: BTreeSet<Item>,
}

/// The pieces of what was found. `message` is the message that held it, with its time: a Consent can name it as a whole, and what it says of
/// people and organisations is of that time.
pub fn pieces(held: &[Held<'_>], message: Option<Uuid>, at: DateTime<Utc>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = held.iter().map(piece).collect();
    let named =
        |piece: &Piece| piece.names.iter().map(|name| Some((name.clone(), piece.when?))).collect::<Vec<_>>();
    let times: HashMap<String, Bounds> = pieces.iter().flat_map(named).flatten().collect();
    for (piece, held) in pieces.iter_mut().zip(held) {
        piece.names.extend(message.map(|id| format!("urn:uuid:{id}")));
        let visit = held.resource["encounter"]["reference"].as_str();
        let timeless = held.resource["resourceType"].as_str().is_some_and(|kind| TIMELESS.contains(&kind));
        let of_message = timeless.then_some(Bounds { from: Some(at), until: Some(at) });
        piece.when = piece.when.or_else(|| times.get(visit?).copied()).or(of_message);
    }
    pieces
}

fn piece(held: &Held<'_>) -> Piece {
    let resource = held.resource;
    let text = |key: &str| resource[key].as_str();
    let mut piece = Piece {
        items: held.items.clone(),
        names: BTreeSet::new(),
        refers: BTreeSet::new(),
        codings: BTreeSet::new(),
        labels: codings(&resource["meta"]["security"]).map(owned).collect(),
        when: own_time(resource),
    };
    piece.names.extend((!held.url.is_empty()).then(|| held.url.to_owned()));
    piece.names.extend(list(&resource["identifier"]).filter_map(identifier));
    for (_, value) in resource.as_object().into_iter().flatten().filter(|(key, _)| *key != "meta") {
        look(value, &mut piece);
    }
    if let (Some(kind), Some(id)) = (text("resourceType"), text("id")) {
        let own = format!("{kind}/{id}");
        // What it refers to below its own base has that base (<https://hl7.org/fhir/R4/bundle.html#references>).
        if let Some(base) = held.url.strip_suffix(&own) {
            let below = |target: &&String| !target.contains([':', '#', '|']);
            let whole: Vec<String> =
                piece.refers.iter().filter(below).map(|target| format!("{base}{target}")).collect();
            piece.refers.extend(whole);
        }
        piece.names.insert(own);
    }
    piece
}

/// Takes up the codings and references in an element.
fn look(value: &Value, piece: &mut Piece) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| look(item, piece)),
        Value::Object(element) => {
            if let Some(code) = value["code"].as_str() {
                piece.codings.insert(owned((value["system"].as_str().unwrap_or_default(), code)));
            }
            piece.refers.extend(value["reference"].as_str().map(str::to_owned));
            // An identifier inside an element is that of somebody else; the resource's own is a list at its root.
            piece.refers.extend(identifier(&value["identifier"]));
            element.values().for_each(|inner| look(inner, piece));
        }
        _ => {}
    }
}

/// What is known of people, organisations and places is so when it is sent.
const TIMELESS: [&str; 9] = [
    "Patient",
    "RelatedPerson",
    "Person",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "Location",
    "HealthcareService",
    "MessageHeader",
];
/// Elements that say of when the information is, and, where there are none of them, when it was written down.
const SPOKEN_OF: [&str; 11] = [
    "effectiveDateTime",
    "effectiveInstant",
    "effectivePeriod",
    "onsetDateTime",
    "onsetPeriod",
    "performedDateTime",
    "performedPeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
    "period",
    "start",
];
const WRITTEN: [&str; 8] =
    ["authored", "authoredOn", "date", "dateTime", "recordedDate", "recorded", "issued", "created"];

/// The time that a resource gives itself: all that its elements speak of, or else when it was written down.
fn own_time(resource: &Value) -> Option<Bounds> {
    let all =
        |keys: &[&str]| keys.iter().filter_map(|key| bounds(resource, &resource[*key])).reduce(Bounds::and);
    all(&SPOKEN_OF).or_else(|| all(&WRITTEN))
}

/// A date, dateTime or Period. A visit without an end ended on the day on which it began; anything else goes on.
fn bounds(resource: &Value, value: &Value) -> Option<Bounds> {
    if let Some(text) = value.as_str() {
        return span(text).map(|span| Bounds { from: Some(span.from), until: Some(span.until) });
    }
    let start = value["start"].as_str().and_then(span);
    let end = value["end"].as_str().and_then(span);
    let visit = start.filter(|_| resource["resourceType"] == "Encounter");
    let until = end.or(visit).map(|span| span.until);
    (start.is_some() || end.is_some()).then_some(Bounds { from: start.map(|span| span.from), until })
}

fn owned((system, code): (&str, &str)) -> (String, String) {
    (system.to_owned(), code.to_owned())
}

/// An Identifier as `system|value`.
pub(super) fn identifier(value: &Value) -> Option<String> {
    Some(format!("{}|{}", value["system"].as_str()?, value["value"].as_str()?))
}
