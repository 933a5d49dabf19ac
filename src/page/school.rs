//! `/school`: which school a child attends, for somebody who cares for the child.

use askama::Template;

use super::frame::Frame;
use super::render;
use crate::problem::Problem;

/// Something that was typed and cannot be so.
pub struct Fault {
    /// The field to which it leads.
    pub id: &'static str,
    /// What is wrong and what to do.
    pub text: String,
}

/// What the page shows besides its form.
pub struct Shown {
    /// The NHS number as it was typed.
    pub number: String,
    /// Day, month and year as they were typed.
    pub born: [String; 3],
    /// Whether it is to protect the child.
    pub protects: bool,
    /// Why, as it was typed.
    pub reason: String,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// The answer; `None` when nothing was asked.
    pub found: Option<Found>,
    /// What every form brings along.
    pub token: String,
    /// For whom the person acts.
    pub organisation: String,
}

/// An answer in words.
pub struct Found {
    /// In a sentence.
    pub title: String,
    /// Whether there is something to be said.
    pub is_known: bool,
    /// The birth date that was asked about, in words.
    pub born: String,
    /// The same as a form brings it along.
    pub born_iso: String,
    /// What took the school's place, where it closed.
    pub successor: Option<String>,
    /// What is known, by name.
    pub facts: Vec<(&'static str, String)>,
    /// What to be careful about.
    pub warnings: Vec<String>,
    /// Whether the school can be told about health needs.
    pub offers_needs: bool,
}

/// One of the three parts of a date.
struct Part<'a> {
    id: &'static str,
    name: &'static str,
    width: &'static str,
    typed: &'a str,
}

impl Shown {
    fn has(&self, id: &str) -> bool {
        self.of(id).next().is_some()
    }

    fn of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Fault> {
        self.faults.iter().filter(move |fault| fault.id == id)
    }

    /// After an answer the form is for another child.
    fn typed_number(&self) -> &str {
        if self.found.is_some() { "" } else { &self.number }
    }

    fn parts(&self) -> [Part<'_>; 3] {
        let [day, month, year] =
            self.born.each_ref().map(|part| if self.found.is_some() { "" } else { part.as_str() });
        [
            Part { id: "day", name: "Day", width: "two", typed: day },
            Part { id: "month", name: "Month", width: "two", typed: month },
            Part { id: "year", name: "Year", width: "four", typed: year },
        ]
    }
}

#[derive(Template)]
#[template(path = "school.html")]
struct School<'a> {
    frame: Frame,
    shown: &'a Shown,
}

/// The page.
pub fn html(shown: &Shown) -> Result<String, Problem> {
    render(&School { frame: Frame::of("/school"), shown })
}
