//! Bundles: addresses, links, and what must be in them.

use serde_json::{Value, json};

use super::core::errors;

fn bundle(kind: &str, entries: Value) -> Value {
    json!({
        "resourceType": "Bundle", "type": kind, "entry": entries, "timestamp": "2020-01-01T00:00:00Z",
        "identifier": { "system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3" }
    })
}

fn patient(url: &str) -> Value {
    json!({ "fullUrl": url, "resource": { "resourceType": "Patient", "id": "1", "active": true } })
}

#[test]
fn entries_have_the_address_of_what_they_hold() {
    let without = json!([{ "resource": { "resourceType": "Patient", "id": "1", "active": true } }]);
    assert_eq!(errors(&bundle("collection", without), &[]), ["Bundle.entry[0]"]);
    let nameless = json!([{ "fullUrl": "http://x.test/Patient/1", "resource": { "resourceType": "Patient", "active": true } }]);
    assert_eq!(errors(&bundle("collection", nameless), &[]), ["Bundle.entry[0]"]);
    assert_eq!(errors(&bundle("collection", json!([patient("http://x.test/Patient/1")])), &[]), [""; 0]);
    let elsewhere =
        |url: &str| json!([{ "fullUrl": url, "resource": { "resourceType": "Patient", "active": true } }]);
    let only_here = elsewhere("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0");
    assert_eq!(errors(&bundle("collection", only_here), &[]), [""; 0]);
    assert_eq!(errors(&bundle("collection", elsewhere("http://x.test/a?b")), &[]), ["Bundle.entry[0]"]);
}

#[test]
fn documents_and_messages_are_whole() {
    let composition = |subject: &str| {
        json!({ "fullUrl": "http://x.test/Composition/c", "resource": {
            "resourceType": "Composition", "id": "c", "status": "final", "type": { "text": "a" }, "date": "2020",
            "author": [{ "display": "a" }], "title": "a", "subject": { "reference": subject },
            "section": [{ "title": "a", "entry": [{ "reference": "Patient/1" }] }]
        }})
    };
    let patient = patient("http://x.test/Patient/1");
    assert_eq!(errors(&bundle("document", json!([composition("Patient/1"), patient.clone()])), &[]), [""; 0]);
    assert_eq!(
        errors(&bundle("document", json!([composition("Patient/2"), patient.clone()])), &[]),
        ["Bundle.entry[0].resource.subject"]
    );
    let header = json!({ "fullUrl": "http://x.test/MessageHeader/m", "resource": {
        "resourceType": "MessageHeader", "id": "m", "eventUri": "http://x.test/e",
        "source": { "endpoint": "http://x.test/s" },
        "focus": [{ "reference": "Patient/1" }, { "reference": "Patient/2" }]
    }});
    assert_eq!(
        errors(&bundle("message", json!([header, patient])), &[]),
        ["Bundle.entry[0].resource.focus[1]"]
    );
}

#[test]
fn pages_and_matches_are_those_of_a_search() {
    let mut entry = patient("http://x.test/Patient/1");
    entry["search"] = json!({ "mode": "match" });
    let mut found = bundle("searchset", json!([entry]));
    for (url, expected) in [
        ("http://x.test/Patient?name=a", vec![]),
        ("http://x.test/?_type=Group,Patient", vec![]),
        ("http://x.test/Group?name=a", vec!["Bundle.entry[0].resource"]),
    ] {
        found["link"] = json!([{ "relation": "self", "url": url }, { "relation": "next", "url": url }]);
        assert_eq!(errors(&found, &[]), expected, "{url}");
    }
    let mut all = bundle("collection", json!([patient("http://x.test/Patient/1")]));
    all["link"] = json!([{ "relation": "next", "url": "http://x.test/n" }]);
    assert_eq!(errors(&all, &[]), ["Bundle.link[0]"]);
    let empty =
        bundle("searchset", json!([{ "fullUrl": "http://x.test/Patient/1", "search": { "mode": "match" } }]));
    assert_eq!(errors(&empty, &[])[0], "Bundle.entry[0]");
}

#[test]
fn what_is_in_a_document_belongs_to_it() {
    let first = json!({ "fullUrl": "http://x.test/Composition/c", "resource": {
        "resourceType": "Composition", "id": "c", "status": "final", "type": { "text": "a" }, "date": "2020",
        "author": [{ "display": "a" }], "title": "a", "subject": { "reference": "Patient/1" }
    }});
    let about = |subject: &str| {
        json!({ "fullUrl": "http://x.test/Flag/f", "resource": {
            "resourceType": "Flag", "id": "f", "status": "active", "code": { "text": "a" },
            "subject": { "reference": subject }
        }})
    };
    let of =
        |flag: Value| bundle("document", json!([first.clone(), patient("http://x.test/Patient/1"), flag]));
    assert_eq!(errors(&of(about("Patient/1")), &[]), [""; 0], "it leads to what is in the document");
    assert_eq!(errors(&of(about("http://elsewhere.test/Patient/2")), &[]), ["Bundle.entry[2]"]);
    let mut styled = of(about("Patient/1"));
    styled["link"] = json!([{ "relation": "stylesheet", "url": "Binary/css" }]);
    assert_eq!(errors(&styled, &[]), ["Bundle.link[0]"]);
    styled["link"][0]["url"] = json!("https://x.test/document.css");
    assert_eq!(errors(&styled, &[]), [""; 0]);
}
