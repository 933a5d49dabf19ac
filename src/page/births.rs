//! `/births`: how many were born in a month and how many are on the list, for a local authority's data lead, who takes it from here.

use askama::Template;
use chrono::NaiveDate;

use super::frame::Frame;
use super::render;
use crate::births::{Area, Counts, Mask};
use crate::problem::Problem;

/// What the page shows. Numbers are as people may see them.
pub struct Shown {
    /// The months of which anything is kept, newest first.
    pub months: Vec<Month>,
    /// The one that is looked at; `None` while nothing is kept.
    pub chosen: Option<OfMonth>,
    /// What was done to numbers.
    pub numbers: String,
    /// The public key by which lists are signed, as OpenSSH writes it.
    pub signed_by: String,
    /// For how many days births are kept.
    pub keep_days: u32,
    /// When it was looked at.
    pub at: String,
    /// What every form brings along.
    pub token: String,
    /// For whom the person acts.
    pub organisation: String,
}

/// A month to choose.
pub struct Month {
    /// As addresses have it, `2026-10`.
    pub month: String,
    /// As people say it.
    pub name: String,
    /// How many children Kith heard of.
    pub born: String,
    /// Whether it is the one that is looked at.
    pub is_chosen: bool,
}

/// The numbers of a month.
pub struct OfMonth {
    month: String,
    name: String,
    areas: Vec<Numbers>,
    elsewhere: String,
    all: Numbers,
    unreached: String,
    unfit: String,
}

/// Of one area.
struct Numbers {
    name: String,
    born: String,
    listed: String,
}

impl OfMonth {
    /// Of these counts. The last are children whose parents may have agreed and whom no centre reaches, and those of whom what may be known
    /// makes no entry.
    pub fn of(
        month: String,
        name: String,
        counts: &Counts,
        mask: Mask,
        (unreached, unfit): (String, String),
    ) -> Self {
        let numbers = |name: &str, born: u64, listed: u64| Numbers {
            name: name.to_owned(),
            born: mask.shown(born),
            listed: mask.shown(listed),
        };
        let area = |area: &Area| numbers(&area.name, area.births, area.listed);
        Self {
            month,
            name,
            areas: counts.areas.iter().map(area).collect(),
            elsewhere: mask.shown(counts.elsewhere),
            all: numbers("All", counts.births(), counts.listed()),
            unreached,
            unfit,
        }
    }
}

/// `2026-10` as people say it: October 2026.
pub fn in_words(month: &str) -> String {
    let first = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d");
    first.map_or_else(|_| month.to_owned(), |day| day.format("%B %Y").to_string())
}

#[derive(Template)]
#[template(path = "births.html")]
struct Births<'a> {
    frame: Frame,
    shown: &'a Shown,
}

/// The page.
pub fn html(shown: &Shown) -> Result<String, Problem> {
    render(&Births { frame: Frame::of("/births"), shown })
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_month_is_said_as_people_say_it() {
        assert_eq!((in_words("2026-10"), in_words("?")), ("October 2026".to_owned(), "?".to_owned()));
    }
}
