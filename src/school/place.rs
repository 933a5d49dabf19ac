//! A child's place at a school, as one source says it.

use chrono::NaiveDate;

use super::pupil::Pupil;
use crate::domain::SchoolUrn;

/// Where a child is taught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attended {
    /// At this school.
    School(SchoolUrn),
    /// At the school with this LAESTAB, whose URN has to be looked up.
    Laestab(String),
    /// At home.
    Home,
    /// At a school that the source does not know.
    Unknown,
}

impl Attended {
    /// A URN, or one of the values that stand for none: 999999 is education at home; 888888 and X99999 are an unknown school.
    pub fn read(text: &str) -> Result<Self, String> {
        match text {
            "999999" => Ok(Self::Home),
            "888888" | "X99999" => Ok(Self::Unknown),
            _ => text
                .parse()
                .map(Self::School)
                .map_err(|error: crate::domain::BadIdentifier| error.to_string()),
        }
    }

    /// As it is kept: the URN, or the value that stands for none.
    pub fn name(&self) -> &str {
        match self {
            Self::School(urn) => urn.as_str(),
            Self::Laestab(code) => code,
            Self::Home => "999999",
            Self::Unknown => "888888",
        }
    }
}

/// The place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Whose.
    pub pupil: Pupil,
    /// Where.
    pub attended: Attended,
    /// From which day, if the source knows.
    pub start: Option<NaiveDate>,
    /// Until which day; `None` while it lasts.
    pub end: Option<NaiveDate>,
    /// The day on which the source knew it so.
    pub as_of: NaiveDate,
}
