//! Common transfer files (CTF), in which schools and authorities in England pass pupils on. Versions differ in element names and in
//! whether there is a namespace, so elements are known by their local names and what is not needed is passed over.
//!
//! A file says where pupils were taught by its school history, and, unless the history says where they are now or that they have left,
//! that they are pupils of the school that made it. The school to which it is sent is no statement of anybody's: that school says so itself
//! when they come.

mod latin;
mod pupil;

use std::io::{BufReader, Read};

use chrono::NaiveDate;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::establishment::laestab;
use super::fault::{FileFault, RowFault};
use super::file::{Line, Row};
use super::place::Attended;
use super::roll::days;
use super::sheet::day;
use super::watched::{Since, Watched};
use pupil::Draft;

/// How deep elements may nest.
const DEPTH_MAX: usize = 32;

/// Every place of every pupil, to `each`.
pub(super) fn places(
    source: impl Read,
    today: NaiveDate,
    each: &mut dyn FnMut(Line) -> bool,
) -> Result<(), FileFault> {
    let (watched, since) = Watched::new(latin::to_utf8(source)?);
    let mut reader = Reader::from_reader(BufReader::new(watched));
    reader.config_mut().expand_empty_elements = true;
    let mut reading = Reading {
        since,
        today,
        line: 1,
        path: Vec::new(),
        text: String::new(),
        header: Header::default(),
        draft: None,
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| FileFault::new(Some(reading.line), in_words(&error)))?;
        if matches!(event, Event::Eof) {
            return reading.ended();
        }
        let starts_at = reading.line;
        reading.line += event.bytes().filter(|byte| *byte == b'\n').count() as u64;
        for line in reading.take(event, starts_at)? {
            if !each(line) {
                return Ok(());
            }
        }
    }
}

/// Why the XML cannot be read on: never in the reader's own words, which repeat names that stand in the file.
fn in_words(error: &quick_xml::Error) -> String {
    let why = match error {
        quick_xml::Error::Io(cause) => return format!("The file cannot be read on: {cause}."),
        quick_xml::Error::Encoding(_) => {
            "it is not in the encoding that it declares, or in UTF-8 if it declares none"
        }
        quick_xml::Error::IllFormed(_) => "an element is not closed, or closed by the name of another",
        _ => "it is no well-formed XML",
    };
    format!("The XML cannot be read on: {why}.")
}

/// What the head says.
#[derive(Default)]
struct Header {
    as_of: Option<NaiveDate>,
    authority: Option<u16>,
    number: Option<String>,
    urn: Option<String>,
    pupils: u64,
}

struct Reading {
    since: Since,
    today: NaiveDate,
    line: u64,
    /// Local names in lower case, the root first.
    path: Vec<String>,
    text: String,
    header: Header,
    draft: Option<Draft>,
}

impl Reading {
    fn fault(&self, text: impl Into<String>) -> FileFault {
        FileFault::new(Some(self.line), text)
    }

    fn take(&mut self, event: Event<'_>, line: u64) -> Result<Vec<Line>, FileFault> {
        match event {
            Event::DocType(_) => Err(self.fault("A document type declaration is not taken: it could declare anything, without end. Remove it.")),
            Event::Start(start) => self.start(&start.local_name().as_ref().to_lowercase(), line).map(|()| Vec::new()),
            Event::Text(text) => self.add(&text),
            Event::CData(text) => self.add(&text),
            Event::GeneralRef(name) => {
                let known = name.resolve_char_ref().ok().flatten();
                let known = known.or_else(|| {
                    [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')]
                        .iter()
                        .find(|(known, _)| *name.as_ref() == **known)
                        .map(|(_, letter)| *letter)
                });
                let letter = known.ok_or_else(|| self.fault("An entity is used that XML does not have; entities of one's own are not taken."))?;
                self.text.push(letter);
                Ok(Vec::new())
            }
            Event::End(_) => self.end(),
            _ => Ok(Vec::new()),
        }
    }

    fn add(&mut self, text: &str) -> Result<Vec<Line>, FileFault> {
        self.text.push_str(text);
        Ok(Vec::new())
    }

    fn start(&mut self, name: &str, line: u64) -> Result<(), FileFault> {
        if self.path.is_empty() && name != "ctfile" {
            return Err(self.fault("This is no common transfer file: its root is not CTfile."));
        }
        if self.path.len() >= DEPTH_MAX {
            return Err(self.fault(format!("The XML nests deeper than {DEPTH_MAX}.")));
        }
        let within = self.path.last().map(String::as_str);
        // Some files have one CTFpupilData a pupil, without an element Pupil in it.
        let begins = name == "pupil" && within == Some("ctfpupildata")
            || matches!(name, "upn" | "surname") && within == Some("ctfpupildata") && self.draft.is_none();
        if begins {
            self.draft = Some(Draft::new(line));
        }
        self.path.push(name.to_owned());
        self.text.clear();
        Ok(())
    }

    fn end(&mut self) -> Result<Vec<Line>, FileFault> {
        // Not for every element: many small ones could make one pupil without end.
        let Some(name) = self.path.pop() else {
            return Err(self.fault("An element ends that did not begin."));
        };
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let within = |names: &[&str]| path.iter().any(|step| names.contains(step));
        if let Some(draft) = &mut self.draft {
            let ends = matches!(
                (name.as_str(), path.last()),
                ("pupil", Some(&"ctfpupildata")) | ("ctfpupildata", _)
            );
            if ends {
                let draft = self.draft.take();
                self.since.reset();
                self.header.pupils += 1;
                return Ok(draft.map(|draft| self.lines(draft)).unwrap_or_default());
            }
            draft.take(&name, &path, text);
        } else if within(&["header"]) && !within(&["destschool"]) {
            match name.as_str() {
                "datetime" => self.header.as_of = day(text).ok(),
                "lea" | "la" => self.header.authority = text.parse().ok(),
                "estab" => self.header.number = Some(text.to_owned()),
                "urn" => self.header.urn = Some(text.to_owned()),
                _ => {}
            }
        }
        if name == "header" {
            self.since.reset();
        }
        Ok(Vec::new())
    }

    /// A pupil's places, each a line.
    fn lines(&self, draft: Draft) -> Vec<Line> {
        let mut faults = Vec::new();
        let at = draft.line;
        let (pupil, history) = draft.read(self.today, &mut faults);
        let as_of = self.header.as_of.unwrap_or(self.today);
        let own = || {
            let header = &self.header;
            let urn = header.urn.as_deref().and_then(|urn| Attended::read(urn).ok());
            urn.or_else(|| attended(header.authority, header.number.as_deref()))
        };
        // A history often lists only the schools before the one that made the file; one that says where the pupil is now is believed.
        let codes = attended(self.header.authority, self.header.number.as_deref());
        let says_now = |stay: &pupil::Stay| {
            stay.end.is_none_or(|end| end >= self.today)
                || stay.attended.is_some() && (stay.attended == codes || stay.attended == own())
        };
        let mut stays = history;
        // An authority that makes a file teaches nobody: it adds nothing to what a history says.
        let is_school = matches!(own(), Some(Attended::School(_) | Attended::Laestab(_)));
        if stays.is_empty() || is_school && !stays.iter().any(says_now) {
            stays.push(pupil::Stay { attended: own(), start: None, end: None });
        }
        if !faults.is_empty() {
            return vec![Line { line: at, row: None, faults }];
        }
        let line = |stay: pupil::Stay| {
            let mut faults = Vec::new();
            let Some(attended) = stay.attended else {
                let text = "It is not said at which school: there is neither a URN nor LEA and Estab.";
                return Line { line: at, row: None, faults: vec![RowFault::new(at, "SourceSchool", text)] };
            };
            let place =
                super::Place { pupil: pupil.clone(), attended, start: stay.start, end: stay.end, as_of };
            days(at, &place, self.today, &mut faults);
            Line { line: at, row: faults.is_empty().then(|| Row::Place(Box::new(place))), faults }
        };
        stays.into_iter().map(line).collect()
    }

    /// The end of the file: nothing may be open, and there must have been something.
    fn ended(&self) -> Result<(), FileFault> {
        if !self.path.is_empty() {
            return Err(self.fault(
                "The file breaks off: elements are not closed. Nothing of it was taken; send it whole.",
            ));
        }
        if self.header.pupils == 0 {
            return Err(self.fault("There is no pupil in the file."));
        }
        Ok(())
    }
}

/// A school by the codes of its authority and of itself; letters in place of the latter stand for no school in particular.
fn attended(authority: Option<u16>, number: Option<&str>) -> Option<Attended> {
    let number = number?;
    match number.parse() {
        Ok(number) => Some(Attended::Laestab(laestab(authority?, number))),
        Err(_) => Some(Attended::Unknown),
    }
}
