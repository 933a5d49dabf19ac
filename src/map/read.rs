//! Reads a mapping page (Markdown) into its types, or names every fault with its line.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::codes::CodeMap;
use super::language::{Condition, Mapping, Row, Section, Shape, Source};
use super::names::Names;
use super::path::{FhirPath, RecordPath};
use crate::domain::{Dataset, Item};

/// What a page is read with: the names and the code maps it may use.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// `@name` → address.
    pub names: Names,
    /// Code maps by name.
    pub codes: BTreeMap<String, Arc<CodeMap>>,
}

/// A fault of a page: its line, and a sentence.
pub type LineFault = (usize, String);

/// Reads a page.
pub fn mapping(text: &str, vocabulary: &Vocabulary) -> Result<Mapping, Vec<LineFault>> {
    let mut page = Page { head: BTreeMap::new(), title: String::new(), sections: vec![], faults: vec![] };
    for (index, line) in text.lines().enumerate() {
        page.line(index + 1, line.trim(), vocabulary);
    }
    page.finish(&vocabulary.names)
}

struct Page {
    head: BTreeMap<String, (usize, String)>,
    title: String,
    sections: Vec<Section>,
    faults: Vec<LineFault>,
}

impl Page {
    fn line(&mut self, number: usize, line: &str, vocabulary: &Vocabulary) {
        if let Some(title) = line.strip_prefix("# ") {
            self.title = title.trim().to_owned();
        } else if let Some(heading) = line.strip_prefix("## ") {
            match section(number, heading) {
                Ok(section) => self.sections.push(section),
                Err(fault) => self.faults.push((number, fault)),
            }
        } else if let Some((key, value)) = line.strip_prefix("- ").and_then(|entry| entry.split_once(": ")) {
            // Below the first heading a list is prose.
            if self.sections.is_empty() {
                self.head.insert(key.trim().to_owned(), (number, unquoted(value)));
            }
        } else if line.starts_with('|') {
            self.table_line(number, line, vocabulary);
        }
    }

    fn table_line(&mut self, number: usize, line: &str, vocabulary: &Vocabulary) {
        let cells = cells(line);
        let rule =
            cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | ' ')));
        let header = cells.first().is_some_and(|cell| cell == "record");
        if rule || header {
            return;
        }
        let Some(section) = self.sections.last_mut() else { return };
        let [record, fhir, shape, dataset] = cells.as_slice() else {
            self.faults.push((
                number,
                format!("a row has four cells (record, FHIR, as, dataset); this one has {}", cells.len()),
            ));
            return;
        };
        match row(number, [record, fhir, shape, dataset], vocabulary) {
            Ok(row) => section.rows.push(row),
            Err(fault) => self.faults.push((number, fault)),
        }
    }

    fn finish(mut self, names: &Names) -> Result<Mapping, Vec<LineFault>> {
        let mut faults = std::mem::take(&mut self.faults);
        let mut take = |key: &str, required: bool| {
            let found = self.head.remove(key);
            if found.is_none() && required {
                faults.push((1, format!("the head lacks the line '- {key}: …'")));
            }
            found
        };
        let kind = take("kind", true).map(|(_, kind)| kind).unwrap_or_default();
        let about = take("about", true);
        let event = take("event", true);
        let sender = take("sender", false);
        let focus = take("focus", false).map(|(_, name)| name);
        let ground = take("ground", false);
        let receive_only = take("receive-only", false).is_some_and(|(_, value)| value == "true");
        for (key, (line, _)) in &self.head {
            faults.push((*line, format!("the head knows no '{key}'")));
        }
        let about = about.and_then(|(line, word)| {
            keep(word.parse::<Dataset>().map_err(|e| e.to_string()), line, &mut faults)
        });
        let event = event.and_then(|(line, token)| keep(token_of(&token, names), line, &mut faults));
        let ground = ground.and_then(|(line, word)| {
            keep(word.parse().map_err(|e: crate::domain::UnknownWord| e.to_string()), line, &mut faults)
        });
        let sender = sender.and_then(|(line, path)| keep(RecordPath::parse(&path), line, &mut faults));
        match (about, event) {
            (Some(about), Some(event)) if faults.is_empty() => Ok(Mapping {
                kind,
                title: self.title,
                about,
                event,
                sender,
                focus,
                ground,
                receive_only,
                sections: self.sections,
            }),
            _ => Err(faults),
        }
    }
}

fn keep<T>(result: Result<T, String>, line: usize, faults: &mut Vec<LineFault>) -> Option<T> {
    result.map_err(|fault| faults.push((line, fault))).ok()
}

fn unquoted(cell: &str) -> String {
    let cell = cell.trim();
    let bare = cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap_or(cell);
    bare.replace("\\|", "|").trim().to_owned()
}

/// The cells of a Markdown table row; `\|` is a bar within a cell.
fn cells(line: &str) -> Vec<String> {
    let inside = line.trim().trim_start_matches('|');
    let inside = inside.strip_suffix('|').unwrap_or(inside);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in inside.chars() {
        let last = cells.len() - 1;
        match c {
            '|' if !escaped => cells.push(String::new()),
            _ => cells[last].push(c),
        }
        escaped = c == '\\';
    }
    cells.iter().map(|cell| unquoted(cell)).collect()
}

fn section(line: usize, heading: &str) -> Result<Section, String> {
    let shape = "a section's heading is '## Type: name' or '## Type: name, for each list[]'";
    let (resource, rest) = heading.split_once(':').ok_or(shape)?;
    let (name, each) = match rest.split_once(", for each ") {
        Some((name, list)) => (name, Some(RecordPath::parse(&unquoted(list))?)),
        None => (rest, None),
    };
    if each.as_ref().is_some_and(|path| path.lists() != 1 || !path.0.last().is_some_and(|step| step.each)) {
        return Err("a 'for each' names one list of the record and ends with '[]'".to_owned());
    }
    let (resource, name) = (resource.trim(), name.trim());
    let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !word(resource) || !word(name) {
        return Err(shape.to_owned());
    }
    Ok(Section { line, resource: resource.to_owned(), name: name.to_owned(), each, rows: vec![] })
}

fn row(
    line: usize,
    [record, fhir, shape, dataset]: [&String; 4],
    vocabulary: &Vocabulary,
) -> Result<Row, String> {
    let fhir = FhirPath::parse(fhir, &vocabulary.names)?;
    let shape = read_shape(shape, vocabulary)?;
    let source = source(record, &shape, dataset, &vocabulary.names)?;
    Ok(Row { line, source, fhir, shape })
}

fn source(record: &str, shape: &Shape, dataset: &str, names: &Names) -> Result<Source, String> {
    let bare = matches!(dataset, "—" | "-" | "–" | "");
    if let Some(target) = record.strip_prefix("->") {
        return nothing_carried(bare, Source::Refers(target.trim().to_owned()));
    }
    if let Some(value) = record.strip_prefix("is ") {
        return nothing_carried(bare, Source::Is(literal(value.trim(), shape, names)?));
    }
    if let Some(value) = record.strip_prefix('=') {
        let (value, condition) = condition(value.trim())?;
        return nothing_carried(bare, Source::Fixed(literal(value, shape, names)?, condition));
    }
    let item: Item = dataset.parse().map_err(|error: crate::domain::UnknownDataset| error.to_string())?;
    Ok(Source::Data(RecordPath::parse(record)?, item))
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
        ("date" | "dateTime" | "time" | "instant", []) => Ok(Shape::When),
        ("reference", []) => Ok(Shape::Reference),
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

fn token_of(text: &str, names: &Names) -> Result<(String, String), String> {
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
