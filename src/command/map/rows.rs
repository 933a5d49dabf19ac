//! `kith map to-fhir --csv`: a record on each row of a CSV file, one message out for each that is right, in their order.

use super::lines::{Sink, open, unread, unwritten};
use super::{Convert, Form, fhir_of, sentence};
use crate::catalogue::Kind;
use crate::command::rows::{Row, Rows};
use crate::command::{End, say};
use crate::json::Tree;
use crate::problem::Issue;

/// Converts row by row. A row that is wrong is named by the line on which it begins and gives nothing; the others go on.
pub(super) fn convert(arguments: &Convert, kind: &Kind) -> End {
    let input = match open(&arguments.file) {
        Ok(input) => input,
        Err(error) => return unread(&arguments.file, &error),
    };
    let rows = match Rows::open(kind, input) {
        Ok(rows) => rows,
        Err(text) => {
            say(&format!("{}: {text}", arguments.file.display()));
            return End::InputHasErrors;
        }
    };
    let (mut out, mut end) = (Sink::lines(), End::Good);
    for row in rows {
        let is_last = row.is_last;
        match one(arguments, kind, row) {
            Some(result) => {
                if let Err(error) = out.write(&result) {
                    return unwritten(&error, end);
                }
            }
            None => end = End::InputHasErrors,
        }
        if is_last {
            break;
        }
    }
    match out.flush() {
        Ok(()) => end,
        Err(error) => unwritten(&error, end),
    }
}

/// The message of a row; `None` when it is wrong, or would lose something under `--strict`.
fn one(arguments: &Convert, kind: &Kind, row: Row) -> Option<Vec<u8>> {
    let number = row.line;
    let record = match row.record {
        Ok(record) => record,
        Err(faults) => {
            faults.iter().for_each(|fault| say(&format!("line {number}: {fault}")));
            return None;
        }
    };
    let told = |issues: &[Issue]| {
        issues.iter().for_each(|issue| say(&format!("line {number}: {}", sentence(issue))));
    };
    match fhir_of(kind, &Tree::of(&record), Form::Line) {
        Ok((message, ledger)) => {
            told(&ledger);
            message.ok().filter(|_| !arguments.strict || ledger.is_empty())
        }
        Err(problem) => {
            told(&problem.issues);
            None
        }
    }
}
