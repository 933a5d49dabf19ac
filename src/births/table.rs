//! The list itself as a table (CSV, RFC 4180), the same for the same children in whatever order they came; and taken apart by centre.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::Private;
use crate::problem::Problem;

/// What stands before the columns of the entry itself.
const FIRST: [&str; 4] = ["Reference", "Centre", "Centre's name", "Centre's URN"];
/// A byte order mark, by which spreadsheets know UTF-8.
const MARK: &str = "\u{feff}";

/// A child's row.
pub struct Row {
    /// By what Kith speaks of this row later, as when a consent ends: says nothing of the child by itself.
    pub reference: Uuid,
    /// The centre that the row is for: its name in the directory, its name for people, its URN.
    pub centre: [String; 3],
    /// The entry's cells, none of which a spreadsheet takes for a formula.
    pub cells: Private<Vec<String>>,
}

/// What one centre gets of a list: a table with the same head.
pub struct Part {
    /// The centre's name in the directory: lower-case letters, digits and `-` alone.
    pub centre: String,
    /// How many children.
    pub rows: usize,
    /// The table.
    pub table: Vec<u8>,
}

/// Why something is no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a list of births as Kith makes them")]
pub struct BadList;

/// The table, in the order of centres and then of what the rows say.
///
/// # Errors
/// Only when text cannot be written into memory.
pub fn table<'c>(columns: impl Iterator<Item = &'c str>, mut rows: Vec<Row>) -> Result<Vec<u8>, Problem> {
    rows.sort_by(|a, b| {
        (&a.centre[0], a.cells.reveal(), a.reference).cmp(&(&b.centre[0], b.cells.reveal(), b.reference))
    });
    let mut table = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    let failed = |error: csv::Error| Problem::internal("write the list of births", &error);
    table.write_record(FIRST.into_iter().chain(columns)).map_err(failed)?;
    for row in &rows {
        let reference = row.reference.to_string();
        let first = std::iter::once(&reference).chain(&row.centre);
        table.write_record(first.chain(row.cells.reveal())).map_err(failed)?;
    }
    table.into_inner().map_err(|error| Problem::internal("write the list of births", &error))
}

/// A list by centre, in the order of their names. Whoever opens a list need not know who made it, so nothing in it is believed.
///
/// # Errors
/// It is no such table.
pub fn parts(list: &[u8]) -> Result<Vec<Part>, BadList> {
    let text = list.strip_prefix(MARK.as_bytes()).ok_or(BadList)?;
    let mut reader = csv::Reader::from_reader(text);
    let head = reader.headers().map_err(|_| BadList)?.clone();
    if head.iter().take(FIRST.len()).ne(FIRST) {
        return Err(BadList);
    }
    let mut tables: BTreeMap<String, (usize, csv::Writer<Vec<u8>>)> = BTreeMap::new();
    for row in reader.records() {
        let row = row.map_err(|_| BadList)?;
        let centre = row.get(1).filter(|centre| is_name(centre)).ok_or(BadList)?.to_owned();
        let part = tables.entry(centre);
        let (rows, table) = part.or_insert_with(|| (0, csv::Writer::from_writer(MARK.as_bytes().to_vec())));
        if *rows == 0 {
            table.write_record(&head).map_err(|_| BadList)?;
        }
        table.write_record(&row).map_err(|_| BadList)?;
        *rows += 1;
    }
    let part = |(centre, (rows, table)): (String, (usize, csv::Writer<Vec<u8>>))| {
        Ok(Part { centre, rows, table: table.into_inner().map_err(|_| BadList)? })
    };
    tables.into_iter().map(part).collect()
}

/// Whether it could be the name of a partner: it becomes the name of a file.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 100
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(centre: &str, name: &str) -> Row {
        let centre = [centre.to_owned(), centre.to_uppercase(), String::new()];
        let reference = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        Row { reference, centre, cells: Private::new(vec![name.to_owned()]) }
    }

    fn list(rows: Vec<Row>) -> Vec<u8> {
        table(["Family name"].into_iter(), rows).unwrap()
    }

    #[test]
    fn the_order_of_what_came_in_means_nothing() {
        let one = list(vec![row("b", "Abbot"), row("a", "Whitlock"), row("a", "Mills, née \"Öz\"")]);
        assert_eq!(one, list(vec![row("a", "Mills, née \"Öz\""), row("b", "Abbot"), row("a", "Whitlock")]));
    }

    #[test]
    fn each_child_is_in_the_part_of_its_centre_alone() {
        let whole = list(vec![row("a", "Whitlock"), row("b", "Abbot"), row("a", "Mills")]);
        let parts = parts(&whole).unwrap();
        let said: Vec<(&str, usize)> = parts.iter().map(|part| (part.centre.as_str(), part.rows)).collect();
        assert_eq!(said, [("a", 2), ("b", 1)]);
        assert_eq!(parts[1].table, list(vec![row("b", "Abbot")]));
    }

    #[test]
    fn a_list_by_somebody_else_writes_no_file_of_its_own_choice() {
        let evil = list(vec![row("../../etc/passwd", "x")]);
        assert_eq!(parts(&evil).err(), Some(BadList));
        assert_eq!(parts(b"Name\nx\n").err(), Some(BadList));
        assert_eq!(parts(b"").err(), Some(BadList));
    }
}
