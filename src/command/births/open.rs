//! `kith births open`: opens a list, and takes it apart by centre. Needs no configuration: it is for the authority.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::write_new;
use crate::births::{SIGNATURE_ENDS, SIGNED_FOR, Together, parts};
use crate::command::{End, Format, print, read_input};
use crate::secrecy::{SecrecyError, is_ssh_signed, open_letter};

/// The largest list that is opened, in bytes.
const LIST_MAX: usize = 512 << 20;

#[derive(Args)]
pub(in crate::command) struct Arguments {
    /// The file with the private key ('kith births key', age-keygen)
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The public key of the Kith that must have made the list (ssh-ed25519 AAAA…): its signature, in the file of the list's name and .sig, is
    /// checked before the list is opened. Without it anybody who knows the authority's public key could have made the list
    #[arg(long, value_name = "KEY")]
    signer: Option<String>,
    /// Write a table for each centre into this folder; without it the whole table is printed
    #[arg(long)]
    out: Option<PathBuf>,
    /// How the tables are named: text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The list (births-….csv.age, or the .tar with its signature that the page /births hands out), '-' for standard input
    file: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<End, String> {
    let key = String::from_utf8(read_input(&arguments.key)?);
    let key = key.map_err(|_| format!("{}: holds no key of age", arguments.key.display()))?;
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", arguments.file.display());
    let (letter, signature) = read(&arguments.file)?;
    if letter.len() > LIST_MAX {
        return Err(wrong(&format!("is larger than {LIST_MAX} bytes")));
    }
    if let Some(signer) = &arguments.signer {
        signed(signer, &arguments.file, &letter, signature)?;
    }
    let list = open_letter(&key, &letter).map_err(|error| match error {
        SecrecyError::UnknownForm => {
            format!("{}: holds no private key of age (AGE-SECRET-KEY-1…)", arguments.key.display())
        }
        _ => wrong(&"this key does not open it: it is for another, or the file was changed"),
    })?;
    // What is no list is not printed: nobody could say what it is.
    let parts = parts(&list).map_err(|error| wrong(&error))?;
    let Some(folder) = &arguments.out else {
        let text = String::from_utf8(list).map_err(|_| wrong(&"is not UTF-8"))?;
        return Ok(print(text.trim_end()));
    };
    std::fs::create_dir_all(folder)
        .map_err(|error| format!("{}: cannot be made: {error}", folder.display()))?;
    let mut written = Vec::new();
    for part in parts {
        let path = folder.join(format!("{}.csv", part.centre));
        write_new(&path, &part.table)?;
        written.push((path, part));
    }
    Ok(print(&match arguments.format {
        Format::Json => {
            let part = |(path, part): &(PathBuf, crate::births::Part)| json!({ "centre": part.centre, "children": part.rows, "file": path.display().to_string() });
            json!({ "parts": written.iter().map(part).collect::<Vec<_>>() }).to_string()
        }
        Format::Text if written.is_empty() => "The list is good, and nobody is on it.".to_owned(),
        Format::Text => {
            let line = |(path, part): &(PathBuf, crate::births::Part)| {
                format!("{}: {} children, {}", part.centre, part.rows, path.display())
            };
            written.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    }))
}

/// The list, and its signature where that comes in the same file.
fn read(file: &PathBuf) -> Result<(Vec<u8>, Option<Vec<u8>>), String> {
    let bytes = read_input(file)?;
    if file.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("tar")) {
        return Ok((bytes, None));
    }
    let both = Together::read(&bytes, LIST_MAX as u64 + 1);
    let both = both.map_err(|error| format!("{}: cannot be read as an archive: {error}", file.display()))?;
    let both = both.ok_or_else(|| format!("{}: holds no list with its signature", file.display()))?;
    Ok((both.letter, Some(both.signature)))
}

/// Goes on where the signature that comes with a list is by the key that it must be by.
fn signed(signer: &str, list: &Path, letter: &[u8], with_it: Option<Vec<u8>>) -> Result<(), String> {
    let (name, signature) = match with_it {
        Some(signature) => (list.to_owned(), signature),
        None => beside(list)?,
    };
    if is_ssh_signed(signer, SIGNED_FOR, letter, &String::from_utf8_lossy(&signature)) {
        return Ok(());
    }
    Err(format!(
        "{}: is no signature of this list by that key: the list is not that Kith's, or it was changed. It was not opened.",
        name.display()
    ))
}

/// The signature in a file of its own.
fn beside(list: &Path) -> Result<(PathBuf, Vec<u8>), String> {
    if list.as_os_str() == "-" {
        return Err("--signer: the signature lies beside the list; give the list as a file.".to_owned());
    }
    let mut beside = list.as_os_str().to_owned();
    beside.push(SIGNATURE_ENDS);
    let beside = PathBuf::from(beside);
    let signature = read_input(&beside).map_err(|error| {
        format!(
            "{error}. The signature lies beside the list under its name; ask for it where the list came from."
        )
    })?;
    Ok((beside, signature))
}
