//! A calendar month.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

/// A month of a year, such as `2026-10`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month(String);

impl Month {
    /// The month of a day (YYYY-MM-DD).
    pub fn of_day(day: &str) -> Option<Self> {
        day.get(..7).filter(|_| day.len() == 10)?.parse().ok()
    }

    /// Whether a day (YYYY-MM-DD) lies in it.
    pub fn holds(&self, day: &str) -> bool {
        day.strip_prefix(&self.0).is_some_and(|rest| rest.starts_with('-'))
    }
}

impl FromStr for Month {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
        let is_month = first.is_ok_and(|day| day.format("%Y-%m").to_string() == text);
        if is_month { Ok(Self(text.to_owned())) } else { Err("a month is written like 2026-10") }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_holds_its_days_and_no_others() {
        let month: Month = "2026-10".parse().unwrap();
        assert!(month.holds("2026-10-01") && month.holds("2026-10-31"));
        assert!(!month.holds("2026-11-01") && !month.holds("2026-1") && !month.holds("2026-10"));
    }

    #[test]
    fn a_day_has_its_month() {
        assert_eq!(Month::of_day("2026-10-31").map(|month| month.to_string()).as_deref(), Some("2026-10"));
        assert!(
            ["2026-10", "2026-13-01", "20261-0-01", "é026-10-01"]
                .map(Month::of_day)
                .iter()
                .all(Option::is_none)
        );
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in ["2026-13", "2026-1", "26-10", "2026-10-01", "", "October", "+2026-10"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
