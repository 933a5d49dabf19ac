//! Amounts as definitions limit them: in any unit of the same kind, and as a distance in time from now
//! (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_>).

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::quantity::Calendar;
use super::temporal::Temporal;
use super::unit::Measure;

/// Which of two amounts in UCUM units is more; `None` when they measure different things, or nobody knows the unit.
pub fn compare_amounts(one: (Decimal, &str), other: (Decimal, &str)) -> Option<Ordering> {
    if one.1 == other.1 {
        return Some(one.0.cmp(&other.0));
    }
    let (left, right) = (Measure::of(one.1)?, Measure::of(other.1)?);
    if !left.is_like(&right) {
        return None;
    }
    let in_base = |amount: Decimal, unit: &Measure, by: &Measure| {
        amount.checked_mul(unit.numerator)?.checked_mul(by.denominator)
    };
    Some(in_base(one.0, &left, &right)?.cmp(&in_base(other.0, &right, &left)?))
}

/// The moment that far from another: later, or earlier for less than none. The unit is one of UCUM's for time.
pub fn away(from: chrono::DateTime<chrono::FixedOffset>, amount: Decimal, unit: &str) -> Option<String> {
    Temporal::at(from).plus(amount, Calendar::coded(unit)?).map(|moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_compared_across_units_of_one_kind() {
        let amount = |value: i64, unit| (Decimal::from(value), unit);
        assert_eq!(compare_amounts(amount(1, "kg"), amount(999, "g")), Some(Ordering::Greater));
        assert_eq!(compare_amounts(amount(-1, "g"), amount(0, "kg")), Some(Ordering::Less));
        assert_eq!(compare_amounts(amount(1, "kg"), amount(1, "m")), None);
        assert_eq!(compare_amounts(amount(2, "Cel"), amount(1, "Cel")), Some(Ordering::Greater));
    }

    #[test]
    fn distances_in_time_follow_the_calendar() {
        let from = chrono::DateTime::parse_from_rfc3339("2024-02-29T12:00:00Z").unwrap();
        assert_eq!(away(from, Decimal::from(-1), "a").unwrap().get(..10), Some("2023-02-28"));
        assert_eq!(away(from, Decimal::from(2), "d").unwrap().get(..10), Some("2024-03-02"));
        assert_eq!(away(from, Decimal::ONE, "kg"), None);
    }
}
