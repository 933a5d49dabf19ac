//! Does a row fit the values that it speaks of?

use crate::map::language::{Mapping, Row, Section, Shape, Source};
use crate::map::path::RecordPath;
use crate::map::read::LineFault;
use crate::record::Leaf;

use super::leaf_at;

/// A value fits its row: type, closed lists of values, code maps.
pub(super) fn value(row: &Row, leaf: &Leaf, faults: &mut Vec<LineFault>) {
    let expected: &[&str] = match row.shape {
        // Of a code and its words, or a day and its time, both are text.
        _ if matches!(row.source, Source::Pair(..)) => &["string"],
        Shape::Boolean => &["boolean"],
        Shape::Integer => &["integer"],
        Shape::Decimal | Shape::Quantity { .. } => &["number", "integer"],
        _ => &["string"],
    };
    if !expected.contains(&leaf.kind.as_str()) {
        faults.push((
            row.line,
            format!("'{}' is a {} in the schema; the row says otherwise", leaf.path, leaf.kind),
        ));
    }
    if matches!(row.shape, Shape::Clock) && leaf.format.as_deref() != Some("clock-time") {
        faults.push((row.line, format!("'{}' becomes a time, so its format is 'clock-time'", leaf.path)));
    }
    let Some(map) = row.shape.code_map() else { return };
    let words = matches!(&row.source, Source::Pair(_, words, _) if words.to_string() == leaf.path);
    if words {
        return;
    }
    match &leaf.values {
        Some(values) => {
            for value in values.iter().filter(|value| map.meaning(value).is_none()) {
                faults.push((row.line, format!("codes/{}.csv has no row for '{value}'", map.name)));
            }
        }
        None if matches!(row.shape, Shape::Code(_)) => {
            faults.push((
                row.line,
                "a FHIR code cannot keep unknown words; give the field an 'enum', or use concept".to_owned(),
            ));
        }
        None => {}
    }
}

/// What the constructs ask for beyond the value itself.
pub(super) fn construct(
    mapping: &Mapping,
    section: &Section,
    row: &Row,
    leaves: &[Leaf],
    faults: &mut Vec<LineFault>,
) {
    let fault = match &row.source {
        Source::Pair(first, second, _) => pair(row, leaf_at(leaves, first), leaf_at(leaves, second)),
        Source::Also(path) => also(mapping, row, path),
        Source::Default(value, path) => default(section, row, value, path),
        Source::Narrative if !matches!(row.shape, Shape::Narrative) || row.fhir.text != "text" => {
            Some("the narrative is the element 'text', as 'narrative'".to_owned())
        }
        Source::Data(..) => reference_by(mapping, row, leaves),
        _ => None,
    };
    faults.extend(fault.map(|fault| (row.line, fault)));
}

fn pair(row: &Row, first: Option<&Leaf>, second: Option<&Leaf>) -> Option<String> {
    let (first, second) = (first?, second?);
    let format = |leaf: &Leaf, name: &str| leaf.format.as_deref() == Some(name);
    match row.shape {
        Shape::When if !format(first, "date") || !format(second, "clock-time") => Some(
            "two values make a dateTime where the first has the format 'date' and the second 'clock-time'"
                .to_owned(),
        ),
        // A time of day alone is no moment, and FHIR could not keep it.
        Shape::When if !first.required || !beside(first, second) => Some(format!(
            "a time is of a day: '{}' is required, and stands beside '{}'",
            first.path, second.path
        )),
        Shape::Concept(Some(_)) if first.values.is_none() => {
            Some(format!("'{}' has words beside it, so its values are a closed list (enum)", first.path))
        }
        Shape::When | Shape::Concept(Some(_)) => None,
        _ => Some("two values make a dateTime, or a concept with its code map".to_owned()),
    }
}

fn beside(first: &Leaf, second: &Leaf) -> bool {
    let around = |leaf: &Leaf| leaf.path.rsplit_once('.').map(|(around, _)| around.to_owned());
    around(first) == around(second)
}

fn also(mapping: &Mapping, row: &Row, path: &RecordPath) -> Option<String> {
    let carried = mapping.data_rows().any(|(_, _, other, _)| other == path);
    if !carried {
        return Some(format!("'also' repeats what another row carries; none carries '{path}'"));
    }
    matches!(row.shape, Shape::Reference | Shape::ReferenceBy(..) | Shape::Narrative)
        .then(|| "'also' repeats a value; references have rows of their own".to_owned())
}

/// A default must not read as a value that the record might have had.
fn default(section: &Section, row: &Row, value: &serde_json::Value, path: &RecordPath) -> Option<String> {
    let own = section.rows.iter().find(|other| {
        other.fhir.text == row.fhir.text
            && other.source.carried().0.into_iter().flatten().any(|own| own == path)
    })?;
    let value = crate::json::Tree::of(value);
    let read = crate::map::value::to_record(&own.shape, &value, true);
    read.map(|_| format!("the default would be read as the record's own '{path}' (line {})", own.line))
}

fn reference_by(mapping: &Mapping, row: &Row, leaves: &[Leaf]) -> Option<String> {
    let Shape::ReferenceBy(name, key) = &row.shape else { return None };
    let Some(section) = mapping.section(name) else {
        return Some(format!("there is no section '{name}' to refer to"));
    };
    if !section.each.as_ref().is_some_and(|list| key.starts_with(list)) || leaf_at(leaves, key).is_none() {
        return Some(format!("'{key}' is no single value of the items that '{name}' is made for"));
    }
    None
}
