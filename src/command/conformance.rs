//! `kith conformance`: tries whether a vendor's system can work with Kith, and says what has to be put right.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{End, Format, print, runtime, say};
use crate::catalogue::Catalogue;
use crate::clock;
use crate::conformance::{Form, Target, messages, try_receiver};
use crate::domain::Private;
use crate::profile::Conformance;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Send a system what Kith would deliver, about invented children, and what Kith never would; exit 1 when it cannot work with Kith.
    /// For test systems: it keeps what it takes
    Receiver(Receiver),
}

#[derive(Args)]
pub(super) struct Receiver {
    /// fhir, or the record kind in which it receives, for instance centre-notice
    #[arg(long, default_value = "fhir")]
    form: String,
    /// Only messages of this kind; may be given several times
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// A file with a bearer token that the system takes
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// A file with certificate authorities to trust beside the machine's (PEM)
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// A file with the certificate chain and PKCS#8 key to show to a system that asks for one (PEM)
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// text, or json: one FHIR TestReport
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Where it receives: https, or http on this machine
    url: String,
}

pub(super) fn run(command: &Command) -> End {
    let Command::Receiver(arguments) = command;
    receiver(arguments).unwrap_or_else(|sentence| {
        say(&sentence);
        End::CallIsWrong
    })
}

fn receiver(arguments: &Receiver) -> Result<End, String> {
    let catalogue = Catalogue::builtin()
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let form = match arguments.form.as_str() {
        "fhir" => Form::Fhir,
        kind => Form::Record(kind.to_owned()),
    };
    let conformance = Conformance::new(vec![], clock::now).map_err(|error| error.to_string())?;
    let messages = messages((&catalogue, &conformance), &form, &arguments.kind, clock::now())?;
    let target = target(arguments)?;
    if arguments.format == Format::Text {
        say(&format!(
            "Held against what Kith delivers as {}: {}. All children are invented.\n",
            arguments.form,
            target.address()
        ));
    }
    let Some(runtime) = runtime() else { return Ok(End::CallIsWrong) };
    let report = runtime.block_on(try_receiver(&target, &messages, clock::now()));
    let printed = match arguments.format {
        Format::Text => print(&report.to_text()),
        Format::Json => print(&report.to_fhir().to_string()),
    };
    Ok(match printed {
        End::Good if !report.is_good() => End::InputHasErrors,
        end => end,
    })
}

fn target(arguments: &Receiver) -> Result<Target, String> {
    let token = arguments.token_file.as_deref().map(read).transpose()?;
    let token = token.map(|bytes| String::from_utf8(bytes).map(Private::new));
    let token = token.transpose().map_err(|_| "--token-file: it holds no text".to_owned())?;
    let roots = arguments.ca.as_deref().map(read).transpose()?;
    let identity = arguments.identity.as_deref().map(read).transpose()?.map(Private::new);
    Target::new(&arguments.url, token.as_ref(), roots.as_deref(), identity.as_ref())
        .map_err(|error| format!("{}: {error}", arguments.url))
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{}: cannot be read: {error}", file.display()))
}
