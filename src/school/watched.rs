//! A reader that never lets one row grow without end: a quotation mark that is not closed must not pull a whole file into memory.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// The longest row or element, in bytes.
const ROW_MAX: u64 = 1 << 20;

/// Bytes read since the last row.
#[derive(Debug, Clone, Default)]
pub(super) struct Since(Rc<Cell<u64>>);

impl Since {
    /// A row is done.
    pub(super) fn reset(&self) {
        self.0.set(0);
    }
}

/// The reader.
pub(super) struct Watched<R> {
    inner: R,
    since: Since,
}

impl<R: Read> Watched<R> {
    pub(super) fn new(inner: R) -> (Self, Since) {
        let since = Since::default();
        (Self { inner, since: since.clone() }, since)
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let since = self.since.0.get();
        if since > ROW_MAX {
            let text = "a row is longer than 1 MiB; perhaps a quotation mark is not closed";
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        let read = self.inner.read(buffer)?;
        self.since.0.set(since + read as u64);
        Ok(read)
    }
}

/// Bytes as text: UTF-8, or else Windows-1252, in which GIAS and many school systems write.
pub(super) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}
