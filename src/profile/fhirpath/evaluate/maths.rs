//! Mathematics (FHIRPath 2.0.0, §5.7). What has no result, such as the root of a negative number, gives nothing.

use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::super::fault::Fault;
use super::super::function::Function;
use super::super::value::{Collection, Item, Value, maybe, one};
use super::{Arguments, Evaluator, Outcome, Scope, integer, single};

impl<'d> Evaluator<'_, 'd> {
    pub(super) fn maths(
        &mut self,
        function: Function,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        use Function as F;
        let Some(item) = single(input)? else { return Ok(Collection::new()) };
        let Some(number) = item.value().and_then(|value| value.decimal()) else {
            let Some(mut quantity) = item.quantity() else { return Err(unlike()) };
            quantity.value = match function {
                F::Abs => quantity.value.abs(),
                F::Ceiling => quantity.value.ceil(),
                F::Floor => quantity.value.floor(),
                F::Truncate => quantity.value.trunc(),
                F::Round => round(quantity.value, integer(&self.first_argument(arguments, scope)?)?)?,
                _ => return Err(unlike()),
            };
            return Ok(one(quantity));
        };
        let whole = |number: Decimal| Ok(maybe(number.to_i32().map(Value::Integer)));
        match function {
            F::Abs => match item.value() {
                Some(Value::Integer(number)) => Ok(maybe(number.checked_abs().map(Value::Integer))),
                _ => Ok(one(Value::Decimal(number.abs()))),
            },
            F::Ceiling => whole(number.ceil()),
            F::Floor => whole(number.floor()),
            F::Truncate => whole(number.trunc()),
            F::Round => {
                let digits = integer(&self.first_argument(arguments, scope)?)?;
                Ok(one(Value::Decimal(round(number, digits)?)))
            }
            F::Exp => Ok(real(number, f64::exp)),
            F::Ln => Ok(real(number, f64::ln)),
            F::Sqrt => Ok(real(number, f64::sqrt)),
            _ => {
                let other = self.first_argument(arguments, scope)?;
                let Some(other) = single(&other)? else { return Ok(Collection::new()) };
                let value = other.value();
                let base = value.as_ref().and_then(Value::decimal);
                let base = base.ok_or_else(unlike)?;
                if function == F::Log {
                    if number <= Decimal::ZERO || base <= Decimal::ZERO {
                        return Err(Fault::execution("Only numbers above 0 have a logarithm."));
                    }
                    let base = base.to_f64().unwrap_or(f64::NAN);
                    return Ok(real(number, |number| number.ln() / base.ln()));
                }
                Ok(maybe(power(item.value(), number, value, base)))
            }
        }
    }
}

fn unlike() -> Fault {
    Fault::execution("A number is expected here.")
}

/// Halves go away from zero.
fn round(number: Decimal, digits: Option<i32>) -> Result<Decimal, Fault> {
    let digits = u32::try_from(digits.unwrap_or(0))
        .map_err(|_| Fault::execution("A number cannot be rounded to less than 0 digits."))?;
    Ok(number.round_dp_with_strategy(digits.min(28), RoundingStrategy::MidpointAwayFromZero))
}

/// A function of real numbers, to about 15 digits.
fn real<'d>(number: Decimal, function: impl Fn(f64) -> f64) -> Collection<'d> {
    let result = number.to_f64().map(function).filter(|result| result.is_finite());
    maybe(result.and_then(Decimal::from_f64).map(Value::Decimal))
}

/// Whole powers are exact; an Integer to the power of an Integer from 0 on is an Integer (§5.7.7).
fn power<'d>(
    left: Option<Value<'d>>,
    number: Decimal,
    right: Option<Value<'d>>,
    exponent: Decimal,
) -> Option<Value<'d>> {
    if let (Some(Value::Integer(left)), Some(Value::Integer(right))) = (&left, &right)
        && let Ok(right) = u32::try_from(*right)
    {
        return left.checked_pow(right).map(Value::Integer);
    }
    if exponent.fract().is_zero()
        && let Some(times) = exponent.abs().to_u32().filter(|times| *times <= 128)
    {
        let mut whole = Decimal::ONE;
        for _ in 0..times {
            whole = whole.checked_mul(number)?;
        }
        let whole =
            if exponent.is_sign_negative() { Decimal::ONE.checked_div(whole)?.normalize() } else { whole };
        return Some(Value::Decimal(whole));
    }
    let result = number.to_f64()?.powf(exponent.to_f64()?);
    Decimal::from_f64(result).filter(|_| result.is_finite()).map(Value::Decimal)
}
