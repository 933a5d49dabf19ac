//! `kith journal verify`: checks the chain of the journal offline and says where it breaks.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{End, Format, configuration, print, runtime, say};
use crate::store::{sqlite::SqliteStore, verify_journal};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Check every entry of the chain; exit 1 and name the first broken one
    Verify(Verify),
}

#[derive(Args)]
pub(super) struct Verify {
    /// Configuration folder, whose store is checked
    #[arg(long, required_unless_present = "store")]
    config: Option<PathBuf>,
    /// The store's file, instead of a configuration
    #[arg(long, conflicts_with = "config")]
    store: Option<PathBuf>,
    /// text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(command: &Command) -> End {
    let Command::Verify(arguments) = command;
    let path = match (&arguments.store, &arguments.config) {
        (Some(path), _) => path.clone(),
        (None, Some(folder)) => match configuration(folder) {
            Some(config) => config.path(&config.settings.store.path),
            None => return End::CallIsWrong,
        },
        (None, None) => return End::CallIsWrong,
    };
    let Some(runtime) = runtime() else { return End::CallIsWrong };
    runtime.block_on(verify(&path, arguments.format))
}

async fn verify(path: &std::path::Path, format: Format) -> End {
    let outcome = match SqliteStore::open_read_only(path).await {
        Ok(store) => verify_journal(&store).await,
        Err(error) => Err(error),
    };
    match (outcome, format) {
        (Err(error), _) => {
            say(&format!("{}: {error}", path.display()));
            End::CallIsWrong
        }
        (Ok(Ok(head)), Format::Json) => {
            print(&json!({ "intact": true, "entries": head.count, "head": head.hash }).to_string())
        }
        (Ok(Ok(head)), Format::Text) => {
            print(&format!("The journal is intact: {} entries, head {}.", head.count, head.hash))
        }
        (Ok(Err(broken)), format) => {
            let text = format!("The journal is broken at entry {}: {}.", broken.seq, broken.fault);
            match format {
                Format::Json => print(
                    &json!({ "intact": false, "entry": broken.seq, "fault": broken.fault.to_string() })
                        .to_string(),
                ),
                Format::Text => print(&text),
            };
            End::InputHasErrors
        }
    }
}
