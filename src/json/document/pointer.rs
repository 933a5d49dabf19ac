//! Nodes by JSON Pointer (RFC 6901), and where they and their names lie in the text.

use super::{Document, Id, Kind};

impl Document<'_> {
    /// The pointer to a node. Nodes do not know their parents, so it is looked for from the root: for the few nodes that
    /// something is said of.
    pub fn pointer(&self, node: Id) -> String {
        let mut pointer = String::new();
        let mut at = self.root();
        while at != node {
            let found = self.children(at).enumerate().find(|(_, child)| self.holds(*child, node));
            let Some((index, child)) = found else { break };
            pointer.push('/');
            match self.kind(at) {
                Kind::Array => pointer.push_str(&index.to_string()),
                _ => pointer.push_str(&self.name(child).replace('~', "~0").replace('/', "~1")),
            }
            at = child;
        }
        pointer
    }

    /// The node at a pointer.
    pub fn at_pointer(&self, pointer: &str) -> Option<Id> {
        let mut at = self.root();
        let mut steps = pointer.split('/');
        if steps.next() != Some("") {
            return None;
        }
        for step in steps {
            at = match self.kind(at) {
                Kind::Array => self.children(at).nth(step.parse().ok()?)?,
                _ => {
                    let name = step.replace("~1", "/").replace("~0", "~");
                    self.children(at).find(|child| self.name(*child) == name)?
                }
            };
        }
        Some(at)
    }

    /// Where a node's value lies, a string's quotes included.
    pub fn value_span(&self, id: Id) -> (usize, usize) {
        let (start, end) = self.node(id).span;
        let quotes = u32::from(self.is_string(id));
        ((start - quotes) as usize, (end + quotes) as usize)
    }

    /// Where a member's name lies, quotes included; items of lists and the root have none.
    pub fn key_span(&self, id: Id) -> Option<(usize, usize)> {
        let (start, end) = self.node(id).key;
        (end > start).then(|| ((start - 1) as usize, (end + 1) as usize))
    }

    /// The node around this one, and those before and after it; the root has none.
    pub fn neighbours(&self, id: Id) -> Option<(Id, Option<Id>, Option<Id>)> {
        let mut at = self.root();
        if at == id {
            return None;
        }
        loop {
            let mut before = None;
            let mut children = self.children(at);
            let child = loop {
                let child = children.next()?;
                if self.holds(child, id) {
                    break child;
                }
                before = Some(child);
            };
            if child == id {
                return Some((at, before, children.next()));
            }
            at = child;
        }
    }

    /// Whether a node is another, or lies within it.
    pub fn holds(&self, outer: Id, inner: Id) -> bool {
        (outer.0..self.node(outer).next).contains(&inner.0)
    }
}
