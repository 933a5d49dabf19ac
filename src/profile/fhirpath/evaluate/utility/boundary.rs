//! `lowBoundary()`, `highBoundary()`, `precision()` (FHIRPath, trial use).

use rust_decimal::{Decimal, RoundingStrategy};

use super::super::super::fault::Fault;
use super::super::super::value::{Collection, Item, Value, maybe, one};
use super::Outcome;

/// More digits than this cannot be kept.
const DIGITS_MAX: u32 = 28;

/// Digits when none are asked for.
const DIGITS: i32 = 8;

/// The least or greatest value that was rounded to the item's.
pub(super) fn boundary<'d>(item: &Item<'d>, digits: Option<i32>, high: bool) -> Outcome<'d> {
    match item.value() {
        Some(Value::Temporal(moment)) => Ok(maybe(moment.boundary(digits, high).map(Value::Temporal))),
        Some(value @ (Value::Integer(_) | Value::Decimal(_))) => {
            Ok(maybe(value.decimal().and_then(|number| of_number(number, digits, high)).map(Value::Decimal)))
        }
        Some(Value::Boolean(_) | Value::String(_) | Value::Type(..)) => {
            Err(Fault::execution("Only numbers, quantities and moments have boundaries."))
        }
        _ => {
            let Some(mut quantity) = item.quantity() else { return Ok(Collection::new()) };
            let Some(value) = of_number(quantity.value, digits, high) else { return Ok(Collection::new()) };
            quantity.value = value;
            Ok(one(quantity))
        }
    }
}

/// Half a unit of its last digit away from the number. In fewer digits, the magnitude of the greater boundary is rounded,
/// halves up, and that of the lesser one cut, as the examples of the specification have it.
fn of_number(number: Decimal, digits: Option<i32>, high: bool) -> Option<Decimal> {
    let digits = u32::try_from(digits.unwrap_or(DIGITS)).ok().filter(|digits| *digits <= DIGITS_MAX)?;
    let half = Decimal::try_new(5, number.scale().checked_add(1)?).ok()?;
    let outward = high != number.is_sign_negative() || (number.is_zero() && !high);
    let magnitude = if outward { number.abs().checked_add(half)? } else { number.abs().checked_sub(half)? };
    let strategy = if outward { RoundingStrategy::MidpointAwayFromZero } else { RoundingStrategy::ToZero };
    let mut whole = magnitude.round_dp_with_strategy(digits, strategy);
    whole.rescale(digits);
    if whole.scale() != digits {
        return None;
    }
    whole.set_sign_negative(number.is_sign_negative() || (number.is_zero() && !high));
    Some(whole)
}

/// Digits after the point, or those of a moment.
pub(super) fn precision(value: Option<Value<'_>>) -> Result<i32, Fault> {
    match value {
        Some(Value::Integer(_)) => Ok(0),
        Some(Value::Decimal(number)) => Ok(number.scale() as i32),
        Some(Value::Temporal(moment)) => Ok(moment.precision_digits()),
        _ => Err(Fault::execution("Only numbers and moments have a precision.")),
    }
}
