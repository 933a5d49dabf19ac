//! Arithmetic of numbers, quantities, moments and texts (FHIRPath 2.0.0, §6.6). What overflows gives nothing.

use std::borrow::Cow;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::fault::Fault;
use super::super::quantity::{Calendar, Quantity, Unit};
use super::super::temporal::Temporal;
use super::super::tree::Operator;
use super::super::value::{Collection, Item, Value, maybe, one};
use super::{Evaluator, Outcome, single};

impl<'d> Evaluator<'_, 'd> {
    pub(super) fn arithmetic(
        &mut self,
        operator: Operator,
        left: &Collection<'d>,
        right: &Collection<'d>,
    ) -> Outcome<'d> {
        if operator == Operator::Concatenate {
            return self.concatenate(left, right);
        }
        let (Some(left), Some(right)) = (single(left)?, single(right)?) else { return Ok(Collection::new()) };
        match (operand(left)?, operand(right)?) {
            (Value::String(left), Value::String(right)) if operator == Operator::Add => {
                self.meter.check(left.len() + right.len())?;
                Ok(one(Value::String(left + right)))
            }
            (Value::Temporal(moment), other) => shift(operator, moment, other.quantity_given()?),
            (left @ Value::Quantity(_), right) | (left, right @ Value::Quantity(_)) => {
                match (left.quantity(), right.quantity()) {
                    (Some(left), Some(right)) => Ok(maybe(quantities(operator, &left, &right)?)),
                    _ => Err(unlike()),
                }
            }
            (Value::Integer(left), Value::Integer(right)) => Ok(maybe(integers(operator, left, right))),
            (left, right) => match (left.decimal(), right.decimal()) {
                (Some(left), Some(right)) => Ok(maybe(decimals(operator, left, right))),
                _ => Err(unlike()),
            },
        }
    }

    /// `&`: nothing counts as the empty text (§6.6.6).
    fn concatenate(&mut self, left: &Collection<'d>, right: &Collection<'d>) -> Outcome<'d> {
        let text = |items| match single(items)? {
            None => Ok(Cow::Borrowed("")),
            Some(item) => {
                item.text().ok_or_else(|| Fault::execution("Only what has a text can be joined by '&'."))
            }
        };
        let (left, right): (Cow<'d, str>, Cow<'d, str>) = (text(left)?, text(right)?);
        self.meter.check(left.len() + right.len())?;
        Ok(one(Value::String(left + right)))
    }
}

fn unlike() -> Fault {
    Fault::execution("This operator does not work on values of these types.")
}

fn operand<'d>(item: &Item<'d>) -> Result<Value<'d>, Fault> {
    item.value().or_else(|| item.quantity().map(Value::Quantity)).ok_or_else(unlike)
}

impl<'d> Value<'d> {
    /// A Quantity as such: numbers do not stand for lengths of time.
    fn quantity_given(self) -> Result<Quantity<'d>, Fault> {
        match self {
            Self::Quantity(quantity) => Ok(quantity),
            _ => Err(Fault::execution("Only a length of time, such as '3 days', can be added to a moment.")),
        }
    }
}

fn integers(operator: Operator, left: i32, right: i32) -> Option<Value<'static>> {
    let whole = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Div => left.checked_div(right),
        Operator::Mod => left.checked_rem(right),
        _ => return decimals(operator, Decimal::from(left), Decimal::from(right)),
    };
    whole.map(Value::Integer)
}

fn decimals(operator: Operator, left: Decimal, right: Decimal) -> Option<Value<'static>> {
    match operator {
        Operator::Add => left.checked_add(right).map(Value::Decimal),
        Operator::Subtract => left.checked_sub(right).map(Value::Decimal),
        Operator::Multiply => left.checked_mul(right).map(Value::Decimal),
        // Division leaves digits that say nothing.
        Operator::Divide => left.checked_div(right).map(|quotient| Value::Decimal(quotient.normalize())),
        Operator::Div => left.checked_div(right)?.trunc().to_i32().map(Value::Integer),
        Operator::Mod => left.checked_rem(right).map(Value::Decimal),
        _ => None,
    }
}

/// Sums are in the left one's unit; a number without a unit takes the other's.
fn quantities<'d>(
    operator: Operator,
    left: &Quantity<'d>,
    right: &Quantity<'d>,
) -> Result<Option<Quantity<'d>>, Fault> {
    match operator {
        Operator::Multiply => Ok(left.combine(right, false)),
        Operator::Divide => Ok(left.combine(right, true)),
        Operator::Add | Operator::Subtract => Ok(sum(operator, left, right)),
        _ => Err(unlike()),
    }
}

fn sum<'d>(operator: Operator, left: &Quantity<'d>, right: &Quantity<'d>) -> Option<Quantity<'d>> {
    let plain = |quantity: &Quantity<'_>| matches!(&quantity.unit, Unit::Ucum(code) if code == "1");
    let unit = if plain(left) { right.unit.clone() } else { left.unit.clone() };
    let other = if left.unit == right.unit || plain(left) || plain(right) {
        right.value
    } else if left.is_long() || right.is_long() {
        // Between years, months and days there is no exact conversion.
        return None;
    } else {
        right.convert(left.unit.clone())?.value
    };
    let value =
        if operator == Operator::Add { left.value.checked_add(other) } else { left.value.checked_sub(other) };
    Some(Quantity { value: value?, unit })
}

/// A moment and a length of time (§6.6.7). UCUM's units serve where they are as long as the calendar's.
fn shift<'d>(operator: Operator, moment: Temporal, length: Quantity<'d>) -> Outcome<'d> {
    let sign = match operator {
        Operator::Add => Decimal::ONE,
        Operator::Subtract => Decimal::NEGATIVE_ONE,
        _ => return Err(unlike()),
    };
    let (amount, unit) = match &length.unit {
        Unit::Calendar(calendar) => (length.value, *calendar),
        Unit::Ucum(code) => match Calendar::coded(code).filter(|unit| !unit.is_long()) {
            // In UCUM's units the fraction does not count, whichever they are.
            Some(unit) => (length.value.trunc(), unit),
            None => {
                return Err(Fault::execution(format!(
                    "'{code}' is no length of time that can be added to a moment; use a calendar unit such as 'year'."
                )));
            }
        },
    };
    Ok(maybe(moment.plus(amount * sign, unit).map(Value::Temporal)))
}
