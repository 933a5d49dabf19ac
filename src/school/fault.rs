//! What is wrong with a file, or with one row of it: where, and what to do. Never a value of the row, which may name a child.

use serde::{Deserialize, Serialize};

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFault {
    /// The line in the file, from 1.
    pub line: u64,
    /// The column's or element's name.
    pub column: String,
    /// What is wrong and what to do.
    pub text: String,
}

impl RowFault {
    pub(super) fn new(line: u64, column: impl Into<String>, text: impl Into<String>) -> Self {
        Self { line, column: column.into(), text: text.into() }
    }
}

/// Faults as a CSV for people: line, column, what is wrong.
pub fn faults_as_csv(faults: &[RowFault]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["Line", "Column", "What is wrong"])?;
    for fault in faults {
        writer
            .write_record([&fault.line.to_string(), &fault.column, &fault.text].map(|cell| neutral(cell)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Why a file as a whole cannot be used: nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}{}", .line.map(|line| format!(" (line {line})")).unwrap_or_default())]
pub struct FileFault {
    /// The line up to which it was read.
    pub line: Option<u64>,
    /// What is wrong and what to do.
    pub text: String,
}

impl FileFault {
    pub(super) fn new(line: Option<u64>, text: impl Into<String>) -> Self {
        Self { line, text: text.into() }
    }
}

/// A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
pub fn neutral(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
