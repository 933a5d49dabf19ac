//! On which line of a CSV file a row begins, whatever lines end with: Windows ends them with carriage return and line feed.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// What the lines of a file end with, known when the first of them was read.
#[derive(Debug, Clone, Default)]
pub struct LineEnd(Rc<Cell<Option<bool>>>);

impl LineEnd {
    /// The line of a row after the head. The csv crate stands between the two signs when it says where such a row begins, and has counted
    /// one line less.
    pub fn line(&self, counted: u64) -> u64 {
        counted + u64::from(self.0.get() == Some(true))
    }
}

/// A reader that notices it, and changes nothing.
pub struct Noticing<R> {
    inner: R,
    end: LineEnd,
    last: u8,
}

impl<R: Read> Noticing<R> {
    /// The reader, and what will be known.
    pub fn new(inner: R) -> (Self, LineEnd) {
        let end = LineEnd::default();
        (Self { inner, end: end.clone(), last: 0 }, end)
    }
}

impl<R: Read> Read for Noticing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let mut bytes = buffer.iter().take(read);
        while self.end.0.get().is_none() {
            let Some(byte) = bytes.next() else { break };
            if *byte == b'\n' {
                self.end.0.set(Some(self.last == b'\r'));
            }
            self.last = *byte;
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<u64> {
        let (noticing, end) = Noticing::new(text.as_bytes());
        let mut reader = csv::Reader::from_reader(noticing);
        let counted = |row: csv::StringRecord| row.position().map_or(0, csv::Position::line);
        reader.records().map(|row| end.line(counted(row.unwrap()))).collect()
    }

    #[test]
    fn a_row_is_on_its_line_whatever_lines_end_with() {
        assert_eq!(lines("a,b\n1,2\n\"3\n3\",4\n5,6"), [2, 3, 5]);
        assert_eq!(lines("a,b\r\n1,2\r\n\"3\r\n3\",4\r\n5,6\r\n"), [2, 3, 5]);
        assert_eq!(lines("a,b"), [0; 0]);
    }
}
