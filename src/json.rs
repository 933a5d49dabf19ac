//! JSON text to value, strictly: what a lenient parser would hide is a fault with its line and column.
//!
//! Refused: anything that is not UTF-8, duplicate keys (RFC 8259 leaves their meaning open, and two systems would read
//! two different records), nesting deeper than [`Limits::depth`], and control characters that FHIR strings may not
//! hold (<https://hl7.org/fhir/R4/datatypes.html#string>). Numbers keep their digits (`3.50`).

pub mod document;

mod made;
mod plain;
mod tree;

use document::{Document, Fault, Kind};
use serde_json::Value;

pub use tree::{Members, Tree};

use crate::problem::{Category, Issue, Problem};

/// How deep a text may nest.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Objects and arrays within each other. At most 100.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 64 }
    }
}

/// Reads one JSON value, or says where the text goes wrong.
pub fn read(text: &[u8], limits: Limits) -> Result<Value, Problem> {
    parsed(text, limits).map(|document| made::value(&document, document.root()))
}

/// The same as a tree that borrows from the text.
pub fn tree(text: &[u8], limits: Limits) -> Result<Tree<'_>, Problem> {
    parsed(text, limits).map(|document| made::tree(&document, document.root()))
}

/// So many faults are told at most.
const FAULTS_MAX: usize = 20;

/// More digits than any measurement has are an attack on whoever computes with them.
const DIGITS_MAX: usize = 40;

fn parsed(text: &[u8], limits: Limits) -> Result<Document<'_>, Problem> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let sentence = "The text is not UTF-8 here; send JSON in UTF-8.".to_owned();
        refused(vec![Fault { text: sentence, position: position(text, error.valid_up_to()) }])
    })?;
    let document = document::parse(text, limits.depth.min(100)).map_err(refused)?;
    // Of the control characters that are one byte the parser lets DEL pass alone.
    let is_plain = text.bytes().fold(true, |all, byte| all & (byte < 0x7f));
    let faults = document.subtree(document.root()).filter_map(|id| {
        let text = match document.kind(id) {
            Kind::String if is_plain => return None,
            Kind::String | Kind::Escaped if !is_printable(&document.text(id)) => {
                "A control character (such as NUL) stands in this string; remove it."
            }
            Kind::Number if document.raw(id).len() > DIGITS_MAX => "This number has more than 40 digits.",
            _ => return None,
        };
        Some(Fault { text: text.to_owned(), position: document.position(id) })
    });
    let faults: Vec<Fault> = faults.take(FAULTS_MAX).collect();
    if faults.is_empty() { Ok(document) } else { Err(refused(faults)) }
}

fn refused(faults: Vec<Fault>) -> Problem {
    let issue = |Fault { text, position: (line, column) }| Issue::error("structure", text).on(line, column);
    Problem::with(Category::Structure, faults.into_iter().take(FAULTS_MAX).map(issue).collect())
}

/// Whether FHIR allows each character of a string.
fn is_printable(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

fn position(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn fault_of(text: &str) -> (String, Option<(usize, usize)>) {
        let problem = read(text.as_bytes(), Limits::default()).unwrap_err();
        (problem.issues[0].text.clone(), problem.issues[0].position)
    }

    #[test]
    fn what_is_well_formed_is_kept_digit_by_digit() {
        let text = r#"{"weight":3.50,"n":[1,-2,1e3,true,null,"ä\n"],"o":{}}"#;
        assert_eq!(
            read(text.as_bytes(), Limits::default()).unwrap().to_string(),
            text.replace("1e3", "1e+3")
        );
    }

    #[test]
    fn duplicate_keys_are_refused_where_they_stand() {
        let (text, position) = fault_of("{\"a\":1,\n \"b\":2, \"a\":3}");
        assert!(text.contains("same name twice"), "{text}");
        assert_eq!(position.unwrap().0, 2);
    }

    #[test]
    fn of_many_names_too_one_may_not_stand_twice() {
        let object = |names: std::ops::Range<usize>, last: &str| {
            let members: Vec<String> = names.map(|nth| format!("\"k{nth}\":{nth}")).collect();
            format!("{{{},\"{last}\":1}}", members.join(","))
        };
        for last in ["k0", "k39", "\\u006b7"] {
            assert!(fault_of(&object(0..40, last)).0.contains("same name twice"), "{last}");
        }
        assert!(fault_of(&object(0..3, "\\u006b2")).0.contains("same name twice"));
        for last in ["k40", "\\u006b40"] {
            let whole = read(object(0..40, last).as_bytes(), Limits::default()).unwrap();
            assert_eq!(whole["k40"], 1);
        }
    }

    #[test]
    fn a_tree_borrows_what_needs_no_change() {
        let text = r#"{"a":"plain","b":"esc\naped"}"#;
        let tree = tree(text.as_bytes(), Limits::default()).unwrap();
        assert!(matches!(tree.get("a"), Some(Tree::Text(Cow::Borrowed("plain")))));
        assert_eq!(tree.text_of("b"), Some("esc\naped"));
        assert_eq!(tree.to_string(), text);
        assert!(tree.is(&read(text.as_bytes(), Limits::default()).unwrap()));
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        assert!(fault_of(&deep).0.contains("too deep"));
        let fits = format!("{}1{}", "[".repeat(64), "]".repeat(64));
        assert!(read(fits.as_bytes(), Limits::default()).is_ok());
    }

    #[test]
    fn broken_text_is_refused() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":\"\\u0000\"}",
            "{} x",
            "nul",
            "{\"a\":NaN}",
            "\"\u{7}\"",
            "\"\u{7f}\"",
            "\"é\u{85}\"",
        ] {
            assert!(read(text.as_bytes(), Limits::default()).is_err(), "{text:?}");
        }
        assert!(read(b"\"\xff\"", Limits::default()).is_err());
        assert!(fault_of(&"9".repeat(60)).0.contains("40 digits"));
    }
}
