//! Reads a mapping page (Markdown) into its types, or names every fault with its line.

mod row;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::codes::CodeMap;
use super::columns::Column;
use super::language::{Choice, Mapping, Section};
use super::names::Names;
use super::path::RecordPath;
use super::whereabouts::Whereabouts;
use crate::domain::Dataset;

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
    let mut page =
        Page { head: BTreeMap::new(), title: String::new(), sections: vec![], columns: None, faults: vec![] };
    for (index, line) in text.lines().enumerate() {
        page.line(index + 1, line.trim(), vocabulary);
    }
    page.finish(&vocabulary.names)
}

struct Page {
    head: BTreeMap<String, (usize, String)>,
    title: String,
    sections: Vec<Section>,
    /// The columns of the CSV file; here while they are read, and after.
    columns: Option<Vec<Column>>,
    faults: Vec<LineFault>,
}

impl Page {
    fn line(&mut self, number: usize, line: &str, vocabulary: &Vocabulary) {
        if let Some(title) = line.strip_prefix("# ") {
            self.title = title.trim().to_owned();
        } else if line == "## Columns" {
            self.columns = Some(vec![]);
        } else if let Some(heading) = line.strip_prefix("## ") {
            if self.columns.is_some() {
                self.faults.push((number, "the columns stand at the end of the page".to_owned()));
            }
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
        let header = cells.first().is_some_and(|cell| cell == "record" || cell == "column");
        if rule || header {
            return;
        }
        if let Some(columns) = &mut self.columns {
            match Column::read(number, &cells) {
                Ok(column) => columns.push(column),
                Err(fault) => self.faults.push((number, fault)),
            }
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
        match row::read(number, [record, fhir, shape, dataset], vocabulary) {
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
        let childless = take("child", false);
        let register = take("register", false);
        let read = take("read", false);
        let ends = take("ends", false);
        for (key, (line, _)) in &self.head {
            faults.push((*line, format!("the head knows no '{key}'")));
        }
        let childless = says("child", childless, "none", &mut faults);
        let read_by_a_person = says("read", read, "acknowledged", &mut faults);
        let ends_no_visit_rule = says("ends", ends, "no-visit-rule", &mut faults);
        let about = about.and_then(|(line, word)| {
            keep(word.parse::<Dataset>().map_err(|e| e.to_string()), line, &mut faults)
        });
        let event = event.and_then(|(line, token)| keep(row::token_of(&token, names), line, &mut faults));
        let ground = ground.and_then(|(line, word)| {
            keep(word.parse().map_err(|e: crate::domain::UnknownWord| e.to_string()), line, &mut faults)
        });
        let register = register.and_then(|(line, word)| keep(word.parse(), line, &mut faults));
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
                childless,
                read_by_a_person,
                ends_no_visit_rule,
                register,
                sections: self.sections,
                columns: self.columns.unwrap_or_default(),
                whereabouts: Whereabouts::default(),
            }),
            _ => Err(faults),
        }
    }
}

/// Whether a line of the head is there; it can say one word only.
fn says(key: &str, found: Option<(usize, String)>, word: &str, faults: &mut Vec<LineFault>) -> bool {
    let Some((line, value)) = found else { return false };
    if value != word {
        faults.push((line, format!("the line '- {key}: …' says '{word}', or is not there")));
    }
    true
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
    let shape = "a section's heading is '## Type: name', '## Type: name, for each list[]' or '## Type: name, for each list[] where list[].property is value, value'";
    let (resource, rest) = heading.split_once(':').ok_or(shape)?;
    let (name, each) = rest.split_once(", for each ").map_or((rest, None), |(name, each)| (name, Some(each)));
    let (each, choice) = match each.map(|each| each.split_once(" where ").unwrap_or((each, ""))) {
        None => (None, None),
        Some((list, "")) => (Some(list_of(list)?), None),
        Some((list, chosen)) => (Some(list_of(list)?), Some(choice(chosen)?)),
    };
    let (resource, name) = (resource.trim(), name.trim());
    let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !word(resource) || !word(name) {
        return Err(shape.to_owned());
    }
    Ok(Section { line, resource: resource.to_owned(), name: name.to_owned(), each, choice, rows: vec![] })
}

fn list_of(text: &str) -> Result<RecordPath, String> {
    let path = RecordPath::parse(&unquoted(text))?;
    if path.lists() == 1 && path.0.last().is_some_and(|step| step.each) {
        Ok(path)
    } else {
        Err("a 'for each' names one list of the record and ends with '[]'".to_owned())
    }
}

fn choice(text: &str) -> Result<Choice, String> {
    let (path, values) = text.split_once(" is ").ok_or("a 'where' says 'list[].property is value, value'")?;
    let values = values.split(',').map(unquoted).collect();
    Ok(Choice { path: RecordPath::parse(&unquoted(path))?, values })
}
