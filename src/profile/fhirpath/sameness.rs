//! Whether whole elements are the same, and sets of items in linear time.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use smallvec::SmallVec;

use super::equality::{equal, equivalent_numbers, equivalent_texts};
use super::fault::Fault;
use super::limits::Meter;
use super::node::Node;
use super::quantity::Unit;
use super::temporal::Shape;
use super::value::{Item, Value, decimal};
use crate::json::document::{Document, Id, Kind};

/// Whether two elements have the same content below them; `loose` as equivalence has it.
pub(super) fn same_tree(
    left: &Node<'_>,
    right: &Node<'_>,
    loose: bool,
    meter: &mut Meter,
) -> Result<bool, Fault> {
    if left.is(right) {
        return Ok(true);
    }
    let mut pair = Pair { left: left.document(), right: right.document(), loose, meter };
    Ok(pair.same_maybe(left.value_id(), right.value_id())?
        && pair.same_maybe(left.extra_id(), right.extra_id())?)
}

struct Pair<'p, 'd, 'e> {
    left: &'p Document<'d>,
    right: &'p Document<'e>,
    loose: bool,
    meter: &'p mut Meter,
}

impl Pair<'_, '_, '_> {
    fn same_maybe(&mut self, left: Option<Id>, right: Option<Id>) -> Result<bool, Fault> {
        match (left, right) {
            (Some(left), Some(right)) => self.same(left, right),
            (None, None) => Ok(true),
            _ => Ok(false),
        }
    }

    fn same(&mut self, left: Id, right: Id) -> Result<bool, Fault> {
        self.meter.charge(1)?;
        match (self.left.kind(left), self.right.kind(right)) {
            (Kind::Object, Kind::Object) => self.same_objects(left, right),
            (Kind::Array, Kind::Array) => {
                let (left_document, right_document) = (self.left, self.right);
                let (mut left, mut right) = (left_document.children(left), right_document.children(right));
                loop {
                    match (left.next(), right.next()) {
                        (Some(left), Some(right)) if self.same(left, right)? => {}
                        (None, None) => return Ok(true),
                        _ => return Ok(false),
                    }
                }
            }
            (Kind::Number, Kind::Number) => {
                let (left, right) = (self.left.raw(left), self.right.raw(right));
                Ok(left == right
                    || match (decimal(left), decimal(right)) {
                        (Some(left), Some(right)) => {
                            left == right || (self.loose && equivalent_numbers(left, right))
                        }
                        _ => false,
                    })
            }
            (Kind::String | Kind::Escaped, Kind::String | Kind::Escaped) => {
                let (left, right) = (self.left.text(left), self.right.text(right));
                self.meter.charge(left.len() / 16)?;
                Ok(left == right || (self.loose && equivalent_texts(&left, &right)))
            }
            (left, right) => Ok(left == right),
        }
    }

    /// The order of members does not count.
    fn same_objects(&mut self, left: Id, right: Id) -> Result<bool, Fault> {
        let (one, other) = (self.left, self.right);
        let is_element = |key: &str| key != "fhir_comments";
        let count = one.children(left).filter(|id| is_element(one.raw_key(*id))).count();
        if count != other.children(right).filter(|id| is_element(other.raw_key(*id))).count() {
            return Ok(false);
        }
        let mut beside = other.children(right);
        for member in one.children(left).filter(|id| is_element(one.raw_key(*id))) {
            let key = one.raw_key(member);
            // Mostly both have their members in the same order.
            let next = beside.next().filter(|id| other.raw_key(*id) == key);
            let partner = match next {
                Some(id) => Some(id),
                None => {
                    self.meter.charge(count)?;
                    other.child(right, key)
                }
            };
            match partner {
                Some(partner) if self.same(member, partner)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }
}

/// How many items are compared with each other before they are told apart by their digests.
const FEW: usize = 8;

/// Items of which no two are equal.
#[derive(Default)]
pub(super) struct Set<'s, 'd> {
    items: SmallVec<[&'s Item<'d>; FEW]>,
    places: HashMap<u64, SmallVec<[u32; 1]>>,
}

impl<'s, 'd> Set<'s, 'd> {
    /// The set of these items.
    pub(super) fn of(items: &'s [Item<'d>], meter: &mut Meter) -> Result<Self, Fault> {
        let mut set = Self::default();
        for item in items {
            set.insert(item, meter)?;
        }
        Ok(set)
    }

    /// Adds an item; whether it was not there yet.
    pub(super) fn insert(&mut self, item: &'s Item<'d>, meter: &mut Meter) -> Result<bool, Fault> {
        if self.contains(item, meter)? {
            return Ok(false);
        }
        if self.items.len() == FEW {
            for (place, old) in self.items.iter().enumerate() {
                self.places.entry(digest(old)).or_default().push(place as u32);
            }
        }
        if self.items.len() >= FEW {
            self.places.entry(digest(item)).or_default().push(self.items.len() as u32);
        }
        self.items.push(item);
        Ok(true)
    }

    /// Whether an equal item is there.
    pub(super) fn contains(&self, item: &Item<'d>, meter: &mut Meter) -> Result<bool, Fault> {
        meter.charge(1)?;
        if self.items.len() <= FEW {
            return any_equal(self.items.iter().copied(), item, meter);
        }
        let places = self.places.get(&digest(item));
        let alike = places.into_iter().flatten().filter_map(|place| self.items.get(*place as usize).copied());
        any_equal(alike, item, meter)
    }
}

fn any_equal<'s, 'd: 's>(
    items: impl Iterator<Item = &'s Item<'d>>,
    item: &Item<'d>,
    meter: &mut Meter,
) -> Result<bool, Fault> {
    for other in items {
        meter.charge(1)?;
        if equal(other, item, meter)? == Some(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A number that equal items share.
fn digest(item: &Item<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    match item.value() {
        Some(Value::String(text)) => text.hash(&mut hasher),
        Some(Value::Boolean(value)) => value.hash(&mut hasher),
        Some(Value::Temporal(moment)) => (moment.shape == Shape::Time).hash(&mut hasher),
        Some(Value::Quantity(quantity)) => match &quantity.unit {
            Unit::Ucum(code) if code == "1" => quantity.value.normalize().hash(&mut hasher),
            // The same length may be given in many units.
            _ => 1_u8.hash(&mut hasher),
        },
        Some(Value::Type(_, name)) => name.hash(&mut hasher),
        Some(number) => number.decimal().map(|number| number.normalize()).hash(&mut hasher),
        None => {
            if let Item::Node(node) = item {
                let parts = [node.value_id(), node.extra_id()];
                return parts.into_iter().flatten().fold(0, |sum, id| sum ^ digest_tree(node.document(), id));
            }
        }
    }
    hasher.finish()
}

/// The sum over an object's members does not depend on their order.
fn digest_tree(document: &Document<'_>, id: Id) -> u64 {
    let mut hasher = DefaultHasher::new();
    match document.kind(id) {
        Kind::Object => {
            let members = document.children(id).filter(|id| document.raw_key(*id) != "fhir_comments");
            return members.fold(1, |sum: u64, member| {
                let mut hasher = DefaultHasher::new();
                document.raw_key(member).hash(&mut hasher);
                digest_tree(document, member).hash(&mut hasher);
                sum.wrapping_add(hasher.finish())
            });
        }
        Kind::Array => document.children(id).for_each(|item| digest_tree(document, item).hash(&mut hasher)),
        Kind::Number => decimal(document.raw(id)).map(|number| number.normalize()).hash(&mut hasher),
        Kind::String | Kind::Escaped => document.text(id).hash(&mut hasher),
        other => (other as u8).hash(&mut hasher),
    }
    hasher.finish()
}
