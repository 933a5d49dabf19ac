//! `kith validate`: resources held against FHIR R4, Kith's profiles, and packages of others.

mod input;
mod report;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use clap::Args;

use super::{End, Format, print, read_input, say};
use crate::clock;
use crate::problem::Issue;
use crate::profile::definitions::Definitions;
use crate::profile::engine;
use crate::profile::validator::{Outcome, Validator};
use crate::profile::walk::Finding;
use crate::server::packages;
use input::Unit;
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
    /// text or json; json prints one OperationOutcome a line, in the order of the input
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// JSON or NDJSON, '-' for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> End {
    match prepare(arguments) {
        Ok((validator, units)) => {
            let profiles: Vec<&str> = arguments.profile.iter().map(String::as_str).collect();
            let outcomes = check(&validator, &units, &profiles);
            finish(arguments, &units, outcomes)
        }
        Err(sentence) => {
            say(&sentence);
            End::CallIsWrong
        }
    }
}

/// Everything that can be wrong with the call is, before anything is checked.
fn prepare(arguments: &Arguments) -> Result<(Validator, Vec<Unit>), String> {
    let definitions = definitions(&arguments.package)?;
    for url in &arguments.profile {
        definitions.structure(url).map_err(|error| format!("--profile: {error}"))?;
    }
    let mut units = Vec::new();
    for file in &arguments.files {
        units.extend(input::units(&name(file), read_input(file)?));
    }
    let validator = engine::validator(Arc::new(definitions), clock::now, engine::settings());
    Ok((validator.map_err(|error| error.to_string())?, units))
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

fn name(file: &Path) -> String {
    if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() }
}

/// What was found in each unit, in their order; the units are spread over the processor's cores.
fn check(validator: &Validator, units: &[Unit], profiles: &[&str]) -> Vec<Outcome> {
    let slots: Vec<OnceLock<Outcome>> = units.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let (Some(unit), Some(slot)) = (units.get(number), slots.get(number)) else { return };
            slot.get_or_init(|| outcome(validator, unit, profiles));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(units.len());
    thread::scope(|scope| {
        (1..threads).for_each(|_| {
            scope.spawn(work);
        });
        work();
    });
    // Every number was taken once, and the scope ends only when all work is done.
    slots.into_iter().map(|slot| slot.into_inner().unwrap_or_else(unchecked)).collect()
}

fn outcome(validator: &Validator, unit: &Unit, profiles: &[&str]) -> Outcome {
    match &unit.text {
        Ok(text) => validator.validate(text, profiles),
        Err(sentence) => failed("structure", sentence),
    }
}

fn unchecked() -> Outcome {
    failed("exception", "This was not checked, because of a fault of Kith's own.")
}

fn failed(code: &str, sentence: &str) -> Outcome {
    let issue = Issue::error(code, sentence).on(1, 1);
    Outcome { findings: vec![Finding { issue, rule: None, profile: None }] }
}

fn finish(arguments: &Arguments, units: &[Unit], outcomes: Vec<Outcome>) -> End {
    let mut report = Report::new(arguments.format, arguments.files.len());
    for (unit, outcome) in units.iter().zip(outcomes) {
        report.add(unit, outcome);
    }
    let is_good = report.is_good();
    match print(&report.text()) {
        End::Good if !is_good => End::InputHasErrors,
        end => end,
    }
}
