//! An element of a document, and the ways from it to others (FHIR R4 §2.6.2 and §2.9.1: a primitive is a value with, beside
//! it under `_name`, its id and extensions; either may be alone).

mod walk;

use std::borrow::Cow;

use super::value::{Value, decimal, typed};
use crate::json::document::{Document, Id, Kind};

/// An element.
#[derive(Debug, Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document<'d>,
    value: Option<Id>,
    /// What stands under `_name`.
    extra: Option<Id>,
    type_name: &'d str,
}

impl<'d> Node<'d> {
    /// The resource that the document holds.
    pub fn root(document: &'d Document<'d>) -> Self {
        Self::new(document, Some(document.root()), None, "")
    }

    /// An element of the document: its value, what stands under its name with `_` before it, and the name of its type
    /// (for a part of a resource, its path), which may be empty.
    pub fn new(document: &'d Document<'d>, value: Option<Id>, extra: Option<Id>, type_name: &'d str) -> Self {
        let mut node = Self { document, value, extra, type_name };
        if matches!(type_name, "" | "Resource" | "DomainResource")
            && let Some(id) = value
            && let Some(kind) = document.child(id, "resourceType")
        {
            node.type_name = document.raw(kind);
        }
        node
    }

    /// The document it stands in.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// Where its value, or else its extensions, stand in the document.
    pub fn id(&self) -> Option<Id> {
        self.value.or(self.extra)
    }

    /// The name of its type, empty when unknown; for a part of a resource its path.
    pub fn type_name(&self) -> &'d str {
        self.type_name
    }

    /// Whether both are the same element.
    pub fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.value == other.value && self.extra == other.extra
    }

    /// The value's place in the document.
    pub(super) fn value_id(&self) -> Option<Id> {
        self.value
    }

    /// The place of the id and extensions of a primitive.
    pub(super) fn extra_id(&self) -> Option<Id> {
        self.extra
    }

    /// Whether it is a primitive with a value (FHIR R4, `hasValue()`).
    pub fn has_value(&self) -> bool {
        self.value
            .is_some_and(|id| !matches!(self.document.kind(id), Kind::Object | Kind::Array | Kind::Null))
    }

    /// Whether it is a primitive that has extensions and no value.
    pub(super) fn is_bare(&self) -> bool {
        self.extra.is_some() && self.value.is_none_or(|id| self.document.kind(id) == Kind::Null)
    }

    /// The value of a primitive.
    pub fn value(&self) -> Option<Value<'d>> {
        let id = self.value?;
        match self.document.kind(id) {
            Kind::True => Some(Value::Boolean(true)),
            Kind::False => Some(Value::Boolean(false)),
            Kind::Number => {
                let digits = self.document.raw(id);
                match self.type_name {
                    "decimal" => decimal(digits).map(Value::Decimal),
                    _ => Value::number(digits).or_else(|| decimal(digits).map(Value::Decimal)),
                }
            }
            Kind::String | Kind::Escaped => Some(typed(self.type_name, self.document.text(id))),
            Kind::Null | Kind::Object | Kind::Array => None,
        }
    }

    /// The text of a primitive as it stands in the document.
    pub fn text(&self) -> Option<Cow<'d, str>> {
        let id = self.value.filter(|_| self.has_value())?;
        Some(self.document.text(id))
    }

    /// The text of a string without escapes, for quick comparison; `None` for all else.
    pub(super) fn plain_text(&self) -> Option<&'d str> {
        let id = self.value?;
        let is_text = !matches!(self.type_name, "date" | "dateTime" | "instant" | "time");
        (is_text && self.document.kind(id) == Kind::String).then(|| self.document.raw(id))
    }

    /// A member by its name alone.
    pub(super) fn plain(&self, name: &str) -> Option<Node<'d>> {
        let id = self.document.child(self.value?, name)?;
        Some(Self { document: self.document, value: Some(id), extra: None, type_name: "" })
    }
}
