//! The journal's entries: chained in the transaction of what they speak of, read as they were written.

use chrono::{DateTime, Utc};
use sqlx::AnyConnection;

use super::row::{number, text, unreadable};
use super::said::{Asking, Said, said};
use crate::domain::ChildKey;
use crate::journal::{Chain, Entry, Head};
use crate::store::StoreError;

/// How many entries one statement writes; a message has fewer.
const ROWS_MAX: usize = 32;

/// How far the journal goes, as one transaction knows it: read when it writes first, and gone on from.
#[derive(Debug, Clone, Default)]
pub(super) struct End(Option<Head>);

/// Adds entries at the end, in order. Reads the head first: the transaction holds the only right to write.
pub(super) async fn append(connection: &mut AnyConnection, entries: &[Entry]) -> Result<(), StoreError> {
    append_at(connection, &mut End::default(), entries).await
}

/// The same for several in one transaction, of which only the first has to read the head. Whoever undoes a part of the transaction
/// takes back the end too.
pub(super) async fn append_at(
    connection: &mut AnyConnection,
    end: &mut End,
    entries: &[Entry],
) -> Result<(), StoreError> {
    let known = match end.0.take() {
        Some(head) => head,
        None => head(connection).await?,
    };
    let mut chain = Chain::after(known);
    for together in entries.chunks(ROWS_MAX) {
        let mut rows = Vec::with_capacity(together.len());
        for entry in together {
            let text = serde_json::to_string(entry)
                .map_err(|_| StoreError::Engine("an entry cannot be written as JSON".to_owned()))?;
            let head = chain.add(&text);
            let (seq, hash) = (head.count, head.hash.clone());
            rows.push((seq, text, hash));
        }
        insert(connection, &rows).await?;
    }
    end.0 = Some(chain.head().clone());
    Ok(())
}

/// Writes a row as if it were the next entry, to see whether one can be written; the caller takes it back.
pub(super) async fn probe(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let head = head(connection).await?;
    insert(connection, &[(head.count + 1, "{}".to_owned(), String::new())]).await
}

/// Writes entries that have their number and their hash.
async fn insert(connection: &mut AnyConnection, rows: &[(u64, String, String)]) -> Result<(), StoreError> {
    let mut asking = Asking::new(connection, "INSERT INTO journal (seq, text, hash) VALUES ");
    asking.rows(rows, |asking, (seq, text, hash)| {
        asking.bind(signed(*seq)).and(text.as_str()).and(hash.as_str());
    });
    asking.build()?.execute(connection).await?;
    Ok(())
}

/// How far the journal goes.
pub(super) async fn head(connection: &mut AnyConnection) -> Result<Head, StoreError> {
    let last = sqlx::query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
        .fetch_optional(connection)
        .await?;
    match last {
        Some(row) => Ok(Head { count: number(&row, "seq")?, hash: text(&row, "hash")? }),
        None => Ok(Head::default()),
    }
}

/// When the last entry was written.
pub(super) async fn last_at(connection: &mut AnyConnection) -> Result<Option<DateTime<Utc>>, StoreError> {
    let last: Option<String> = sqlx::query_scalar("SELECT text FROM journal ORDER BY seq DESC LIMIT 1")
        .fetch_optional(connection)
        .await?;
    last.map(|text| {
        let entry: Entry = serde_json::from_str(&text).map_err(|_| unreadable("text"))?;
        Ok(entry.at)
    })
    .transpose()
}

/// Entries from a number on.
pub(super) async fn page(
    connection: &mut AnyConnection,
    from: u64,
    count: u32,
) -> Result<Vec<(u64, String, String)>, StoreError> {
    let rows = sqlx::query("SELECT seq, text, hash FROM journal WHERE seq >= $1 ORDER BY seq LIMIT $2")
        .bind(signed(from))
        .bind(i64::from(count))
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((number(row, "seq")?, text(row, "text")?, text(row, "hash")?))).collect()
}

/// The index is named because the engine must never read the whole journal for one child.
pub(super) const OF_CHILD: Said = said!(
    "SELECT seq, text FROM journal" by "journal_child",
    " WHERE child = $1 ORDER BY seq DESC LIMIT $2"
);

/// The entries about a child, newest first.
pub(super) async fn of_child(
    connection: &mut AnyConnection,
    child: &ChildKey,
    count: u32,
) -> Result<Vec<(u64, String)>, StoreError> {
    let rows = sqlx::query(OF_CHILD.to(connection))
        .bind(child.as_str())
        .bind(i64::from(count))
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((number(row, "seq")?, text(row, "text")?))).collect()
}

/// The engines' numbers are signed; nothing is ever numbered beyond its largest.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
