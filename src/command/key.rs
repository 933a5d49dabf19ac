//! `kith key`: a new master key, in a file that only its owner can read.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::{End, say};
use crate::secrecy::new_key_text;

#[derive(Args)]
pub(super) struct Arguments {
    /// The file to write; it must not exist
    file: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> End {
    let text = match new_key_text() {
        Ok(text) => text,
        Err(error) => {
            say(&error.to_string());
            return End::CallIsWrong;
        }
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&arguments.file).and_then(|mut file| writeln!(file, "{}", text.trim()));
    match written {
        Ok(()) => {
            say(&format!(
                "Wrote a new master key to {}. Keep a copy where the store's backups are not.",
                arguments.file.display()
            ));
            End::Good
        }
        Err(error) => {
            say(&format!("{}: cannot be written: {error}", arguments.file.display()));
            End::CallIsWrong
        }
    }
}
