//! Reads one row of a mapping's table: its record column, its FHIR path, its `as` and its dataset.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Vocabulary;
use crate::domain::Item;
use crate::map::language::{Condition, Row, Shape, Source};
use crate::map::names::Names;
use crate::map::path::{FhirPath, RecordPath};

/// Ends the dataset of a value that shows where the child may be found.
const SHOWS_WHERE: &str = ", shows where";

/// Reads the four cells of a row; the error is a sentence.
pub(super) fn read(
    line: usize,
    [record, fhir, shape, dataset]: [&String; 4],
    vocabulary: &Vocabulary,
) -> Result<Row, String> {
    let fhir = FhirPath::parse(fhir, &vocabulary.names)?;
    let shape = read_shape(shape, vocabulary)?;
    let (dataset, shows_where) =
        dataset.strip_suffix(SHOWS_WHERE).map_or((dataset.as_str(), false), |dataset| (dataset, true));
    let source = source(record, &shape, dataset, &vocabulary.names)?;
    Ok(Row { line, title: title(&source), source, fhir, shape, shows_where, keeps_words: false })
}

fn source(record: &str, shape: &Shape, dataset: &str, names: &Names) -> Result<Source, String> {
    let bare = matches!(dataset, "—" | "-" | "–" | "");
    if let Some(target) = record.strip_prefix("->") {
        return nothing_carried(bare, Source::Refers(target.trim().to_owned()));
    }
    if record == "narrative" {
        return nothing_carried(bare, Source::Narrative);
    }
    if let Some(path) = record.strip_prefix("also ") {
        return nothing_carried(bare, Source::Also(RecordPath::parse(path.trim())?));
    }
    if let Some(rest) = record.strip_prefix("default ") {
        let (value, path) = rest.rsplit_once(" for ").ok_or("a default says 'default VALUE for PATH'")?;
        let value = literal(value.trim(), shape, names)?;
        return nothing_carried(bare, Source::Default(value, RecordPath::parse(path.trim())?));
    }
    if let Some(value) = record.strip_prefix("is ") {
        return nothing_carried(bare, Source::Is(literal(value.trim(), shape, names)?));
    }
    if let Some(value) = record.strip_prefix('=') {
        let (value, condition) = condition(value.trim())?;
        if value.is_empty() {
            return Err(unfinished("="));
        }
        return nothing_carried(bare, Source::Fixed(literal(value, shape, names)?, condition));
    }
    if bare {
        return Err(unfinished(record));
    }
    let item: Item = dataset.parse().map_err(|error: crate::domain::UnknownDataset| error.to_string())?;
    match record.split_once(" + ") {
        None if record.starts_with("+ ") || record.ends_with(" +") => {
            Err("two values that are one in FHIR are written PATH + PATH".to_owned())
        }
        None => Ok(Source::Data(RecordPath::parse(record)?, item)),
        Some((first, second)) => {
            Ok(Source::Pair(RecordPath::parse(first.trim())?, RecordPath::parse(second.trim())?, item))
        }
    }
}

/// What is missing in a row that names no dataset and is none of the constructs that have none.
fn unfinished(record: &str) -> String {
    match record {
        "is" => "'is' says which value: is VALUE".to_owned(),
        "=" => "'=' says which value: = VALUE".to_owned(),
        "also" => "'also' says which path of the record: also PATH".to_owned(),
        "default" => "a default says 'default VALUE for PATH'".to_owned(),
        _ => format!(
            "'{record}' is a value of the record, so the last column says to which dataset it belongs"
        ),
    }
}

/// What the value is called where the schema gives it no title: the last name of its path, in words.
fn title(source: &Source) -> String {
    let ([Some(path), _], _) = source.carried() else { return String::new() };
    let name = path.0.last().map_or("", |step| step.name.as_str());
    let mut words = String::new();
    for (at, c) in name.chars().enumerate() {
        match c {
            _ if at == 0 => words.extend(c.to_uppercase()),
            _ if c.is_ascii_uppercase() => words.extend([' ', c.to_ascii_lowercase()]),
            _ => words.push(c),
        }
    }
    words
}

fn nothing_carried(bare: bool, source: Source) -> Result<Source, String> {
    if bare {
        Ok(source)
    } else {
        Err("a row that carries nothing of the record has '—' as its dataset".to_owned())
    }
}

fn condition(text: &str) -> Result<(&str, Condition), String> {
    if let Some((value, path)) = text.rsplit_once(" when ") {
        return Ok((value.trim(), Condition::When(RecordPath::parse(path.trim())?)));
    }
    if let Some((value, path)) = text.rsplit_once(" unless ") {
        return Ok((value.trim(), Condition::Unless(RecordPath::parse(path.trim())?)));
    }
    Ok((text, Condition::Always))
}

fn read_shape(text: &str, vocabulary: &Vocabulary) -> Result<Shape, String> {
    let mut words = text.split_whitespace();
    let shape = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    let map = || match rest.first() {
        None => Ok(None),
        Some(name) => match vocabulary.codes.get(*name) {
            Some(map) => Ok(Some(Arc::clone(map))),
            None => Err(format!("there is no code map codes/{name}.csv")),
        },
    };
    match (shape, rest.as_slice()) {
        ("text", []) => Ok(Shape::Text),
        ("boolean", []) => Ok(Shape::Boolean),
        ("integer", []) => Ok(Shape::Integer),
        ("decimal", []) => Ok(Shape::Decimal),
        ("date" | "dateTime" | "instant", []) => Ok(Shape::When),
        ("time", []) => Ok(Shape::Clock),
        ("reference", []) => Ok(Shape::Reference),
        ("reference", [section, "by", key]) => {
            Ok(Shape::ReferenceBy((*section).to_owned(), RecordPath::parse(key)?))
        }
        ("narrative", []) => Ok(Shape::Narrative),
        ("code", _) => Ok(Shape::Code(map()?)),
        ("coding", _) => Ok(Shape::Coding(map()?)),
        ("concept", _) => Ok(Shape::Concept(map()?)),
        ("identifier", [system]) => Ok(Shape::Identifier(vocabulary.names.expand(system)?)),
        ("quantity", [unit @ .., code]) if !unit.is_empty() => {
            Ok(Shape::Quantity { unit: unit.join(" "), code: (*code).to_owned() })
        }
        _ => Err(format!("'{text}' is not a type of the 'as' column; see mappings/README.md")),
    }
}

/// A fixed value as the shape writes it.
fn literal(text: &str, shape: &Shape, names: &Names) -> Result<Value, String> {
    match shape {
        Shape::Boolean => {
            text.parse::<bool>().map(|value| json!(value)).map_err(|_| "write true or false".to_owned())
        }
        Shape::Integer => {
            text.parse::<i64>().map(|value| json!(value)).map_err(|_| "write a whole number".to_owned())
        }
        Shape::Coding(_) => coding(text, names),
        Shape::Concept(_) => Ok(json!({ "coding": [coding(text, names)?] })),
        Shape::Text | Shape::Code(_) | Shape::When => Ok(json!(names.expand(text)?)),
        _ => Err("a fixed value is text, code, boolean, integer, coding or concept".to_owned()),
    }
}

/// `@system|code` as (system, code).
pub(super) fn token_of(text: &str, names: &Names) -> Result<(String, String), String> {
    let (system, code) = text.split_once('|').ok_or_else(|| format!("'{text}' is not 'system|code'"))?;
    Ok((names.expand(system.trim())?, code.trim().to_owned()))
}

fn coding(text: &str, names: &Names) -> Result<Value, String> {
    let (token, display) = match text.split_once(" \"") {
        Some((token, display)) => (token, display.trim().strip_suffix('"')),
        None => (text, None),
    };
    let (system, code) = token_of(token, names)?;
    let mut coding = json!({ "system": system, "code": code });
    if let Some(display) = display {
        coding["display"] = json!(display);
    }
    Ok(coding)
}
