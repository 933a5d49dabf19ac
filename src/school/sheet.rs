//! A CSV file whose columns are found by their names, so that files of other years with more or fewer columns can be read.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use chrono::NaiveDate;

use super::fault::{FileFault, RowFault};
use super::watched::{Since, Watched, text};
use crate::lines::{LineEnd, Noticing};

/// The most columns.
const COLUMNS_MAX: usize = 1_000;

/// The bytes of a file: the first few were looked at before.
type Source<R> = Noticing<Watched<std::io::Chain<Cursor<Vec<u8>>, R>>>;

/// A file of which the head is read.
pub(super) struct Sheet<R: Read> {
    reader: csv::Reader<Source<R>>,
    since: Since,
    end: LineEnd,
    columns: HashMap<String, usize>,
    record: csv::ByteRecord,
}

/// One row.
pub(super) struct Cells<'s> {
    columns: &'s HashMap<String, usize>,
    record: &'s csv::ByteRecord,
    /// Its line in the file.
    pub(super) line: u64,
}

impl<R: Read> Sheet<R> {
    /// Reads the head. Every inner list names one column by the names that it goes by; one of them must be there.
    pub(super) fn open(mut source: R, required: &[&[&str]]) -> Result<Self, FileFault> {
        let mut start = vec![0; 4];
        let read = fill(&mut source, &mut start).map_err(|error| broken(None, &error))?;
        start.truncate(read);
        if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) || start.contains(&0) {
            return Err(FileFault::new(Some(1), "The file is UTF-16 or no text. Save it as CSV in UTF-8."));
        }
        if start.starts_with(&[0xEF, 0xBB, 0xBF]) {
            start.drain(..3);
        }
        let (watched, since) = Watched::new(Cursor::new(start).chain(source));
        let (noticing, end) = Noticing::new(watched);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(noticing);
        let head = reader.byte_headers().map_err(|error| faulty(&error))?.clone();
        since.reset();
        if head.len() > COLUMNS_MAX {
            return Err(FileFault::new(Some(1), format!("There are more than {COLUMNS_MAX} columns.")));
        }
        let mut columns = HashMap::new();
        for (place, name) in head.iter().enumerate() {
            columns.entry(text(name).trim().to_lowercase()).or_insert(place);
        }
        let missing: Vec<&str> = required
            .iter()
            .filter(|names| !names.iter().any(|name| columns.contains_key(&name.to_lowercase())))
            .filter_map(|names| names.first().copied())
            .collect();
        if !missing.is_empty() {
            let text = format!(
                "The first line does not name these columns: {}. Is it this kind of file?",
                missing.join(", ")
            );
            return Err(FileFault::new(Some(1), text));
        }
        Ok(Self { reader, since, end, columns, record: csv::ByteRecord::new() })
    }

    /// The next row, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Cells<'_>>, FileFault> {
        let more = self.reader.read_byte_record(&mut self.record).map_err(|error| faulty(&error))?;
        self.since.reset();
        let line = self.record.position().map_or(0, |at| self.end.line(at.line()));
        Ok(more.then_some(Cells { columns: &self.columns, record: &self.record, line }))
    }
}

fn fill(source: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match source.read(rest)? {
            0 => break,
            more => read += more,
        }
    }
    Ok(read)
}

fn broken(line: Option<u64>, error: &dyn std::fmt::Display) -> FileFault {
    FileFault::new(line, format!("The file cannot be read on: {error}."))
}

fn faulty(error: &csv::Error) -> FileFault {
    let line = error.position().map(csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Io(cause) => broken(line, cause),
        _ => broken(line, &"it is not CSV"),
    }
}

impl Cells<'_> {
    /// A cell by any name of its column, without blanks around it; `None` when it is empty or not there.
    pub(super) fn get(&self, names: &[&str]) -> Option<String> {
        let place = names.iter().find_map(|name| self.columns.get(&name.to_lowercase()))?;
        let cell = text(self.record.get(*place)?);
        let cell = cell.trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    /// A cell that must be there.
    pub(super) fn need(&self, names: &[&str], faults: &mut Vec<RowFault>) -> Option<String> {
        let found = self.get(names);
        if found.is_none() {
            let name = names.first().copied().unwrap_or_default();
            faults.push(RowFault::new(self.line, name, "The cell is empty. Fill it in."));
        }
        found
    }

    /// A cell as a value of its own; what cannot be read is a fault, what is empty is not.
    pub(super) fn parse<T>(
        &self,
        names: &[&str],
        faults: &mut Vec<RowFault>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        match read(&self.get(names)?) {
            Ok(value) => Some(value),
            Err(text) => {
                let name = names.first().copied().unwrap_or_default();
                faults.push(RowFault::new(self.line, name, format!("{}.", capital(&text))));
                None
            }
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A code, with or without leading zeros: `02` in one file is `2` in another.
pub(super) fn code<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "this is a code of digits".to_owned())
}

/// A day: 2026-05-04, 20260504, 04/05/2026 or 04-05-2026 (the day first, as in England).
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    let text = text.split('T').next().unwrap_or_default();
    ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d-%m-%Y"]
        .iter()
        .filter_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .find(|day| (1900..=2200).contains(&chrono::Datelike::year(day)))
        .ok_or_else(|| "this is no date; write 2026-05-04 or 04/05/2026".to_owned())
}
