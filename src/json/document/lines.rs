//! Lines and columns of ever later places, counted in one pass: however many places and however long the lines.

/// A reader of a text that only goes forward.
pub struct Lines<'t> {
    bytes: &'t [u8],
    at: usize,
    line: usize,
    column: usize,
}

impl<'t> Lines<'t> {
    /// From the beginning.
    pub fn of(text: &'t str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line: 1, column: 1 }
    }

    /// Line and column, from 1, of a place in bytes that is not before the last one asked for; columns count characters.
    pub fn position(&mut self, offset: usize) -> (usize, usize) {
        for byte in self.bytes.get(self.at..offset).unwrap_or_default() {
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                // Bytes that go on with a character begin so.
                0x80..=0xbf => {}
                _ => self.column += 1,
            }
        }
        self.at = self.at.max(offset);
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_and_columns_go_forward() {
        let text = "a\né€x\n\nb";
        let mut lines = Lines::of(text);
        let all: Vec<_> = text.char_indices().map(|(at, _)| lines.position(at)).collect();
        assert_eq!(all, [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (4, 1)]);
        assert_eq!(lines.position(1_000), (4, 1));
    }
}
