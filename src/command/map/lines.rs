//! `kith map … --ndjson`: a record or message on each line, one line out (or with `--csv` one row) for each that is right, in their
//! order.

use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, StdoutLock, Write};
use std::path::Path;

use super::{Convert, Form, How, sentence};
use crate::catalogue::Kind;
use crate::command::cores::spread;
use crate::command::{End, say};
use crate::problem::Issue;

/// The longest line, in bytes.
const LINE_MAX: u64 = 16 << 20;

/// So much is read at once, and so many of the lines in it are in memory at a time.
const READ_AHEAD: usize = 1 << 20;
const BATCH: usize = 512;

/// Converts line by line, on all cores, so that a file of any length needs little memory. A line that is wrong is named by its number
/// and gives nothing; the others go on.
pub(super) fn convert(arguments: &Convert, kind: &Kind, how: How, mut out: Sink) -> End {
    let mut lines = match open(&arguments.file) {
        Ok(input) => Lines { input: BufReader::with_capacity(READ_AHEAD, input), number: 0, whole: 0 },
        Err(error) => return unread(&arguments.file, &error),
    };
    let mut end = End::Good;
    loop {
        let (batch, stop) = lines.batch();
        let form = out.form;
        for done in spread(&batch, |line| one(arguments, kind, how, line, form)) {
            done.told.iter().for_each(|text| say(text));
            let Some(made) = done.made else {
                end = End::InputHasErrors;
                continue;
            };
            if let Err(error) = out.write(&made) {
                return unwritten(&error, end);
            }
        }
        if let Err(error) = out.flush() {
            return unwritten(&error, end);
        }
        match stop {
            None => {}
            Some(Stop::End) => return end,
            Some(Stop::TooLong(number)) => {
                say(&format!("line {number}: longer than {LINE_MAX} bytes; nothing from here on was read"));
                return End::InputHasErrors;
            }
            Some(Stop::Unreadable(error)) => return unread(&arguments.file, &error),
        }
    }
}

/// A line, and which.
struct Line {
    number: usize,
    text: Vec<u8>,
}

/// Why there are no more lines.
enum Stop {
    End,
    TooLong(usize),
    Unreadable(std::io::Error),
}

struct Lines {
    input: BufReader<Box<dyn Read>>,
    number: usize,
    /// So many bytes of what was read already are whole lines.
    whole: usize,
}

impl Lines {
    /// The next line, and those after it that are there already: who sends a line gets its answer, whether more come or not.
    fn batch(&mut self) -> (Vec<Line>, Option<Stop>) {
        let mut lines = Vec::new();
        while lines.len() < BATCH && (lines.is_empty() || self.whole > 0) {
            let mut text = Vec::new();
            self.number += 1;
            let read = self.input.by_ref().take(LINE_MAX).read_until(b'\n', &mut text);
            self.whole = self.whole.saturating_sub(text.len());
            if self.whole == 0 {
                let ends = self.input.buffer().iter().rposition(|byte| *byte == b'\n');
                self.whole = ends.map_or(0, |at| at + 1);
            }
            match read {
                Ok(0) => return (lines, Some(Stop::End)),
                Ok(_) if text.iter().all(u8::is_ascii_whitespace) => {}
                Ok(read) if read as u64 == LINE_MAX && text.last() != Some(&b'\n') => {
                    return (lines, Some(Stop::TooLong(self.number)));
                }
                Ok(_) => lines.push(Line { number: self.number, text }),
                Err(error) => return (lines, Some(Stop::Unreadable(error))),
            }
        }
        (lines, None)
    }
}

/// The cells as a row.
pub(super) fn row<C: AsRef<[u8]>>(cells: impl IntoIterator<Item = C>) -> Result<Vec<u8>, String> {
    let mut row = csv::Writer::from_writer(vec![]);
    row.write_record(cells).map_err(|error| error.to_string())?;
    row.into_inner().map_err(|error| error.to_string())
}

/// Where results go, one after another.
pub(super) struct Sink {
    out: BufWriter<StdoutLock<'static>>,
    form: Form,
}

impl Sink {
    pub(super) fn lines() -> Self {
        Self { out: BufWriter::new(std::io::stdout().lock()), form: Form::Line }
    }

    pub(super) fn rows(kind: &Kind) -> Self {
        let mut sink = Self { form: Form::Row, ..Self::lines() };
        let names = kind.mapping.columns.iter().map(|column| &column.name);
        // What cannot be written now cannot be written when the first row follows, and is said then.
        let _ = row(names).map(|head| sink.out.write_all(&head));
        sink
    }

    /// Writes what was made.
    pub(super) fn write(&mut self, made: &[u8]) -> std::io::Result<()> {
        self.out.write_all(made)
    }

    pub(super) fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

pub(super) fn open(file: &Path) -> std::io::Result<Box<dyn Read>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin()));
    }
    Ok(Box::new(std::fs::File::open(file)?))
}

/// What became of a line: what is said of it, and what it gives; nothing when it is wrong, or would lose something under `--strict`.
struct Done {
    told: Vec<String>,
    made: Option<Vec<u8>>,
}

fn one(arguments: &Convert, kind: &Kind, how: How, line: &Line, form: Form) -> Done {
    let number = line.number;
    let told = |issues: &[Issue]| -> Vec<String> {
        issues.iter().map(|issue| format!("line {number}: {}", sentence(issue))).collect()
    };
    match how(kind, line.text.trim_ascii_end(), form) {
        Ok((_, ledger)) if arguments.strict && !ledger.is_empty() => Done { told: told(&ledger), made: None },
        Ok((Ok(made), ledger)) => Done { told: told(&ledger), made: Some(made) },
        Ok((Err(text), ledger)) => {
            let unfit = format!("line {number}: {text}");
            Done { told: told(&ledger).into_iter().chain([unfit]).collect(), made: None }
        }
        Err(mut problem) => {
            // The file's line is said already; within it there is only line 1.
            for issue in &mut problem.issues {
                if let Some((_, column)) = issue.position.take() {
                    issue.text = format!("column {column}: {}", issue.text);
                }
            }
            Done { told: told(&problem.issues), made: None }
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
