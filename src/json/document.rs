//! JSON text as a flat tree that points into the text: what the validator walks, with the place of every element.
//!
//! Nodes lie in document order; a node knows where its subtree ends, so that siblings are one step apart. Strings are
//! not copied; numbers keep their digits. One pass over the text builds it all (RFC 8259, and no more than that).

mod lines;
mod parser;
mod pointer;

use std::borrow::Cow;

pub use lines::Lines;
pub use parser::{Fault, parse};

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"` without escapes.
    String,
    /// `"…"` with escapes.
    Escaped,
    /// A number.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

/// A node's number in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u32);

#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    /// How many members or items an object or array has, as far as this can say it.
    many: u16,
    /// Where the key's text lies between its quotes; empty for items of arrays and the root.
    key: (u32, u32),
    /// Where the value's text lies; between the quotes for strings.
    span: (u32, u32),
    /// The number of the first node after this one's subtree.
    next: u32,
}

/// A parsed text.
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    /// Whether the name of any member is written with escapes.
    escaped_names: bool,
}

impl<'t> Document<'t> {
    /// The value of the whole text.
    pub fn root(&self) -> Id {
        Id(0)
    }

    /// The text that was parsed.
    pub fn source(&self) -> &'t str {
        self.text
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing, which no parsed text is.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What the node is.
    pub fn kind(&self, id: Id) -> Kind {
        self.node(id).kind
    }

    /// Whether it is a string.
    pub fn is_string(&self, id: Id) -> bool {
        matches!(self.kind(id), Kind::String | Kind::Escaped)
    }

    /// The members of an object or the items of an array, in order.
    pub fn children(&self, id: Id) -> Children<'_, 't> {
        let node = self.node(id);
        let inner = matches!(node.kind, Kind::Object | Kind::Array);
        Children { document: self, at: if inner { id.0 + 1 } else { node.next }, end: node.next }
    }

    /// About how many children there are: as many, unless they are very many.
    pub(super) fn room_for_children(&self, id: Id) -> usize {
        usize::from(self.node(id).many)
    }

    /// The member of that name.
    pub fn child(&self, id: Id, name: &str) -> Option<Id> {
        if self.kind(id) != Kind::Object {
            return None;
        }
        // Most names differ in length, which is seen without looking at them.
        self.children(id).find(|child| {
            let (start, end) = self.node(*child).key;
            (end - start) as usize == name.len() && self.raw_key(*child) == name
        })
    }

    /// A member's name as it stands in the text. FHIR has no names that need escapes, so an escaped one is no known name.
    pub fn raw_key(&self, id: Id) -> &'t str {
        self.slice(self.node(id).key)
    }

    /// The same, escapes undone.
    pub fn name(&self, id: Id) -> Cow<'t, str> {
        let raw = self.raw_key(id);
        let escaped = self.escaped_names && raw.contains('\\');
        if escaped { Cow::Owned(parser::unescape(raw)) } else { Cow::Borrowed(raw) }
    }

    /// A string's text, escapes undone; for other nodes, the text that they are made of.
    pub fn text(&self, id: Id) -> Cow<'t, str> {
        let node = self.node(id);
        let raw = self.slice(node.span);
        match node.kind {
            Kind::Escaped => Cow::Owned(parser::unescape(raw)),
            _ => Cow::Borrowed(raw),
        }
    }

    /// The text that the node is made of, without a string's quotes, escapes not undone.
    pub fn raw(&self, id: Id) -> &'t str {
        self.slice(self.node(id).span)
    }

    /// Line and column of the node, from 1. Counted when asked for: most nodes are right, and nobody asks.
    pub fn position(&self, id: Id) -> (usize, usize) {
        Lines::of(self.text).position(self.offset(id))
    }

    /// The node itself and every node below it, in document order.
    pub fn subtree(&self, id: Id) -> impl Iterator<Item = Id> + use<> {
        (id.0..self.node(id).next).map(Id)
    }

    /// Where the node begins, in bytes.
    pub fn offset(&self, id: Id) -> usize {
        let node = self.node(id);
        let start = if node.key.1 > node.key.0 { node.key.0 - 1 } else { node.span.0 };
        start as usize
    }

    /// Whether two nodes hold the same value; members may stand in any order.
    pub fn equal(&self, left: Id, right: Id) -> bool {
        match (self.kind(left), self.kind(right)) {
            (Kind::Object, Kind::Object) => {
                self.children(left).count() == self.children(right).count()
                    && self.children(left).all(|one| {
                        self.child(right, self.raw_key(one)).is_some_and(|other| self.equal(one, other))
                    })
            }
            (Kind::Array, Kind::Array) => {
                self.children(left).count() == self.children(right).count()
                    && self
                        .children(left)
                        .zip(self.children(right))
                        .all(|(one, other)| self.equal(one, other))
            }
            (Kind::String | Kind::Escaped, Kind::String | Kind::Escaped) => {
                self.text(left) == self.text(right)
            }
            (one, other) => one == other && self.raw(left) == self.raw(right),
        }
    }

    fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn slice(&self, (start, end): (u32, u32)) -> &'t str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// Members or items.
pub struct Children<'d, 't> {
    document: &'d Document<'t>,
    at: u32,
    end: u32,
}

impl Iterator for Children<'_, '_> {
    type Item = Id;

    fn next(&mut self) -> Option<Id> {
        if self.at >= self.end {
            return None;
        }
        let id = Id(self.at);
        self.at = self.document.node(id).next;
        Some(id)
    }
}
