//! The message around the resources: Bundle, MessageHeader, addresses (<https://hl7.org/fhir/R4/messaging.html>).

use chrono::{DateTime, Utc};
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use uuid::Uuid;

use super::language::Mapping;
use super::to_fhir::Place;
use crate::domain::{CANONICAL, Ground, ODS_SYSTEM, OdsCode};
use crate::json::{Members, Tree};

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
    pub fn of_record(kind: &str, record: &Tree<'_>) -> Self {
        let name = format!("{CANONICAL}record/{kind}/{record}");
        Self { message_id: named(Uuid::NAMESPACE_URL, &name), at: None, ground: None, sender: None }
    }
}

/// The address of a resource within its message.
pub(super) fn full_url(mapping: &Mapping, place: Place, envelope: &Envelope) -> String {
    let section = &mapping.sections[place.0];
    if section.resource == "MessageHeader" {
        return format!("urn:uuid:{}", envelope.message_id);
    }
    let name = format!("{}/{}", section.name, place.1);
    format!("urn:uuid:{}", named(envelope.message_id, &name))
}

/// The id of that name within a namespace: `Uuid::new_v5` by a hash that is several times as fast.
fn named(namespace: Uuid, name: &str) -> Uuid {
    let mut hash = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    hash.update(namespace.as_bytes());
    hash.update(name.as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finish().as_ref()).for_each(|(byte, hashed)| *byte = *hashed);
    uuid::Builder::from_sha1_bytes(bytes).into_uuid()
}

/// A resource of a message, and its address there.
pub(super) struct Made<'t> {
    pub(super) place: Place,
    pub(super) url: String,
    pub(super) resource: Tree<'t>,
}

/// The message Bundle of the resources: header first, then in the order of the page.
pub(super) fn bundle<'t>(
    mapping: &'t Mapping,
    record: &'t Tree<'t>,
    envelope: &Envelope,
    mut resources: Vec<Made<'t>>,
) -> Tree<'t> {
    let focus = mapping.focus.as_deref().unwrap_or("child");
    let focus = resources.iter().find(|made| mapping.sections[made.place.0].name == focus);
    let focus = focus.map(|made| made.url.clone());
    let mut header = header(mapping, record, envelope, focus);
    let mut entries = Vec::with_capacity(resources.len());
    // Sections that divide a list among them stand in the list's order: it is how a reader knows it.
    if mapping.sections.iter().any(|section| section.choice.is_some()) {
        resources.sort_by_key(|made| (mapping.family(made.place.0), made.place.1));
    }
    for Made { place, url, resource } in resources {
        if mapping.sections[place.0].resource == "MessageHeader" {
            merge(&mut header, resource);
        } else {
            entries.push(entry(url, resource));
        }
    }
    // The ground is for Kith to state, whatever the sender claimed; the sender's own words stay where they are permitted.
    if let (Some((ground, reason)), Tree::Object(members)) = (&envelope.ground, &mut header) {
        let reason = members
            .get("reason")
            .and_then(|claimed| claimed.get("text"))
            .cloned()
            .unwrap_or_else(|| owned(reason));
        let system = Tree::text(format!("{CANONICAL}CodeSystem/ground"));
        let coding = Tree::object([("system", system), ("code", Tree::text(ground.name()))]);
        *members.place("reason") = Tree::object([("coding", Tree::List(vec![coding])), ("text", reason)]);
    }
    entries.insert(0, entry(format!("urn:uuid:{}", envelope.message_id), header));
    let mut bundle = Members::default();
    *bundle.place("resourceType") = Tree::text("Bundle");
    *bundle.place("type") = Tree::text("message");
    if let Some(at) = envelope.at {
        *bundle.place("timestamp") = Tree::text(at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    }
    *bundle.place("entry") = Tree::List(entries);
    Tree::Object(bundle)
}

fn entry<'t>(url: String, resource: Tree<'t>) -> Tree<'t> {
    Tree::object([("fullUrl", Tree::text(url)), ("resource", resource)])
}

fn owned<'t>(text: &str) -> Tree<'t> {
    Tree::text(text.to_owned())
}

/// Id, event, source and focus: what Kith itself says in every MessageHeader.
fn header<'t>(
    mapping: &'t Mapping,
    record: &'t Tree<'t>,
    envelope: &Envelope,
    focus: Option<String>,
) -> Tree<'t> {
    let named = mapping
        .sender
        .as_ref()
        .and_then(|path| path.read(record, &[]).first().and_then(|(_, code)| code.as_str()));
    let code = named.or(envelope.sender.as_ref().map(|(code, _)| code.as_str()));
    let endpoint = code
        .map_or_else(|| format!("urn:uuid:{}", envelope.message_id), |code| format!("{ODS_ENDPOINT}{code}"));
    let endpoint = ("endpoint", Tree::text(endpoint));
    let event = [("system", Tree::text(&mapping.event.0)), ("code", Tree::text(&mapping.event.1))];
    let mut header = Members::default();
    *header.place("resourceType") = Tree::text("MessageHeader");
    *header.place("id") = Tree::text(envelope.message_id.to_string());
    *header.place("eventCoding") = Tree::object(event);
    if let Some((sender, name)) = &envelope.sender {
        let identifier = [("system", Tree::text(ODS_SYSTEM)), ("value", owned(sender.as_str()))];
        *header.place("source") = Tree::object([("name", owned(name)), endpoint]);
        *header.place("sender") =
            Tree::object([("identifier", Tree::object(identifier)), ("display", owned(name))]);
    } else {
        *header.place("source") = Tree::object([endpoint]);
    }
    if let Some(focus) = focus {
        *header.place("focus") = Tree::List(vec![Tree::object([("reference", Tree::text(focus))])]);
    }
    Tree::Object(header)
}

/// How an organisation is addressed in `MessageHeader.source.endpoint` (Digital Child Health).
pub const ODS_ENDPOINT: &str = "urn:nhs-uk:addressing:ods:";

/// Lays `over` over `under`: objects are merged, everything else is replaced.
fn merge<'t>(under: &mut Tree<'t>, over: Tree<'t>) {
    match (under, over) {
        (Tree::Object(under), Tree::Object(over)) => {
            for (name, value) in over {
                merge(under.place(name), value);
            }
        }
        (under, over) => *under = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_by_name_are_those_of_rfc_9562() {
        for name in ["", "child/0", "https://kith.example/fhir/record/ä"] {
            assert_eq!(named(Uuid::NAMESPACE_URL, name), Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()));
        }
    }
}
