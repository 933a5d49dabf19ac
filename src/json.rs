//! JSON text to value, strictly: what a lenient parser would hide is a fault with its line and column.
//!
//! Refused: anything that is not UTF-8, duplicate keys (RFC 8259 leaves their meaning open, and two systems would read
//! two different records), nesting deeper than [`Limits::depth`], and control characters that FHIR strings may not
//! hold (<https://hl7.org/fhir/R4/datatypes.html#string>). Numbers keep their digits (`3.50`).

mod strict;
mod tree;

use serde::de::DeserializeSeed;
use serde_json::Value;
use strict::{Made, Strict};

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
    made(text, limits)
}

/// The same as a tree that borrows from the text.
pub fn tree(text: &[u8], limits: Limits) -> Result<Tree<'_>, Problem> {
    made(text, limits)
}

fn made<'t, T: Made<'t>>(text: &'t [u8], limits: Limits) -> Result<T, Problem> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let (line, column) = position(text, error.valid_up_to());
        fault("The text is not UTF-8 here; send JSON in UTF-8.", line, column)
    })?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict::new(limits.depth.min(100)).deserialize(&mut reader);
    value.and_then(|value| reader.end().map(|()| value)).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        fault(&sentence(&error), line, column)
    })
}

fn fault(text: &str, line: usize, column: usize) -> Problem {
    Problem::with(Category::Structure, vec![Issue::error("structure", text).on(line, column)])
}

/// The parser's own words without its position, which the issue carries apart.
fn sentence(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let cause = text.split(" at line ").next().unwrap_or_default();
    if error.is_eof() {
        return "The JSON ends too early: a bracket, brace or quote is not closed.".to_owned();
    }
    if cause.starts_with("recursion limit") {
        return "The JSON nests too deep.".to_owned();
    }
    // Sentences of this file begin with a capital letter; serde_json's own do not.
    if cause.starts_with(|c: char| c.is_ascii_uppercase()) {
        cause.to_owned()
    } else {
        format!("This is not JSON: {cause}.")
    }
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
        assert!(text.contains("same key twice"), "{text}");
        assert_eq!(position.unwrap().0, 2);
    }

    #[test]
    fn of_many_names_too_one_may_not_stand_twice() {
        let object = |names: std::ops::Range<usize>, last: &str| {
            let members: Vec<String> = names.map(|nth| format!("\"k{nth}\":{nth}")).collect();
            format!("{{{},\"{last}\":1}}", members.join(","))
        };
        for last in ["k0", "k39", "\\u006b7"] {
            assert!(fault_of(&object(0..40, last)).0.contains("same key twice"), "{last}");
        }
        assert!(read(object(0..40, "k40").as_bytes(), Limits::default()).is_ok());
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
        for text in ["", "{", "[1,]", "{\"a\":\"\\u0000\"}", "{} x", "nul", "{\"a\":NaN}", "\"\u{7}\""] {
            assert!(read(text.as_bytes(), Limits::default()).is_err(), "{text:?}");
        }
        assert!(read(b"\"\xff\"", Limits::default()).is_err());
        assert!(fault_of(&"9".repeat(60)).0.contains("40 digits"));
    }
}
