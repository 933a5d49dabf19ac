//! Copies a whole store into an empty one, of whichever engine: rows as they are, with their numbers, in one transaction.

use futures_util::TryStreamExt as _;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::said::{Asking, Engine};
use super::{SqlStore, journal};
use crate::store::StoreError;

/// Rows that one statement writes.
const TOGETHER: usize = 100;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Number,
    Text,
    Bytes,
}

/// A table, in an order in which what others refer to comes first.
struct Table {
    name: &'static str,
    /// `name` for text, `#name` for a number, `%name` for bytes.
    columns: &'static [&'static str],
    /// The column by which rows are in order.
    order: &'static str,
    /// The column whose numbers the engine gives.
    counted: Option<&'static str>,
}

const fn table(name: &'static str, order: &'static str, columns: &'static [&'static str]) -> Table {
    Table { name, columns, order, counted: None }
}

/// The tables that an archive lacks: the keys of payloads, and births, which are sealed with the master key itself.
const UNARCHIVED: &[&str] = &["delivery_key", "birth"];

/// All that is kept but who holds what and what one of several does: that ends with the move.
#[rustfmt::skip]
const TABLES: &[Table] = &[
    table("message", "accepted", &["sender", "message_id", "child", "kind", "#accepted", "body_hash", "#status", "headers", "%body"]),
    Table { counted: Some("seq"), ..table("delivery", "seq", &[
        "#seq", "id", "message_id", "sender", "recipient", "child", "kind", "state", "%payload", "note", "items", "ground", "#attempts", "#due",
        "#created", "#updated", "#front", "#acknowledged", "recalled", "#alerts", "#alerted", "alert_note", "#settled", "holder", "#lease", "#concealed", "line", "holds", "weighed"]) },
    table("delivery_key", "delivery", &["delivery", "%key"]),
    Table { counted: Some("seq"), ..table("consent", "seq", &["#seq", "id", "#version", "child", "author", "status", "scope", "%resource", "#updated", "#current"]) },
    table("answered", "at", &["id", "question", "child", "source", "asker", "kind", "items", "#at", "recalled", "weighed"]),
    table("birth", "at", &["authority", "sender", "message_id", "child", "kind", "month", "%record", "#at", "#until"]),
    table("flag", "id", &["id", "#version", "child", "author", "status", "code", "#updated"]),
    table("circle", "child", &["child", "partner", "relation", "#since"]),
    table("protection", "child", &["child", "what", "author", "#since"]),
    table("merged", "at", &["child", "into_child", "author", "#at"]),
    table("same_child", "child", &["child", "other"]),
    table("number", "child", &["child", "%number"]),
    table("matter", "id", &["id", "kind", "child", "owners", "note", "#open", "#created", "#updated"]),
    table("journal", "seq", &["#seq", "text", "hash"]),
    table("journal_head", "count", &["#count", "hash", "at", "key", "signature"]),
    table("school", "urn", &["urn", "laestab", "openness", "record"]),
    table("school_successor", "urn", &["urn", "successor", "since"]),
    Table { counted: Some("id"), ..table("pupil", "id", &["#id", "child", "%identity", "author", "as_of"]) },
    table("pupil_key", "digest", &["digest", "#pupil"]),
    table("place", "id", &["id", "child", "who", "upn", "%pupil", "attended", "start", "ended", "as_of", "source", "state", "rule", "candidates", "#updated"]),
    table("import", "id", &["id", "form", "author", "#begun", "state", "#basis", "#lines", "#faults", "summary", "note"]),
    Table { counted: Some("seq"), ..table("import_fault", "seq", &["#seq", "import", "#line", "field", "text"]) },
    table("staged_school", "line", &["import", "#line", "urn", "laestab", "openness", "record"]),
    table("staged_successor", "line", &["import", "#line", "urn", "successor", "since"]),
    table("staged_pupil", "line", &["import", "#line", "child", "%identity", "keys", "author", "as_of", "change"]),
    table("staged_place", "line", &["import", "#line", "id", "child", "who", "upn", "%pupil", "attended", "start", "ended", "as_of", "source", "state", "rule", "candidates", "#updated"]),
    table("inbox", "received", &["delivery", "partner", "%parcel", "#received", "#seen"]),
    table("parked", "partner", &["partner", "#since", "note"]),
    table("visit", "partner", &["partner", "child", "ground", "#since"]),
    table("signed_out", "at", &["session", "#at"]),
];

/// How many rows were copied, by table.
pub type Copied = Vec<(&'static str, u64)>;

/// What a copy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// To go on with: everything.
    Whole,
    /// To be kept for years: everything but the keys of payloads and what is kept of births, so that neither can be read from it.
    Archive,
}

/// Copies everything that belongs into such a copy. Nobody can write to the source meanwhile.
pub(super) async fn all(from: &SqlStore, to: &SqlStore, scope: Scope) -> Result<Copied, StoreError> {
    let mut source = from.write().await?;
    let mut target = to.write().await?;
    for table in TABLES {
        if count(&mut target, table).await? > 0 {
            let text =
                format!("the store that is copied to is not empty: it has rows in the table {}", table.name);
            return Err(StoreError::Engine(text));
        }
    }
    let mut copied = Vec::new();
    for table in TABLES.iter().filter(|table| scope == Scope::Whole || !UNARCHIVED.contains(&table.name)) {
        let rows = rows(&mut source, &mut target, table).await?;
        let (there, here) = (count(&mut source, table).await?, count(&mut target, table).await?);
        if there != here || rows != here {
            let text = format!("of {there} rows of the table {} {here} arrived", table.name);
            return Err(StoreError::Engine(text));
        }
        copied.push((table.name, rows));
    }
    let revision: i64 = sqlx::query_scalar("SELECT revision FROM register").fetch_one(&mut *source).await?;
    sqlx::query("UPDATE register SET revision = $1").bind(revision).execute(&mut *target).await?;
    let key: Option<String> = sqlx::query_scalar("SELECT key FROM pulse").fetch_one(&mut *source).await?;
    sqlx::query("UPDATE pulse SET key = $1").bind(key).execute(&mut *target).await?;
    if journal::head(&mut source).await? != journal::head(&mut target).await? {
        return Err(StoreError::Engine("the journal's heads differ".to_owned()));
    }
    target.commit().await?;
    Ok(copied)
}

async fn count(connection: &mut AnyConnection, table: &Table) -> Result<u64, StoreError> {
    let asking = Asking::new(connection, &format!("SELECT count(*) FROM {}", table.name));
    let row = asking.build()?.fetch_one(connection).await?;
    let count: i64 = row.try_get(0)?;
    Ok(count.unsigned_abs())
}

fn columns(table: &Table) -> impl Iterator<Item = (Holds, &'static str)> + '_ {
    table.columns.iter().map(|column| match (column.strip_prefix('#'), column.strip_prefix('%')) {
        (Some(name), _) => (Holds::Number, name),
        (_, Some(name)) => (Holds::Bytes, name),
        _ => (Holds::Text, *column),
    })
}

async fn rows(
    source: &mut AnyConnection,
    target: &mut AnyConnection,
    table: &Table,
) -> Result<u64, StoreError> {
    let names: Vec<&str> = columns(table).map(|(_, name)| name).collect();
    let text = format!("SELECT {} FROM {} ORDER BY {}", names.join(", "), table.name, table.order);
    let mut reading = Asking::new(source, &text).build()?.fetch(source);
    let mut waiting = Vec::with_capacity(TOGETHER);
    let mut copied = 0;
    while let Some(row) = reading.try_next().await? {
        waiting.push(row);
        copied += 1;
        if waiting.len() == TOGETHER {
            write(target, table, &names, &waiting).await?;
            waiting.clear();
        }
    }
    write(target, table, &names, &waiting).await?;
    if let (Some(column), Engine::Postgres) = (table.counted, Engine::of(target)) {
        let text = format!(
            "SELECT setval(pg_get_serial_sequence('{name}', '{column}'), (SELECT coalesce(max({column}), 0) + 1 FROM {name}), false)",
            name = table.name
        );
        Asking::new(target, &text).build()?.execute(&mut *target).await?;
    }
    Ok(copied)
}

async fn write(
    target: &mut AnyConnection,
    table: &Table,
    names: &[&str],
    rows: &[AnyRow],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut asking =
        Asking::new(target, &format!("INSERT INTO {} ({}) VALUES ", table.name, names.join(", ")));
    for (place, row) in rows.iter().enumerate() {
        asking.push(if place > 0 { ", (" } else { "(" });
        for (at, (holds, _)) in columns(table).enumerate() {
            if at > 0 {
                asking.push(", ");
            }
            match holds {
                Holds::Number => asking.bind(row.try_get::<Option<i64>, _>(at)?),
                Holds::Text => asking.bind(row.try_get::<Option<String>, _>(at)?),
                Holds::Bytes => asking.bind(row.try_get::<Option<Vec<u8>>, _>(at)?),
            };
        }
        asking.push(")");
    }
    asking.build()?.execute(target).await?;
    Ok(())
}

/// The columns of a table that are copied.
#[cfg(test)]
pub(super) fn names(table: &str) -> Option<Vec<String>> {
    let table = TABLES.iter().find(|one| one.name == table)?;
    Some(columns(table).map(|(_, name)| name.to_owned()).collect())
}
