//! A mapping printed for review: one line a row, as Markdown or CSV.

use super::language::{Condition, Mapping, Row, Section, Shape, Source};

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A Markdown table.
    Markdown,
    /// Comma-separated values.
    Csv,
}

/// The header of the table.
const COLUMNS: [&str; 6] = ["resource", "record", "FHIR", "as", "dataset", "line"];

/// All rows of a mapping, in the words of its page: resource, record, FHIR, as, dataset, line.
pub fn lines(mapping: &Mapping) -> impl Iterator<Item = [String; 6]> {
    mapping.sections.iter().flat_map(|section| section.rows.iter().map(move |row| cells(section, row)))
}

/// The same, printed.
pub fn table(mapping: &Mapping, form: Form) -> Result<String, csv::Error> {
    let rows = lines(mapping);
    match form {
        Form::Markdown => {
            let line = |cells: &[String]| {
                let escaped: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
                format!("| {} |\n", escaped.join(" | "))
            };
            let mut text = line(&COLUMNS.map(str::to_owned));
            text.push_str(&line(&COLUMNS.map(|_| "---".to_owned())));
            rows.for_each(|row| text.push_str(&line(&row)));
            Ok(text)
        }
        Form::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(COLUMNS)?;
            for row in rows {
                writer.write_record(row)?;
            }
            let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}

fn cells(section: &Section, row: &Row) -> [String; 6] {
    let (record, dataset) = match &row.source {
        Source::Data(path, item) => (path.to_string(), item.to_string()),
        Source::Pair(first, second, item) => (format!("{first} + {second}"), item.to_string()),
        Source::Also(path) => (format!("also {path}"), String::new()),
        Source::Default(value, path) => (format!("default {value} for {path}"), String::new()),
        Source::Narrative => ("narrative".to_owned(), String::new()),
        Source::Is(value) => (format!("is {value}"), String::new()),
        Source::Fixed(value, Condition::Always) => (format!("= {value}"), String::new()),
        Source::Fixed(value, Condition::When(path)) => (format!("= {value} when {path}"), String::new()),
        Source::Fixed(value, Condition::Unless(path)) => (format!("= {value} unless {path}"), String::new()),
        Source::Refers(target) => (format!("-> {target}"), String::new()),
    };
    let chosen = section.choice.as_ref();
    let chosen = chosen.map(|choice| format!(" where {} is {}", choice.path, choice.values.join(", ")));
    let resource = format!("{} {}{}", section.resource, section.name, chosen.unwrap_or_default());
    [resource, record, row.fhir.text.clone(), shape(&row.shape), dataset, row.line.to_string()]
}

fn shape(shape: &Shape) -> String {
    let with =
        |word: &str| shape.code_map().map_or_else(|| word.to_owned(), |map| format!("{word} {}", map.name));
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Integer => "integer".to_owned(),
        Shape::Decimal => "decimal".to_owned(),
        Shape::When => "date".to_owned(),
        Shape::Clock => "time".to_owned(),
        Shape::Code(_) => with("code"),
        Shape::Coding(_) => with("coding"),
        Shape::Concept(_) => with("concept"),
        Shape::Quantity { unit, code } => format!("quantity {unit} {code}"),
        Shape::Identifier(system) => format!("identifier {system}"),
        Shape::Reference => "reference".to_owned(),
        Shape::ReferenceBy(section, key) => format!("reference {section} by {key}"),
        Shape::Narrative => "narrative".to_owned(),
    }
}
