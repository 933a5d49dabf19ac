//! `kith validate`: resources held against FHIR R4, Kith's profiles, and packages of others.

mod input;
mod report;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::cores::spread;
use super::progress::Progress;
use super::{End, Format, print, say};
use crate::clock;
use crate::problem::Issue;
use crate::profile::definitions::Definitions;
use crate::profile::engine;
use crate::profile::validator::{Outcome, Validator};
use crate::profile::walk::{Finding, Settings};
use crate::server::packages;
use input::{Unit, Units};
use report::Report;

#[derive(Args)]
pub(super) struct Arguments {
    /// A profile that every resource must meet, by its address; may be given several times
    #[arg(long, value_name = "URL")]
    profile: Vec<String>,
    /// Definitions to load besides FHIR R4 and Kith's profiles: a FHIR package (.tgz), a folder, or one resource; may be
    /// given several times
    #[arg(long, value_name = "PATH")]
    package: Vec<PathBuf>,
    /// Say also what is good practice only, such as that a resource should have narrative
    #[arg(long)]
    best_practice: bool,
    /// text or json; json prints one OperationOutcome a line, in the order of the input
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// JSON or NDJSON, '-' for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> End {
    match prepare(arguments) {
        Ok(validator) => check_all(arguments, &validator),
        Err(sentence) => {
            say(&sentence);
            End::CallIsWrong
        }
    }
}

/// Everything that can be wrong with the call is, before anything is checked.
fn prepare(arguments: &Arguments) -> Result<Validator, String> {
    let definitions = definitions(&arguments.package)?;
    for url in &arguments.profile {
        definitions.structure(url).map_err(|error| format!("--profile: {error}"))?;
    }
    for file in arguments.files.iter().filter(|file| file.as_os_str() != "-") {
        std::fs::File::open(file).map_err(|error| format!("{}: cannot be read: {error}", file.display()))?;
    }
    let settings = Settings { best_practice_is_told: arguments.best_practice, ..engine::settings() };
    let validator = engine::validator(Arc::new(definitions), clock::now, settings);
    validator.map_err(|error| error.to_string())
}

/// So many resources are in memory at a time, and so many bytes of them.
const BATCH: usize = 512;
const BATCH_BYTES: usize = 16 << 20;

/// Batch by batch: the input may be larger than the memory.
fn check_all(arguments: &Arguments, validator: &Validator) -> End {
    let profiles: Vec<&str> = arguments.profile.iter().map(String::as_str).collect();
    let mut report = Report::new(arguments.format, arguments.files.len());
    let mut units = Units::of(&arguments.files);
    let progress = Progress::of(&arguments.files);
    loop {
        let (batch, unreadable) = next_batch(&mut units);
        if batch.is_empty() && unreadable.is_none() {
            break;
        }
        let outcomes = spread(&batch, |unit| outcome(validator, unit, &profiles));
        for (unit, outcome) in batch.iter().zip(outcomes) {
            report.add(unit, outcome);
        }
        progress.add(batch.iter().map(|unit| unit.bytes).sum());
        let lines = report.take();
        if let End::CallIsWrong = progress.aside(|| if lines.is_empty() { End::Good } else { print(&lines) })
        {
            return End::CallIsWrong;
        }
        if let Some(sentence) = unreadable {
            progress.end();
            say(&sentence);
            return End::CallIsWrong;
        }
    }
    progress.end();
    let sum = report.sum();
    match sum.map_or(End::Good, |sum| print(&sum)) {
        End::Good if !report.is_good() => End::InputHasErrors,
        end => end,
    }
}

/// The next resources, and why there are no more where something could not be read.
fn next_batch(units: &mut Units) -> (Vec<Unit>, Option<String>) {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while batch.len() < BATCH && bytes < BATCH_BYTES {
        match units.next() {
            None => break,
            Some(Err(sentence)) => return (batch, Some(sentence)),
            Some(Ok(unit)) => {
                bytes += unit.bytes;
                batch.push(unit);
            }
        }
    }
    (batch, None)
}

fn definitions(paths: &[PathBuf]) -> Result<Definitions, String> {
    let core = Definitions::core().map_err(|error| error.to_string())?;
    let own = engine::own_package().map_err(|error| error.to_string())?;
    let mut definitions = core.with(own);
    for path in paths {
        let package = packages::load(path).map_err(|error| format!("--package: {error}"))?;
        definitions = definitions.with(package);
    }
    Ok(definitions)
}

fn outcome(validator: &Validator, unit: &Unit, profiles: &[&str]) -> Outcome {
    match &unit.text {
        Ok(text) => validator.validate(text, profiles),
        Err(sentence) => failed("structure", sentence),
    }
}

fn failed(code: &str, sentence: &str) -> Outcome {
    let issue = Issue::error(code, sentence).on(1, 1);
    Outcome { findings: vec![Finding { issue, rule: None, profile: None }] }
}
