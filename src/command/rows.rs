//! A CSV file whose rows are records of a kind, by the columns that the kind's mapping names.

use std::io::Read;

use serde_json::Value;

use crate::catalogue::Kind;
use crate::lines::{LineEnd, Noticing};
use crate::map::columns;

/// A file of which the head is read.
pub(super) struct Rows<'k, R: Read> {
    kind: &'k Kind,
    reader: csv::Reader<Noticing<R>>,
    end: LineEnd,
    places: Vec<Option<usize>>,
    row: csv::StringRecord,
}

/// One row: the line on which it begins, and the record or what is wrong with it.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) record: Result<Value, Vec<String>>,
    /// The file cannot be read on.
    pub(super) is_last: bool,
}

impl<'k, R: Read> Rows<'k, R> {
    /// Reads the head; the error is a sentence.
    pub(super) fn open(kind: &'k Kind, input: R) -> Result<Self, String> {
        if kind.mapping.columns.is_empty() {
            return Err(format!(
                "the mapping of '{}' names no columns: such a record is not flat",
                kind.name
            ));
        }
        let (input, end) = Noticing::new(input);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
        let names = reader.headers().map_err(|error| unreadable(&error))?;
        let places = places(kind, names)?;
        Ok(Self { kind, reader, end, places, row: csv::StringRecord::new() })
    }

    /// The record of the row that was read.
    fn record(&self) -> Result<Value, Vec<String>> {
        let beyond = self.places.iter().flatten().max().map_or(0, |last| last + 1);
        if self.row.iter().skip(beyond).any(|cell| !cell.is_empty()) {
            return Err(vec!["there are more cells than columns".to_owned()]);
        }
        let cell = |place: &Option<usize>| place.and_then(|at| self.row.get(at)).unwrap_or_default();
        let cells: Vec<&str> = self.places.iter().map(cell).collect();
        columns::to_record(&self.kind.mapping.columns, self.kind.schema.leaves(), &cells)
            .map(|record| record.to_value())
    }
}

impl<R: Read> Iterator for Rows<'_, R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let line = self.end.line(self.reader.position().line());
        match self.reader.read_record(&mut self.row) {
            Ok(false) => None,
            Ok(true) => {
                let line = self.row.position().map_or(line, |at| self.end.line(at.line()));
                Some(Row { line, record: self.record(), is_last: false })
            }
            Err(error) => {
                Some(Row { line, record: Err(vec![unreadable(&error)]), is_last: error.is_io_error() })
            }
        }
    }
}

/// What is wrong with a row that cannot be read, in words for whoever saved the file.
fn unreadable(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "this row is not UTF-8; save the file as CSV in UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// Where in a row each column of the mapping stands. A name that no column has is a fault: its values would be lost.
fn places(kind: &Kind, names: &csv::StringRecord) -> Result<Vec<Option<usize>>, String> {
    let named = |name: &str| name.trim().trim_start_matches('\u{feff}').to_lowercase();
    let known =
        |name: &str| kind.mapping.columns.iter().any(|column| column.name.to_lowercase() == named(name));
    if names.is_empty() {
        return Err("the file is empty; its first line holds the columns' names".to_owned());
    }
    let unknown: Vec<&str> = names.iter().filter(|name| !known(name)).collect();
    if !unknown.is_empty() {
        let columns: Vec<&str> = kind.mapping.columns.iter().map(|column| column.name.as_str()).collect();
        return Err(format!(
            "the mapping knows no column '{}'; it knows: {}",
            unknown.join("', '"),
            columns.join(", ")
        ));
    }
    let place = |column: &columns::Column| {
        let mut found =
            names.iter().enumerate().filter(|(_, name)| named(name) == column.name.to_lowercase());
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(format!("the column '{}' is there twice", column.name)),
            (found, None) => Ok(found.map(|(at, _)| at)),
        }
    };
    kind.mapping.columns.iter().map(place).collect()
}
