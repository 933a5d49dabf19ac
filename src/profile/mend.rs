//! Corrections that are certain: as JSON Patch for systems (RFC 6902), and applied to a text whose other bytes stay as they are.

mod form;
mod system;

use serde_json::{Value, json};

use crate::json::document::{Document, Id, parse};

pub use form::{in_form, unspaced};
pub use system::{is_well_known, meant};

/// What mends a finding at its node.
#[derive(Debug, Clone, PartialEq)]
pub enum Mend {
    /// Put this value there.
    Value(Value),
    /// Call the member so.
    Name(String),
    /// Take the element away.
    Absent,
}

impl Mend {
    /// A text in place of the node's.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Value(Value::String(text.into()))
    }

    /// As a JSON Patch on the whole document.
    pub fn patch(&self, document: &Document<'_>, node: Id) -> Value {
        let path = document.pointer(node);
        match self {
            Self::Value(value) => json!([{ "op": "replace", "path": path, "value": value }]),
            Self::Absent => json!([{ "op": "remove", "path": path }]),
            Self::Name(name) => {
                let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
                json!([{ "op": "move", "from": path, "path": format!("{parent}/{}", escaped(name)) }])
            }
        }
    }
}

/// A step of a JSON Pointer (RFC 6901).
pub fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// How deep a text may nest whose corrections are applied.
const DEPTH_MAX: usize = 128;

/// The text with a patch of [`Mend::patch`] applied; `None` when it does not fit the text.
pub fn apply(text: &str, patch: &Value) -> Option<String> {
    let document = parse(text, DEPTH_MAX).ok()?;
    let [operation] = patch.as_array()?.as_slice() else { return None };
    let part = |name: &str| operation.get(name).and_then(Value::as_str);
    match part("op")? {
        "replace" => {
            let node = document.at_pointer(part("path")?)?;
            Some(spliced(text, document.value_span(node), &operation.get("value")?.to_string()))
        }
        "move" => {
            let (from, to) = (part("from")?, part("path")?);
            let (old, new) = (from.rsplit_once('/')?, to.rsplit_once('/')?);
            let node = document.at_pointer(from).filter(|_| old.0 == new.0)?;
            let name = new.1.replace("~1", "/").replace("~0", "~");
            let (start, end) = document.key_span(node)?;
            Some(spliced(text, (start, end), &Value::String(name).to_string()))
        }
        "remove" => Some(spliced(text, whole(&document, document.at_pointer(part("path")?)?)?, "")),
        _ => None,
    }
}

fn spliced(text: &str, (start, end): (usize, usize), new: &str) -> String {
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    format!("{before}{new}{after}")
}

/// From the node's beginning to its end, with the comma that goes with it; the root cannot be taken away.
fn whole(document: &Document<'_>, node: Id) -> Option<(usize, usize)> {
    let (parent, before, after) = document.neighbours(node)?;
    let (_, end) = document.value_span(node);
    let start = document.key_span(node).map_or(document.value_span(node).0, |(start, _)| start);
    let begin = |one: Id| document.key_span(one).map_or(document.value_span(one).0, |(start, _)| start);
    Some(match (before, after) {
        (Some(before), _) => (document.value_span(before).1, end),
        (None, Some(after)) => (start, begin(after)),
        (None, None) => {
            let (open, close) = document.value_span(parent);
            (open + 1, close - 1)
        }
    })
}

#[cfg(test)]
mod tests;
