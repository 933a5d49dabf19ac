//! The files that a list is made from: rows of CSV, lines of JSON, or JSON as a whole.

use std::path::PathBuf;

use serde_json::Value;

use crate::catalogue::Kind;
use crate::command::read_input;
use crate::command::rows::Rows;
use crate::domain::Private;
use crate::json::{self, Limits};
use crate::pipeline::{Born, House};
use crate::problem::Problem;

/// The most records of one list: births of a year in the largest authority, ten times over.
const RECORDS_MAX: usize = 200_000;

/// A file with the kind of its records, as `KIND=FILE` says it.
#[derive(Clone)]
pub(super) struct Source {
    kind: String,
    file: PathBuf,
}

impl std::str::FromStr for Source {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('=').filter(|(kind, file)| !kind.is_empty() && !file.is_empty());
        let (kind, file) =
            parts.ok_or("say the kind of the file's records: birth-notification=births.csv")?;
        Ok(Self { kind: kind.to_owned(), file: PathBuf::from(file) })
    }
}

/// What all files hold: the records, where each stands in words, and what could not be read.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) records: Vec<Born>,
    pub(super) places: Vec<String>,
    pub(super) faults: Vec<String>,
}

impl Gathered {
    /// Reads the files in their order. What cannot be opened is a wrong call; the error is a sentence.
    pub(super) fn of(house: &House, sources: &[Source]) -> Result<Self, String> {
        let mut gathered = Self::default();
        for source in sources {
            let kind = house.kind(&source.kind).map_err(|problem| problem.to_string())?;
            let bytes = read_input(&source.file)?;
            match source.file.extension().and_then(|ending| ending.to_str()) {
                Some("csv") => gathered.rows(source, &kind, &bytes)?,
                Some("ndjson" | "jsonl") => gathered.lines(source, &bytes),
                _ => gathered.whole(source, &bytes),
            }
            if gathered.records.len() > RECORDS_MAX {
                return Err(format!("There are more than {RECORDS_MAX} records; make the list in parts."));
            }
        }
        Ok(gathered)
    }

    fn add(&mut self, source: &Source, place: String, record: Value) {
        let record = Private::new(record);
        self.records.push(Born { place: self.places.len(), kind: source.kind.clone(), record });
        self.places.push(place);
    }

    fn rows(&mut self, source: &Source, kind: &Kind, bytes: &[u8]) -> Result<(), String> {
        let file = source.file.display();
        for row in Rows::open(kind, bytes).map_err(|text| format!("{file}: {text}"))? {
            match row.record {
                Ok(record) => self.add(source, format!("{file}, line {}", row.line), record),
                Err(faults) => {
                    self.faults
                        .extend(faults.iter().map(|text| format!("{file}, line {}: {text}", row.line)));
                }
            }
        }
        Ok(())
    }

    fn lines(&mut self, source: &Source, bytes: &[u8]) {
        let lines = bytes.split(|byte| *byte == b'\n').enumerate();
        for (index, line) in lines.filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace)) {
            let place = format!("{}, line {}", source.file.display(), index + 1);
            match json::read(line.trim_ascii_end(), Limits::default()) {
                Ok(record) => self.add(source, place, record),
                Err(problem) => self.fault(&place, &problem),
            }
        }
    }

    fn whole(&mut self, source: &Source, bytes: &[u8]) {
        let file = source.file.display().to_string();
        match json::read(bytes, Limits::default()) {
            Ok(Value::Array(records)) => {
                for (index, record) in records.into_iter().enumerate() {
                    self.add(source, format!("{file}, record {}", index + 1), record);
                }
            }
            Ok(record) => self.add(source, file, record),
            Err(problem) => self.fault(&file, &problem),
        }
    }

    fn fault(&mut self, place: &str, problem: &Problem) {
        self.faults.extend(sentences(problem).map(|text| format!("{place}: {text}")));
    }
}

/// What is wrong, a sentence each, with where in the record it is.
pub(super) fn sentences(problem: &Problem) -> impl Iterator<Item = String> + '_ {
    problem.issues.iter().map(|issue| match &issue.expression {
        Some(path) => format!("{path}: {}", issue.text),
        None => issue.text.clone(),
    })
}
