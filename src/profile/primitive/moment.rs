//! Dates and times: their formats, and which of two comes first
//! (<https://hl7.org/fhir/R4/datatypes.html#dateTime>).

use std::cmp::Ordering;

/// Whether it is a `date` that exists.
pub fn is_date(text: &str) -> bool {
    date(text).is_some()
}

/// Whether it is a `dateTime`.
pub fn is_date_time(text: &str) -> bool {
    match text.split_once('T') {
        None => is_date(text),
        Some((day, time)) => day.len() == 10 && is_date(day) && zoned(time).is_some(),
    }
}

/// Whether it is an `instant`.
pub fn is_instant(text: &str) -> bool {
    text.contains('T') && is_date_time(text)
}

/// Whether it is a `time`.
pub fn is_time(text: &str) -> bool {
    clock(text).is_some()
}

/// Which comes first; `None` when their precision leaves it open, or one is not a moment.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (mut left, mut right) = (Span::of(left)?, Span::of(right)?);
    // A date beside an instant is compared with the instant's own calendar, as FHIRPath does.
    if left.dated != right.dated {
        left.localise();
        right.localise();
    }
    if left == right {
        return Some(Ordering::Equal);
    }
    if left.last < right.first {
        Some(Ordering::Less)
    } else if left.first > right.last {
        Some(Ordering::Greater)
    } else {
        None
    }
}

/// The first microsecond that a moment can mean, on a scale of its own.
pub fn start(text: &str) -> Option<i64> {
    Span::of(text).map(|span| span.first)
}

/// The first and last microsecond that a moment of some precision can mean.
#[derive(PartialEq)]
struct Span {
    first: i64,
    last: i64,
    /// Whether it names no time of the day.
    dated: bool,
    /// Microseconds that its zone is ahead of UTC.
    offset: i64,
}

const MICROS: i64 = 1_000_000;
const DAY: i64 = 86_400 * MICROS;

impl Span {
    fn of(text: &str) -> Option<Self> {
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None if text.as_bytes().get(2) == Some(&b':') => {
                let micros = clock(text)?;
                return Some(Self { first: micros, last: micros, dated: false, offset: 0 });
            }
            None => (text, None),
        };
        let (year, month, date) = self::date(day)?;
        if let Some(time) = time {
            let (micros, offset) = zoned(time)?;
            let at = days(year, month.unwrap_or(1), date.unwrap_or(1)) * DAY + micros - offset;
            return Some(Self { first: at, last: at, dated: false, offset });
        }
        let first = days(year, month.unwrap_or(1), date.unwrap_or(1));
        let last = days(year, month.unwrap_or(12), date.unwrap_or(31));
        Some(Self { first: first * DAY, last: (last + 1) * DAY - 1, dated: true, offset: 0 })
    }

    fn localise(&mut self) {
        self.first += self.offset;
        self.last += self.offset;
        self.offset = 0;
    }
}

fn number(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn date(text: &str) -> Option<(i64, Option<i64>, Option<i64>)> {
    let mut parts = text.splitn(3, '-');
    let year = number(parts.next()?, 4).filter(|year| *year > 0)?;
    let Some(month) = parts.next() else { return Some((year, None, None)) };
    let month = number(month, 2).filter(|month| (1..=12).contains(month))?;
    let Some(day) = parts.next() else { return Some((year, Some(month), None)) };
    let day = number(day, 2).filter(|day| *day >= 1 && *day <= month_length(year, month))?;
    Some((year, Some(month), Some(day)))
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Microseconds since midnight of `hh:mm:ss[.f…]`; a leap second is allowed.
fn clock(text: &str) -> Option<i64> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let bytes = whole.as_bytes();
    if bytes.len() != 8 || bytes[2] != b':' || bytes[5] != b':' {
        return None;
    }
    let hour = number(whole.get(0..2)?, 2).filter(|hour| *hour < 24)?;
    let minute = number(whole.get(3..5)?, 2).filter(|minute| *minute < 60)?;
    let second = number(whole.get(6..8)?, 2).filter(|second| *second <= 60)?;
    let micros = match fraction {
        None => 0,
        Some("") => return None,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            let six: String = digits.chars().chain("000000".chars()).take(6).collect();
            six.parse().ok()?
        }
        Some(_) => return None,
    };
    Some(((hour * 60 + minute) * 60 + second) * MICROS + micros)
}

/// Microseconds since midnight, and those that the zone is ahead of UTC.
fn zoned(text: &str) -> Option<(i64, i64)> {
    if let Some(time) = text.strip_suffix('Z') {
        return Some((clock(time)?, 0));
    }
    let at = text.rfind(['+', '-'])?;
    let (time, zone) = text.split_at(at);
    let (hour, minute) = zone.get(1..)?.split_once(':')?;
    let hour = number(hour, 2).filter(|hour| *hour <= 14)?;
    let minute = number(minute, 2).filter(|minute| *minute < 60)?;
    let offset = (hour * 60 + minute) * 60 * MICROS;
    Some((clock(time)?, if zone.starts_with('-') { -offset } else { offset }))
}

/// Days since 1970-01-01 (Howard Hinnant's algorithm for the civil calendar).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_a_format() {
        for good in ["2024", "2024-02", "2024-02-29", "2024-02-29T23:59:60Z", "2024-01-01T00:00:00.123+01:00"]
        {
            assert!(is_date_time(good), "{good}");
        }
        for bad in [
            "",
            "24",
            "0000",
            "2023-02-29",
            "2024-1-1",
            "2024-01-01T10:00Z",
            "2024-01-01T10:00:00",
            "2024T10:00:00Z",
        ] {
            assert!(!is_date_time(bad), "{bad}");
        }
        assert!(is_time("10:11:12.5") && !is_time("10:11") && !is_instant("2024-01-01"));
    }

    #[test]
    fn moments_are_compared_as_far_as_they_go() {
        assert_eq!(compare("2024-01-01", "2024-01-01T10:00:00Z"), None);
        assert_eq!(compare("2024-01-01", "2024-01-02T00:30:00+01:00"), Some(Ordering::Less));
        assert_eq!(compare("2024-01-05", "2024-01-01"), Some(Ordering::Greater));
        assert_eq!(compare("2024-01-01", "2024-01-01"), Some(Ordering::Equal));
        assert_eq!(compare("2024", "2024-05"), None);
        assert_eq!(compare("2024-01-01T10:00:00Z", "2024-01-01T11:00:00+02:00"), Some(Ordering::Greater));
        assert_eq!(compare("10:00:00", "10:00:01"), Some(Ordering::Less));
    }
}
