//! Reads a file of any size into an import: the reader works on a thread of its own, and rows go to the store as they come.

use std::io::{self, Read};

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::domain::PartnerId;
use crate::pipeline::{House, begin_import};
use crate::problem::Problem;
use crate::school::{self, FileFault, Form, Line};
use crate::store::Import;

/// Rows that go to the store at once.
const AT_ONCE: usize = 500;

/// Takes a file in; what it would change is in the import that is given back, and nothing counts yet.
///
/// # Errors
/// An import with this id was begun before, too many rows are wrong, or the store cannot be used. A file that cannot be used is no error
/// here: its import is refused, and says why.
pub async fn take_in(
    house: &House,
    id: Uuid,
    form: Form,
    source: &PartnerId,
    file: impl Read + Send + 'static,
    at: DateTime<Utc>,
) -> Result<Import, Problem> {
    let mut intake = begin_import(house, id, form, source, at, None).await?;
    let (sender, mut rows) = mpsc::channel::<Vec<Line>>(4);
    let reading = tokio::task::spawn_blocking(move || read(form, file, at, &sender));
    while let Some(lines) = rows.recv().await {
        intake.take(house, lines).await?;
    }
    let read = reading.await.map_err(|error| Problem::internal("read the file", &error))?;
    intake.end(house, read.err().as_ref()).await
}

fn read(
    form: Form,
    file: impl Read,
    at: DateTime<Utc>,
    sender: &mpsc::Sender<Vec<Line>>,
) -> Result<(), FileFault> {
    let mut lines = Vec::with_capacity(AT_ONCE);
    school::read(form, file, at.date_naive(), &mut |line| {
        lines.push(line);
        if lines.len() < AT_ONCE {
            return true;
        }
        // Nobody takes rows any more: something went wrong there, and is told there.
        sender.blocking_send(std::mem::replace(&mut lines, Vec::with_capacity(AT_ONCE))).is_ok()
    })?;
    let _ = sender.blocking_send(lines);
    Ok(())
}

/// A body that arrives, as a file to be read; what is wrong with it ends the reading.
pub(super) struct Arriving {
    chunks: mpsc::Receiver<io::Result<Bytes>>,
    ready: Bytes,
}

impl Arriving {
    pub(super) fn new(chunks: mpsc::Receiver<io::Result<Bytes>>) -> Self {
        Self { chunks, ready: Bytes::new() }
    }
}

impl Read for Arriving {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.ready = chunk?,
                None => return Ok(0),
            }
        }
        let count = self.ready.len().min(buffer.len());
        let piece = self.ready.split_to(count);
        if let Some(place) = buffer.get_mut(..count) {
            place.copy_from_slice(&piece);
        }
        Ok(count)
    }
}
