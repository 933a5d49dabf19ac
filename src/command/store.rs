//! `kith store copy`: everything that a store holds, into an empty one of either engine: to move to PostgreSQL or back, or to keep a copy.
//! `kith store restored`: what to do when such a copy was put back.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use serde_json::json;

use super::deliveries::operator;
use super::{End, Format, house, print, runtime, say};
use crate::clock;
use crate::journal::Head;
use crate::pipeline::{House, hold_back, unavailable};
use crate::problem::Problem;
use crate::store::sql::{Copied, CopyScope, SqlStore};
use crate::store::{Address, Delivery, State, StoreError, TaskQuery, verify_journal};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Copy a whole store into an empty one, and check that all of it arrived: the numbers of rows, and every entry of the journal
    Copy(Copy),
    /// After a backup was put back: hold back what may have been delivered since it was made, so that nothing is sent twice. Without --commit
    /// it only says what that is
    Restored(Restored),
}

#[derive(Args)]
pub(super) struct Copy {
    /// The store that is copied: a SQLite file, or postgres://user@host/database. Nothing can be written to it meanwhile
    #[arg(long)]
    from: String,
    /// The empty store that it is copied to, likewise; a file is made
    #[arg(long)]
    to: String,
    /// For a copy that is kept for years: leave out the keys of what is on its way and of what lies in inboxes, and what is kept of births,
    /// so that nobody can read either from it, whatever else he holds. It is not one to go on with
    #[arg(long)]
    archive: bool,
    /// text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Args)]
pub(super) struct Restored {
    /// Configuration folder, whose store was put back. Kith must not run on it yet
    #[arg(long)]
    config: PathBuf,
    /// Hold it back; without this nothing is changed
    #[arg(long)]
    commit: bool,
    /// text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(command: &Command) -> End {
    match command {
        Command::Copy(arguments) => run_copy(arguments),
        Command::Restored(arguments) => {
            let Some((runtime, house)) = house(&arguments.config) else { return End::CallIsWrong };
            runtime.block_on(restored(&house, arguments))
        }
    }
}

fn run_copy(arguments: &Copy) -> End {
    let Some(runtime) = runtime() else { return End::CallIsWrong };
    let (from, to) =
        (Address::read(&arguments.from, Path::new("")), Address::read(&arguments.to, Path::new("")));
    if let Address::File(path) = &from
        && !path.is_file()
    {
        say(&format!("{from}: there is no such file."));
        return End::CallIsWrong;
    }
    let scope = if arguments.archive { CopyScope::Archive } else { CopyScope::Whole };
    match runtime.block_on(copy(&from, &to, scope)) {
        Ok((copied, head)) => said(&copied, &head, arguments),
        Err(error) => {
            say(&format!("{from} could not be copied to {to}: {error}. Nothing was written there."));
            End::CallIsWrong
        }
    }
}

async fn copy(from: &Address, to: &Address, scope: CopyScope) -> Result<(Copied, Head), StoreError> {
    let (source, target) = (SqlStore::open_at(from).await?, SqlStore::open_at(to).await?);
    let copied = source.copy_to(&target, scope).await?;
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

fn said(copied: &Copied, head: &Head, arguments: &Copy) -> End {
    match arguments.format {
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
            let arrived = match arguments.archive {
                true => {
                    "Everything arrived but the keys of payloads and births: what was on its way and what lies in inboxes cannot be read from it."
                }
                false => "Everything arrived.",
            };
            print(&format!(
                "{text}{arrived} The journal is intact: {} entries, head {}.",
                head.count, head.hash
            ))
        }
    }
}

/// So many are looked at in one go.
const MANY: u32 = 10_000;

async fn restored(house: &House, arguments: &Restored) -> End {
    match held_back(house, arguments.commit).await {
        Ok((until, held)) => print(&told(until, &held, arguments)),
        Err(problem) => {
            say(&problem.to_string());
            End::InputHasErrors
        }
    }
}

/// Until when anything is known, and what waited or was under way then.
async fn held_back(house: &House, commit: bool) -> Result<(Option<DateTime<Utc>>, Vec<Delivery>), Problem> {
    let store = &house.store;
    let until = store.last_entry_at().await.map_err(|error| unavailable(&error))?;
    let states = vec![State::Requested, State::InProgress];
    let mut query = TaskQuery { states, count: MANY, ..TaskQuery::default() };
    let mut held = Vec::new();
    loop {
        let (found, _) = store.tasks(&query).await.map_err(|error| unavailable(&error))?;
        if found.is_empty() {
            break;
        }
        for delivery in &found {
            if commit {
                hold_back(house, delivery, &operator(), clock::now()).await?;
            }
        }
        // What is held back is not found again; what is only looked at has to be passed over.
        if !commit {
            query.offset += MANY;
        }
        held.extend(found);
    }
    held.reverse();
    Ok((until, held))
}

fn told(until: Option<DateTime<Utc>>, held: &[Delivery], arguments: &Restored) -> String {
    if arguments.format == Format::Json {
        let of = |one: &Delivery| json!({ "delivery": one.id, "message": one.message_id, "from": one.sender, "to": one.recipient, "kind": one.kind, "accepted": one.created });
        let held: Vec<_> = held.iter().map(of).collect();
        return json!({ "knownUntil": until, "heldBack": arguments.commit, "deliveries": held }).to_string();
    }
    let until = until.map_or_else(
        || "nothing at all".to_owned(),
        |until| format!("what happened until {}", until.format("%-d %B %Y, %H:%M:%S UTC")),
    );
    let mut text = format!(
        "This store knows {until}. What was accepted after that it cannot know about: ask its senders to send it again, under the same ids.\n"
    );
    for one in held {
        text.push_str(&format!("{}  {} to {}  {}\n", one.id, one.sender, one.recipient, one.kind));
    }
    text.push_str(&match (held.len(), arguments.commit) {
        (0, _) => "Nothing waited or was under way then: nothing can be sent twice.".to_owned(),
        (many, false) => format!("Deliveries that may have arrived since: {many}. With --commit they are held back as dead letters."),
        (many, true) => format!("Held back as dead letters: {many}. Find out whether they arrived; kith deliveries replay puts back what did not."),
    });
    text
}
