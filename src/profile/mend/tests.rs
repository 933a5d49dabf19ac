//! Patches, and their application to texts.

use serde_json::{Value, json};

use super::*;

fn mended(text: &str, pointer: &str, mend: &Mend) -> Option<String> {
    let document = parse(text, 20).unwrap();
    let patch = mend.patch(&document, document.at_pointer(pointer)?);
    apply(text, &patch)
}

#[test]
fn the_rest_of_the_text_stays_as_it_is() {
    let text = "{ \"a\": [1, {\"b/c\" : \"x\\\"y\"}],\n  \"d\":null }";
    for (pointer, mend, expected) in [
        ("/a/1/b~1c", Mend::text("z"), "{ \"a\": [1, {\"b/c\" : \"z\"}],\n  \"d\":null }"),
        ("/a/0", Mend::Value(json!(2.5)), "{ \"a\": [2.5, {\"b/c\" : \"x\\\"y\"}],\n  \"d\":null }"),
        ("/a/0", Mend::Absent, "{ \"a\": [{\"b/c\" : \"x\\\"y\"}],\n  \"d\":null }"),
        ("/a/1", Mend::Absent, "{ \"a\": [1],\n  \"d\":null }"),
        ("/a/1/b~1c", Mend::Absent, "{ \"a\": [1, {}],\n  \"d\":null }"),
        ("/d", Mend::Name("e\"f".to_owned()), "{ \"a\": [1, {\"b/c\" : \"x\\\"y\"}],\n  \"e\\\"f\":null }"),
        ("/a", Mend::Absent, "{ \"d\":null }"),
        ("/d", Mend::Absent, "{ \"a\": [1, {\"b/c\" : \"x\\\"y\"}] }"),
    ] {
        assert_eq!(mended(text, pointer, &mend).as_deref(), Some(expected), "{pointer} {mend:?}");
    }
}

#[test]
fn what_does_not_fit_the_text_changes_nothing() {
    for patch in [
        json!([]),
        json!([{ "op": "replace", "path": "/x", "value": 1 }]),
        json!([{ "op": "remove", "path": "" }]),
        json!([{ "op": "add", "path": "/a", "value": 1 }]),
        json!([{ "op": "move", "from": "/a", "path": "/b/c" }]),
        json!({ "op": "remove" }),
    ] {
        assert_eq!(apply("{\"a\": 1}", &patch), None, "{patch}");
    }
}

#[test]
fn every_node_is_found_again_by_its_pointer() {
    let text = "{\"a\":[[1,2],{\"b\":{\"c~d\":true}}],\"e\":\"\"}";
    let document = parse(text, 20).unwrap();
    let value: Value = serde_json::from_str(text).unwrap();
    for node in document.subtree(document.root()) {
        let pointer = document.pointer(node);
        assert_eq!(document.at_pointer(&pointer), Some(node), "{pointer}");
        let (start, end) = document.value_span(node);
        let here: Value = serde_json::from_str(&text[start..end]).unwrap();
        assert_eq!(value.pointer(&pointer), Some(&here), "{pointer}");
    }
}
