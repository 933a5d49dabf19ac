//! `/operations`: what waits, what failed and what became of one delivery, for the people who run Kith.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use super::frame::Frame;
use super::render;
use crate::problem::Problem;

/// What the page shows.
pub struct Overview {
    /// Every recipient.
    pub recipients: Vec<Recipient>,
    /// What ended in the last day.
    pub plot: Plot,
    /// What was looked for.
    pub found: Searched,
    /// What was just done.
    pub done: Option<String>,
    /// When it was so.
    pub at: String,
    /// What every form brings along.
    pub token: String,
    /// For whom the person acts.
    pub organisation: String,
}

/// How it stands with one recipient.
pub struct Recipient {
    /// Its name in the directory.
    pub id: String,
    /// Its organisation.
    pub name: String,
    /// How many deliveries wait or are on their way.
    pub waiting: u64,
    /// How many its people have to have read, and nobody did for too long.
    pub unread: u64,
    /// How many dead letters there are.
    pub failed: u64,
    /// How old the oldest that waits is.
    pub oldest: Option<String>,
    /// Why nothing goes to it at the moment.
    pub trouble: Option<String>,
    /// Who parked it, and since when.
    pub parked: Option<String>,
}

/// A word that can be chosen.
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What was looked for, and found.
pub struct Searched {
    /// The id that was typed.
    pub id: String,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// The recipients to choose from.
    pub recipients: Vec<Choice>,
    /// The states.
    pub states: Vec<Choice>,
    /// The ages.
    pub ages: Vec<Choice>,
    /// The dead letters among what was found, joined by commas.
    pub letters: String,
    /// What was found.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: String,
}

/// One delivery.
pub struct Row {
    /// Its id.
    pub id: String,
    /// The record kind.
    pub kind: String,
    /// Who sent it.
    pub from: String,
    /// Who is to get it.
    pub to: String,
    /// Where it stands.
    pub state: String,
    /// When it was accepted.
    pub accepted: String,
    /// How often it was tried.
    pub attempts: u32,
}

/// The life of one delivery.
pub struct Life {
    /// The delivery.
    pub row: Row,
    /// The message's id.
    pub message: String,
    /// What its receipt says.
    pub notes: Vec<String>,
    /// What the journal has of it, oldest first.
    pub steps: Vec<Step>,
    /// For a dead letter: what would become of it.
    pub foretold: Option<Foretold>,
    /// What every form brings along.
    pub token: String,
    /// For whom the person acts.
    pub organisation: String,
}

/// One thing that happened to it.
pub struct Step {
    /// When.
    pub at: String,
    /// What.
    pub what: String,
    /// What the journal says besides.
    pub note: String,
    /// The entry's number.
    pub entry: u64,
}

/// What would become of a dead letter that is put back.
pub struct Foretold {
    /// Whether it can be.
    pub may: bool,
    /// What then.
    pub sentence: String,
}

/// The last day, an hour a bar.
pub struct Plot {
    /// The bars, oldest first.
    pub bars: Vec<Bar>,
    /// How many were delivered in all.
    pub completed: u64,
    /// How many became dead letters.
    pub failed: u64,
    /// The height of the highest bar, in deliveries.
    pub highest: u64,
}

/// One hour: places and heights in a picture of 480 by 80.
pub struct Bar {
    /// From the left.
    pub x: usize,
    /// Where the delivered begin, from above.
    pub completed_top: u64,
    /// How high the delivered are.
    pub completed_high: u64,
    /// Where the dead letters begin.
    pub failed_top: u64,
    /// How high they are.
    pub failed_high: u64,
    /// What the bar says.
    pub title: String,
}

/// How high the picture is.
const HIGH: u64 = 80;

/// The bars of the last 24 hours, given as (first second, delivered, dead letters); hours without any are empty bars.
pub fn plot(hours: &[(DateTime<Utc>, u64, u64)], now: DateTime<Utc>) -> Plot {
    let last = now.timestamp().div_euclid(3600);
    let highest = hours.iter().map(|(_, completed, failed)| completed + failed).max().unwrap_or_default();
    // What is there at all can be seen.
    let high = |count: u64| (count * HIGH).div_ceil(highest.max(1));
    let bar = |place: usize| {
        let hour = last - 23 + i64::try_from(place).unwrap_or_default();
        let of = hours.iter().find(|(from, _, _)| from.timestamp().div_euclid(3600) == hour);
        let (completed, failed) = of.map_or((0, 0), |(_, completed, failed)| (*completed, *failed));
        let from = DateTime::from_timestamp(hour * 3600, 0).unwrap_or(now);
        let until = from + TimeDelta::hours(1);
        let (completed_high, failed_high) = (high(completed), high(failed).min(HIGH));
        let completed_top = HIGH.saturating_sub(completed_high);
        Bar {
            x: place * 20,
            completed_top,
            completed_high,
            failed_top: completed_top.saturating_sub(failed_high),
            failed_high,
            title: format!(
                "{} to {} UTC: {completed} delivered, {failed} dead letters",
                from.format("%H:%M"),
                until.format("%H:%M")
            ),
        }
    };
    Plot {
        bars: (0..24).map(bar).collect(),
        completed: hours.iter().map(|(_, completed, _)| completed).sum(),
        failed: hours.iter().map(|(_, _, failed)| failed).sum(),
        highest,
    }
}

#[derive(Template)]
#[template(path = "operations.html")]
struct OverviewPage<'a> {
    frame: Frame,
    shown: &'a Overview,
}

#[derive(Template)]
#[template(path = "delivery.html")]
struct LifePage<'a> {
    frame: Frame,
    shown: &'a Life,
}

/// The page with everything at a glance.
pub fn overview_html(shown: &Overview) -> Result<String, Problem> {
    render(&OverviewPage { frame: Frame::of("/operations"), shown })
}

/// The page of one delivery.
pub fn life_html(shown: &Life) -> Result<String, Problem> {
    render(&LifePage { frame: Frame::of("/operations"), shown })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_24_bars_and_the_highest_fills_the_picture() {
        let now = DateTime::from_timestamp(1_800_003_600 + 1_800, 0).unwrap();
        let hour = |hours: i64| DateTime::from_timestamp((now.timestamp() / 3600 - hours) * 3600, 0).unwrap();
        let plot = plot(&[(hour(2), 1, 0), (hour(0), 600, 200)], now);
        assert_eq!((plot.bars.len(), plot.completed, plot.failed, plot.highest), (24, 601, 200, 800));
        let last = &plot.bars[23];
        assert_eq!((last.failed_top, last.failed_high, last.completed_high), (0, 20, 60));
        assert_eq!(plot.bars[21].completed_high, 1, "one delivery can be seen");
        assert!(last.title.contains("600 delivered, 200 dead letters"), "{}", last.title);
    }
}
