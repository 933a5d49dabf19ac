//! What is on file about a child's schools, as an answer for one day.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::establishment::{Establishment, Openness};
use super::place::Attended;

/// After so many days without a word from the source, what it said may be stale: longer than a term, holidays included.
const STALE_AFTER_DAYS: i64 = 150;

/// A place that counts, as it is on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Where.
    pub attended: Attended,
    /// From.
    pub start: Option<NaiveDate>,
    /// Until, that day included.
    pub end: Option<NaiveDate>,
    /// When the source knew it so.
    pub as_of: NaiveDate,
    /// The source.
    pub source: String,
    /// Whether it waits for somebody to decide: it contradicts what another source says.
    pub is_questioned: bool,
}

/// Where the child is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It attends a school.
    Attending,
    /// It is taught at home.
    HomeEducated,
    /// Kith does not know, or may not say.
    Unknown,
}

impl Status {
    /// The word of the answer.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attending => "attending",
            Self::HomeEducated => "home-educated",
            Self::Unknown => "unknown",
        }
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// In a word.
    pub status: Status,
    /// The place that it rests on; `None` when nothing is known.
    pub place: Option<Known>,
    /// What to know before relying on it.
    pub warnings: Vec<String>,
}

impl Answer {
    /// The same for a child that is not known, of which nothing is known, and of which nothing may be said.
    pub fn unknown() -> Self {
        Self { status: Status::Unknown, place: None, warnings: Vec::new() }
    }

    /// Whether there is something to be careful about.
    pub fn is_fresh(&self) -> bool {
        self.warnings.is_empty()
    }

    /// Adds what the school's own record says against it: closed, to close, or for other ages.
    pub fn weigh(
        &mut self,
        school: &Establishment,
        successor: Option<&Establishment>,
        born: Option<NaiveDate>,
        day: NaiveDate,
    ) {
        if school.openness == Openness::Closed {
            let next = successor.map(|next| format!(" {} took its place.", next.name)).unwrap_or_default();
            self.warnings
                .push(format!("The school has closed.{next} Ask the family where the child is now."));
        }
        if let (Some(high), Some(born)) = (school.high_age, born)
            && age(born, day) > u32::from(high)
        {
            self.warnings
                .push("The child is older than the pupils of this school, and may have moved on.".to_owned());
        }
    }
}

/// The place that counts on a day. Of one source the latest word counts; of places of several sources, those that nobody questions.
pub fn answer(places: &[Known], day: NaiveDate) -> Answer {
    let lasts = |place: &&Known| {
        place.end.is_none_or(|end| day <= end) && place.start.is_none_or(|start| start <= day)
    };
    let current = places.iter().filter(|place| !place.is_questioned).filter(lasts);
    let Some(place) = current.max_by_key(|place| (place.start, place.as_of)) else {
        return Answer { warnings: coming(places, day), ..Answer::unknown() };
    };
    let status = match place.attended {
        Attended::Home => Status::HomeEducated,
        Attended::Unknown => Status::Unknown,
        Attended::School(_) | Attended::Laestab(_) => Status::Attending,
    };
    let mut warnings = Vec::new();
    if place.as_of + TimeDelta::days(STALE_AFTER_DAYS) < day {
        warnings.push("The source has said nothing for longer than a term. Ask the school whether the child still attends.".to_owned());
    }
    if places.iter().any(|other| other.is_questioned && other.attended != place.attended && lasts(&other)) {
        warnings.push("Another source says that the child attends another school. Somebody is finding out; ask before you rely on this.".to_owned());
    }
    warnings.extend(coming(places, day));
    Answer { status, place: Some(place.clone()), warnings }
}

/// That a place begins within the next months.
fn coming(places: &[Known], day: NaiveDate) -> Vec<String> {
    let next = places
        .iter()
        .filter(|place| !place.is_questioned)
        .filter_map(|place| place.start)
        .filter(|start| *start > day)
        .min();
    next.map(|start| format!("A place at a school begins on {}.", start.format("%-d %B %Y")))
        .into_iter()
        .collect()
}

/// The school year of a day in England, from September to August: `2026/27`.
pub fn academic_year(day: NaiveDate) -> String {
    let begins = if day.month() >= 9 { day.year() } else { day.year() - 1 };
    format!("{begins}/{:02}", (begins + 1) % 100)
}

fn age(born: NaiveDate, day: NaiveDate) -> u32 {
    day.years_since(born).unwrap_or(0)
}
