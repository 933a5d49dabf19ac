//! `kith births`: the monthly list of births that a local authority takes to its children's centres, encrypted for it, and the count of all
//! births.

mod files;
mod list;
mod open;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{End, print, say};
use crate::secrecy::LetterKeys;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a pair of keys for an authority: the private one into a file, the public one (for 'births.keys' of the directory) printed
    Key(Key),
    /// Make the list of a month from birth notifications and first-visit forms: who may be on it, encrypted, and how many were born. Exit 1
    /// when a record is wrong
    List(list::Arguments),
    /// Open a list with the private key, and take it apart by centre
    Open(open::Arguments),
}

#[derive(Args)]
pub(super) struct Key {
    /// The file to write; it must not exist
    file: PathBuf,
}

pub(super) fn run(command: &Command) -> End {
    let end = match command {
        Command::Key(arguments) => key(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Open(arguments) => open::run(arguments),
    };
    end.unwrap_or_else(|sentence| {
        say(&sentence);
        End::CallIsWrong
    })
}

fn key(arguments: &Key) -> Result<End, String> {
    let keys = LetterKeys::new();
    write_new(&arguments.file, keys.private.reveal().as_bytes())?;
    say(&format!(
        "Wrote the private key to {}. Whoever has it can open the lists; without it nobody can. The public key, for the directory:",
        arguments.file.display()
    ));
    Ok(print(&keys.public))
}

/// Writes a file that was not there and that only its owner may read; the error is a sentence.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| format!("{}: cannot be written: {error}", path.display()))
}
