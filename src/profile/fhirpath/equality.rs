//! Equality, equivalence and order (FHIRPath 2.0.0, §6.1 and §6.2).

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::fault::Fault;
use super::limits::Meter;
use super::sameness::same_tree;
use super::temporal::{Shape, Temporal};
use super::value::{Item, Value};

/// Whether two items are equal: `None` when that cannot be said (§6.1.1).
pub(super) fn equal(left: &Item<'_>, right: &Item<'_>, meter: &mut Meter) -> Result<Option<bool>, Fault> {
    if let (Some(left), Some(right)) = (plain(left), plain(right)) {
        return Ok(Some(left == right));
    }
    match (left.value(), right.value()) {
        (Some(left), Some(right)) => Ok(equal_values(&left, &right)),
        (None, None) => match (left, right) {
            (Item::Node(left), Item::Node(right)) => same_tree(left, right, false, meter).map(Some),
            _ => Ok(Some(false)),
        },
        // FHIR's Quantity beside a computed one.
        _ => Ok(match (left.quantity(), right.quantity()) {
            (Some(left), Some(right)) => left.compare(&right, false).map(Ordering::is_eq),
            _ => Some(false),
        }),
    }
}

/// A text that needs no conversion.
fn plain<'i>(item: &'i Item<'_>) -> Option<&'i str> {
    match item {
        Item::Node(node) => node.plain_text(),
        Item::Value(Value::String(text)) => Some(text),
        Item::Value(_) => None,
    }
}

fn equal_values(left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    use Value as V;
    match (left, right) {
        (V::Boolean(left), V::Boolean(right)) => Some(left == right),
        (V::String(left), V::String(right)) => Some(left == right),
        (V::Temporal(left), V::Temporal(right)) => {
            if (left.shape == Shape::Time) != (right.shape == Shape::Time) {
                return Some(false);
            }
            left.compare(right).map(Ordering::is_eq)
        }
        (V::Quantity(_), _) | (_, V::Quantity(_)) => match (left.quantity(), right.quantity()) {
            (Some(left), Some(right)) => left.compare(&right, false).map(Ordering::is_eq),
            _ => Some(false),
        },
        (V::Type(..), V::Type(..)) => Some(left == right),
        (V::String(text), V::Temporal(moment)) | (V::Temporal(moment), V::String(text)) => {
            read_as(moment, text).map_or(Some(false), |read| read.compare(moment).map(Ordering::is_eq))
        }
        _ => Some(matches!((left.decimal(), right.decimal()), (Some(left), Some(right)) if left == right)),
    }
}

/// A text beside a moment: elements whose types are unknown are texts.
fn read_as(moment: &Temporal, text: &str) -> Option<Temporal> {
    if moment.shape == Shape::Time { Temporal::time(text) } else { Temporal::date_time(text) }
}

/// Whether two items are equivalent (§6.1.3).
pub(super) fn equivalent(left: &Item<'_>, right: &Item<'_>, meter: &mut Meter) -> Result<bool, Fault> {
    match (left.value(), right.value()) {
        (Some(Value::String(left)), Some(Value::String(right))) => {
            meter.charge(left.len() / 16)?;
            Ok(equivalent_texts(&left, &right))
        }
        (Some(left), Some(right)) => Ok(equivalent_values(&left, &right)),
        (None, None) => match (left, right) {
            (Item::Node(left), Item::Node(right)) => same_tree(left, right, true, meter),
            _ => Ok(false),
        },
        _ => Ok(match (left.quantity(), right.quantity()) {
            (Some(left), Some(right)) => equivalent_values(&Value::Quantity(left), &Value::Quantity(right)),
            _ => false,
        }),
    }
}

/// Case does not count, and all blank characters are the same.
pub(super) fn equivalent_texts(left: &str, right: &str) -> bool {
    let normal = |text: &str| text.to_lowercase().replace(char::is_whitespace, " ");
    left == right || normal(left) == normal(right)
}

fn equivalent_values(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Quantity(_), _) | (_, Value::Quantity(_)) => match (left.quantity(), right.quantity()) {
            (Some(left), Some(right)) => {
                left.common(&right, true).is_some_and(|(left, right, _)| equivalent_numbers(left, right))
            }
            _ => false,
        },
        _ => match (left.decimal(), right.decimal()) {
            (Some(left), Some(right)) => equivalent_numbers(left, right),
            _ => equal_values(left, right) == Some(true),
        },
    }
}

/// Both rounded to the digits of the one that has fewer.
pub(super) fn equivalent_numbers(left: Decimal, right: Decimal) -> bool {
    let digits = left.normalize().scale().min(right.normalize().scale());
    left.round_dp(digits) == right.round_dp(digits)
}

/// Which is greater (§6.2). `Err` when their types cannot be compared.
pub(super) fn order(left: &Item<'_>, right: &Item<'_>) -> Result<Option<Ordering>, Fault> {
    use Value as V;
    let unlike = || Err(Fault::execution("These two values are of types that have no common order."));
    // What has only extensions is as good as not there.
    let is_bare = |item: &Item<'_>| matches!(item, Item::Node(node) if node.is_bare());
    if is_bare(left) || is_bare(right) {
        return Ok(None);
    }
    match (left.value(), right.value()) {
        (Some(left), Some(right)) => match (&left, &right) {
            (V::String(left), V::String(right)) => Ok(Some(left.cmp(right))),
            (V::Temporal(left), V::Temporal(right)) => {
                if (left.shape == Shape::Time) != (right.shape == Shape::Time) {
                    return unlike();
                }
                Ok(left.compare(right))
            }
            (V::String(text), V::Temporal(moment)) => match read_as(moment, text) {
                Some(read) => Ok(read.compare(moment)),
                None => unlike(),
            },
            (V::Temporal(moment), V::String(text)) => match read_as(moment, text) {
                Some(read) => Ok(moment.compare(&read)),
                None => unlike(),
            },
            (V::Quantity(_), _) | (_, V::Quantity(_)) => match (left.quantity(), right.quantity()) {
                (Some(left), Some(right)) => Ok(left.compare(&right, false)),
                _ => unlike(),
            },
            _ => match (left.decimal(), right.decimal()) {
                (Some(left), Some(right)) => Ok(Some(left.cmp(&right))),
                _ => unlike(),
            },
        },
        _ => match (left.quantity(), right.quantity()) {
            (Some(left), Some(right)) => Ok(left.compare(&right, false)),
            _ => unlike(),
        },
    }
}

/// Whether two collections are equal, item by item.
pub(super) fn equal_lists(
    left: &[Item<'_>],
    right: &[Item<'_>],
    meter: &mut Meter,
) -> Result<Option<bool>, Fault> {
    if left.is_empty() || right.is_empty() {
        return Ok(None);
    }
    if left.len() != right.len() {
        return Ok(Some(false));
    }
    let mut whole = Some(true);
    meter.charge(left.len())?;
    for (left, right) in left.iter().zip(right) {
        match equal(left, right, meter)? {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => whole = None,
        }
    }
    Ok(whole)
}

/// Whether two collections are equivalent, in any order.
pub(super) fn equivalent_lists(
    left: &[Item<'_>],
    right: &[Item<'_>],
    meter: &mut Meter,
) -> Result<bool, Fault> {
    if left.len() != right.len() {
        return Ok(false);
    }
    let mut taken = vec![false; right.len()];
    // Most lists are in the same order, so each search begins where it will probably end.
    for (place, item) in left.iter().enumerate() {
        let mut found = false;
        for offset in 0..right.len() {
            let at = (place + offset) % right.len();
            let (Some(used), Some(other)) = (taken.get_mut(at), right.get(at)) else { continue };
            meter.charge(1)?;
            if !*used && equivalent(item, other, meter)? {
                *used = true;
                found = true;
                break;
            }
        }
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}
