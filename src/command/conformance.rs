//! `kith conformance`: tries whether a vendor's system can work with Kith, and says what has to be put right.

mod login;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};

use super::{End, Format, print, runtime, say};
use crate::catalogue::Catalogue;
use crate::clock;
use crate::conformance::{
    Form, Line, Report, Target, Trouble, is_done, judge_sender, messages, try_receiver,
};
use crate::domain::Private;
use crate::profile::Conformance;
use login::Login;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Send a system what Kith would deliver, about invented children, and what Kith never would; exit 1 unless it is shown to work with Kith.
    /// For test systems: it keeps what it takes
    Receiver(Box<Receiver>),
    /// Stand between a system that sends and a Kith to try with (kith sandbox), make trouble on purpose, and say whether anything would be
    /// lost or doubled; exit 1 unless it is shown that nothing would. Ends when everything was tried, at Ctrl-C, or when its time is over
    Sender(Sender),
}

#[derive(Args)]
pub(super) struct Sender {
    /// The Kith to which what comes is handed on: https, or http on this machine
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    to: String,
    /// Where the system has to send to instead, on this machine
    #[arg(long, default_value_t = 8090)]
    port: u16,
    /// Wait no longer than so many minutes
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// A file with certificate authorities to trust beside the machine's (PEM)
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// text, or json: one FHIR TestReport
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
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
    #[command(flatten)]
    login: Login,
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
    let end = match command {
        Command::Receiver(arguments) => receiver(arguments),
        Command::Sender(arguments) => sender(arguments),
    };
    end.unwrap_or_else(|sentence| {
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
    let Some(runtime) = runtime() else { return Ok(End::CallIsWrong) };
    let target = runtime.block_on(target(arguments))?;
    if arguments.format == Format::Text {
        say(&format!(
            "Held against what Kith delivers as {}: {}. All children are invented.\n",
            arguments.form,
            target.address()
        ));
    }
    Ok(told(&runtime.block_on(try_receiver(&target, &messages, clock::now())), arguments.format))
}

fn told(report: &Report, format: Format) -> End {
    let printed = match format {
        Format::Text => print(&report.to_text()),
        Format::Json => print(&report.to_fhir().to_string()),
    };
    match printed {
        End::Good if !report.is_good() => End::InputHasErrors,
        end => end,
    }
}

fn sender(arguments: &Sender) -> Result<End, String> {
    let roots = arguments.ca.as_deref().map(read).transpose()?;
    let line = Line::new(&arguments.to, roots.as_deref())
        .map_err(|error| format!("--to {}: {error}", arguments.to))?;
    let listener = TcpListener::bind(("127.0.0.1", arguments.port))
        .map_err(|error| format!("--port {}: cannot be listened on: {error}", arguments.port))?;
    let Some(runtime) = runtime() else { return Ok(End::CallIsWrong) };
    runtime.block_on(async {
        let server = line.listen(listener).map_err(|error| format!("cannot listen: {error}"))?;
        let handle = server.handle();
        let serving = tokio::spawn(server);
        say(&format!(
            "Let the system send at least {} different messages to http://127.0.0.1:{} instead of {}, about invented children.\n",
            Trouble::ALL.len() + 1,
            arguments.port,
            line.to()
        ));
        let time = Duration::from_secs(arguments.minutes.saturating_mul(60));
        tokio::select! {
            () = all_was_tried(&line) => {}
            () = tokio::time::sleep(time) => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        handle.stop(true).await;
        // It ended because it was told so.
        let _ = serving.await;
        Ok(told(&judge_sender(line.to(), &line.calls(), clock::now()), arguments.format))
    })
}

/// What a sender does after the last trouble belongs to it too.
const A_WHILE: Duration = Duration::from_secs(2);

async fn all_was_tried(line: &Line) {
    while !is_done(&line.calls()) {
        line.moves(A_WHILE).await;
    }
    tokio::time::sleep(A_WHILE).await;
}

async fn target(arguments: &Receiver) -> Result<Target, String> {
    let file = arguments.token_file.as_deref().map(read).transpose()?;
    let file = file.map(|bytes| String::from_utf8(bytes).map(Private::new));
    let file = file.transpose().map_err(|_| "--token-file: it holds no text".to_owned())?;
    let roots = arguments.ca.as_deref().map(read).transpose()?;
    let identity = arguments.identity.as_deref().map(read).transpose()?.map(Private::new);
    let token = match file {
        Some(token) => Some(token),
        None => arguments.login.token(roots.as_deref()).await?,
    };
    Target::new(&arguments.url, token.as_ref(), roots.as_deref(), identity.as_ref())
        .map_err(|error| format!("{}: {error}", arguments.url))
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{}: cannot be read: {error}", file.display()))
}
