//! A flat record as a row of a CSV file and back, by the columns that its mapping page names.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Number;

use super::path::RecordPath;
use super::read::LineFault;
use crate::json::Tree;
use crate::record::{Leaf, as_records_have_it};

/// A column of a kind's CSV file.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its line in the page.
    pub line: usize,
    /// Its name, as the file's first line has it.
    pub name: String,
    /// The value of the record that stands in it.
    pub path: RecordPath,
    /// What stands between the items of a list.
    pub separator: Option<char>,
}

impl Column {
    /// Reads the two cells of a line of the table; the error is a sentence.
    pub(super) fn read(line: usize, cells: &[String]) -> Result<Self, String> {
        let [name, record] = cells else {
            return Err(format!("a column has two cells (column, record); this line has {}", cells.len()));
        };
        let (path, separator) = match record.split_once(" by ") {
            None => (record.as_str(), None),
            Some((path, separator)) => {
                let mut given = separator.trim().chars();
                let first = given.next().filter(|c| !c.is_alphanumeric() && given.as_str().is_empty());
                let wrong = "a list says what stands between its items: PATH by ; (one sign)";
                (path, Some(first.ok_or(wrong)?))
            }
        };
        Ok(Self { line, name: name.clone(), path: RecordPath::parse(path.trim())?, separator })
    }
}

/// Every fault of a page's columns: each value has its column, and lists are the last step of a path.
pub(super) fn check(columns: &[Column], leaves: &[Leaf]) -> Vec<LineFault> {
    let Some(first) = columns.first() else { return vec![] };
    let (mut faults, mut names, mut paths) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for column in columns {
        let path = column.path.to_string();
        let mut fault = |text: String| faults.push((column.line, text));
        if !names.insert(column.name.to_lowercase()) {
            fault(format!("there are two columns '{}'", column.name));
        }
        if !leaves.iter().any(|leaf| leaf.path == path) {
            fault(format!("the record has no single value at '{path}'"));
        }
        let inner = column.path.0.iter().rev().skip(1).any(|step| step.each);
        let list = column.path.0.last().is_some_and(|step| step.each);
        match (inner, list, column.separator) {
            (true, ..) => fault(format!("'{path}' is in a list of groups, which a row cannot hold")),
            (_, true, None) => {
                fault(format!("'{path}' is a list; say what stands between its items: {path} by ;"))
            }
            (_, false, Some(_)) => fault(format!("'{path}' is no list, so nothing stands between its items")),
            _ => {}
        }
        if !paths.insert(path.clone()) {
            fault(format!("'{path}' has a column already"));
        }
    }
    for leaf in leaves.iter().filter(|leaf| !paths.contains(&leaf.path)) {
        faults.push((first.line, format!("no column holds '{}'", leaf.path)));
    }
    faults
}

/// The cells of a record, in the order of the columns. The error is a sentence that names the column.
pub fn to_row(columns: &[Column], record: &Tree<'_>) -> Result<Vec<String>, String> {
    let cell = |column: &Column| {
        let items: Vec<String> =
            column.path.read(record, &[]).iter().map(|(_, value)| written(value)).collect();
        let Some(separator) = column.separator else {
            return Ok(items.into_iter().next().unwrap_or_default());
        };
        let unclear =
            items.iter().any(|item| item.contains(separator) || item.trim() != item || item.is_empty());
        if unclear {
            return Err(format!(
                "an item of '{}' holds '{separator}', or blanks at its ends; a row cannot say it",
                column.name
            ));
        }
        Ok(items.join(&format!("{separator} ")))
    };
    columns.iter().map(|column| Ok(guarded(cell(column)?))).collect()
}

/// The record of a row, whose cells stand in the order of the columns; an empty cell says nothing. Errors are sentences.
pub fn to_record<'t>(
    columns: &'t [Column],
    leaves: &[Leaf],
    cells: &[&'t str],
) -> Result<Tree<'t>, Vec<String>> {
    let (mut record, mut faults) = (Tree::object([]), Vec::new());
    for (column, cell) in columns.iter().zip(cells) {
        if cell.is_empty() {
            continue;
        }
        let cell = unguarded(cell);
        let path = column.path.to_string();
        let leaf = leaves.iter().find(|leaf| leaf.path == path);
        let items: Vec<&str> = match column.separator {
            None => vec![cell],
            Some(separator) => cell.split(separator).map(str::trim).filter(|item| !item.is_empty()).collect(),
        };
        for (at, item) in items.into_iter().enumerate() {
            match read(leaf, item) {
                Ok(value) => column.path.write(&mut record, &[at], value),
                Err(expected) => faults.push(format!("column '{}': {expected}.", column.name)),
            }
        }
    }
    if faults.is_empty() { Ok(record) } else { Err(faults) }
}

fn written(value: &Tree<'_>) -> String {
    match value {
        Tree::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Tree::Text(text) | Tree::Number(text) => text.to_string(),
        other => other.to_string(),
    }
}

fn read<'t>(leaf: Option<&Leaf>, cell: &'t str) -> Result<Tree<'t>, &'static str> {
    match leaf.map_or("string", |leaf| leaf.kind.as_str()) {
        "boolean" => match cell.trim().to_lowercase().as_str() {
            "yes" | "true" => Ok(Tree::Bool(true)),
            "no" | "false" => Ok(Tree::Bool(false)),
            _ => Err("expected yes or no"),
        },
        "integer" | "number" => {
            let number = cell.trim().parse::<Number>().map_err(|_| "expected a number")?;
            Ok(Tree::Number(Cow::Owned(number.to_string())))
        }
        _ => Ok(leaf.map_or(Tree::text(cell), |leaf| Tree::text(as_records_have_it(leaf, cell)))),
    }
}

/// Whether a spreadsheet could take the text for a formula, apostrophes before it aside.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A cell that no spreadsheet takes for a formula: an apostrophe stands before it.
fn guarded(cell: String) -> String {
    if is_formula(&cell) { format!("'{cell}") } else { cell }
}

fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|_| is_formula(cell)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::{guarded, unguarded};

    #[test]
    fn no_cell_is_a_formula_and_each_comes_back() {
        for cell in ["=1+1", "'=x", "''", "'", "-5", "plain", "@x", ""] {
            let written = guarded(cell.to_owned());
            assert!(!written.starts_with(['=', '+', '-', '@']), "{written}");
            assert_eq!(unguarded(&written), cell);
        }
    }
}
