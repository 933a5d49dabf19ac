//! `kith journal verify`: checks the chain of the journal and its signed heads offline and says where it breaks; `kith journal export`: writes
//! it for programs that check it themselves.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::json;

use super::{End, Format, configuration, print, runtime, say};
use crate::journal::SignedHead;
use crate::secrecy::Vault;
use crate::store::sql::SqlStore;
use crate::store::{Address, HeadFault, Store as _, StoreError, verify_heads, verify_journal};

/// How many entries are written at once.
const PAGE: u32 = 1000;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Check every entry of the chain, and the signed heads; exit 1 and name the first broken entry
    Verify(Verify),
    /// Write every entry as a line of JSON: number, text, hash
    Export(Place),
}

#[derive(Args)]
pub(super) struct Place {
    /// Configuration folder, whose store is read
    #[arg(long, required_unless_present = "store")]
    config: Option<PathBuf>,
    /// The store's file or its postgres:// address, instead of a configuration
    #[arg(long, conflicts_with = "config")]
    store: Option<String>,
}

#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    place: Place,
    /// Heads that were kept elsewhere, as GET /journal/heads gives them: shows whether the journal was cut or rewritten since
    #[arg(long)]
    head: Vec<PathBuf>,
    /// text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The answer of `GET /journal/heads`.
#[derive(Deserialize)]
struct Heads {
    heads: Vec<SignedHead>,
}

pub(super) fn run(command: &Command) -> End {
    let Some(runtime) = runtime() else { return End::CallIsWrong };
    match command {
        Command::Verify(arguments) => {
            let Some((address, vault)) = place(&arguments.place) else { return End::CallIsWrong };
            let Some(kept) = kept(&arguments.head) else { return End::CallIsWrong };
            let key = vault.and_then(|vault| vault.signer().ok()).map(|signer| signer.public_key());
            runtime.block_on(verify(&address, kept, key, arguments.format))
        }
        Command::Export(arguments) => {
            let Some((address, _)) = place(arguments) else { return End::CallIsWrong };
            match runtime.block_on(export(&address)) {
                Ok(()) => End::Good,
                Err(text) => {
                    say(&text);
                    End::CallIsWrong
                }
            }
        }
    }
}

/// Where the store is and, where a configuration names it, the key.
fn place(place: &Place) -> Option<(Address, Option<Vault>)> {
    if let Some(path) = &place.store {
        return Some((Address::read(path, Path::new("")), None));
    }
    let config = configuration(place.config.as_ref()?)?;
    let vault = Vault::from_file(&config.path(&config.settings.store.key_file)).ok();
    Some((config.store(), vault))
}

/// Heads out of files; `None` after saying what is wrong with one.
fn kept(files: &[PathBuf]) -> Option<Vec<SignedHead>> {
    let mut heads = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| error.to_string());
        let read =
            text.and_then(|text| serde_json::from_str::<Heads>(&text).map_err(|error| error.to_string()));
        match read {
            Ok(read) => heads.extend(read.heads),
            Err(error) => {
                say(&format!("{}: {error}; give a file as GET /journal/heads answers", file.display()));
                return None;
            }
        }
    }
    Some(heads)
}

/// What the check found: the chain's head, how many signed heads there are, and what is wrong.
struct Found {
    entries: u64,
    head: String,
    signed: usize,
    faults: Vec<String>,
    broken: Option<u64>,
}

async fn check(address: &Address, kept: Vec<SignedHead>, key: Option<Vec<u8>>) -> Result<Found, StoreError> {
    let store = SqlStore::look_at(address).await?;
    let chain = match verify_journal(&store).await? {
        Ok(head) => head,
        Err(broken) => {
            let faults = vec![format!("The journal is broken at entry {}: {}.", broken.seq, broken.fault)];
            return Ok(Found {
                entries: 0,
                head: String::new(),
                signed: 0,
                faults,
                broken: Some(broken.seq),
            });
        }
    };
    let mut heads = store.signed_heads().await?;
    heads.extend(kept);
    let faults = verify_heads(&store, &heads, key.as_deref()).await?;
    let broken = faults.iter().map(|fault| match fault {
        HeadFault::Signature(entry)
        | HeadFault::Key(entry)
        | HeadFault::Cut(entry)
        | HeadFault::Rewritten(entry) => *entry,
    });
    let broken = broken.min();
    let faults = faults.iter().map(|fault| format!("{fault}.")).collect();
    Ok(Found { entries: chain.count, head: chain.hash, signed: heads.len(), faults, broken })
}

async fn verify(address: &Address, kept: Vec<SignedHead>, key: Option<Vec<u8>>, format: Format) -> End {
    let found = match check(address, kept, key).await {
        Ok(found) => found,
        Err(error) => {
            say(&format!("{}: {error}", address));
            return End::CallIsWrong;
        }
    };
    let good = found.faults.is_empty();
    let end = match format {
        Format::Json if good => print(
            &json!({ "intact": true, "entries": found.entries, "head": found.head, "signedHeads": found.signed })
                .to_string(),
        ),
        Format::Json => print(
            &json!({ "intact": false, "entry": found.broken, "fault": found.faults.join(" ") }).to_string(),
        ),
        Format::Text if good => print(&format!(
            "The journal is intact: {} entries, head {}; {} signed heads agree with it.",
            found.entries, found.head, found.signed
        )),
        Format::Text => print(&found.faults.join("\n")),
    };
    if good { end } else { End::InputHasErrors }
}

async fn export(address: &Address) -> Result<(), String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", address);
    let store = SqlStore::look_at(address).await.map_err(|error| named(&error))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut next = 1;
    loop {
        let page = store.journal(next, PAGE).await.map_err(|error| named(&error))?;
        let Some((last, _, _)) = page.last() else { break };
        next = last + 1;
        for (number, text, hash) in &page {
            let line = json!({ "number": number, "text": text, "hash": hash });
            writeln!(out, "{line}").map_err(|error| named(&error))?;
        }
    }
    out.flush().map_err(|error| named(&error))
}
