//! Rules that stand on elements of every message, in Rust. A rule is known by its key and its expression together, so
//! that another rule under the same key is never mistaken for it.

mod clinical;
mod conformance;
mod general;

use std::borrow::Cow;

use crate::json::document::{Document, Id, Kind};

/// A rule in Rust: whether it holds at the node.
pub type Native = fn(&View<'_, '_>, Id) -> bool;

/// A rule's key, its expression, and its form in Rust.
type Row = (&'static str, &'static str, Native);

/// The native form of a rule.
pub fn named(key: &str, expression: &str) -> Option<Native> {
    let tables = [general::RULES, clinical::RULES, conformance::RULES];
    let found = tables.iter().flat_map(|table| table.iter()).find(|row| row.0 == key && row.1 == expression);
    found.map(|row| row.2)
}

/// Rules that the walk checks itself, in one place for all elements.
const WALKED: &[(&str, &str)] = &[
    ("ele-1", "hasValue() or (children().count() > id.count())"),
    ("txt-1", "htmlChecks()"),
    ("txt-2", "htmlChecks()"),
    (
        "ref-1",
        "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
    ),
    (
        "bdl-7",
        "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()",
    ),
];

/// Whether the walk itself checks the rule.
pub fn is_walked(key: &str, expression: &str) -> bool {
    WALKED.contains(&(key, expression))
}

/// A document, seen by a rule.
#[derive(Debug, Clone, Copy)]
pub struct View<'d, 't> {
    /// The document.
    pub document: &'d Document<'t>,
    /// The resource that the node is in.
    pub resource: Id,
    /// The resource that contains that one, or itself.
    pub root: Id,
}

impl<'d, 't> View<'d, 't> {
    /// The member of that name, as value.
    pub fn get(&self, node: Id, name: &str) -> Option<Id> {
        self.document.child(node, name)
    }

    /// Whether the element exists, as value or by its extensions.
    pub fn has(&self, node: Id, name: &str) -> bool {
        self.document.kind(node) == Kind::Object
            && self.document.children(node).any(|child| {
                let key = self.document.raw_key(child);
                key == name || key.strip_prefix('_') == Some(name)
            })
    }

    /// Whether a choice element exists.
    pub fn has_choice(&self, node: Id, name: &str) -> bool {
        self.choice(node, name).is_some()
    }

    /// The member of a choice element.
    pub fn choice(&self, node: Id, name: &str) -> Option<Id> {
        self.document.children(node).find(|child| {
            let key = self.document.raw_key(*child);
            let key = key.strip_prefix('_').unwrap_or(key);
            key.strip_prefix(name).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        })
    }

    /// A member's text.
    pub fn text(&self, node: Id, name: &str) -> Option<Cow<'t, str>> {
        self.get(node, name)
            .filter(|child| self.document.is_string(*child))
            .map(|child| self.document.text(child))
    }

    /// A member's number or truth as it is written.
    pub fn raw(&self, node: Id, name: &str) -> Option<&'t str> {
        self.get(node, name).map(|child| self.document.raw(child))
    }

    /// Whether the member is that text.
    pub fn is(&self, node: Id, name: &str, text: &str) -> bool {
        self.text(node, name).is_some_and(|own| own == text)
    }

    /// The items of a list member; a member that is no list is its own item.
    pub fn items(&self, node: Id, name: &str) -> impl Iterator<Item = Id> + use<'d, 't> {
        let member = self.get(node, name);
        let document = self.document;
        let list = member.filter(|one| document.kind(*one) == Kind::Array);
        let single = member.filter(|one| document.kind(*one) != Kind::Array);
        list.into_iter().flat_map(move |one| document.children(one)).chain(single)
    }

    /// Whether a CodeableConcept member has that coding.
    pub fn is_coded(&self, node: Id, name: &str, system: &str, codes: &[&str]) -> bool {
        self.items(node, name).flat_map(|concept| self.items(concept, "coding")).any(|coding| {
            self.is(coding, "system", system)
                && self.text(coding, "code").is_some_and(|code| codes.contains(&&*code))
        })
    }

    /// Whether all texts differ.
    pub fn distinct(texts: impl Iterator<Item = Cow<'t, str>>) -> bool {
        let mut seen = std::collections::HashSet::new();
        texts.into_iter().all(|text| seen.insert(text))
    }
}
