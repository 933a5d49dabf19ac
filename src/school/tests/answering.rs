//! The answer for a day: the latest word of one source, what nobody questions of several, and what to be careful about.

use super::super::{Answer, Attended, Establishment, Known, Openness, Status, academic_year, answer};
use super::*;

fn known(urn: &str, start: &str, end: &str, as_of: &str, source: &str) -> Known {
    Known {
        attended: Attended::read(urn).unwrap(),
        start: start.parse().ok(),
        end: end.parse().ok(),
        as_of: day(as_of),
        source: source.to_owned(),
        is_questioned: false,
    }
}

fn at(places: &[Known]) -> (Status, Option<String>, usize) {
    let found = answer(places, today());
    (found.status, found.place.map(|place| place.attended.name().to_owned()), found.warnings.len())
}

#[test]
fn the_latest_place_of_a_source_counts_while_it_lasts() {
    let old = known("900455", "2024-09-01", "", "2026-07-01", "authority");
    let new = known("900456", "2026-09-01", "", "2026-10-01", "authority");
    assert_eq!(at(&[old.clone(), new.clone()]), (Status::Attending, Some("900456".into()), 0));
    let ended = Known { end: Some(day("2026-10-20")), ..new };
    assert_eq!(at(&[ended]), (Status::Unknown, None, 0));
    assert_eq!(
        at(&[known("900455", "2026-09-01", "2026-11-26", "2026-11-01", "a")]).0,
        Status::Attending,
        "the last day counts"
    );
    assert_eq!(at(&[]), (Status::Unknown, None, 0));
}

#[test]
fn values_that_stand_for_no_school_are_answered_as_what_they_mean() {
    assert_eq!(at(&[known("999999", "2026-09-01", "", "2026-10-01", "a")]).0, Status::HomeEducated);
    assert_eq!(at(&[known("X99999", "2026-09-01", "", "2026-10-01", "a")]).0, Status::Unknown);
}

#[test]
fn what_is_questioned_warns_and_does_not_answer() {
    let first = known("900455", "2024-09-01", "", "2026-10-01", "authority");
    let second = Known { is_questioned: true, ..known("900456", "2026-09-01", "", "2026-11-01", "school") };
    let found = answer(&[first.clone(), second.clone()], today());
    assert_eq!(found.place.as_ref(), Some(&first));
    assert!(found.warnings[0].contains("Another source"), "{:?}", found.warnings);
    assert_eq!(at(&[second]).0, Status::Unknown);
}

#[test]
fn an_old_word_a_coming_place_and_a_closed_school_are_warned_of() {
    let old = known("900455", "2024-09-01", "", "2026-01-10", "a");
    assert!(answer(&[old], today()).warnings[0].contains("longer than a term"));
    let coming = known("900455", "2027-01-05", "", "2026-11-10", "a");
    let found = answer(&[coming], today());
    assert_eq!(
        (found.status, found.warnings),
        (Status::Unknown, vec!["A place at a school begins on 5 January 2027.".to_owned()])
    );
    let mut answer: Answer = answer(&[known("900455", "2024-09-01", "", "2026-10-01", "a")], today());
    assert!(answer.is_fresh());
    let closed = Establishment {
        urn: "900455".into(),
        name: "Old".into(),
        openness: Openness::Closed,
        kind: None,
        phase: None,
        authority: None,
        number: None,
        low_age: Some(4),
        high_age: Some(11),
        address: vec![],
        postcode: None,
        opened: None,
        closed: None,
    };
    let next = Establishment { name: "New".into(), openness: Openness::Open, ..closed.clone() };
    answer.weigh(&closed, Some(&next), Some(day("2010-01-01")), today());
    assert!(
        answer.warnings[0].contains("New took its place")
            && answer.warnings[1].contains("older than the pupils")
    );
}

#[test]
fn a_school_year_begins_in_september() {
    assert_eq!(
        [
            academic_year(day("2026-08-31")),
            academic_year(day("2026-09-01")),
            academic_year(day("1999-12-01"))
        ],
        ["2025/26", "2026/27", "1999/00"]
    );
}
