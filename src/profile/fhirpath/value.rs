//! What expressions work on: elements of a document, and values that were computed (FHIRPath 2.0.0, §4.1).

use std::borrow::Cow;

use rust_decimal::Decimal;
use smallvec::SmallVec;

use super::node::Node;
use super::quantity::Quantity;
use super::temporal::{Precision, Shape, Temporal};

/// A computed value, of one of the System types.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'d> {
    /// `System.Boolean`
    Boolean(bool),
    /// `System.Integer`, which has 32 bits.
    Integer(i32),
    /// `System.Decimal`, exact, with up to 28 digits.
    Decimal(Decimal),
    /// `System.String`
    String(Cow<'d, str>),
    /// `System.Date`, `System.DateTime`, `System.Time`
    Temporal(Temporal),
    /// `System.Quantity`
    Quantity(Quantity<'d>),
    /// What `type()` gives: a namespace and a name.
    Type(&'static str, Cow<'d, str>),
}

/// One item of a collection.
#[derive(Debug, Clone)]
pub enum Item<'d> {
    /// An element of a document.
    Node(Node<'d>),
    /// A computed value.
    Value(Value<'d>),
}

/// What every expression gives: an ordered list, mostly of one item or none.
pub type Collection<'d> = SmallVec<[Item<'d>; 2]>;

impl<'d> Value<'d> {
    /// A literal number: an Integer without a fraction, else a Decimal (§4.1.3, §4.1.4).
    pub(super) fn number(digits: &str) -> Option<Value<'static>> {
        if digits.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return digits.parse().ok().map(Value::Integer);
        }
        decimal(digits).map(Value::Decimal)
    }

    /// The same value without a copy of its text.
    pub(super) fn borrow(&'d self) -> Value<'d> {
        match self {
            Self::String(text) => Value::String(Cow::Borrowed(text.as_ref())),
            Self::Quantity(quantity) => Value::Quantity(quantity.borrow()),
            other => other.clone(),
        }
    }

    /// An Integer or Decimal as a Decimal: the implicit conversion of §5.5.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Integer(number) => Some(Decimal::from(*number)),
            Self::Decimal(number) => Some(*number),
            _ => None,
        }
    }

    /// As a Quantity, where numbers have the unit `'1'` (§5.5).
    pub(super) fn quantity(&self) -> Option<Quantity<'d>> {
        match self {
            Self::Quantity(quantity) => Some(quantity.clone()),
            other => other.decimal().map(Quantity::one),
        }
    }

    /// The name of its System type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "Boolean",
            Self::Integer(_) => "Integer",
            Self::Decimal(_) => "Decimal",
            Self::String(_) => "String",
            Self::Temporal(moment) => match moment.shape {
                Shape::Date => "Date",
                Shape::DateTime => "DateTime",
                Shape::Time => "Time",
            },
            Self::Quantity(_) => "Quantity",
            Self::Type(..) => "TypeInfo",
        }
    }

    /// As `toString()` writes it (§5.5.8); none for what it cannot write.
    pub fn text(&self) -> Option<Cow<'d, str>> {
        Some(match self {
            Self::Boolean(true) => "true".into(),
            Self::Boolean(false) => "false".into(),
            Self::Integer(number) => number.to_string().into(),
            Self::Decimal(number) => number.to_string().into(),
            Self::String(text) => text.clone(),
            Self::Temporal(moment) => moment.to_string().into(),
            Self::Quantity(quantity) => quantity.to_string().into(),
            Self::Type(..) => return None,
        })
    }
}

impl<'d> Item<'d> {
    /// The item's value: its own, or the one that the element holds. `None` for elements that are no primitive, and for
    /// primitives that have extensions only.
    pub fn value(&self) -> Option<Value<'d>> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Node(node) => node.value(),
        }
    }

    /// The text, when it is one.
    pub fn string(&self) -> Option<Cow<'d, str>> {
        match self.value()? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The quantity, when it is one or converts to one implicitly: FHIR's Quantity too (FHIR R4 §2.9.1.3).
    pub(super) fn quantity(&self) -> Option<Quantity<'d>> {
        match self {
            Self::Value(value) => value.quantity(),
            Self::Node(node) => match node.value() {
                Some(value) => value.quantity(),
                None => Quantity::read(node),
            },
        }
    }

    /// As text for `toString()`, `join()` and `&`.
    pub fn text(&self) -> Option<Cow<'d, str>> {
        match self {
            Self::Value(value) => value.text(),
            Self::Node(node) => match node.value() {
                // The text stands in the document as it should be written.
                Some(Value::Temporal(_) | Value::Decimal(_)) => node.text(),
                Some(value) => value.text(),
                None => Quantity::read(node).map(|quantity| quantity.to_string().into()),
            },
        }
    }
}

impl<'d> From<Value<'d>> for Item<'d> {
    fn from(value: Value<'d>) -> Self {
        Self::Value(value)
    }
}

impl<'d> From<bool> for Item<'d> {
    fn from(value: bool) -> Self {
        Self::Value(Value::Boolean(value))
    }
}

/// A collection of one.
pub(super) fn one<'d>(item: impl Into<Item<'d>>) -> Collection<'d> {
    let mut collection = Collection::new();
    collection.push(item.into());
    collection
}

/// A collection of one or none.
pub(super) fn maybe<'d>(item: Option<impl Into<Item<'d>>>) -> Collection<'d> {
    item.map(one).unwrap_or_default()
}

/// A text as a value of a FHIR primitive type; a text that has not its form stays text.
pub(super) fn typed<'d>(type_name: &str, text: Cow<'d, str>) -> Value<'d> {
    let moment = match type_name {
        "date" => Temporal::date(&text),
        "dateTime" | "instant" => {
            Temporal::date_time(&text).filter(|moment| moment.precision >= Precision::Year)
        }
        "time" => Temporal::time(&text),
        _ => None,
    };
    match moment {
        Some(moment) => Value::Temporal(moment),
        None => Value::String(text),
    }
}

/// Exact digits, with an exponent too. `None` when there are more digits than can be kept.
pub(super) fn decimal(digits: &str) -> Option<Decimal> {
    if digits.contains(['e', 'E']) {
        return Decimal::from_scientific(digits).ok();
    }
    Decimal::from_str_exact(digits).ok()
}
