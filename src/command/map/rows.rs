//! `kith map to-fhir --csv`: a record on each row of a CSV file, one message out for each that is right, in their order.

use serde_json::Value;

use super::lines::{Sink, open, unread, unwritten};
use super::{Convert, record_to_fhir, sentence};
use crate::catalogue::Kind;
use crate::command::{End, say};
use crate::map::columns;
use crate::problem::Issue;

/// Converts row by row. A row that is wrong is named by the line on which it begins and gives nothing; the others go on.
pub(super) fn convert(arguments: &Convert, kind: &Kind) -> End {
    let input = match open(&arguments.file) {
        Ok(input) => input,
        Err(error) => return unread(&arguments.file, &error),
    };
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let places =
        match rows.headers().map_err(|error| unreadable(&error)).and_then(|names| places(kind, names)) {
            Ok(places) => places,
            Err(text) => {
                say(&format!("{}: {text}", arguments.file.display()));
                return End::InputHasErrors;
            }
        };
    let (mut out, mut end) = (Sink::lines(), End::Good);
    let mut row = csv::StringRecord::new();
    loop {
        let number = rows.position().line();
        match rows.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                say(&format!("line {number}: {}", unreadable(&error)));
                end = End::InputHasErrors;
                if error.is_io_error() {
                    break;
                }
                continue;
            }
        }
        let number = row.position().map_or(number, csv::Position::line);
        let Some(result) = one(arguments, kind, &places, &row, number) else {
            end = End::InputHasErrors;
            continue;
        };
        if let Err(error) = out.write(kind, &result) {
            return unwritten(&error, end);
        }
    }
    match out.flush() {
        Ok(()) => end,
        Err(error) => unwritten(&error, end),
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

/// The message of a row; `None` when it is wrong, or would lose something under `--strict`.
fn one(
    arguments: &Convert,
    kind: &Kind,
    places: &[Option<usize>],
    row: &csv::StringRecord,
    number: u64,
) -> Option<Value> {
    let beyond = places.iter().flatten().max().map_or(0, |last| last + 1);
    if row.iter().skip(beyond).any(|cell| !cell.is_empty()) {
        say(&format!("line {number}: there are more cells than columns"));
        return None;
    }
    let cells: Vec<&str> =
        places.iter().map(|place| place.and_then(|at| row.get(at)).unwrap_or_default()).collect();
    let record = match columns::to_record(&kind.mapping.columns, kind.schema.leaves(), &cells) {
        Ok(record) => record,
        Err(faults) => {
            faults.iter().for_each(|fault| say(&format!("line {number}: {fault}")));
            return None;
        }
    };
    let told = |issues: &[Issue]| {
        issues.iter().for_each(|issue| say(&format!("line {number}: {}", sentence(issue))));
    };
    match record_to_fhir(kind, &record) {
        Ok((message, ledger)) => {
            told(&ledger);
            (!arguments.strict || ledger.is_empty()).then_some(message)
        }
        Err(problem) => {
            told(&problem.issues);
            None
        }
    }
}
