//! The leaves of JSON: strings with their escapes, words, numbers.

use super::{ENDS_EARLY, Parser, Read};
use crate::json::document::Kind;
use crate::json::plain::plain;

impl Parser<'_> {
    /// The text between the quotes, and whether there are escapes in it.
    pub(super) fn string(&mut self) -> Result<((u32, u32), bool), &'static str> {
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at += plain(self.bytes.get(self.at..).unwrap_or_default());
            match self.peek().ok_or(ENDS_EARLY)? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                _ => {
                    return Err(
                        "A control character stands in this string; write it as an escape, or remove it.",
                    );
                }
            }
        }
        let span = (start as u32, self.at as u32);
        self.at += 1;
        Ok((span, escaped))
    }

    fn escape(&mut self) -> Read {
        match self.bytes.get(self.at + 1).copied().ok_or(ENDS_EARLY)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 2;
                Ok(())
            }
            b'u' => {
                let unit = self.unit(self.at + 2)?;
                self.at += 6;
                // Half of a pair of surrogates is no character.
                match unit {
                    0xd800..=0xdbff if self.bytes.get(self.at..self.at + 2) == Some(b"\\u") => {
                        let low = self.unit(self.at + 2)?;
                        self.at += 6;
                        if (0xdc00..=0xdfff).contains(&low) { Ok(()) } else { Err(HALF) }
                    }
                    0xd800..=0xdfff => Err(HALF),
                    _ => Ok(()),
                }
            }
            _ => Err("JSON knows no such escape."),
        }
    }

    fn unit(&self, at: usize) -> Result<u32, &'static str> {
        let digits = self.text.get(at..at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        digits
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or("An escape \\u has four hexadecimal digits.")
    }

    pub(super) fn word(&mut self, word: &str, kind: Kind, key: (u32, u32)) -> Read {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) != Some(word.as_bytes()) {
            return Err("A JSON value is expected here.");
        }
        self.leaf(kind, key, (self.at as u32, end as u32));
        self.at = end;
        Ok(())
    }

    pub(super) fn number(&mut self, key: (u32, u32)) -> Read {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err("A digit is expected here."),
        }
        if matches!(self.bytes.get(start..self.at), Some(b"0" | b"-0"))
            && matches!(self.peek(), Some(b'0'..=b'9'))
        {
            return Err("A number does not begin with a needless 0.");
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        self.leaf(Kind::Number, key, (start as u32, self.at as u32));
        Ok(())
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Read {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err("A digit is expected here.");
        }
        self.digits();
        Ok(())
    }
}

const HALF: &str = "This escape is half of a pair; the other half is missing.";
