//! Dates, times and both, as precise as they were given (FHIRPath 2.0.0, §4.1.6 to §4.1.8, §6.1, §6.2).

mod arithmetic;
mod text;

use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate};

/// What kind of moment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A day or a part of its date.
    Date,
    /// A day with perhaps a time.
    DateTime,
    /// A time of any day.
    Time,
}

/// The finest part that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The year.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
    /// The hour.
    Hour,
    /// The minute.
    Minute,
    /// The second.
    Second,
    /// A fraction of a second.
    Fraction,
}

/// A moment. Parts finer than its precision hold their least value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Temporal {
    /// Date, DateTime or Time.
    pub shape: Shape,
    /// The finest part that is known.
    pub precision: Precision,
    /// From 1 to 9999.
    pub year: u16,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
    /// To 23.
    pub hour: u8,
    /// To 59.
    pub minute: u8,
    /// To 59, or 60 in a leap second.
    pub second: u8,
    /// How many digits of the fraction were given.
    pub digits: u8,
    /// The fraction.
    pub nanosecond: u32,
    /// Minutes east of UTC.
    pub offset: Option<i16>,
    /// Whether that offset is written `Z`.
    pub zulu: bool,
}

const NANOS: i128 = 1_000_000_000;

impl Temporal {
    /// A day's first moment, from which others are made.
    pub(super) fn start(shape: Shape) -> Self {
        Self {
            shape,
            precision: Precision::Year,
            year: 1,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            digits: 0,
            nanosecond: 0,
            offset: None,
            zulu: false,
        }
    }

    /// A clock's reading as a DateTime with milliseconds.
    pub fn at(clock: chrono::DateTime<chrono::FixedOffset>) -> Self {
        let (date, time) = (clock.date_naive(), clock.time());
        use chrono::Timelike;
        Self {
            shape: Shape::DateTime,
            precision: Precision::Fraction,
            year: u16::try_from(date.year()).unwrap_or(1),
            month: date.month() as u8,
            day: date.day() as u8,
            hour: time.hour() as u8,
            minute: time.minute() as u8,
            second: time.second() as u8,
            digits: 3,
            nanosecond: time.nanosecond() / 1_000_000 % 1_000 * 1_000_000,
            offset: i16::try_from(clock.offset().local_minus_utc() / 60).ok(),
            zulu: false,
        }
    }

    /// Its day alone.
    pub(super) fn day_of(&self) -> Self {
        let precision = self.precision.min(Precision::Day);
        Self { year: self.year, month: self.month, day: self.day, precision, ..Self::start(Shape::Date) }
    }

    /// Its time alone; none when it has none.
    pub(super) fn time_of(&self) -> Option<Self> {
        (self.precision >= Precision::Hour).then(|| {
            let whole = Self { shape: Shape::Time, offset: None, zulu: false, ..*self };
            Self { year: 1, month: 1, day: 1, ..whole }
        })
    }

    /// The implicit conversion of a Date to a DateTime (§5.5).
    pub(super) fn as_date_time(self) -> Option<Self> {
        (self.shape != Shape::Time).then_some(Self { shape: Shape::DateTime, ..self })
    }

    fn date_in(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(i32::from(self.year), u32::from(self.month), u32::from(self.day))
    }

    /// Nanoseconds from the start of the first year, by its own clock.
    fn local(&self) -> i128 {
        let days = self.date_in().map_or(0, |date| date.num_days_from_ce());
        let minutes = i128::from(days) * 1_440 + i128::from(self.hour) * 60 + i128::from(self.minute);
        (minutes * 60 + i128::from(self.second)) * NANOS + i128::from(self.nanosecond)
    }

    /// The last nanosecond that it may stand for. Seconds and their fractions are one precision (§6.1.1).
    fn local_end(&self) -> i128 {
        const HOUR: i128 = 3_600 * NANOS;
        let days = |days: u32| i128::from(days) * 24 * HOUR;
        let long = match self.precision {
            Precision::Year => {
                days(self.date_in().map_or(365, |date| if date.leap_year() { 366 } else { 365 }))
            }
            Precision::Month => days(self.date_in().map_or(30, |date| u32::from(date.num_days_in_month()))),
            Precision::Day => days(1),
            Precision::Hour => HOUR,
            Precision::Minute => 60 * NANOS,
            Precision::Second | Precision::Fraction => 1,
        };
        self.local() + long - 1
    }

    /// Which is later: `None` when their precisions or missing time zones leave it open (§6.2).
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        if (self.shape == Shape::Time) != (other.shape == Shape::Time) {
            return None;
        }
        let (left, right) = (self.range(other), other.range(self));
        if left.1 < right.0 {
            return Some(Ordering::Less);
        }
        if left.0 > right.1 {
            return Some(Ordering::Greater);
        }
        let same = self.precision.min(Precision::Second) == other.precision.min(Precision::Second);
        (same && self.offset.is_some() == other.offset.is_some() && left == right).then_some(Ordering::Equal)
    }

    /// The first and the last moment that it may stand for, beside another: where only the other says its time zone,
    /// this one may lie in any from +14:00 to -12:00.
    fn range(&self, other: &Self) -> (i128, i128) {
        let (start, end) = (self.local(), self.local_end());
        let minutes = |minutes: i16| i128::from(minutes) * 60 * NANOS;
        match (self.offset, other.offset) {
            (Some(offset), Some(_)) | (Some(offset), None) => {
                (start - minutes(offset), end - minutes(offset))
            }
            (None, Some(_)) => (start - minutes(14 * 60), end + minutes(12 * 60)),
            (None, None) => (start, end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(left: &str, right: &str) -> Option<Ordering> {
        Temporal::literal(left).unwrap().compare(&Temporal::literal(right).unwrap())
    }

    #[test]
    fn what_precision_leaves_open_is_open() {
        assert_eq!(compare("2012", "2013-01"), Some(Ordering::Less));
        assert_eq!(compare("2012-01", "2012"), None);
        assert_eq!(compare("2012-01-01T10:30:31.0", "2012-01-01T10:30:31"), Some(Ordering::Equal));
        assert_eq!(compare("2012-01-01T10:30:31", "2012-01-01T10:30"), None);
        assert_eq!(compare("T10:30", "T10:31:00"), Some(Ordering::Less));
        assert_eq!(compare("T10:30", "2012"), None);
    }

    #[test]
    fn time_zones_are_respected() {
        assert_eq!(compare("2017-11-05T01:30:00-04:00", "2017-11-05T00:30:00-05:00"), Some(Ordering::Equal));
        assert_eq!(compare("2012-04-15T15:00:00Z", "2012-04-15T10:00:00"), None);
        assert_eq!(compare("2012-04-15T15:00:00Z", "2012-04-17T10:00:00"), Some(Ordering::Less));
        assert_eq!(compare("2012-04-15T15:00:00Z", "1974-12-25"), Some(Ordering::Greater));
    }
}
