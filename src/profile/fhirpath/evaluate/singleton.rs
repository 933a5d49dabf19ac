//! Collections where one item is expected (FHIRPath 2.0.0, §4.5).

use std::borrow::Cow;

use super::super::fault::Fault;
use super::super::value::{Item, Value};

/// The one item, or none; more are an error (§4.5).
pub(super) fn single<'i, 'd>(items: &'i [Item<'d>]) -> Result<Option<&'i Item<'d>>, Fault> {
    match items {
        [] => Ok(None),
        [item] => Ok(Some(item)),
        _ => Err(Fault::execution(format!("One item is expected here, not {}.", items.len()))),
    }
}

/// What a collection says as a truth.
pub(super) fn truth(items: &[Item<'_>]) -> Result<Option<bool>, Fault> {
    let Some(item) = single(items)? else { return Ok(None) };
    match item.value() {
        Some(Value::Boolean(value)) => Ok(Some(value)),
        None if matches!(item, Item::Node(node) if node.type_name() == "boolean") => Ok(None),
        _ => Ok(Some(true)),
    }
}

/// The one Integer, or none.
pub(super) fn integer(items: &[Item<'_>]) -> Result<Option<i32>, Fault> {
    match single(items)?.map(Item::value) {
        None => Ok(None),
        Some(Some(Value::Integer(number))) => Ok(Some(number)),
        Some(_) => Err(Fault::execution("An Integer is expected here.")),
    }
}

/// The one String, or none.
pub(super) fn string<'d>(items: &[Item<'d>]) -> Result<Option<Cow<'d, str>>, Fault> {
    let Some(item) = single(items)? else { return Ok(None) };
    match item.string() {
        Some(text) => Ok(Some(text)),
        // A primitive that has extensions only has no text.
        None if matches!(item, Item::Node(node) if node.value_id().is_none()) => Ok(None),
        None => Err(Fault::execution("A String is expected here.")),
    }
}
