//! Files as schools and authorities have them, good and bad; who is taken for whom; what is answered.

mod answering;
mod files;
mod matching;
mod quality;
mod transfers;

use chrono::NaiveDate;

use super::{Form, Line, Row, RowFault, read};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The day on which all files here were taken.
fn today() -> NaiveDate {
    day("2026-11-26")
}

fn lines(form: Form, bytes: &[u8]) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    let read = read(form, bytes, today(), &mut |line| {
        lines.push(line);
        true
    });
    read.map(|()| lines).map_err(|fault| fault.to_string())
}

fn rows(form: Form, text: &str) -> Vec<Row> {
    let lines = lines(form, text.as_bytes()).unwrap();
    lines.into_iter().map(|line| line.row.unwrap_or_else(|| panic!("{:?}", line.faults))).collect()
}

fn faults(form: Form, text: &str) -> Vec<RowFault> {
    lines(form, text.as_bytes()).unwrap().into_iter().flat_map(|line| line.faults).collect()
}
