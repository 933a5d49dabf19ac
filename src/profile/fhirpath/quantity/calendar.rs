//! The units of the calendar (FHIRPath 2.0.0, §4.1.9).

/// Calendar units (§4.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Calendar {
    /// `year`
    Year,
    /// `month`
    Month,
    /// `week`
    Week,
    /// `day`
    Day,
    /// `hour`
    Hour,
    /// `minute`
    Minute,
    /// `second`
    Second,
    /// `millisecond`
    Millisecond,
}

const WORDS: [(Calendar, &str, &str, &str); 8] = [
    (Calendar::Year, "year", "years", "a"),
    (Calendar::Month, "month", "months", "mo"),
    (Calendar::Week, "week", "weeks", "wk"),
    (Calendar::Day, "day", "days", "d"),
    (Calendar::Hour, "hour", "hours", "h"),
    (Calendar::Minute, "minute", "minutes", "min"),
    (Calendar::Second, "second", "seconds", "s"),
    (Calendar::Millisecond, "millisecond", "milliseconds", "ms"),
];

impl Calendar {
    /// The unit of that word, in singular or plural.
    pub(in crate::profile::fhirpath) fn named(word: &str) -> Option<Self> {
        WORDS.iter().find(|row| row.1 == word || row.2 == word).map(|row| row.0)
    }

    /// The unit that UCUM has a code for.
    pub(in crate::profile::fhirpath) fn coded(code: &str) -> Option<Self> {
        WORDS.iter().find(|row| row.3 == code).map(|row| row.0)
    }

    fn row(self) -> &'static (Calendar, &'static str, &'static str, &'static str) {
        let index = self as usize;
        WORDS.get(index).unwrap_or(&WORDS[0])
    }

    pub(in crate::profile::fhirpath) fn code(self) -> &'static str {
        self.row().3
    }

    /// Its word, in singular or plural.
    pub(super) fn word(self, singular: bool) -> &'static str {
        let row = self.row();
        if singular { row.1 } else { row.2 }
    }

    /// How many days or, for less than a day, milliseconds the calendar's arithmetic counts for it (§6.6.7).
    pub(in crate::profile::fhirpath) fn milliseconds(self) -> i64 {
        const DAY: i64 = 86_400_000;
        match self {
            Self::Year => 365 * DAY,
            Self::Month => 30 * DAY,
            Self::Week => 7 * DAY,
            Self::Day => DAY,
            Self::Hour => 3_600_000,
            Self::Minute => 60_000,
            Self::Second => 1_000,
            Self::Millisecond => 1,
        }
    }

    /// Years and months have no fixed length.
    pub(in crate::profile::fhirpath) fn is_long(self) -> bool {
        self <= Self::Month
    }
}
