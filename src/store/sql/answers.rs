//! Answers to questions, as they were given and until they are recalled.

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{child, from_json, micros, partner, text, time, to_json, uuid};
use super::{SqlStore, journal};
use crate::domain::ChildKey;
use crate::journal::Entry;
use crate::store::{Answered, Answers, Recalled, StoreError};

/// Marks an answer as recalled by a message; what of it may be kept stands as an answer of its own from then on. `false` when it was recalled
/// before, or never given.
pub(super) async fn recall(
    connection: &mut AnyConnection,
    one: &Recalled,
    by: Uuid,
) -> Result<bool, StoreError> {
    let marked =
        sqlx::query("UPDATE answered SET recalled = $1 WHERE id = $2 AND recalled IS NULL AND items = $3")
            .bind(by.to_string())
            .bind(one.id.to_string())
            .bind(to_json(&one.held, "items")?)
            .execute(&mut *connection)
            .await?;
    if marked.rows_affected() == 1 && !one.left.is_empty() {
        // Where the asker holds the same by a later question too, that stands for both.
        sqlx::query(
            "INSERT INTO answered (id, question, child, source, asker, kind, items, weighed, at)
             SELECT $1, question, child, source, asker, kind, $3, weighed, at FROM answered WHERE id = $2
             ON CONFLICT (child, source, asker, kind, items, weighed) WHERE recalled IS NULL DO NOTHING",
        )
        .bind(Uuid::new_v5(&by, one.id.as_bytes()).to_string())
        .bind(one.id.to_string())
        .bind(to_json(&one.left, "items")?)
        .execute(connection)
        .await?;
    }
    Ok(marked.rows_affected() == 1)
}

/// Writes an answer; where the same was answered before, the new question takes the place of the one before.
async fn keep(connection: &mut AnyConnection, answered: &Answered) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO answered (id, question, child, source, asker, kind, items, weighed, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (child, source, asker, kind, items, weighed) WHERE recalled IS NULL
         DO UPDATE SET question = excluded.question, at = excluded.at",
    )
    .bind(answered.id.to_string())
    .bind(answered.question.to_string())
    .bind(answered.child.as_str())
    .bind(answered.source.as_str())
    .bind(answered.asker.as_str())
    .bind(&answered.kind)
    .bind(to_json(&answered.items, "items")?)
    .bind(&answered.weighed)
    .bind(micros(answered.at))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Answered, StoreError> {
    Ok(Answered {
        id: uuid(row, "id")?,
        question: uuid(row, "question")?,
        child: child(row)?,
        source: partner(row, "source")?,
        asker: partner(row, "asker")?,
        kind: text(row, "kind")?,
        items: from_json(row, "items")?,
        weighed: text(row, "weighed")?,
        at: time(row, "at")?,
    })
}

#[async_trait]
impl Answers for SqlStore {
    async fn enter_answers(&self, answered: &[Answered], entries: &[Entry]) -> Result<(), StoreError> {
        let given = Arc::new((answered.to_vec(), entries.to_vec()));
        let writing = self.group()?.write(move |c, end| {
            let given = Arc::clone(&given);
            Box::pin(async move {
                for one in &given.0 {
                    keep(c, one).await?;
                }
                journal::append_at(c, end, &given.1).await
            })
        });
        writing.await
    }

    async fn answered(&self, child: &ChildKey) -> Result<Vec<Answered>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM answered WHERE child = $1 AND recalled IS NULL
             UNION ALL SELECT answered.* FROM same_child JOIN answered ON answered.child = same_child.other
             WHERE same_child.child = $1 AND recalled IS NULL
             ORDER BY at, id",
        )
        .bind(child.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read).collect()
    }
}
