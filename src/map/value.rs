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
fn clock(value: &Value) -> Option<Read<'_>> {
    let text = value.as_str()?;
    let (minute, seconds) = (text.get(..5)?, text.get(5..)?.strip_prefix(':')?);
    let nothing = seconds.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let carried = if nothing { vec![value] } else { vec![] };
    Some(Read { value: json!(minute), carried })
}

/// What was read, and which parts of the FHIR value said it.
pub struct Read<'v> {
    /// The record's value.
    pub value: Value,
    /// What is accounted for: these parts of the FHIR value with all that is in them.
    pub carried: Vec<&'v Value>,
}

/// The record's value for a FHIR value; `None` when it cannot be one. `open` fields keep unknown codes as text.
pub fn to_record<'v>(shape: &Shape, value: &'v Value, open: bool) -> Option<Read<'v>> {
    match shape {
        Shape::Text | Shape::When => value.is_string().then(|| whole(value)),
        Shape::Clock => clock(value),
        Shape::Boolean => value.is_boolean().then(|| whole(value)),
        Shape::Integer => value.as_i64().is_some().then(|| whole(value)),
        Shape::Decimal => value.is_number().then(|| whole(value)),
        Shape::Code(None) | Shape::Coding(None) => value.is_string().then(|| whole(value)),
        Shape::Quantity { unit, code } => quantity(value, unit, code),
        Shape::Identifier(system) => identifier(value, system),
        Shape::Concept(None) => {
            let text = value.get("text").filter(|text| text.is_string())?;
            Some(whole(text))
        }
        Shape::Code(Some(map)) => {
            let meaning = map.of_bare_code(value.as_str()?)?;
            Some(Read { value: json!(meaning.value), carried: vec![value] })
        }
        Shape::Coding(Some(map)) => coding(value, map).or_else(|| display(value, open)),
        Shape::Concept(Some(map)) => concept(value, map).or_else(|| free_text(value, map, open)),
        Shape::ReferenceBy(..) => {
            let identifier = value.get("identifier")?;
            let (system, key) = (identifier.get("system")?, identifier.get("value")?);
            let ours = system.as_str() == Some(&key_system());
            (ours && key.is_string()).then(|| Read { value: key.clone(), carried: vec![system, key] })
        }
        Shape::Reference | Shape::Narrative => None,
    }
}

fn whole(value: &Value) -> Read<'_> {
    Read { value: value.clone(), carried: vec![value] }
}

/// The text of a member, and the member.
fn text_of<'v>(value: &'v Value, key: &str) -> Option<(&'v str, &'v Value)> {
    value.get(key).and_then(|member| Some((member.as_str()?, member)))
}

fn quantity<'v>(value: &'v Value, unit: &str, code: &str) -> Option<Read<'v>> {
    let number = value.get("value").filter(|number| number.is_number())?;
    // Another unit would silently change the amount: it stays in the ledger instead.
    let (coded, worded) = (text_of(value, "code"), text_of(value, "unit"));
    match (coded, worded) {
        (Some((given, _)), _) if given != code => return None,
        (None, Some((given, _))) if given != unit && given != code => return None,
        (None, None) => return None,
        _ => {}
    }
    let mut carried = vec![number];
    carried.extend(coded.map(|(_, member)| member));
    carried.extend(worded.filter(|(given, _)| *given == unit).map(|(_, member)| member));
    carried.extend(text_of(value, "system").filter(|(given, _)| *given == UCUM).map(|(_, member)| member));
    Some(Read { value: number.clone(), carried })
}

fn identifier<'v>(value: &'v Value, system: &str) -> Option<Read<'v>> {
    let text = value.get("value").filter(|text| text.is_string())?;
    let (given, member) = text_of(value, "system")?;
    (given == system).then(|| Read { value: text.clone(), carried: vec![member, text] })
}

/// The meaning of a coding, and the parts of it that the meaning accounts for.
fn meaning_of<'m, 'v>(coding: &'v Value, map: &'m CodeMap) -> Option<(&'m Meaning, Vec<&'v Value>)> {
    let ((system, of_system), (code, of_code)) = (text_of(coding, "system")?, text_of(coding, "code")?);
    let meaning = map.of_code(system, code)?;
    let mut carried = vec![of_system, of_code];
    let known = meaning.codes.iter().find(|known| known.system == system && known.code == code);
    let shown = text_of(coding, "display");
    let right = shown.filter(|(display, _)| known.is_some_and(|known| known.display == *display));
    carried.extend(right.map(|(_, member)| member));
    Some((meaning, carried))
}

fn coding<'v>(value: &'v Value, map: &CodeMap) -> Option<Read<'v>> {
    let (meaning, carried) = meaning_of(value, map)?;
    Some(Read { value: json!(meaning.value), carried })
}

fn display(value: &Value, open: bool) -> Option<Read<'_>> {
    value.get("display").filter(|text| open && text.is_string()).map(whole)
}

fn concept<'v>(value: &'v Value, map: &CodeMap) -> Option<Read<'v>> {
    let codings = value.get("coding").and_then(Value::as_array)?;
    let mut found: Option<&Meaning> = None;
    let mut carried = Vec::new();
    for coding in codings {
        let Some((meaning, parts)) = meaning_of(coding, map) else { continue };
        // Two codings that mean different things: the first holds, the other is named in the ledger.
        if found.is_none_or(|first| first.value == meaning.value) {
            found = Some(meaning);
            carried.extend(parts);
        }
    }
    let meaning = found?;
    carried.extend(
        text_of(value, "text").filter(|(text, _)| *text == meaning.display).map(|(_, member)| member),
    );
    Some(Read { value: json!(meaning.value), carried })
}

/// The words of a concept whose codes the map does not know. Words that are themselves a value of the map would come
/// back as its code, so they stay in the ledger.
fn free_text<'v>(value: &'v Value, map: &CodeMap, open: bool) -> Option<Read<'v>> {
    if !open {
        return None;
    }
    let first_display =
        || value.get("coding").and_then(|codings| codings.get(0)).and_then(|coding| coding.get("display"));
    let text = value.get("text").or_else(first_display)?;
    map.meaning(text.as_str()?).is_none().then(|| whole(text))
}
