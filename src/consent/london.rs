//! When a FHIR date or dateTime begins and ends, with the day as people in England live it.
//!
//! A date without a time means that whole day in Europe/London. <https://hl7.org/fhir/R4/datatypes.html#dateTime>

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};

use crate::domain::offset_in_england;

/// The time that a date or dateTime covers: from its first instant up to, and not including, the first after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

/// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or a dateTime with its time zone; `None` for anything else.
pub(super) fn span(text: &str) -> Option<Span> {
    if !text.is_ascii() {
        return None;
    }
    if text.contains('T') {
        return instant(text);
    }
    let (first, next) = match text.len() {
        4 => {
            let first = date(&format!("{text}-01-01"))?;
            (first, first.checked_add_months(Months::new(12))?)
        }
        7 => {
            let first = date(&format!("{text}-01"))?;
            (first, first.checked_add_months(Months::new(1))?)
        }
        _ => {
            let first = date(text)?;
            (first, first.succ_opt()?)
        }
    };
    Some(Span { from: midnight(first)?, until: midnight(next)? })
}

/// A dateTime is as precise as it is written: to the second, or to the fraction (of which a millisecond is kept).
fn instant(text: &str) -> Option<Span> {
    let from = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
    let length = if text.contains('.') { TimeDelta::milliseconds(1) } else { TimeDelta::seconds(1) };
    Some(Span { from, until: from.checked_add_signed(length)? })
}

fn date(text: &str) -> Option<NaiveDate> {
    let shape: Vec<bool> = text.bytes().map(|byte| byte.is_ascii_digit()).collect();
    let dashed = [true, true, true, true, false, true, true, false, true, true];
    if shape != dashed {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// Midnight in London at the beginning of a day. Clocks change at 01:00 UTC, so midnight is never skipped or doubled, and
/// an hour before midnight UTC they show what they show at midnight.
fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    let utc = day.and_hms_opt(0, 0, 0)?.and_utc();
    let offset = offset_in_england(utc.checked_sub_signed(TimeDelta::hours(1))?)?;
    utc.checked_sub_signed(TimeDelta::seconds(offset.local_minus_utc().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, from: &str, until: &str) {
        let span = span(text).unwrap();
        assert_eq!((span.from.to_rfc3339(), span.until.to_rfc3339()), (from.to_owned(), until.to_owned()));
    }

    #[test]
    fn a_winter_day_begins_at_midnight_utc() {
        check("2026-01-15", "2026-01-15T00:00:00+00:00", "2026-01-16T00:00:00+00:00");
    }

    #[test]
    fn a_summer_day_begins_and_ends_an_hour_before_midnight_utc() {
        check("2026-07-01", "2026-06-30T23:00:00+00:00", "2026-07-01T23:00:00+00:00");
    }

    #[test]
    fn the_days_on_which_the_clocks_change_have_23_and_25_hours() {
        check("2026-03-29", "2026-03-29T00:00:00+00:00", "2026-03-29T23:00:00+00:00");
        check("2026-10-25", "2026-10-24T23:00:00+00:00", "2026-10-26T00:00:00+00:00");
        check("2024-03-31", "2024-03-31T00:00:00+00:00", "2024-03-31T23:00:00+00:00");
        check("2027-10-31", "2027-10-30T23:00:00+00:00", "2027-11-01T00:00:00+00:00");
    }

    #[test]
    fn months_and_years_are_covered_whole() {
        check("2026-07", "2026-06-30T23:00:00+00:00", "2026-07-31T23:00:00+00:00");
        check("2026", "2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00");
    }

    #[test]
    fn a_time_is_covered_as_precisely_as_it_is_written() {
        check("2026-07-01T12:00:00+01:00", "2026-07-01T11:00:00+00:00", "2026-07-01T11:00:01+00:00");
        check("2026-07-01T12:00:00.250Z", "2026-07-01T12:00:00.250+00:00", "2026-07-01T12:00:00.251+00:00");
    }

    #[test]
    fn what_is_no_fhir_date_is_not_read() {
        let wrong = [
            "",
            "26",
            "2026-02-30",
            "2026-13",
            "2026-1-1",
            "+2026-01-1",
            "2026-07-01T12:00:00",
            "1 May 2026",
        ];
        for text in wrong {
            assert_eq!(span(text), None, "{text}");
        }
        assert_eq!(span("２０２６"), None, "only ASCII digits");
    }
}
