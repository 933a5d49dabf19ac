//! One value, both ways: how the `as` column writes a record's value in FHIR and reads it back.

use serde_json::{Value, json};

use super::codes::{CodeMap, Meaning};
use super::language::Shape;
use crate::domain::CANONICAL;

/// UCUM's code system.
const UCUM: &str = "http://unitsofmeasure.org";

/// What was written, and a remark for the ledger where it is less than what was meant.
pub struct Written {
    /// The FHIR value.
    pub value: Value,
    /// A sentence for the ledger.
    pub remark: Option<&'static str>,
}

/// The FHIR value for a record's value.
pub fn to_fhir(shape: &Shape, value: &Value) -> Written {
    let text = value.as_str().unwrap_or_default();
    let written = match shape {
        Shape::Text
        | Shape::Boolean
        | Shape::Integer
        | Shape::Decimal
        | Shape::When
        | Shape::Reference
        | Shape::ReferenceBy(..)
        | Shape::Narrative => value.clone(),
        Shape::Clock => json!(format!("{text}:00")),
        Shape::Quantity { unit, code } => {
            json!({ "value": value, "unit": unit, "system": UCUM, "code": code })
        }
        Shape::Identifier(system) => json!({ "system": system, "value": value }),
        Shape::Concept(None) => json!({ "text": value }),
        Shape::Code(None) | Shape::Coding(None) => value.clone(),
        Shape::Code(Some(map)) | Shape::Coding(Some(map)) | Shape::Concept(Some(map)) => {
            return coded(shape, map, text);
        }
    };
    Written { value: written, remark: None }
}

/// A reference by a key that the record itself gives: the resource where there is one, and the key in any case.
pub fn keyed_reference(key: &Value, target: Option<String>) -> Value {
    let mut reference = json!({ "identifier": { "system": key_system(), "value": key } });
    if let Some(target) = target {
        reference["reference"] = json!(target);
    }
    reference
}

/// The system of keys that mean something within their message only.
pub(super) fn key_system() -> String {
    format!("{CANONICAL}Id/key-in-message")
}

fn coded(shape: &Shape, map: &CodeMap, text: &str) -> Written {
    let Some(meaning) = map.meaning(text) else {
        let value = match shape {
            Shape::Concept(_) => json!({ "text": text }),
            Shape::Coding(_) => json!({ "display": text }),
            _ => json!(text),
        };
        return Written { value, remark: Some("no code is known for this value; it travels as text") };
    };
    let first = meaning.codes.first();
    let value = match shape {
        Shape::Concept(_) => {
            let codings: Vec<Value> = meaning.codes.iter().map(super::codes::Code::to_fhir).collect();
            let mut concept = json!({ "coding": codings });
            if !meaning.display.is_empty() {
                concept["text"] = json!(meaning.display);
            }
            concept
        }
        Shape::Coding(_) => first.map_or(Value::Null, super::codes::Code::to_fhir),
        _ => json!(first.map(|code| code.code.as_str())),
    };
    Written { value, remark: None }
}

/// The minute of a FHIR time. Seconds that say something have no place in the record, so then nothing is accounted for.
fn clock(text: &str) -> Option<Read> {
    let (minute, seconds) = (text.get(..5)?, text.get(5..)?.strip_prefix(':')?);
    let nothing = seconds.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let carried = if nothing { vec![String::new()] } else { vec![] };
    Some(Read { value: json!(minute), carried })
}

/// What was read, and which parts of the FHIR value said it (as JSON pointers below the value; "" is all of it).
pub struct Read {
    /// The record's value.
    pub value: Value,
    /// What is accounted for.
    pub carried: Vec<String>,
}

/// The record's value for a FHIR value; `None` when it cannot be one. `open` fields keep unknown codes as text.
pub fn to_record(shape: &Shape, value: &Value, open: bool) -> Option<Read> {
    match shape {
        Shape::Text | Shape::When => value.is_string().then(|| whole(value)),
        Shape::Clock => clock(value.as_str()?),
        Shape::Boolean => value.is_boolean().then(|| whole(value)),
        Shape::Integer => value.as_i64().is_some().then(|| whole(value)),
        Shape::Decimal => value.is_number().then(|| whole(value)),
        Shape::Code(None) | Shape::Coding(None) => value.is_string().then(|| whole(value)),
        Shape::Quantity { unit, code } => quantity(value, unit, code),
        Shape::Identifier(system) => identifier(value, system),
        Shape::Concept(None) => {
            let text = value.get("text").filter(|text| text.is_string())?;
            Some(Read { value: text.clone(), carried: vec!["/text".to_owned()] })
        }
        Shape::Code(Some(map)) => {
            let meaning = map.of_bare_code(value.as_str()?)?;
            Some(Read { value: json!(meaning.value), carried: vec![String::new()] })
        }
        Shape::Coding(Some(map)) => coding(value, map).or_else(|| display(value, open)),
        Shape::Concept(Some(map)) => concept(value, map).or_else(|| free_text(value, map, open)),
        Shape::ReferenceBy(..) => {
            let key = value.get("identifier").and_then(|identifier| identifier.get("value"))?;
            let carried = vec!["/identifier/system".to_owned(), "/identifier/value".to_owned()];
            let ours = value.pointer("/identifier/system").and_then(Value::as_str) == Some(&key_system());
            (ours && key.is_string()).then(|| Read { value: key.clone(), carried })
        }
        Shape::Reference | Shape::Narrative => None,
    }
}

fn whole(value: &Value) -> Read {
    Read { value: value.clone(), carried: vec![String::new()] }
}

fn text_of<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn quantity(value: &Value, unit: &str, code: &str) -> Option<Read> {
    let number = value.get("value").filter(|number| number.is_number())?;
    // Another unit would silently change the amount: it stays in the ledger instead.
    let coded = text_of(value, "code").map(|given| given == code);
    let worded = text_of(value, "unit").map(|given| given == unit || given == code);
    if coded == Some(false) || (coded.is_none() && worded != Some(true)) {
        return None;
    }
    let mut carried = vec!["/value".to_owned()];
    if coded.is_some() {
        carried.push("/code".to_owned());
    }
    if text_of(value, "unit") == Some(unit) {
        carried.push("/unit".to_owned());
    }
    if text_of(value, "system") == Some(UCUM) {
        carried.push("/system".to_owned());
    }
    Some(Read { value: number.clone(), carried })
}

fn identifier(value: &Value, system: &str) -> Option<Read> {
    let text = value.get("value").filter(|text| text.is_string())?;
    if text_of(value, "system") != Some(system) {
        return None;
    }
    Some(Read { value: text.clone(), carried: vec!["/system".to_owned(), "/value".to_owned()] })
}

/// The meaning of a coding, and the parts of it that the meaning accounts for.
fn meaning_of<'m>(coding: &Value, map: &'m CodeMap, at: &str) -> Option<(&'m Meaning, Vec<String>)> {
    let (system, code) = (text_of(coding, "system")?, text_of(coding, "code")?);
    let meaning = map.of_code(system, code)?;
    let mut carried = vec![format!("{at}/system"), format!("{at}/code")];
    let known = meaning.codes.iter().find(|known| known.system == system && known.code == code);
    if text_of(coding, "display") == known.map(|known| known.display.as_str()) {
        carried.push(format!("{at}/display"));
    }
    Some((meaning, carried))
}

fn coding(value: &Value, map: &CodeMap) -> Option<Read> {
    let (meaning, carried) = meaning_of(value, map, "")?;
    Some(Read { value: json!(meaning.value), carried })
}

fn display(value: &Value, open: bool) -> Option<Read> {
    let text = value.get("display").filter(|text| open && text.is_string())?;
    Some(Read { value: text.clone(), carried: vec!["/display".to_owned()] })
}

fn concept(value: &Value, map: &CodeMap) -> Option<Read> {
    let codings = value.get("coding").and_then(Value::as_array)?;
    let mut found: Option<&Meaning> = None;
    let mut carried = Vec::new();
    for (index, coding) in codings.iter().enumerate() {
        let Some((meaning, parts)) = meaning_of(coding, map, &format!("/coding/{index}")) else { continue };
        // Two codings that mean different things: the first holds, the other is named in the ledger.
        if found.is_none_or(|first| first.value == meaning.value) {
            found = Some(meaning);
            carried.extend(parts);
        }
    }
    let meaning = found?;
    if text_of(value, "text") == Some(&meaning.display) {
        carried.push("/text".to_owned());
    }
    Some(Read { value: json!(meaning.value), carried })
}

/// The words of a concept whose codes the map does not know. Words that are themselves a value of the map would come
/// back as its code, so they stay in the ledger.
fn free_text(value: &Value, map: &CodeMap, open: bool) -> Option<Read> {
    if !open {
        return None;
    }
    let first_display =
        || value.get("coding").and_then(|codings| codings.get(0)).and_then(|coding| coding.get("display"));
    let (text, at) = match value.get("text") {
        Some(text) => (text, "/text"),
        None => (first_display()?, "/coding/0/display"),
    };
    let words = text.as_str()?;
    map.meaning(words).is_none().then(|| Read { value: text.clone(), carried: vec![at.to_owned()] })
}
