//! Quantities: a number with a calendar unit or a UCUM code (FHIRPath 2.0.0, §4.1.9, §6.1; FHIR R4 §2.9.1.3).

mod calendar;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;

pub use calendar::Calendar;

use super::node::Node;
use super::unit::Measure;
use super::value::Value;

/// A number and its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity<'d> {
    /// How many.
    pub value: Decimal,
    /// Of what.
    pub unit: Unit<'d>,
}

/// A unit.
#[derive(Debug, Clone, PartialEq)]
pub enum Unit<'d> {
    /// A length of time as the calendar has it: a month is not 30 days of it.
    Calendar(Calendar),
    /// A code of UCUM.
    Ucum(Cow<'d, str>),
}

impl<'d> Quantity<'d> {
    /// A number without a unit.
    pub(super) fn one(value: Decimal) -> Self {
        Self { value, unit: Unit::Ucum(Cow::Borrowed("1")) }
    }

    pub(super) fn borrow(&'d self) -> Quantity<'d> {
        let unit = match &self.unit {
            Unit::Ucum(code) => Unit::Ucum(Cow::Borrowed(code.as_ref())),
            Unit::Calendar(calendar) => Unit::Calendar(*calendar),
        };
        Quantity { value: self.value, unit }
    }

    /// FHIR's Quantity: UCUM's codes for lengths of time stand for the calendar's units, and a comparator leaves no
    /// certain value.
    pub(super) fn read(node: &Node<'d>) -> Option<Self> {
        let value = node.plain("value")?.value()?.decimal()?;
        if node.plain("comparator").is_some() {
            return None;
        }
        let text = |name| node.plain(name).and_then(|part| part.text());
        let code = text("code");
        let is_ucum = text("system").is_none_or(|system| system == "http://unitsofmeasure.org");
        let unit = match (&code, is_ucum) {
            (Some(code), true) => Calendar::coded(code).map(Unit::Calendar),
            _ => None,
        };
        let unit = unit.unwrap_or_else(|| Unit::Ucum(code.or_else(|| text("unit")).unwrap_or("1".into())));
        Some(Self { value, unit })
    }

    /// Reads `4 days` and `10 'mg'` (§5.5.6).
    pub(super) fn parse(text: &str) -> Option<Quantity<'static>> {
        let text = text.trim();
        let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-')).unwrap_or(text.len());
        let (digits, rest) = text.split_at(end);
        let value = super::value::decimal(digits.strip_prefix('+').unwrap_or(digits))?;
        let word = rest.trim_start();
        let unit = match word.strip_prefix('\'') {
            Some(quoted) => {
                let code =
                    quoted.strip_suffix('\'').filter(|code| !code.is_empty() && !code.contains('\''))?;
                Unit::Ucum(Cow::Owned(code.to_owned()))
            }
            None if word.is_empty() => Unit::Ucum(Cow::Borrowed("1")),
            None => Unit::Calendar(Calendar::named(word)?),
        };
        Some(Quantity { value, unit })
    }

    /// Whether its unit is the calendar's year or month.
    pub(super) fn is_long(&self) -> bool {
        matches!(&self.unit, Unit::Calendar(unit) if unit.is_long())
    }

    /// What the unit measures, and how much of it.
    pub(super) fn measure(&self) -> Option<Measure> {
        match &self.unit {
            Unit::Ucum(code) => Measure::of(code),
            Unit::Calendar(calendar) => Measure::of(calendar.code()),
        }
    }

    /// Which is more: `None` when that cannot be said. With `loose`, the calendar's years and months are UCUM's.
    pub(super) fn compare(&self, other: &Self, loose: bool) -> Option<Ordering> {
        let (left, right, _) = self.common(other, loose)?;
        Some(left.cmp(&right))
    }

    /// Both numbers in one unit, and whether that unit is the right one's: it is the larger of the two.
    pub(super) fn common(&self, other: &Self, loose: bool) -> Option<(Decimal, Decimal, bool)> {
        if self.unit == other.unit {
            return Some((self.value, other.value, false));
        }
        if let (Unit::Calendar(left), Unit::Calendar(right)) = (&self.unit, &other.unit) {
            return between(self.value, *left, other.value, *right);
        }
        if !loose && (self.is_long() || other.is_long()) {
            return None;
        }
        let (left, right) = (self.measure()?, other.measure()?);
        if !left.is_like(&right) {
            return None;
        }
        // Both in the larger of the two units: n·p/q of the one is n·(p·s)/(q·r) of the other.
        let upper = left.numerator.checked_mul(right.denominator)?;
        let lower = left.denominator.checked_mul(right.numerator)?;
        if upper >= lower {
            let scaled = other.value.checked_mul(lower)?.checked_div(upper)?;
            Some((self.value, scaled, false))
        } else {
            let scaled = self.value.checked_mul(upper)?.checked_div(lower)?;
            Some((scaled, other.value, true))
        }
    }

    /// The same quantity in another unit.
    pub(super) fn convert(&self, unit: Unit<'d>) -> Option<Self> {
        if matches!(&self.unit, Unit::Ucum(code) if code == "1") {
            return Some(Self { value: self.value, unit });
        }
        let aim = Quantity { value: Decimal::ONE, unit };
        let (value, of_one, _) = self.common(&aim, true)?;
        Some(Self { value: value.checked_div(of_one)?.normalize(), unit: aim.unit })
    }

    /// Whether the two can be compared (FHIR R4, `comparable()`).
    pub(super) fn is_comparable(&self, other: &Self) -> bool {
        self.common(other, false).is_some()
    }

    /// The product or quotient, in base units (§6.6.1, §6.6.2).
    pub(super) fn combine(&self, other: &Self, divide: bool) -> Option<Self> {
        let plain = |unit: &Unit<'_>| matches!(unit, Unit::Ucum(code) if code == "1");
        let number = |left: Decimal, right: Decimal| {
            if divide { left.checked_div(right).map(|n| n.normalize()) } else { left.checked_mul(right) }
        };
        if plain(&other.unit) {
            return Some(Self { value: number(self.value, other.value)?, unit: self.unit.clone() });
        }
        if plain(&self.unit) && !divide {
            return Some(Self { value: number(self.value, other.value)?, unit: other.unit.clone() });
        }
        if matches!(self.unit, Unit::Calendar(_)) || matches!(other.unit, Unit::Calendar(_)) {
            return None;
        }
        if self.unit == other.unit && divide {
            return Some(Self::one(number(self.value, other.value)?));
        }
        let whole = self.measure()?.combine(&other.measure()?, divide)?;
        let value = number(self.value, other.value)?;
        let value = value.checked_mul(whole.numerator)?.checked_div(whole.denominator)?;
        Some(Self { value, unit: Unit::Ucum(Cow::Owned(whole.code())) })
    }
}

/// Two lengths of the calendar in one unit: a year is 12 months, and beside shorter units 365 days (§5.5.6).
fn between(
    left: Decimal,
    one: Calendar,
    right: Decimal,
    other: Calendar,
) -> Option<(Decimal, Decimal, bool)> {
    let (one, other) = if one.is_long() && other.is_long() {
        let months = |unit| if unit == Calendar::Year { 12 } else { 1 };
        (months(one), months(other))
    } else {
        (one.milliseconds(), other.milliseconds())
    };
    let (one, other) = (Decimal::from(one), Decimal::from(other));
    if one >= other {
        Some((left, right.checked_mul(other)?.checked_div(one)?, false))
    } else {
        Some((left.checked_mul(one)?.checked_div(other)?, right, true))
    }
}

impl fmt::Display for Quantity<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unit {
            Unit::Ucum(code) => write!(formatter, "{} '{code}'", self.value),
            Unit::Calendar(unit) => {
                write!(formatter, "{} {}", self.value, unit.word(self.value == Decimal::ONE))
            }
        }
    }
}

impl<'d> From<Quantity<'d>> for super::value::Item<'d> {
    fn from(quantity: Quantity<'d>) -> Self {
        Self::Value(Value::Quantity(quantity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(left: &str, right: &str) -> Option<Ordering> {
        Quantity::parse(left).unwrap().compare(&Quantity::parse(right).unwrap(), false)
    }

    #[test]
    fn units_that_measure_the_same_compare() {
        assert_eq!(compare("1 'kg'", "1000 'g'"), Some(Ordering::Equal));
        assert_eq!(compare("1 '[in_i]'", "2.54 'cm'"), Some(Ordering::Equal));
        assert_eq!(compare("1 'mmol/L'", "1000 'umol/L'"), Some(Ordering::Equal));
        assert_eq!(compare("1 week", "7 'd'"), Some(Ordering::Equal));
        assert_eq!(compare("1 year", "12 months"), Some(Ordering::Equal));
        assert_eq!(compare("1 year", "1 'a'"), None);
        assert_eq!(compare("1 'cm'", "1 's'"), None);
        assert_eq!(compare("1 'Cel'", "1 'K'"), None);
        assert_eq!(compare("1 'what'", "2 'what'"), Some(Ordering::Less));
    }

    #[test]
    fn quantities_are_written_as_they_are_read() {
        for text in ["4 days", "1 week", "10 'mg'", "1.50 'mm[Hg]'"] {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), text);
        }
        assert!(Quantity::parse("4 daze").is_none());
        assert!(Quantity::parse("mg").is_none());
    }
}
