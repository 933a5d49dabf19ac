//! The one pass that turns text into nodes, and says where the text is not JSON.

use std::borrow::Cow;
use std::collections::HashSet;

mod scan;

use smallvec::SmallVec;

use super::{Document, Kind, Lines, Node};

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
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        nodes,
        escaped_names: false,
        faults: vec![],
        depth_max,
    };
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
    if !parser.faults.is_empty() {
        return Err(parser.placed());
    }
    Ok(Document { text, nodes: parser.nodes, escaped_names: parser.escaped_names })
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    escaped_names: bool,
    /// Sentences, and where.
    faults: Vec<(usize, &'static str)>,
    depth_max: usize,
}

type Read = Result<(), &'static str>;

/// So many faults are kept; nobody reads more.
const FAULTS_MAX: usize = 1_000;

const ENDS_EARLY: &str = "The JSON ends too early: a bracket, brace or quote is not closed.";

impl Parser<'_> {
    fn fault(&mut self, sentence: &'static str, at: usize) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push((at, sentence));
        }
    }

    /// The faults in the order of the text, with their places.
    fn placed(mut self) -> Vec<Fault> {
        self.faults.sort_unstable();
        let mut lines = Lines::of(self.text);
        let fault =
            |(at, text): &(usize, &str)| Fault { text: (*text).to_owned(), position: lines.position(*at) };
        self.faults.iter().map(fault).collect()
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
            0xef if self.at == 0 && self.text.starts_with('\u{feff}') => {
                Err("The text begins with a byte order mark. Save it without one.")
            }
            _ => Err("A JSON value is expected here."),
        }
    }

    fn leaf(&mut self, kind: Kind, key: (u32, u32), span: (u32, u32)) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { kind, many: 0, key, span, next });
    }

    fn open(&mut self, kind: Kind, key: (u32, u32), depth: usize) -> Result<usize, &'static str> {
        if depth >= self.depth_max {
            return Err("The JSON nests too deep.");
        }
        let index = self.nodes.len();
        self.nodes.push(Node { kind, many: 0, key, span: (self.at as u32, self.at as u32), next: 0 });
        self.at += 1;
        self.skip_blanks();
        Ok(index)
    }

    fn close(&mut self, index: usize, many: usize) {
        self.at += 1;
        let next = self.nodes.len() as u32;
        let node = &mut self.nodes[index];
        node.next = next;
        node.many = u16::try_from(many).unwrap_or(u16::MAX);
        node.span.1 = self.at as u32;
    }

    fn object(&mut self, key: (u32, u32), depth: usize) -> Read {
        let index = self.open(Kind::Object, key, depth)?;
        if self.peek() == Some(b'}') {
            self.close(index, 0);
            return Ok(());
        }
        let (mut members, mut escaped, mut twice) = (0, false, false);
        let mut marks = 0_u128;
        loop {
            match self.peek().ok_or(ENDS_EARLY)? {
                b'"' => {}
                b'}' => return Err("A comma stands before this closing brace. Remove it."),
                b'/' => return Err("JSON has no comments. Remove this one."),
                _ => return Err("The name of a member, in double quotes, is expected here."),
            }
            let (name, escapes) = self.string()?;
            escaped |= escapes;
            let mark = self.mark(name);
            twice |= marks & mark != 0;
            marks |= mark;
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
        self.close(index, members);
        self.escaped_names |= escaped;
        if twice || escaped {
            self.duplicates(index, members, escaped);
        }
        Ok(())
    }

    fn array(&mut self, key: (u32, u32), depth: usize) -> Read {
        let index = self.open(Kind::Array, key, depth)?;
        if self.peek() == Some(b']') {
            self.close(index, 0);
            return Ok(());
        }
        let mut items = 0;
        loop {
            if self.peek() == Some(b']') {
                return Err("A comma stands before this closing bracket. Remove it.");
            }
            self.value((0, 0), depth + 1)?;
            items += 1;
            self.skip_blanks();
            match self.peek().ok_or(ENDS_EARLY)? {
                b',' => self.at += 1,
                b']' => break,
                _ => return Err("A comma or a closing bracket is expected here."),
            }
            self.skip_blanks();
        }
        self.close(index, items);
        Ok(())
    }

    /// One bit for a name. Names that differ mostly differ in it, so that few objects have to be looked at for a name that stands twice.
    fn mark(&self, (start, end): (u32, u32)) -> u128 {
        let name = self.bytes.get(start as usize..end as usize).unwrap_or_default();
        let (Some(first), Some(last)) = (name.first(), name.last()) else { return 1 };
        let parts = usize::from(*first) * 5 + usize::from(*last) * 3 + usize::from(name[name.len() / 2]) * 7;
        1 << ((parts + name.len() * 11) % 128)
    }

    /// Few members are compared with each other, many through a set, so that the cost stays linear. A name may be written in more ways
    /// than one.
    fn duplicates(&mut self, index: usize, members: usize, escaped: bool) {
        let mut names: SmallVec<[&[u8]; 16]> = SmallVec::new();
        let mut seen = HashSet::new();
        let mut at = index + 1;
        let mut twice = Vec::new();
        while names.len() < members {
            let Node { key: (start, end), next, .. } = self.nodes[at];
            let name = self.bytes.get(start as usize..end as usize).unwrap_or_default();
            let known = if escaped {
                let text = self.text.get(start as usize..end as usize).unwrap_or_default();
                !seen.insert(Cow::Owned(unescape(text).into_bytes()))
            } else if members > 16 {
                !seen.insert(Cow::Borrowed(name))
            } else {
                names.contains(&name)
            };
            if known {
                twice.push(start as usize);
            }
            names.push(name);
            at = next as usize;
        }
        for place in twice {
            self.fault("This object has the same name twice; which one holds is not certain.", place);
        }
    }
}

/// Undoes the escapes of a string that was parsed.
pub(super) fn unescape(raw: &str) -> String {
    // The text was parsed, so it is a JSON string.
    serde_json::from_str(&format!("\"{raw}\"")).unwrap_or_default()
}

#[cfg(test)]
mod tests;
