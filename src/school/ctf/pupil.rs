//! One pupil of a common transfer file, while it is read.

use chrono::NaiveDate;

use super::attended;
use crate::domain::{Postcode, Upn};
use crate::school::fault::RowFault;
use crate::school::place::Attended;
use crate::school::pupil::Pupil;
use crate::school::roll::born;
use crate::school::sheet::day;

/// The most schools of one pupil's history, and the most names that it had before.
const MANY: usize = 60;

/// What was read so far, as text.
pub(super) struct Draft {
    /// Where it begins.
    pub(super) line: u64,
    upn: Option<String>,
    given: String,
    family: String,
    former: Vec<String>,
    born: Option<String>,
    postcode: Option<String>,
    history: Vec<Written>,
    school: Written,
}

#[derive(Default)]
struct Written {
    authority: Option<u16>,
    number: Option<String>,
    urn: Option<String>,
    start: Option<String>,
    end: Option<String>,
}

/// A stay at a school.
pub(super) struct Stay {
    /// Where; `None` when it is not said.
    pub(super) attended: Option<Attended>,
    /// From.
    pub(super) start: Option<NaiveDate>,
    /// Until.
    pub(super) end: Option<NaiveDate>,
}

impl Draft {
    pub(super) fn new(line: u64) -> Self {
        Self {
            line,
            upn: None,
            given: String::new(),
            family: String::new(),
            former: Vec::new(),
            born: None,
            postcode: None,
            history: Vec::new(),
            school: Written::default(),
        }
    }

    /// An element ended: its name, where it stands, its text.
    pub(super) fn take(&mut self, name: &str, path: &[&str], text: &str) {
        if path.contains(&"schoolhistory") {
            self.stay(name, text);
            return;
        }
        let own = path.iter().any(|step| matches!(*step, "contacts" | "contact")) || text.is_empty();
        if own {
            return;
        }
        match name {
            "upn" => self.upn = Some(text.to_owned()),
            "forename" => self.given = text.to_owned(),
            "surname" => self.family = text.to_owned(),
            "formersurname" if self.former.len() < MANY => self.former.push(text.to_owned()),
            "dob" => self.born = Some(text.to_owned()),
            "postcode" if self.postcode.is_none() => self.postcode = Some(text.to_owned()),
            _ => {}
        }
    }

    fn stay(&mut self, name: &str, text: &str) {
        let value = || Some(text.to_owned()).filter(|text| !text.is_empty());
        match name {
            "lea" | "la" => self.school.authority = text.parse().ok(),
            "estab" => self.school.number = value(),
            "urn" => self.school.urn = value(),
            "entrydate" => self.school.start = value(),
            "leavingdate" => self.school.end = value(),
            "school" if self.history.len() < MANY => self.history.push(std::mem::take(&mut self.school)),
            _ => {}
        }
    }

    /// The pupil and its stays; what is wrong is added to the faults.
    pub(super) fn read(self, today: NaiveDate, faults: &mut Vec<RowFault>) -> (Pupil, Vec<Stay>) {
        let line = self.line;
        let mut fault =
            |name: &str, text: &str| faults.push(RowFault::new(line, name, format!("Pupil: {text}.")));
        for (name, value) in [("Surname", &self.family), ("Forename", &self.given)] {
            if value.is_empty() {
                fault(name, "the name is missing");
            }
        }
        let upn = self
            .upn
            .and_then(|text| text.parse::<Upn>().map_err(|error| fault("UPN", &error.to_string())).ok());
        if self.born.is_none() {
            fault("DOB", "the birth date is missing");
        }
        let born = self.born.and_then(|text| born(&text, today).map_err(|error| fault("DOB", &error)).ok());
        // A postcode that cannot be read makes matching harder, not the row wrong.
        let postcode = self.postcode.and_then(|text| text.parse::<Postcode>().ok());
        let mut read_day = |name: &str, text: Option<String>| {
            text.and_then(|text| day(&text).map_err(|error| fault(name, &error)).ok())
        };
        let mut stays = Vec::new();
        for one in self.history {
            let urn = one.urn.as_deref().and_then(|urn| Attended::read(urn).ok());
            stays.push(Stay {
                attended: urn.or_else(|| attended(one.authority, one.number.as_deref())),
                start: read_day("EntryDate", one.start),
                end: read_day("LeavingDate", one.end),
            });
        }
        let pupil = Pupil {
            nhs_number: None,
            upn,
            given: self.given,
            family: self.family,
            former: self.former,
            born,
            postcode,
        };
        (pupil, stays)
    }
}
