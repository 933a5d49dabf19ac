//! `kith map`: a record to FHIR, FHIR to a record, and the mappings themselves checked and shown.

mod export;
mod lines;
mod rows;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::{End, Format, print, read_input, say};
use crate::catalogue::{Catalogue, Kind};
use crate::json::{self, Limits, Tree};
use crate::map::{self, Direction, Envelope, columns};
use crate::problem::{Category, Issue, Problem, outcome};
use crate::server::mapping_files;

#[derive(Subcommand)]
pub(super) enum Command {
    /// A record as a FHIR message Bundle
    ToFhir(Convert),
    /// A FHIR message Bundle as a record
    ToRecord(Convert),
    /// Check every mapping: paths, codes, coverage; exit 1 when one is wrong
    Check(Check),
    /// Print a mapping as a table for review
    Table(Table),
    /// Write mappings as StructureMaps, in both directions, with their text and the records' logical models
    Export(export::Export),
}

#[derive(Args)]
pub(super) struct Convert {
    /// The record kind, for instance new-birth-visit
    #[arg(long)]
    kind: String,
    /// Refuse when anything would be lost
    #[arg(long)]
    strict: bool,
    /// Write the loss ledger to this file as an OperationOutcome, instead of to standard error as text
    #[arg(long)]
    ledger: Option<PathBuf>,
    /// Take a record (or message) on each line and write one on each line; what is wrong is named by its line's number
    #[arg(long, conflicts_with = "ledger")]
    ndjson: bool,
    /// Records are rows of a CSV file, by the columns of the mapping; messages are lines, as with --ndjson
    #[arg(long, conflicts_with_all = ["ledger", "ndjson"])]
    csv: bool,
    /// A folder of mappings to use instead of those built in
    #[arg(long)]
    mappings: Option<PathBuf>,
    /// The file, '-' for standard input
    file: PathBuf,
}

#[derive(Args)]
pub(super) struct Check {
    /// A folder of mappings to check instead of those built in
    #[arg(long)]
    mappings: Option<PathBuf>,
    /// text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Args)]
pub(super) struct Table {
    /// The record kind
    #[arg(long)]
    kind: String,
    /// A folder of mappings to use instead of those built in
    #[arg(long)]
    mappings: Option<PathBuf>,
    /// markdown or csv
    #[arg(long, value_enum, default_value = "markdown")]
    form: TableForm,
}

#[derive(Clone, Copy, ValueEnum)]
enum TableForm {
    Markdown,
    Csv,
}

pub(super) fn run(command: &Command) -> End {
    match command {
        Command::ToFhir(arguments) => convert(arguments, Direction::ToFhir),
        Command::ToRecord(arguments) => convert(arguments, Direction::ToRecord),
        Command::Check(arguments) => check(arguments),
        Command::Table(arguments) => table(arguments),
        Command::Export(arguments) => export::export(arguments),
    }
}

fn load(folder: Option<&Path>) -> Result<Catalogue, Vec<String>> {
    let files = match folder {
        None => crate::catalogue::builtin_files(),
        Some(folder) => mapping_files(folder)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>())?,
    };
    Catalogue::load(&files).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

/// The kind of that name, or what is wrong said.
fn chosen(name: &str, folder: Option<&Path>) -> Option<Arc<Kind>> {
    chosen_of(&load(folder).map_err(|faults| faults.iter().for_each(|fault| say(fault))).ok()?, name)
}

fn chosen_of(catalogue: &Catalogue, name: &str) -> Option<Arc<Kind>> {
    let kind = catalogue.kind(name).cloned();
    if kind.is_none() {
        let names: Vec<&str> = catalogue.kinds().map(|kind| kind.name.as_str()).collect();
        say(&format!("There is no record kind '{name}'. There are: {}.", names.join(", ")));
    }
    kind
}

/// What a result is written as.
#[derive(Clone, Copy)]
enum Form {
    /// JSON for people to read.
    Pretty,
    /// A line of JSON.
    Line,
    /// A row of a CSV file, below its columns' names.
    Row,
}

/// About as long is a line, in bytes.
const LINE: usize = 16 << 10;

impl Form {
    /// A result as it is written; a sentence where the form has no place for it.
    fn written(self, kind: &Kind, result: &Tree<'_>) -> Result<Vec<u8>, String> {
        match self {
            Self::Pretty => Ok(format!("{:#}", result.to_value()).into_bytes()),
            Self::Line => {
                let mut line = String::with_capacity(LINE);
                result.write(&mut line);
                line.push('\n');
                Ok(line.into_bytes())
            }
            Self::Row => lines::row(columns::to_row(&kind.mapping.columns, result)?),
        }
    }
}

/// A result as it is to be written, or why it cannot be; with its ledger.
type Made = (Result<Vec<u8>, String>, Vec<Issue>);

/// Converts a text; the problem is what is wrong with it.
type How = fn(&Kind, &[u8], Form) -> Result<Made, Problem>;

fn record_to_fhir(kind: &Kind, text: &[u8], form: Form) -> Result<Made, Problem> {
    fhir_of(kind, &json::tree(text, Limits::default())?, form)
}

fn fhir_of(kind: &Kind, record: &Tree<'_>, form: Form) -> Result<Made, Problem> {
    holds(kind, record)?;
    let (bundle, ledger) = map::to_fhir(&kind.mapping, record, &Envelope::of_record(&kind.name, record));
    Ok((form.written(kind, &bundle), ledger))
}

fn fhir_to_record(kind: &Kind, text: &[u8], form: Form) -> Result<Made, Problem> {
    let bundle = json::tree(text, Limits::default())?;
    if bundle.text_of("resourceType") != Some("Bundle") {
        return Err(Problem::new(Category::Structure, "This is not a FHIR Bundle."));
    }
    let (record, ledger) = map::to_record(&kind.mapping, &bundle);
    holds(kind, &record)?;
    Ok((form.written(kind, &record), ledger))
}

/// Holds a record against its kind's schema.
fn holds(kind: &Kind, record: &Tree<'_>) -> Result<(), Problem> {
    let faults = kind.schema.faults(&record.to_value());
    if faults.is_empty() { Ok(()) } else { Err(Problem::with(Category::Invalid, faults)) }
}

fn convert(arguments: &Convert, direction: Direction) -> End {
    let how: How = match direction {
        Direction::ToFhir => record_to_fhir,
        Direction::ToRecord => fhir_to_record,
    };
    let Some(kind) = chosen(&arguments.kind, arguments.mappings.as_deref()) else { return End::CallIsWrong };
    if arguments.csv && kind.mapping.columns.is_empty() {
        say(&format!("The mapping of '{}' names no columns: such a record is not flat.", kind.name));
        return End::CallIsWrong;
    }
    match (arguments.csv, direction) {
        (true, Direction::ToFhir) => return rows::convert(arguments, &kind),
        (true, Direction::ToRecord) => {
            return lines::convert(arguments, &kind, how, lines::Sink::rows(&kind));
        }
        _ if arguments.ndjson => return lines::convert(arguments, &kind, how, lines::Sink::lines()),
        _ => {}
    }
    let bytes = match read_input(&arguments.file) {
        Ok(bytes) => bytes,
        Err(text) => {
            say(&text);
            return End::CallIsWrong;
        }
    };
    match how(&kind, &bytes, Form::Pretty) {
        Ok((Ok(result), ledger)) => finish(arguments, &String::from_utf8_lossy(&result), &ledger),
        Ok((Err(text), _)) => {
            say(&text);
            End::InputHasErrors
        }
        Err(problem) => {
            problem.issues.iter().for_each(|issue| say(&sentence(issue)));
            End::InputHasErrors
        }
    }
}

fn finish(arguments: &Convert, result: &str, ledger: &[Issue]) -> End {
    match &arguments.ledger {
        Some(file) => {
            if let Err(error) = std::fs::write(file, format!("{:#}\n", outcome(ledger, None))) {
                say(&format!("{}: cannot be written: {error}", file.display()));
                return End::CallIsWrong;
            }
        }
        None => ledger.iter().for_each(|issue| say(&sentence(issue))),
    }
    if arguments.strict && !ledger.is_empty() {
        say(&format!("Refused (--strict): {} element(s) would be lost or kept as text only.", ledger.len()));
        return End::InputHasErrors;
    }
    print(result)
}

fn sentence(issue: &Issue) -> String {
    match (&issue.expression, issue.position) {
        (_, Some((line, column))) => format!("line {line}, column {column}: {}", issue.text),
        (Some(path), None) if !path.is_empty() => format!("{path}: {}", issue.text),
        _ => issue.text.clone(),
    }
}

fn check(arguments: &Check) -> End {
    let loaded = load(arguments.mappings.as_deref());
    let faults = loaded.as_ref().err().cloned().unwrap_or_default();
    let kinds: Vec<String> =
        loaded.iter().flat_map(|catalogue| catalogue.kinds().map(|kind| kind.name.clone())).collect();
    let text = match arguments.format {
        Format::Json => json!({ "kinds": kinds, "faults": faults }).to_string(),
        Format::Text if faults.is_empty() => {
            format!("{} mappings are right: {}.", kinds.len(), kinds.join(", "))
        }
        Format::Text => faults.join("\n"),
    };
    match print(&text) {
        End::Good if !faults.is_empty() => End::InputHasErrors,
        end => end,
    }
}

fn table(arguments: &Table) -> End {
    let Some(kind) = chosen(&arguments.kind, arguments.mappings.as_deref()) else { return End::CallIsWrong };
    let form = match arguments.form {
        TableForm::Markdown => map::Form::Markdown,
        TableForm::Csv => map::Form::Csv,
    };
    match map::table(&kind.mapping, form) {
        Ok(text) => print(text.trim_end()),
        Err(error) => {
            say(&format!("cannot print the table: {error}"));
            End::CallIsWrong
        }
    }
}
