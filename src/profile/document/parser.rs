//! The one pass that turns text into nodes, and says where the text is not JSON.

use std::collections::HashSet;

use super::{Document, Kind, Node};

/// Why a text is not JSON: a sentence, and its line and column from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub text: String,
    /// Line and column.
    pub position: (usize, usize),
}

/// Larger texts are refused: places in them are kept in 32 bits.
const LENGTH_MAX: usize = 256 << 20;

/// Parses a text whose objects and arrays nest at most `depth_max` deep. Faults that do not hinder reading on, such as a
/// key that stands twice, are all named; at a syntax error it stops.
pub fn parse(text: &str, depth_max: usize) -> Result<Document<'_>, Vec<Fault>> {
    if text.len() > LENGTH_MAX {
        return Err(vec![Fault { text: "The text is larger than 256 MB.".to_owned(), position: (1, 1) }]);
    }
    let nodes = Vec::with_capacity(text.len() / 24 + 8);
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, nodes, faults: vec![], depth_max };
    parser.skip_blanks();
    let read = parser.value((0, 0), 0).and_then(|()| {
        parser.skip_blanks();
        if parser.at < parser.bytes.len() {
            Err("There is more text after the end of the JSON value.")
        } else {
            Ok(())
        }
    });
    if let Err(sentence) = read {
        parser.fault(sentence, parser.at);
    }
    if parser.faults.is_empty() { Ok(Document { text, nodes: parser.nodes }) } else { Err(parser.faults) }
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    faults: Vec<Fault>,
    depth_max: usize,
}

type Read = Result<(), &'static str>;

const ENDS_EARLY: &str = "The JSON ends too early: a bracket, brace or quote is not closed.";

impl Parser<'_> {
    fn fault(&mut self, sentence: &str, at: usize) {
        self.faults.push(Fault { text: sentence.to_owned(), position: position(self.text, at) });
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn value(&mut self, key: (u32, u32), depth: usize) -> Read {
        match self.peek().ok_or(ENDS_EARLY)? {
            b'{' => self.object(key, depth),
            b'[' => self.array(key, depth),
            b'"' => {
                let (span, escaped) = self.string()?;
                self.leaf(if escaped { Kind::Escaped } else { Kind::String }, key, span);
                Ok(())
            }
            b't' => self.word("true", Kind::True, key),
            b'f' => self.word("false", Kind::False, key),
            b'n' => self.word("null", Kind::Null, key),
            b'-' | b'0'..=b'9' => self.number(key),
            b'/' => Err("JSON has no comments. Remove this one."),
            b'\'' => Err("JSON strings stand in double quotes."),
            _ => Err("A JSON value is expected here."),
        }
    }

    fn leaf(&mut self, kind: Kind, key: (u32, u32), span: (u32, u32)) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { kind, key, span, next });
    }

    fn open(&mut self, kind: Kind, key: (u32, u32), depth: usize) -> Result<usize, &'static str> {
        if depth >= self.depth_max {
            return Err("The JSON nests too deep.");
        }
        let index = self.nodes.len();
        self.nodes.push(Node { kind, key, span: (self.at as u32, self.at as u32), next: 0 });
        self.at += 1;
        self.skip_blanks();
        Ok(index)
    }

    fn close(&mut self, index: usize) {
        self.at += 1;
        let next = self.nodes.len() as u32;
        let node = &mut self.nodes[index];
        node.next = next;
        node.span.1 = self.at as u32;
    }

    fn object(&mut self, key: (u32, u32), depth: usize) -> Read {
        let index = self.open(Kind::Object, key, depth)?;
        if self.peek() == Some(b'}') {
            self.close(index);
            return Ok(());
        }
        let mut members = 0;
        loop {
            match self.peek().ok_or(ENDS_EARLY)? {
                b'"' => {}
                b'}' => return Err("A comma stands before this closing brace. Remove it."),
                b'/' => return Err("JSON has no comments. Remove this one."),
                _ => return Err("The name of a member, in double quotes, is expected here."),
            }
            let (name, _) = self.string()?;
            self.skip_blanks();
            if self.peek() != Some(b':') {
                return Err("A colon is expected after the name of a member.");
            }
            self.at += 1;
            self.skip_blanks();
            self.value(name, depth + 1)?;
            members += 1;
            self.skip_blanks();
            match self.peek().ok_or(ENDS_EARLY)? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return Err("A comma or a closing brace is expected here."),
            }
            self.skip_blanks();
        }
        self.close(index);
        self.duplicates(index, members);
        Ok(())
    }

    fn array(&mut self, key: (u32, u32), depth: usize) -> Read {
        let index = self.open(Kind::Array, key, depth)?;
        if self.peek() == Some(b']') {
            self.close(index);
            return Ok(());
        }
        loop {
            if self.peek() == Some(b']') {
                return Err("A comma stands before this closing bracket. Remove it.");
            }
            self.value((0, 0), depth + 1)?;
            self.skip_blanks();
            match self.peek().ok_or(ENDS_EARLY)? {
                b',' => self.at += 1,
                b']' => break,
                _ => return Err("A comma or a closing bracket is expected here."),
            }
            self.skip_blanks();
        }
        self.close(index);
        Ok(())
    }

    /// Few members are compared with each other, many through a set, so that the cost stays linear.
    fn duplicates(&mut self, index: usize, members: usize) {
        let mut names: Vec<(u32, u32)> = Vec::with_capacity(members);
        let mut seen = HashSet::new();
        let mut at = index + 1;
        let mut twice = Vec::new();
        while names.len() < members {
            let node = &self.nodes[at];
            let text = self.text.get(node.key.0 as usize..node.key.1 as usize).unwrap_or_default();
            let known = if members > 16 {
                !seen.insert(text)
            } else {
                names.iter().any(|(start, end)| self.text.get(*start as usize..*end as usize) == Some(text))
            };
            if known {
                twice.push(node.key.0 as usize);
            }
            names.push(node.key);
            at = node.next as usize;
        }
        for place in twice {
            self.fault("This object has the same name twice; which one holds is not certain.", place);
        }
    }

    /// The text between the quotes, and whether there are escapes in it.
    fn string(&mut self) -> Result<((u32, u32), bool), &'static str> {
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            match self.peek().ok_or(ENDS_EARLY)? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                0..=0x1f => {
                    return Err(
                        "A control character stands in this string; write it as an escape, or remove it.",
                    );
                }
                _ => self.at += 1,
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

    fn word(&mut self, word: &str, kind: Kind, key: (u32, u32)) -> Read {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) != Some(word.as_bytes()) {
            return Err("A JSON value is expected here.");
        }
        self.leaf(kind, key, (self.at as u32, end as u32));
        self.at = end;
        Ok(())
    }

    fn number(&mut self, key: (u32, u32)) -> Read {
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

/// Undoes the escapes of a string that was parsed.
pub(super) fn unescape(raw: &str) -> String {
    // The text was parsed, so it is a JSON string.
    serde_json::from_str(&format!("\"{raw}\"")).unwrap_or_default()
}

/// Line and column of a place in the text, from 1; columns count characters.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_tree_with_places() {
        let text = "{\n  \"a\": [1, -2.50, true],\n  \"b\": {\"c\": \"x\\n\\u00e9\", \"d\": null}\n}";
        let document = parse(text, 8).unwrap();
        let root = document.root();
        let a = document.child(root, "a").unwrap();
        let items: Vec<_> = document.children(a).map(|id| document.text(id).into_owned()).collect();
        assert_eq!(items, ["1", "-2.50", "true"]);
        let b = document.child(root, "b").unwrap();
        let c = document.child(b, "c").unwrap();
        assert_eq!(document.text(c), "x\né");
        assert_eq!(document.position(c), (3, 9));
        assert_eq!(document.children(root).count(), 2);
        assert!(document.child(c, "x").is_none());
        assert_eq!(document.children(c).count(), 0);
    }

    #[test]
    fn what_is_not_json_is_refused_where_it_stands() {
        for (text, position) in [
            ("", (1, 1)),
            ("{\"a\":1,}", (1, 8)),
            ("[1,]", (1, 4)),
            ("[01]", (1, 3)),
            ("{\"a\" 1}", (1, 6)),
            ("// x\n{}", (1, 1)),
            ("{} {}", (1, 4)),
            ("\"\\ud800\"", (1, 8)),
            ("\"a\nb\"", (1, 3)),
            ("[1.]", (1, 4)),
            ("nul", (1, 1)),
            ("{\"a\":1,\n\"a\":2}", (2, 2)),
        ] {
            assert_eq!(parse(text, 8).unwrap_err()[0].position, position, "{text:?}");
        }
        assert!(parse(&format!("{}{}", "[".repeat(9), "]".repeat(9)), 8).is_err());
    }

    #[test]
    fn many_members_are_compared_too() {
        let mut text: String = (0..40).map(|n| format!("\"k{n}\":0,")).collect();
        text = format!("{{{text}\"k7\":1}}");
        assert_eq!(parse(&text, 8).unwrap_err().len(), 1);
    }
}
