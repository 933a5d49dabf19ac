//! JSON text to value, strictly: what a lenient parser would hide is a fault with its line and column.
//!
//! Refused: anything that is not UTF-8, duplicate keys (RFC 8259 leaves their meaning open, and two systems would read
//! two different records), nesting deeper than [`Limits::depth`], and control characters that FHIR strings may not
//! hold (<https://hl7.org/fhir/R4/datatypes.html#string>). Numbers keep their digits (`3.50`).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

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
    let text = std::str::from_utf8(text).map_err(|error| {
        let (line, column) = position(text, error.valid_up_to());
        fault("The text is not UTF-8 here; send JSON in UTF-8.", line, column)
    })?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { left: limits.depth.min(100) }.deserialize(&mut reader);
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

/// Builds a `Value` while it refuses what `serde_json::Value` would let pass.
#[derive(Clone, Copy)]
struct Strict {
    left: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left }),
            None => Err(E::custom("The JSON nests too deep.")),
        }
    }
}

/// The key under which `serde_json` hands over a number whose digits are to be kept.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("This number is out of range."))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        let forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        if text.contains(forbidden) {
            return Err(E::custom("A control character (such as NUL) stands in this string; remove it."));
        }
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if object.is_empty() && key == NUMBER {
                let digits: String = members.next_value()?;
                return number(&digits).map(Value::Number).map_err(A::Error::custom);
            }
            if object.contains_key(&key) {
                return Err(A::Error::custom(
                    "This object has the same key twice; which one holds is not certain.",
                ));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// More digits than any measurement has are an attack on whoever computes with them.
const DIGITS_MAX: usize = 40;

fn number(digits: &str) -> Result<Number, &'static str> {
    if digits.len() > DIGITS_MAX {
        return Err("This number has more than 40 digits.");
    }
    digits.parse().map_err(|_| "This is not a number.")
}

#[cfg(test)]
mod tests {
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
