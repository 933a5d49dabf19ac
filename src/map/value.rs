//! One value, both ways: how the `as` column writes a record's value in FHIR and reads it back.

use smallvec::{SmallVec, smallvec};

use super::codes::{Code, CodeMap, Meaning};
use super::language::Shape;
use crate::domain::CANONICAL;
use crate::json::Tree;

/// UCUM's code system.
const UCUM: &str = "http://unitsofmeasure.org";

/// What was written, and a remark for the ledger where it is less than what was meant.
pub struct Written<'t> {
    /// The FHIR value.
    pub value: Tree<'t>,
    /// A sentence for the ledger.
    pub remark: Option<&'static str>,
}

/// The FHIR value for a record's value.
pub fn to_fhir<'t>(shape: &'t Shape, value: &'t Tree<'t>) -> Written<'t> {
    let text = value.as_str().unwrap_or_default();
    let written = match shape {
        Shape::Text
        | Shape::Boolean
        | Shape::Integer
        | Shape::Decimal
        | Shape::When
        | Shape::Reference
        | Shape::ReferenceBy(..)
        | Shape::Narrative => value.lent(),
        Shape::Clock => Tree::text(format!("{text}:00")),
        Shape::Quantity { unit, code } => Tree::object([
            ("value", value.lent()),
            ("unit", Tree::text(unit)),
            ("system", Tree::text(UCUM)),
            ("code", Tree::text(code)),
        ]),
        Shape::Identifier(system) => Tree::object([("system", Tree::text(system)), ("value", value.lent())]),
        Shape::Concept(None) => Tree::object([("text", value.lent())]),
        Shape::Code(None) | Shape::Coding(None) => value.lent(),
        Shape::Code(Some(map)) | Shape::Coding(Some(map)) | Shape::Concept(Some(map)) => {
            return coded(shape, map, text);
        }
    };
    Written { value: written, remark: None }
}

/// A reference by a key that the record itself gives: the resource where there is one, and the key in any case.
pub fn keyed_reference<'t>(key: &'t Tree<'t>, target: Option<String>) -> Tree<'t> {
    let identifier = Tree::object([("system", Tree::text(key_system())), ("value", key.lent())]);
    match target {
        Some(target) => Tree::object([("identifier", identifier), ("reference", Tree::text(target))]),
        None => Tree::object([("identifier", identifier)]),
    }
}

/// The system of keys that mean something within their message only.
pub(super) fn key_system() -> String {
    format!("{CANONICAL}Id/key-in-message")
}

fn coded<'t>(shape: &Shape, map: &'t CodeMap, text: &'t str) -> Written<'t> {
    let words = Tree::text(text);
    let Some(meaning) = map.meaning(text) else {
        let value = match shape {
            Shape::Concept(_) => Tree::object([("text", words)]),
            Shape::Coding(_) => Tree::object([("display", words)]),
            _ => words,
        };
        return Written { value, remark: Some("no code is known for this value; it travels as text") };
    };
    let first = meaning.codes.first();
    let value = match shape {
        Shape::Concept(_) => {
            let codings = ("coding", Tree::List(meaning.codes.iter().map(Code::to_fhir).collect()));
            if meaning.display.is_empty() {
                Tree::object([codings])
            } else {
                Tree::object([codings, ("text", Tree::text(&meaning.display))])
            }
        }
        Shape::Coding(_) => first.map_or(Tree::Null, Code::to_fhir),
        _ => first.map_or(Tree::Null, |code| Tree::text(&code.code)),
    };
    Written { value, remark: None }
}

/// The minute of a FHIR time. Seconds that say something have no place in the record, so then nothing is accounted for.
fn clock<'v>(value: &'v Tree<'v>) -> Option<Read<'v>> {
    let text = value.as_str()?;
    let (minute, seconds) = (text.get(..5)?, text.get(5..)?.strip_prefix(':')?);
    let nothing = seconds.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let carried = if nothing { smallvec![value] } else { smallvec![] };
    Some(Read { value: Tree::text(minute), carried })
}

/// Parts of a FHIR value.
pub type Parts<'v> = SmallVec<[&'v Tree<'v>; 4]>;

/// What was read, and which parts of the FHIR value said it.
pub struct Read<'v> {
    /// The record's value.
    pub value: Tree<'v>,
    /// What is accounted for: these parts of the FHIR value with all that is in them.
    pub carried: Parts<'v>,
}

/// The record's value for a FHIR value; `None` when it cannot be one. `open` fields keep unknown codes as text.
pub fn to_record<'v>(shape: &'v Shape, value: &'v Tree<'v>, open: bool) -> Option<Read<'v>> {
    let is_text = matches!(value, Tree::Text(_));
    match shape {
        Shape::Text | Shape::When => is_text.then(|| whole(value)),
        Shape::Clock => clock(value),
        Shape::Boolean => matches!(value, Tree::Bool(_)).then(|| whole(value)),
        Shape::Integer => {
            matches!(value, Tree::Number(digits) if digits.parse::<i64>().is_ok()).then(|| whole(value))
        }
        Shape::Decimal => matches!(value, Tree::Number(_)).then(|| whole(value)),
        Shape::Code(None) | Shape::Coding(None) => is_text.then(|| whole(value)),
        Shape::Quantity { unit, code } => quantity(value, unit, code),
        Shape::Identifier(system) => identifier(value, system),
        Shape::Concept(None) => text_of(value, "text").map(|(_, text)| whole(text)),
        Shape::Code(Some(map)) => {
            let meaning = map.of_bare_code(value.as_str()?)?;
            Some(Read { value: Tree::text(&meaning.value), carried: smallvec![value] })
        }
        Shape::Coding(Some(map)) => coding(value, map).or_else(|| display(value, open)),
        Shape::Concept(Some(map)) => concept(value, map).or_else(|| free_text(value, map, open)),
        Shape::ReferenceBy(..) => {
            let identifier = value.get("identifier")?;
            let (system, of_system) = text_of(identifier, "system")?;
            let (_, key) = text_of(identifier, "value")?;
            (system == key_system()).then(|| Read { value: key.lent(), carried: smallvec![of_system, key] })
        }
        Shape::Reference | Shape::Narrative => None,
    }
}

fn whole<'v>(value: &'v Tree<'v>) -> Read<'v> {
    Read { value: value.lent(), carried: smallvec![value] }
}

/// The text of a member, and the member.
fn text_of<'v>(value: &'v Tree<'v>, key: &str) -> Option<(&'v str, &'v Tree<'v>)> {
    value.get(key).and_then(|member| Some((member.as_str()?, member)))
}

fn quantity<'v>(value: &'v Tree<'v>, unit: &str, code: &str) -> Option<Read<'v>> {
    let number = value.get("value").filter(|number| matches!(number, Tree::Number(_)))?;
    // Another unit would silently change the amount: it stays in the ledger instead.
    let (coded, worded) = (text_of(value, "code"), text_of(value, "unit"));
    match (coded, worded) {
        (Some((given, _)), _) if given != code => return None,
        (None, Some((given, _))) if given != unit && given != code => return None,
        (None, None) => return None,
        _ => {}
    }
    let mut carried: Parts<'v> = smallvec![number];
    carried.extend(coded.map(|(_, member)| member));
    carried.extend(worded.filter(|(given, _)| *given == unit).map(|(_, member)| member));
    carried.extend(text_of(value, "system").filter(|(given, _)| *given == UCUM).map(|(_, member)| member));
    Some(Read { value: number.lent(), carried })
}

fn identifier<'v>(value: &'v Tree<'v>, system: &str) -> Option<Read<'v>> {
    let (_, text) = text_of(value, "value")?;
    let (given, member) = text_of(value, "system")?;
    (given == system).then(|| Read { value: text.lent(), carried: smallvec![member, text] })
}

/// The meaning of a coding, and the parts of it that the meaning accounts for.
fn meaning_of<'v>(coding: &'v Tree<'v>, map: &'v CodeMap) -> Option<(&'v Meaning, Parts<'v>)> {
    let ((system, of_system), (code, of_code)) = (text_of(coding, "system")?, text_of(coding, "code")?);
    let meaning = map.of_code(system, code)?;
    let mut carried: Parts<'v> = smallvec![of_system, of_code];
    let known = meaning.codes.iter().find(|known| known.system == system && known.code == code);
    let shown = text_of(coding, "display");
    let right = shown.filter(|(display, _)| known.is_some_and(|known| known.display == *display));
    carried.extend(right.map(|(_, member)| member));
    Some((meaning, carried))
}

fn coding<'v>(value: &'v Tree<'v>, map: &'v CodeMap) -> Option<Read<'v>> {
    let (meaning, carried) = meaning_of(value, map)?;
    Some(Read { value: Tree::text(&meaning.value), carried })
}

fn display<'v>(value: &'v Tree<'v>, open: bool) -> Option<Read<'v>> {
    text_of(value, "display").filter(|_| open).map(|(_, text)| whole(text))
}

fn concept<'v>(value: &'v Tree<'v>, map: &'v CodeMap) -> Option<Read<'v>> {
    let mut found: Option<&Meaning> = None;
    let mut carried = Parts::new();
    for coding in value.items("coding") {
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
    Some(Read { value: Tree::text(&meaning.value), carried })
}

/// The words of a concept whose codes the map does not know. Words that are themselves a value of the map would come
/// back as its code, so they stay in the ledger.
fn free_text<'v>(value: &'v Tree<'v>, map: &CodeMap, open: bool) -> Option<Read<'v>> {
    if !open {
        return None;
    }
    let first_display = || value.items("coding").first().and_then(|coding| coding.get("display"));
    let text = value.get("text").or_else(first_display)?;
    map.meaning(text.as_str()?).is_none().then(|| whole(text))
}
