//! The messages of an inbox as one table (CSV, RFC 4180) for people's own spreadsheets.

use super::inbox::{Item, Visit};
use crate::problem::Problem;

/// What every line begins with.
const FIRST: &[&str] = &["Message", "Received", "Marked as read", "From", "What it is", "Visits"];

/// A table with a line a message, and a column for whatever any of them says, named by its part and its title. Its text begins with a
/// byte order mark, by which spreadsheets know UTF-8.
///
/// # Errors
/// Only when text cannot be written into memory.
pub fn csv(items: &[Item]) -> Result<Vec<u8>, Problem> {
    let lines: Vec<Vec<(String, String)>> = items.iter().map(line).collect();
    let mut columns: Vec<&str> = Vec::new();
    for (column, _) in lines.iter().flatten() {
        if !columns.contains(&column.as_str()) {
            columns.push(column);
        }
    }
    let mut table = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let failed = |error: csv::Error| Problem::internal("write a table", &error);
    table.write_record(FIRST.iter().copied().chain(columns.iter().copied())).map_err(failed)?;
    for (item, line) in items.iter().zip(&lines) {
        let visits = match &item.visit {
            None => "",
            Some(Visit::Forbidden(_)) => "do not visit",
            Some(Visit::Allowed(why)) => why,
        };
        let read = item.read.as_deref().unwrap_or_default();
        let first = [&item.id, &item.received, read, &item.from, &item.title, visits];
        let values = columns.iter().map(|column| {
            line.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value.as_str())
        });
        table.write_record(first.into_iter().chain(values).map(harmless)).map_err(failed)?;
    }
    table.into_inner().map_err(|error| Problem::internal("write a table", &error))
}

/// A message's facts by the names of their columns; the second of one name is numbered.
fn line(item: &Item) -> Vec<(String, String)> {
    let mut line: Vec<(String, String)> = Vec::new();
    for group in &item.groups {
        for (title, value) in &group.facts {
            let name =
                if group.title.is_empty() { title.clone() } else { format!("{}: {title}", group.title) };
            let numbered = (2..).map(|number| format!("{name} ({number})"));
            let mut names = std::iter::once(name.clone()).chain(numbered);
            let free = names.find(|name| !line.iter().any(|(taken, _)| taken == name)).unwrap_or(name);
            line.push((free, value.clone()));
        }
    }
    line
}

/// A cell that no spreadsheet takes for a formula: what people wrote into a record must not be run where it is opened.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::record::Group;

    fn item(facts: &[(&str, &str)]) -> Item {
        let facts = facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Item {
            id: "1".to_owned(),
            title: "Notice".to_owned(),
            from: "A, B".to_owned(),
            received: "today".to_owned(),
            read: None,
            visit: Some(Visit::Forbidden(None)),
            groups: vec![Group { title: "Child".to_owned(), facts }],
        }
    }

    #[test]
    fn every_fact_has_its_column_and_none_is_a_formula() {
        let items =
            [item(&[("Name", "Maja"), ("Phone", "+44 1632"), ("Phone", "2")]), item(&[("Town", "=1+1")])];
        let text = String::from_utf8(csv(&items).unwrap()).unwrap();
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(
            lines,
            [
                "Message,Received,Marked as read,From,What it is,Visits,Child: Name,Child: Phone,Child: Phone (2),Child: Town",
                "1,today,,\"A, B\",Notice,do not visit,Maja,'+44 1632,2,",
                "1,today,,\"A, B\",Notice,do not visit,,,,'=1+1",
            ]
        );
    }
}
