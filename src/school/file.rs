//! Files of schools, children and places, read row by row: whatever their size, one row is in memory at a time.

use std::io::Read;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::establishment::{Establishment, Link};
use super::fault::{FileFault, RowFault};
use super::place::Place;
use super::pupil::Pupil;
use super::{ctf, gias, roll};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Establishments, from GIAS (CSV).
    Gias,
    /// What took whose place, from GIAS (CSV).
    GiasLinks,
    /// Children with their NHS numbers (CSV): those among whom pupils are looked for.
    Children,
    /// Places at schools (CSV).
    Places,
    /// Places at schools, as a common transfer file (XML).
    Ctf,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Gias, Self::GiasLinks, Self::Children, Self::Places, Self::Ctf];

    /// Its name in addresses and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gias => "gias",
            Self::GiasLinks => "gias-links",
            Self::Children => "children",
            Self::Places => "places",
            Self::Ctf => "ctf",
        }
    }

    /// What a file of this form is.
    pub fn title(self) -> &'static str {
        match self {
            Self::Gias => "Establishments from Get Information about Schools (CSV, edubasealldata…)",
            Self::GiasLinks => "What took whose place, from there too (CSV, links_edubasealldata…)",
            Self::Children => "Children with NHS number, names, birth date and postcode (CSV)",
            Self::Places => "Places: NHS number, UPN, or names and birth date; school URN; dates (CSV)",
            Self::Ctf => "A common transfer file of a school or authority (XML)",
        }
    }

    /// The form with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// Whether it says something about children.
    pub fn is_about_children(self) -> bool {
        matches!(self, Self::Children | Self::Places | Self::Ctf)
    }
}

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// An establishment.
    School(Box<Establishment>),
    /// A successor.
    Link(Link),
    /// A child.
    Child(Box<Pupil>),
    /// A place.
    Place(Box<Place>),
    /// Nothing that matters here.
    Nothing,
}

/// One row of a file: what it says, or everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it begins, from 1.
    pub line: u64,
    /// What it says; `None` when something is wrong.
    pub row: Option<Row>,
    /// What is wrong.
    pub faults: Vec<RowFault>,
}

/// Reads a file and gives every row to `each`, which says whether to go on.
///
/// `today` is the day on which the file was taken, where it does not say so itself; nothing in it may be of a later one.
///
/// # Errors
/// The file as a whole cannot be used: it is another kind of file, breaks off, or has a row without end.
pub fn read(
    form: Form,
    source: impl Read,
    today: NaiveDate,
    each: &mut dyn FnMut(Line) -> bool,
) -> Result<(), FileFault> {
    match form {
        Form::Gias => gias::establishments(source, each),
        Form::GiasLinks => gias::links(source, each),
        Form::Children => roll::children(source, today, each),
        Form::Places => roll::places(source, today, each),
        Form::Ctf => ctf::places(source, today, each),
    }
}
