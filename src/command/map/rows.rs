//! `kith map to-fhir --csv`: a record on each row of a CSV file, one message out for each that is right, in their order.

use serde_json::Value;

use super::lines::{Sink, open, unread, unwritten};
use super::{Convert, record_to_fhir, sentence};
use crate::catalogue::Kind;
use crate::command::rows::{Row, Rows};
use crate::command::{End, say};
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
                if let Err(error) = out.line(&result) {
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
fn one(arguments: &Convert, kind: &Kind, row: Row) -> Option<Value> {
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
