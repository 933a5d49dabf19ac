//! A span of time that a search asks for (<https://hl7.org/fhir/R4/search.html#date>).

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Utc};

use crate::problem::{Category, Problem};

/// From one instant up to another, without it; both ends open unless given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Within {
    /// The first instant.
    pub from: Option<DateTime<Utc>>,
    /// The first after it.
    pub until: Option<DateTime<Utc>>,
}

impl Within {
    /// `2026`, `2026-05`, `2026-05-04`, `ge2026-05-04T10:00Z`, `lt2026-05-04T10:00:00.250+01:00`, …: what has no zone is in UTC, and what is
    /// said less exactly is as long as what it leaves open.
    pub fn read(name: &str, value: &str) -> Result<Self, Problem> {
        let (prefix, rest) = match value.get(..2) {
            Some(prefix @ ("ge" | "le" | "gt" | "lt" | "eq" | "sa" | "eb")) => {
                (prefix, value.get(2..).unwrap_or_default())
            }
            _ => ("eq", value),
        };
        let (from, until) = span(rest).ok_or_else(|| {
            let text = format!(
                "{name} is a year, a month, a day (2026-05-04) or an instant with its zone (2026-05-04T10:00:00Z), with ge, gt, sa, le, lt, eb or eq before it."
            );
            Problem::new(Category::BadSearch, text)
        })?;
        Ok(match prefix {
            "ge" => Self { from: Some(from), until: None },
            "gt" | "sa" => Self { from: Some(until), until: None },
            "le" => Self { from: None, until: Some(until) },
            "lt" | "eb" => Self { from: None, until: Some(from) },
            _ => Self { from: Some(from), until: Some(until) },
        })
    }

    /// What lies in both.
    pub fn and(self, other: &Self) -> Self {
        Self {
            from: self.from.max(other.from),
            until: match (self.until, other.until) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            },
        }
    }

    /// Whether an instant lies in it.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// The first instant of what a text says, and the first after it.
fn span(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    if text.contains('T') {
        return instant(text);
    }
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.year() > 0);
    let (from, until) = match text.len() {
        4 => day(&format!("{text}-01-01"))
            .and_then(|day| Some((day, day.checked_add_months(Months::new(12))?))),
        7 => day(&format!("{text}-01")).and_then(|day| Some((day, day.checked_add_months(Months::new(1))?))),
        10 => day(text).and_then(|day| Some((day, day.checked_add_days(Days::new(1))?))),
        _ => None,
    }?;
    let begins = |day: NaiveDate| day.and_hms_opt(0, 0, 0).map(|at| at.and_utc());
    Some((begins(from)?, begins(until)?))
}

/// A minute, a second, or a part of one. A plus sign that was not written as `%2B` came as a space.
fn instant(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let text = text.replace(' ', "+");
    if let Ok(minute) = DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M%#z") {
        return until(minute.to_utc(), TimeDelta::minutes(1));
    }
    let at = DateTime::parse_from_rfc3339(&text).ok()?.to_utc();
    let digits = text.split_once('.').map_or("", |(_, rest)| rest);
    let digits = digits.bytes().take_while(u8::is_ascii_digit).count();
    let nanoseconds = 1_000_000_000_i64 / 10_i64.pow(u32::try_from(digits.min(9)).ok()?);
    until(at, TimeDelta::nanoseconds(nanoseconds))
}

fn until(from: DateTime<Utc>, length: TimeDelta) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    Some((from, from.checked_add_signed(length)?))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::Within;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn within(value: &str) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let read = Within::read("date", value).unwrap_or_else(|problem| panic!("{value}: {problem:?}"));
        (read.from, read.until)
    }

    #[test]
    fn what_is_said_less_exactly_is_as_long_as_what_it_leaves_open() {
        for (value, from, until) in [
            ("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("eq2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("2026-05-04T10:00Z", "2026-05-04T10:00:00Z", "2026-05-04T10:01:00Z"),
            ("2026-05-04T10:00+01:00", "2026-05-04T09:00:00Z", "2026-05-04T09:01:00Z"),
            ("2026-05-04T10:00:07 01:00", "2026-05-04T09:00:07Z", "2026-05-04T09:00:08Z"),
            ("2026-05-04T10:00:07.250Z", "2026-05-04T10:00:07.250Z", "2026-05-04T10:00:07.251Z"),
        ] {
            assert_eq!(within(value), (Some(at(from)), Some(at(until))), "{value}");
        }
    }

    #[test]
    fn a_comparison_leaves_one_end_open() {
        let (day, next) = (Some(at("2026-05-04T00:00:00Z")), Some(at("2026-05-05T00:00:00Z")));
        for (value, wanted) in [
            ("ge2026-05-04", (day, None)),
            ("gt2026-05-04", (next, None)),
            ("sa2026-05-04", (next, None)),
            ("le2026-05-04", (None, next)),
            ("lt2026-05-04", (None, day)),
            ("eb2026-05-04", (None, day)),
        ] {
            assert_eq!(within(value), wanted, "{value}");
        }
    }

    #[test]
    fn two_leave_what_lies_in_both() {
        let read = |value: &str| Within::read("date", value).unwrap();
        let both = Within::default().and(&read("ge2026-05-04")).and(&read("le2026-05-05"));
        assert_eq!(both, read("le2026-05-05").and(&read("ge2026-05-04")));
        for (instant, is_in) in [
            ("2026-05-03T23:59:59Z", false),
            ("2026-05-04T00:00:00Z", true),
            ("2026-05-05T23:59:59Z", true),
            ("2026-05-06T00:00:00Z", false),
        ] {
            assert_eq!(both.holds(at(instant)), is_in, "{instant}");
        }
    }

    #[test]
    fn what_is_no_date_is_said() {
        for value in [
            "",
            "ge",
            "ne2026",
            "ap2026",
            "26",
            "0000",
            "2026-13",
            "2026-02-30",
            "2026-05-04T10:00",
            "2026-05-04T10:00:00",
            "ééé",
            "2026-05-04Tx",
        ] {
            assert!(Within::read("date", value).is_err(), "{value}");
        }
    }
}
