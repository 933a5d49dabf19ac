//! Adding lengths of time to moments (FHIRPath 2.0.0, §6.6.7), their boundaries and their precision (§5.9.4 to §5.9.6).

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::quantity::Calendar;
use super::{NANOS, Precision, Shape, Temporal};

impl Temporal {
    /// The moment that much later, or earlier for less than none. `None` when it leaves the years 1 to 9999.
    pub(in crate::profile::fhirpath) fn plus(&self, amount: Decimal, unit: Calendar) -> Option<Self> {
        // Fractions count in seconds and their fractions alone.
        let exact = match unit {
            Calendar::Second => amount.checked_mul(Decimal::from(1_000))?.trunc().to_i64()?,
            Calendar::Millisecond => amount.trunc().to_i64()?,
            _ => 0,
        };
        let whole = amount.trunc().to_i64()?;
        let step = self.step();
        if unit.is_long() && step >= Calendar::Month {
            let months = whole.checked_mul(if unit == Calendar::Year { 12 } else { 1 })?;
            return self.plus_months(months);
        }
        if step.is_long() {
            // The moment has no days: shorter lengths count in whole months or years (a month is 30 days, a year 365).
            let length = if unit == Calendar::Second || unit == Calendar::Millisecond {
                exact
            } else {
                whole.checked_mul(unit.milliseconds())?
            };
            return match (step, unit) {
                (Calendar::Year, Calendar::Month) => self.plus_months(whole / 12 * 12),
                (Calendar::Year, Calendar::Year) => self.plus_months(whole.checked_mul(12)?),
                (Calendar::Year, _) => self.plus_months(length / Calendar::Year.milliseconds() * 12),
                _ => self.plus_months(length / Calendar::Month.milliseconds()),
            };
        }
        let length = match unit {
            Calendar::Second | Calendar::Millisecond => exact,
            _ => whole.checked_mul(unit.milliseconds())?,
        };
        // What is finer than the moment itself is dropped.
        let step = if self.precision == Precision::Second && unit >= Calendar::Second {
            1_000
        } else {
            step.milliseconds()
        };
        self.plus_nanos(i128::from(length / step * step) * (NANOS / 1_000))
    }

    /// The unit of its precision.
    fn step(&self) -> Calendar {
        match self.precision {
            Precision::Year => Calendar::Year,
            Precision::Month => Calendar::Month,
            Precision::Day => Calendar::Day,
            Precision::Hour => Calendar::Hour,
            Precision::Minute => Calendar::Minute,
            Precision::Second => Calendar::Second,
            Precision::Fraction => Calendar::Millisecond,
        }
    }

    /// The last day of a month stands for days that the month has not.
    fn plus_months(&self, months: i64) -> Option<Self> {
        if self.shape == Shape::Time {
            return None;
        }
        let sum = (i64::from(self.year) * 12 + i64::from(self.month) - 1).checked_add(months)?;
        let (year, month) =
            (i32::try_from(sum.div_euclid(12)).ok()?, u32::try_from(sum.rem_euclid(12)).ok()? + 1);
        let most = NaiveDate::from_ymd_opt(year, month, 1)?.num_days_in_month();
        let year = u16::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
        Some(Self { year, month: month as u8, day: self.day.min(most), ..*self })
    }

    /// A time alone begins anew after midnight.
    fn plus_nanos(&self, nanos: i128) -> Option<Self> {
        const DAY: i128 = 86_400 * NANOS;
        let sum = self.local().checked_add(nanos)?;
        let (days, inner) = (sum.div_euclid(DAY), sum.rem_euclid(DAY));
        let mut moment = *self;
        if self.shape != Shape::Time {
            let date = NaiveDate::from_num_days_from_ce_opt(i32::try_from(days).ok()?)?;
            moment.year = u16::try_from(date.year()).ok().filter(|year| (1..=9999).contains(year))?;
            moment.month = date.month() as u8;
            moment.day = date.day() as u8;
        }
        let seconds = u32::try_from(inner / NANOS).ok()?;
        moment.hour = (seconds / 3_600) as u8;
        moment.minute = (seconds / 60 % 60) as u8;
        moment.second = (seconds % 60) as u8;
        moment.nanosecond = u32::try_from(inner % NANOS).ok()?;
        Some(moment)
    }

    /// How many digits it is given in: 4, 6, 8, 10, 12, 14 or 17; for a time 2, 4, 6 or 9.
    pub(in crate::profile::fhirpath) fn precision_digits(&self) -> i32 {
        let digits = match self.precision {
            Precision::Year => 4,
            Precision::Month => 6,
            Precision::Day => 8,
            Precision::Hour => 10,
            Precision::Minute => 12,
            Precision::Second => 14,
            Precision::Fraction => 14 + i32::from(self.digits),
        };
        if self.shape == Shape::Time { digits - 8 } else { digits }
    }

    /// The first or last moment that it may stand for, in so many digits; `None` when there is no such precision.
    pub(in crate::profile::fhirpath) fn boundary(&self, digits: Option<i32>, high: bool) -> Option<Self> {
        let most = match self.shape {
            Shape::Date => 8,
            Shape::DateTime => 17,
            Shape::Time => 9,
        };
        let wanted = digits.unwrap_or(most) + if self.shape == Shape::Time { 8 } else { 0 };
        let precision = match wanted {
            4 => Precision::Year,
            6 => Precision::Month,
            8 => Precision::Day,
            10 => Precision::Hour,
            12 => Precision::Minute,
            14 => Precision::Second,
            17 => Precision::Fraction,
            _ => return None,
        };
        if digits.is_some_and(|digits| digits > most) || (self.shape == Shape::Time && wanted < 10) {
            return None;
        }
        let mut moment = Self { precision, ..*self };
        if high {
            moment.fill(self.precision);
        }
        if precision == Precision::Fraction {
            moment.digits = 3;
            moment.nanosecond = moment.nanosecond / 1_000_000 * 1_000_000;
        }
        if precision < Precision::Hour {
            moment.offset = None;
        } else if self.shape == Shape::DateTime && self.offset.is_none() {
            moment.offset = Some(if high { -12 * 60 } else { 14 * 60 });
        }
        Some(moment.trimmed())
    }

    /// Gives the greatest value to what is finer than `known`.
    fn fill(&mut self, known: Precision) {
        if known < Precision::Month {
            self.month = 12;
        }
        if known < Precision::Day {
            let first = NaiveDate::from_ymd_opt(i32::from(self.year), u32::from(self.month), 1);
            self.day = first.map_or(28, |date| date.num_days_in_month());
        }
        if known < Precision::Hour {
            self.hour = 23;
        }
        if known < Precision::Minute {
            self.minute = 59;
        }
        if known < Precision::Second {
            self.second = 59;
        }
        if known < Precision::Fraction {
            self.nanosecond = 999_000_000;
        }
    }

    /// Gives the least value to what is finer than its precision.
    fn trimmed(mut self) -> Self {
        if self.precision < Precision::Fraction {
            (self.nanosecond, self.digits) = (0, 0);
        }
        if self.precision < Precision::Second {
            self.second = 0;
        }
        if self.precision < Precision::Minute {
            self.minute = 0;
        }
        if self.precision < Precision::Hour {
            self.hour = 0;
        }
        if self.precision < Precision::Day {
            self.day = 1;
        }
        if self.precision < Precision::Month {
            self.month = 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plus(text: &str, amount: &str, unit: Calendar) -> Option<String> {
        let moment = Temporal::literal(text).unwrap();
        moment.plus(Decimal::from_str_exact(amount).unwrap(), unit).map(|sum| sum.to_string())
    }

    #[test]
    fn months_end_on_their_last_day() {
        assert_eq!(plus("2020-01-31", "1", Calendar::Month).unwrap(), "2020-02-29");
        assert_eq!(plus("2020-02-29", "1", Calendar::Year).unwrap(), "2021-02-28");
        assert_eq!(plus("2020-01-31", "-2", Calendar::Month).unwrap(), "2019-11-30");
    }

    #[test]
    fn partial_moments_count_in_their_own_precision() {
        assert_eq!(plus("2014", "24", Calendar::Month).unwrap(), "2016");
        assert_eq!(plus("2014", "366", Calendar::Day).unwrap(), "2015");
        assert_eq!(plus("2019-03", "25", Calendar::Day).unwrap(), "2019-03");
        assert_eq!(plus("2019-03-01", "25", Calendar::Hour).unwrap(), "2019-03-02");
        assert_eq!(plus("T23:30:00", "1", Calendar::Hour).unwrap(), "00:30:00");
    }

    #[test]
    fn the_calendar_has_an_end() {
        assert_eq!(plus("9999-12-31", "1", Calendar::Day), None);
        assert_eq!(plus("2020", "99999999999999999999", Calendar::Year), None);
        assert_eq!(plus("0001-01-01", "-1", Calendar::Millisecond).unwrap(), "0001-01-01");
    }

    #[test]
    fn boundaries_are_the_first_and_last_moments() {
        let of = |text, digits, high| {
            Temporal::literal(text).unwrap().boundary(digits, high).map(|t| t.to_string())
        };
        assert_eq!(of("2014-02", None, true).unwrap(), "2014-02-28");
        assert_eq!(of("2014", Some(6), false).unwrap(), "2014-01");
        assert_eq!(of("2014-01-01T08:05", Some(17), true).unwrap(), "2014-01-01T08:05:59.999-12:00");
        assert_eq!(of("T10:30", Some(9), true).unwrap(), "10:30:59.999");
        assert_eq!(of("2014", Some(17), false), None);
    }
}
