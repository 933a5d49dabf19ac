//! Two values of a record that are one element in FHIR: a day and a time of day, a code and the words it was chosen for.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use smallvec::smallvec;

use super::language::Shape;
use super::value::{self, Parts};
use crate::domain::offset_in_england;
use crate::json::Tree;

/// What was read: each of the two values, with the parts of the FHIR value that said it.
pub struct Parted<'v> {
    /// The first value: the day, the code.
    pub first: Option<Tree<'v>>,
    /// The second: the time, the words.
    pub second: Option<Tree<'v>>,
    /// What is accounted for.
    pub carried: Parts<'v>,
}

/// The FHIR value for two values of a record, of which at least one is there.
pub fn to_fhir<'t>(shape: &'t Shape, first: Option<&'t Tree<'t>>, second: Option<&'t Tree<'t>>) -> Tree<'t> {
    match shape {
        Shape::Concept(Some(_)) => {
            let mut concept =
                first.map_or_else(|| Tree::object([]), |code| value::to_fhir(shape, code).value);
            if let Tree::Object(members) = &mut concept {
                members.retain(|name, _| name != "text");
                if let Some(words) = second {
                    *members.place("text") = words.lent();
                }
            }
            concept
        }
        _ => match (first.and_then(Tree::as_str), second.and_then(Tree::as_str)) {
            (Some(day), Some(time)) => Tree::text(in_england(day, time)),
            (day, time) => day.or(time).map_or(Tree::Null, Tree::text),
        },
    }
}

/// The two values of a FHIR value; what cannot be told in them is not accounted for.
pub fn to_record<'v>(shape: &'v Shape, value: &'v Tree<'v>) -> Parted<'v> {
    let mut parted = Parted { first: None, second: None, carried: smallvec![] };
    if let Shape::Concept(Some(_)) = shape {
        if let Some(read) = value::to_record(shape, value, false) {
            parted.first = Some(read.value);
            parted.carried.extend(read.carried);
        }
        if let Some(words) = value.get("text").filter(|text| matches!(text, Tree::Text(_))) {
            parted.second = Some(words.lent());
            parted.carried.push(words);
        }
    } else if let Some((day, time)) = value.as_str().and_then(as_told) {
        parted.first = Some(Tree::text(day));
        parted.second = time.map(Tree::text);
        parted.carried.push(value);
    }
    parted
}

/// Day and time of day as England's clocks tell them; `None` where they cannot say it to the same minute.
fn as_told(text: &str) -> Option<(String, Option<String>)> {
    let Some((day, _)) = text.split_once('T') else { return Some((text.to_owned(), None)) };
    // What was written from a clock's own digits is read as these digits, also in the hour that summer time skips.
    let digits = text.get(11..16)?;
    if in_england(day, digits) == text {
        return Some((day.to_owned(), Some(digits.to_owned())));
    }
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    let local = instant.with_timezone(&offset_in_england(instant.with_timezone(&Utc))?);
    let (day, time) = (local.format("%Y-%m-%d").to_string(), local.format("%H:%M").to_string());
    let again = DateTime::parse_from_rfc3339(&in_england(&day, &time)).ok()?;
    (again == instant).then_some((day, Some(time)))
}

/// A dateTime with the offset of England's clocks. In the hour that comes twice the first is meant; the hour that is
/// skipped is written as if the clocks had not changed.
fn in_england(day: &str, time: &str) -> String {
    let read = || {
        let local: NaiveDateTime =
            day.parse::<NaiveDate>().ok()?.and_time(NaiveTime::parse_from_str(time, "%H:%M").ok()?);
        let summer = local.checked_sub_signed(TimeDelta::hours(1))?.and_utc();
        let zone = if offset_in_england(summer)?.local_minus_utc() > 0 { "+01:00" } else { "+00:00" };
        Some(format!("{day}T{time}:00{zone}"))
    };
    // Only a record that its schema never allowed has other texts.
    read().unwrap_or_else(|| format!("{day} {time}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn told(text: &str, expected: Option<(&str, Option<&str>)>) {
        let expected = expected.map(|(day, time)| (day.to_owned(), time.map(str::to_owned)));
        assert_eq!(as_told(text), expected, "{text}");
    }

    #[test]
    fn a_time_of_day_is_englands() {
        assert_eq!(in_england("2026-01-05", "09:30"), "2026-01-05T09:30:00+00:00");
        assert_eq!(in_england("2026-07-05", "09:30"), "2026-07-05T09:30:00+01:00");
        told("2026-07-05T08:30:00Z", Some(("2026-07-05", Some("09:30"))));
        told("2026-07-05T23:30:00Z", Some(("2026-07-06", Some("00:30"))));
        told("2026-07-05", Some(("2026-07-05", None)));
    }

    #[test]
    fn the_hours_that_come_twice_or_never_come_back_as_they_were_written() {
        assert_eq!(in_england("2026-10-25", "01:30"), "2026-10-25T01:30:00+01:00");
        for (day, time) in [("2026-10-25", "01:30"), ("2026-10-25", "02:00"), ("2026-03-29", "01:30")] {
            told(&in_england(day, time), Some((day, Some(time))));
        }
        // The second of the two hours cannot be told apart by a clock: it stays in the ledger.
        told("2026-10-25T01:30:00+00:00", None);
    }

    #[test]
    fn seconds_that_a_clock_in_minutes_cannot_tell_are_not_dropped() {
        told("2026-07-05T08:30:15Z", None);
        told("no time", Some(("no time", None)));
    }
}
