//! `kith school import`: takes a list of schools, children or places in, from a file of any size; a preview first.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::progress::Progress;
use super::{End, Format, house, print, say};
use crate::clock;
use crate::domain::PartnerId;
use crate::pipeline::{House, commit_import};
use crate::receive::{import_as_json, take_in};
use crate::school::{Form, RowFault, faults_as_csv};
use crate::store::{Import, ImportState};

/// So many faults are shown to people; the rest is in the file that --faults names.
const SHOWN: usize = 20;
/// So many are in that file.
const FAULTS_MAX: u32 = 10_000;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Read a file and show what it would change; with --commit make it count. Exit 1 when a row or the file is wrong
    Import(Arguments),
}

#[derive(Args)]
pub(super) struct Arguments {
    /// Configuration folder, into whose store it goes
    #[arg(long)]
    config: PathBuf,
    /// What the file is
    #[arg(long, value_parser = forms())]
    form: Form,
    /// The partner of the directory whose list it is
    #[arg(long)]
    source: String,
    /// Make it count; without this it is a preview
    #[arg(long)]
    commit: bool,
    /// Write what is wrong with rows into this file (CSV)
    #[arg(long)]
    faults: Option<PathBuf>,
    /// text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The file
    file: PathBuf,
}

/// The forms by their names, with what `--help` says of each.
fn forms() -> impl TypedValueParser<Value = Form> {
    let help = |form: Form| PossibleValue::new(form.name()).help(form.title());
    PossibleValuesParser::new(Form::ALL.map(help))
        .try_map(|name| Form::named(&name).ok_or("there is no such form"))
}

pub(super) fn run(command: &Command) -> End {
    let Command::Import(arguments) = command;
    let Some((runtime, house)) = house(&arguments.config) else { return End::CallIsWrong };
    runtime.block_on(async {
        match import(arguments, &house).await {
            Ok(end) => end,
            Err(text) => {
                say(&text);
                End::CallIsWrong
            }
        }
    })
}

/// A file whose bytes are counted as they are read.
struct Counted {
    file: File,
    progress: Progress,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.add(read);
        Ok(read)
    }
}

async fn import(arguments: &Arguments, house: &House) -> Result<End, String> {
    let source = PartnerId(arguments.source.clone());
    if house.directory.partner(&source).is_none() {
        return Err(format!("--source: the directory has no partner '{}'.", arguments.source));
    }
    let file = File::open(&arguments.file)
        .map_err(|error| format!("{}: cannot be read: {error}", arguments.file.display()))?;
    let progress = Progress::of(std::slice::from_ref(&arguments.file));
    let counted = Counted { file, progress: progress.clone() };
    let taken = take_in(house, Uuid::new_v4(), arguments.form, &source, counted, clock::now()).await;
    progress.end();
    let mut import = taken.map_err(|problem| problem.to_string())?;
    let faults =
        house.register.import_faults(import.id, FAULTS_MAX).await.map_err(|error| error.to_string())?;
    if import.state == ImportState::Ready && arguments.commit {
        let person = "the operator, at the command line, ";
        import = commit_import(house, &import, person, clock::now())
            .await
            .map_err(|problem| problem.to_string())?;
    } else if import.state == ImportState::Ready {
        house.register.drop_import(import.id).await.map_err(|error| error.to_string())?;
    }
    if let Some(path) = &arguments.faults {
        let text = faults_as_csv(&faults).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let text = match arguments.format {
        Format::Json => import_as_json(&import).to_string(),
        Format::Text => in_words(&import, &faults, arguments),
    };
    let is_good = import.faults == 0 && import.state != ImportState::Refused;
    Ok(match print(&text) {
        End::Good if !is_good => End::InputHasErrors,
        end => end,
    })
}

fn in_words(import: &Import, faults: &[RowFault], arguments: &Arguments) -> String {
    if let Some(note) = &import.note {
        return format!("{}: nothing of it was taken. {note}", arguments.file.display());
    }
    let sum = &import.summary;
    let mut lines = vec![
        format!("{}: {} rows read, {} remarks.", arguments.file.display(), import.lines, import.faults),
        format!("  {} new, {} changed, {} as on file.", sum.added, sum.changed, sum.unchanged),
    ];
    if import.form == Form::Gias {
        lines.push(format!(
            "  {} schools have closed; {} are on file and not in the list (they stay).",
            sum.closed, sum.missing
        ));
    }
    if matches!(import.form, Form::Places | Form::Ctf) {
        lines.push(format!(
            "  Places of children that are known: {}. For whom somebody has to decide: {}. Of children not known yet: {}. Against another source: {}.",
            sum.matched, sum.ambiguous, sum.unmatched, sum.moves
        ));
    }
    lines.extend(
        faults
            .iter()
            .take(SHOWN)
            .map(|fault| format!("  line {}, {}: {}", fault.line, fault.column, fault.text)),
    );
    if faults.len() > SHOWN {
        lines.push(format!("  … and {} more; --faults FILE writes them all.", faults.len() - SHOWN));
    }
    lines.push(if import.state == ImportState::Committed {
        "It counts now.".to_owned()
    } else {
        "This was a preview: nothing has changed. --commit makes it count.".to_owned()
    });
    lines.join("\n")
}
