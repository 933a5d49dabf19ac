//! What a parsed text says, as a value or as a tree.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::document::{Document, Id, Kind};
use super::tree::{Members, Tree};

/// The value of a node, of a text in which no member stands twice.
pub(super) fn value(document: &Document<'_>, id: Id) -> Value {
    match document.kind(id) {
        Kind::Null => Value::Null,
        Kind::True => Value::Bool(true),
        Kind::False => Value::Bool(false),
        // The parser let it pass, so it is a number.
        Kind::Number => document.raw(id).parse().map_or(Value::Null, Value::Number),
        Kind::String | Kind::Escaped => Value::String(document.text(id).into_owned()),
        Kind::Array => Value::Array(document.children(id).map(|item| value(document, item)).collect()),
        Kind::Object => {
            let mut object = Map::with_capacity(document.room_for_children(id));
            for member in document.children(id) {
                object.insert(document.name(member).into_owned(), value(document, member));
            }
            Value::Object(object)
        }
    }
}

/// The tree of a node, likewise.
pub(super) fn tree<'t>(document: &Document<'t>, id: Id) -> Tree<'t> {
    match document.kind(id) {
        Kind::Null => Tree::Null,
        Kind::True => Tree::Bool(true),
        Kind::False => Tree::Bool(false),
        Kind::Number => Tree::Number(digits(document.raw(id))),
        Kind::String | Kind::Escaped => Tree::Text(document.text(id)),
        Kind::Array => {
            let mut list = Vec::with_capacity(document.room_for_children(id));
            list.extend(document.children(id).map(|item| tree(document, item)));
            Tree::List(list)
        }
        Kind::Object => {
            let mut members = Members::with_capacity(document.room_for_children(id));
            for member in document.children(id) {
                members.push(document.name(member), tree(document, member));
            }
            Tree::Object(members)
        }
    }
}

/// Exponents and a zero with a sign are written as `serde_json` writes them, so that both readings say the same.
fn digits(raw: &str) -> Cow<'_, str> {
    if raw.contains(['e', 'E']) || raw == "-0" {
        let number = raw.parse::<Number>();
        return number.map_or(Cow::Borrowed(raw), |number| Cow::Owned(number.to_string()));
    }
    Cow::Borrowed(raw)
}
