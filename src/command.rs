//! The command line, one file a sub-command. Exit codes: 0 good, 1 the input has errors, 2 the call or the configuration
//! is wrong.

mod births;
mod conformance;
mod cores;
mod deliveries;
mod journal;
mod key;
mod map;
mod progress;
mod rows;
mod sandbox;
mod school;
mod serve;
mod store;
mod validate;

/// FHIR packages on disk.
pub use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::config::{Config, Fault};
use crate::pipeline::House;
use crate::server;

/// A FHIR R4 gateway for early-years information sharing in England.
#[derive(Parser)]
#[command(name = "kith", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything on loopback, to see Kith work: sends four records through, prints the story, keeps serving
    Sandbox(sandbox::Arguments),
    /// Run the gateway
    Serve(serve::Arguments),
    /// Turn a record into FHIR or back, or look at the mappings themselves
    #[command(subcommand)]
    Map(map::Command),
    /// Check FHIR R4 resources, against Kith's profiles and those of others
    Validate(validate::Arguments),
    /// Try whether a vendor's system can work with Kith
    #[command(subcommand)]
    Conformance(conformance::Command),
    /// What waits, what failed and what became of it: for the operator
    #[command(subcommand)]
    Deliveries(deliveries::Command),
    /// The journal of every release and refusal
    #[command(subcommand)]
    Journal(journal::Command),
    /// The monthly list of births for a local authority
    #[command(subcommand)]
    Births(births::Command),
    /// Schools, and who attends them
    #[command(subcommand)]
    School(school::Command),
    /// The store as a whole
    #[command(subcommand)]
    Store(store::Command),
    /// Write a new master key into a file
    Key(key::Arguments),
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// How a command ended.
enum End {
    Good,
    InputHasErrors,
    CallIsWrong,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Good => Self::SUCCESS,
            End::InputHasErrors => Self::from(1),
            End::CallIsWrong => Self::from(2),
        }
    }
}

/// Runs the command line.
pub fn run() -> ExitCode {
    let end = match Cli::parse().command {
        Command::Sandbox(arguments) => sandbox::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Map(command) => map::run(&command),
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Conformance(command) => conformance::run(&command),
        Command::Deliveries(command) => deliveries::run(&command),
        Command::Journal(command) => journal::run(&command),
        Command::Births(command) => births::run(&command),
        Command::School(command) => school::run(&command),
        Command::Store(command) => store::run(&command),
        Command::Key(arguments) => key::run(&arguments),
    };
    end.into()
}

/// Says something to the person at the terminal.
fn say(text: &str) {
    use std::io::Write;
    // A closed standard error is nobody listening.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints a result; a closed pipe ends the command in silence, as other tools do.
fn print(text: &str) -> End {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()) {
        Ok(()) => End::Good,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => End::Good,
        Err(error) => {
            say(&format!("cannot write the result: {error}"));
            End::CallIsWrong
        }
    }
}

/// The configuration of a folder, or its faults said.
fn configuration(folder: &Path) -> Option<Config> {
    Config::read(folder).map_err(|faults| say_faults(&faults)).ok()
}

fn say_faults(faults: &[Fault]) {
    say("Kith does not start, because its configuration is not right:");
    for fault in faults {
        say(&format!("  {fault}"));
    }
}

/// A file's bytes; `-` is standard input.
fn read_input(file: &PathBuf) -> Result<Vec<u8>, String> {
    use std::io::Read;
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| format!("cannot read standard input: {error}"))?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(|error| format!("{}: cannot be read: {error}", file.display()))
}

/// The house that a configuration folder describes, and the runtime in which its store lives; or what is wrong, said.
fn house(folder: &Path) -> Option<(tokio::runtime::Runtime, House)> {
    let config = configuration(folder)?;
    let runtime = runtime()?;
    let built = runtime.block_on(server::house(&config)).map_err(|faults| say_faults(&faults)).ok()?;
    Some((runtime, built))
}

/// A runtime for the commands that talk to networks or stores.
fn runtime() -> Option<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| say(&format!("cannot start: {error}"))).ok()
}
