//! `kith store copy`: everything that a store holds, into an empty one of either engine: to move to PostgreSQL or back, or to keep a copy.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{End, Format, print, runtime, say};
use crate::journal::Head;
use crate::store::sql::{Copied, SqlStore};
use crate::store::{Address, StoreError, verify_journal};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Copy a whole store into an empty one, and check that all of it arrived: the numbers of rows, and every entry of the journal
    Copy(Copy),
}

#[derive(Args)]
pub(super) struct Copy {
    /// The store that is copied: a SQLite file, or postgres://user@host/database. Nothing can be written to it meanwhile
    #[arg(long)]
    from: String,
    /// The empty store that it is copied to, likewise; a file is made
    #[arg(long)]
    to: String,
    /// text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(command: &Command) -> End {
    let Command::Copy(arguments) = command;
    let Some(runtime) = runtime() else { return End::CallIsWrong };
    let (from, to) =
        (Address::read(&arguments.from, Path::new("")), Address::read(&arguments.to, Path::new("")));
    if let Address::File(path) = &from
        && !path.is_file()
    {
        say(&format!("{from}: there is no such file."));
        return End::CallIsWrong;
    }
    match runtime.block_on(copy(&from, &to)) {
        Ok((copied, head)) => said(&copied, &head, arguments.format),
        Err(error) => {
            say(&format!("{from} could not be copied to {to}: {error}. Nothing was written there."));
            End::CallIsWrong
        }
    }
}

async fn copy(from: &Address, to: &Address) -> Result<(Copied, Head), StoreError> {
    let (source, target) = (SqlStore::open_at(from).await?, SqlStore::open_at(to).await?);
    let copied = source.copy_to(&target).await?;
    let head = verify_journal(&target).await?;
    source.close().await;
    target.close().await;
    match head {
        Ok(head) => Ok((copied, head)),
        Err(broken) => {
            let text =
                format!("the journal is broken at entry {}, there and here: {}", broken.seq, broken.fault);
            Err(StoreError::Engine(text))
        }
    }
}

fn said(copied: &Copied, head: &Head, format: Format) -> End {
    match format {
        Format::Json => {
            let rows: serde_json::Map<_, _> =
                copied.iter().map(|(table, rows)| ((*table).to_owned(), json!(rows))).collect();
            print(&json!({ "rows": rows, "entries": head.count, "head": head.hash }).to_string())
        }
        Format::Text => {
            let mut text = String::new();
            for (table, rows) in copied.iter().filter(|(_, rows)| *rows > 0) {
                text.push_str(&format!("{rows:>12}  {table}\n"));
            }
            print(&format!(
                "{text}Everything arrived. The journal is intact: {} entries, head {}.",
                head.count, head.hash
            ))
        }
    }
}
