//! Conversion of values (FHIRPath 2.0.0, §5.5).

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::super::fault::Fault;
use super::super::function::Function;
use super::super::quantity::{Calendar, Quantity, Unit};
use super::super::temporal::{Shape, Temporal};
use super::super::value::{Collection, Item, Value, decimal, maybe, one};
use super::{Arguments, Evaluator, Outcome, Scope, single, string};

impl<'d> Evaluator<'_, 'd> {
    /// `toX()` gives the value or nothing; `convertsToX()` says which.
    pub(super) fn convert(
        &mut self,
        function: Function,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        use Function as F;
        let Some(item) = single(input)? else { return Ok(Collection::new()) };
        let value = item.value();
        let (converted, is_question): (Option<Value<'d>>, bool) = match function {
            F::ToBoolean | F::ConvertsToBoolean => {
                (value.and_then(|value| to_boolean(&value)), function == F::ConvertsToBoolean)
            }
            F::ToInteger | F::ConvertsToInteger => {
                (value.and_then(|value| to_integer(&value)), function == F::ConvertsToInteger)
            }
            F::ToDecimal | F::ConvertsToDecimal => {
                (value.and_then(|value| to_decimal(&value)), function == F::ConvertsToDecimal)
            }
            F::ToDate | F::ConvertsToDate => {
                (value.and_then(|value| to_moment(&value, Shape::Date)), function == F::ConvertsToDate)
            }
            F::ToDateTime | F::ConvertsToDateTime => (
                value.and_then(|value| to_moment(&value, Shape::DateTime)),
                function == F::ConvertsToDateTime,
            ),
            F::ToTime | F::ConvertsToTime => {
                (value.and_then(|value| to_moment(&value, Shape::Time)), function == F::ConvertsToTime)
            }
            F::ToStringValue | F::ConvertsToString => {
                (item.text().map(Value::String), function == F::ConvertsToString)
            }
            F::ToQuantity | F::ConvertsToQuantity => {
                let unit = match arguments {
                    [unit] => string(&self.argument(*unit, scope)?)?,
                    _ => None,
                };
                (to_quantity(item, unit).map(Value::Quantity), function == F::ConvertsToQuantity)
            }
            _ => return Err(Fault::execution("This function is not supported.")),
        };
        Ok(if is_question { one(converted.is_some()) } else { maybe(converted) })
    }
}

/// §5.5.2
fn to_boolean(value: &Value<'_>) -> Option<Value<'static>> {
    let truth = match value {
        Value::Boolean(value) => Some(*value),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(true),
            "false" | "f" | "no" | "n" | "0" | "0.0" => Some(false),
            _ => None,
        },
        other => match other.decimal() {
            Some(number) if number == Decimal::ONE => Some(true),
            Some(number) if number.is_zero() => Some(false),
            _ => None,
        },
    };
    truth.map(Value::Boolean)
}

/// Digits with perhaps a sign, and perhaps a fraction.
fn is_number(text: &str, fraction: bool) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    match text.split_once('.') {
        Some((whole, part)) => fraction && digits(whole) && digits(part),
        None => digits(text),
    }
}

/// §5.5.3
fn to_integer(value: &Value<'_>) -> Option<Value<'static>> {
    let number = match value {
        Value::Integer(number) => Some(*number),
        Value::Boolean(value) => Some(i32::from(*value)),
        Value::String(text) if is_number(text, false) => text.parse().ok(),
        _ => None,
    };
    number.map(Value::Integer)
}

/// §5.5.6
fn to_decimal(value: &Value<'_>) -> Option<Value<'static>> {
    let number = match value {
        Value::Boolean(value) => Some(Decimal::new(if *value { 10 } else { 0 }, 1)),
        Value::String(text) if is_number(text, true) => decimal(text.strip_prefix('+').unwrap_or(text)),
        other => other.decimal(),
    };
    number.map(Value::Decimal)
}

/// §5.5.4, §5.5.5, §5.5.9
fn to_moment(value: &Value<'_>, shape: Shape) -> Option<Value<'static>> {
    let moment = match (value, shape) {
        (Value::Temporal(moment), _) if moment.shape == shape => Some(*moment),
        (Value::Temporal(moment), Shape::DateTime) => moment.as_date_time(),
        (Value::Temporal(moment), Shape::Date) if moment.shape == Shape::DateTime => Some(moment.day_of()),
        (Value::String(text), Shape::Date) => {
            Temporal::date(text).or_else(|| Temporal::date_time(text).map(|moment| moment.day_of()))
        }
        (Value::String(text), Shape::DateTime) => Temporal::date_time(text),
        (Value::String(text), Shape::Time) => Temporal::time(text.strip_prefix('T').unwrap_or(text)),
        _ => None,
    };
    moment.map(Value::Temporal)
}

/// §5.5.7
fn to_quantity<'d>(item: &Item<'d>, unit: Option<Cow<'d, str>>) -> Option<Quantity<'d>> {
    let quantity = match item.value() {
        Some(Value::Boolean(value)) => Some(Quantity::one(Decimal::new(if value { 10 } else { 0 }, 1))),
        Some(Value::String(text)) => Quantity::parse(&text),
        _ => item.quantity(),
    }?;
    match unit {
        None => Some(quantity),
        Some(word) => {
            let unit = Calendar::named(&word).map_or(Unit::Ucum(word), Unit::Calendar);
            quantity.convert(unit)
        }
    }
}
