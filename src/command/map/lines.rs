//! `kith map … --ndjson`: a record or message on each line, one line out (or with `--csv` one row) for each that is right, in their
//! order.

use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, StdoutLock, Write};
use std::path::Path;

use serde_json::Value;

use super::{Convert, Converted, sentence};
use crate::catalogue::Kind;
use crate::command::{End, say};
use crate::json::{self, Limits};
use crate::map::columns;
use crate::problem::Issue;

/// The longest line, in bytes.
const LINE_MAX: u64 = 16 << 20;

/// Converts line by line, so that a file of any length needs the memory of its longest line. A line that is wrong is
/// named by its number and gives nothing; the others go on.
pub(super) fn convert(
    arguments: &Convert,
    kind: &Kind,
    how: fn(&Kind, &Value) -> Converted,
    mut out: Sink,
) -> End {
    let input = match open(&arguments.file) {
        Ok(input) => input,
        Err(error) => return unread(&arguments.file, &error),
    };
    let mut lines = BufReader::new(input);
    let mut end = End::Good;
    let mut line = Vec::new();
    for number in 1_usize.. {
        line.clear();
        match lines.by_ref().take(LINE_MAX).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) if line.iter().all(u8::is_ascii_whitespace) => continue,
            Ok(read) if read as u64 == LINE_MAX && line.last() != Some(&b'\n') => {
                say(&format!("line {number}: longer than {LINE_MAX} bytes; nothing from here on was read"));
                end = End::InputHasErrors;
                break;
            }
            Ok(_) => {}
            Err(error) => return unread(&arguments.file, &error),
        }
        let Some(result) = one(arguments, kind, how, &line, number) else {
            end = End::InputHasErrors;
            continue;
        };
        match out.write(kind, &result) {
            Ok(None) => {}
            Ok(Some(text)) => {
                say(&format!("line {number}: {text}"));
                end = End::InputHasErrors;
            }
            Err(error) => return unwritten(&error, end),
        }
    }
    match out.flush() {
        Ok(()) => end,
        Err(error) => unwritten(&error, end),
    }
}

/// Where results go, one after another.
pub(super) enum Sink {
    /// As lines of JSON.
    Lines(BufWriter<StdoutLock<'static>>),
    /// As rows of a CSV file, below their columns' names.
    Rows(Box<csv::Writer<StdoutLock<'static>>>),
}

impl Sink {
    pub(super) fn lines() -> Self {
        Self::Lines(BufWriter::new(std::io::stdout().lock()))
    }

    pub(super) fn rows(kind: &Kind) -> Self {
        let mut rows = csv::Writer::from_writer(std::io::stdout().lock());
        // What cannot be written now cannot be written when the first row follows, and is said then.
        let _ = rows.write_record(kind.mapping.columns.iter().map(|column| &column.name));
        Self::Rows(Box::new(rows))
    }

    /// Writes a result; a sentence where the form has no place for it.
    pub(super) fn write(&mut self, kind: &Kind, result: &Value) -> std::io::Result<Option<String>> {
        match self {
            Self::Lines(out) => {
                serde_json::to_writer(&mut *out, result).map_err(std::io::Error::from)?;
                out.write_all(b"\n").map(|()| None)
            }
            Self::Rows(rows) => match columns::to_row(&kind.mapping.columns, result) {
                Ok(cells) => rows.write_record(cells).map_err(std::io::Error::other).map(|()| None),
                Err(text) => Ok(Some(text)),
            },
        }
    }

    pub(super) fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Lines(out) => out.flush(),
            Self::Rows(rows) => rows.flush(),
        }
    }
}

pub(super) fn open(file: &Path) -> std::io::Result<Box<dyn Read>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin()));
    }
    Ok(Box::new(std::fs::File::open(file)?))
}

/// The result of a line; `None` when it is wrong, or would lose something under `--strict`.
fn one(
    arguments: &Convert,
    kind: &Kind,
    how: fn(&Kind, &Value) -> Converted,
    line: &[u8],
    number: usize,
) -> Option<Value> {
    let told = |issues: &[Issue]| {
        issues.iter().for_each(|issue| say(&format!("line {number}: {}", sentence(issue))));
    };
    match json::read(line.trim_ascii_end(), Limits::default()).and_then(|value| how(kind, &value)) {
        Ok((result, ledger)) => {
            told(&ledger);
            (!arguments.strict || ledger.is_empty()).then_some(result)
        }
        Err(mut problem) => {
            // The file's line is said already; within it there is only line 1.
            for issue in &mut problem.issues {
                if let Some((_, column)) = issue.position.take() {
                    issue.text = format!("column {column}: {}", issue.text);
                }
            }
            told(&problem.issues);
            None
        }
    }
}

pub(super) fn unread(file: &Path, error: &std::io::Error) -> End {
    say(&format!("{}: cannot be read: {error}", file.display()));
    End::CallIsWrong
}

/// A closed pipe ends the command in silence, as other tools do.
pub(super) fn unwritten(error: &std::io::Error, end: End) -> End {
    if error.kind() == ErrorKind::BrokenPipe {
        return end;
    }
    say(&format!("cannot write the result: {error}"));
    End::CallIsWrong
}
