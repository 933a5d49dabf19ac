//! The two tables, read and checked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::cut::of_element;
use crate::domain::{Dataset, Item};

/// What is wrong with a table: its file, line, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {text}")]
pub struct Fault {
    /// `reading-datasets.csv` or `reading-elements.csv`.
    pub file: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub text: String,
}

/// How a resource is known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum By {
    Any,
    /// A coding of `code` or `category`, as `system|code`.
    Coding(&'static str, String),
    /// `questionnaire`, without a version.
    Questionnaire(String),
}

/// Of which dataset an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    /// That of its resource.
    Own,
    /// Another.
    To(Dataset),
}

/// Both tables.
#[derive(Debug, Clone)]
pub struct Table {
    datasets: BTreeMap<String, Vec<(By, Dataset)>>,
    elements: BTreeMap<String, Vec<(String, Belongs)>>,
}

const DATASETS: &str = "reading-datasets.csv";
const ELEMENTS: &str = "reading-elements.csv";

impl Table {
    /// The tables that come with Kith.
    ///
    /// # Errors
    /// Never, as a test shows; the faults of [`Table::read`] otherwise.
    pub fn builtin() -> Result<Self, Vec<Fault>> {
        Self::read(
            include_str!("../../config/policies/reading-datasets.csv"),
            include_str!("../../config/policies/reading-elements.csv"),
        )
    }

    /// Reads the texts of `reading-datasets.csv` and `reading-elements.csv`.
    ///
    /// # Errors
    /// Every row that is not right, and a type that stands in one table alone.
    pub fn read(datasets: &str, elements: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut table = Self { datasets: BTreeMap::new(), elements: BTreeMap::new() };
        for (line, row) in rows(DATASETS, datasets, 4, &mut faults) {
            match by(&row).and_then(|by| Ok((by, dataset(&row, 3)?))) {
                Ok(known) => table.datasets.entry(cell(&row, 0)).or_default().push(known),
                Err(text) => faults.push(Fault { file: DATASETS, line, text }),
            }
        }
        for (line, row) in rows(ELEMENTS, elements, 3, &mut faults) {
            let belongs =
                if cell(&row, 2) == "own" { Ok(Belongs::Own) } else { dataset(&row, 2).map(Belongs::To) };
            match belongs {
                Ok(belongs) => {
                    table.elements.entry(cell(&row, 0)).or_default().push((cell(&row, 1), belongs))
                }
                Err(text) => faults.push(Fault { file: ELEMENTS, line, text }),
            }
        }
        for name in table.datasets.keys().filter(|name| !table.elements.contains_key(*name)) {
            let text =
                format!("no element of {name} passes; give its elements in {ELEMENTS}, or take it out");
            faults.push(Fault { file: DATASETS, line: 1, text });
        }
        if faults.is_empty() { Ok(table) } else { Err(faults) }
    }

    /// The resource types that can be asked for.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.datasets.keys().map(String::as_str)
    }

    /// The items to which a resource of this type could belong.
    pub fn possible(&self, resource_type: &str) -> Vec<Item> {
        let rows = self.datasets.get(resource_type).into_iter().flatten();
        rows.map(|(_, dataset)| Item { dataset: *dataset, part: None }).collect()
    }

    /// The dataset of a resource; `None` when no row knows it, or two rows say different things.
    pub fn dataset_of(&self, resource: &Value) -> Option<Dataset> {
        let name = resource.get("resourceType")?.as_str()?;
        let rows = self.datasets.get(name)?;
        let mut fitting = rows.iter().filter(|(by, _)| by.fits(resource)).map(|(_, dataset)| *dataset);
        let first = fitting.next()?;
        fitting.all(|other| other == first).then_some(first)
    }

    /// The items of which a resource tells: its own, and those of the elements that it has. None where its dataset is not known.
    pub fn items_of(&self, resource: &Value) -> BTreeSet<Item> {
        let Some(own) = self.dataset_of(resource) else { return BTreeSet::new() };
        let name = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
        let others = self.elements_of(name).iter().filter_map(|(element, belongs)| match belongs {
            Belongs::To(dataset) if !of_element(resource, element).is_empty() => Some(*dataset),
            Belongs::To(_) | Belongs::Own => None,
        });
        others.chain([own]).map(|dataset| Item { dataset, part: None }).collect()
    }

    /// The elements of a type that may pass.
    pub(super) fn elements_of(&self, resource_type: &str) -> &[(String, Belongs)] {
        self.elements.get(resource_type).map(Vec::as_slice).unwrap_or_default()
    }
}

impl By {
    fn fits(&self, resource: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Coding(element, wanted) => concepts(resource.get(*element)).any(|coding| {
                let part = |key: &str| coding.get(key).and_then(Value::as_str).unwrap_or_default();
                format!("{}|{}", part("system"), part("code")) == *wanted
            }),
            Self::Questionnaire(wanted) => {
                let named = resource.get("questionnaire").and_then(Value::as_str).unwrap_or_default();
                named.split('|').next() == Some(wanted.as_str())
            }
        }
    }
}

/// The codings of a CodeableConcept or of a list of them.
fn concepts(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let list = match value {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
        None => vec![],
    };
    list.into_iter().flat_map(|concept| concept.get("coding").and_then(Value::as_array).into_iter().flatten())
}

fn by(row: &csv::StringRecord) -> Result<By, String> {
    let value = cell(row, 2);
    match (cell(row, 1).as_str(), value.as_str()) {
        ("*", "*") => Ok(By::Any),
        ("code", _) if value.contains('|') => Ok(By::Coding("code", value)),
        ("category", _) if value.contains('|') => Ok(By::Coding("category", value)),
        ("questionnaire", url) if url.contains(':') => Ok(By::Questionnaire(value)),
        _ => Err("a row says * and *, code or category and system|code, or questionnaire and its address"
            .to_owned()),
    }
}

fn dataset(row: &csv::StringRecord, column: usize) -> Result<Dataset, String> {
    let dataset = cell(row, column).parse::<Dataset>().map_err(|error| error.to_string())?;
    if dataset.items().is_empty() {
        return Ok(dataset);
    }
    Err(format!("{dataset} is agreed to in parts, so no resource or element as a whole can be it"))
}

fn cell(row: &csv::StringRecord, column: usize) -> String {
    row.get(column).unwrap_or_default().trim().to_owned()
}

/// The rows after the heading, with their lines.
fn rows(
    file: &'static str,
    text: &str,
    columns: usize,
    faults: &mut Vec<Fault>,
) -> Vec<(usize, csv::StringRecord)> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut found = Vec::new();
    for record in reader.records() {
        match record {
            Ok(row) => {
                let line = row.position().map_or(1, |place| usize::try_from(place.line()).unwrap_or(1));
                if row.len() < columns || cell(&row, 0).is_empty() {
                    let text = format!("the row has fewer than {columns} columns, or names no resource type");
                    faults.push(Fault { file, line, text });
                } else {
                    found.push((line, row));
                }
            }
            Err(error) => faults.push(Fault { file, line: 1, text: error.to_string() }),
        }
    }
    found
}
