//! Is a mapping right? Every fault with its line: paths that do not exist, values that no row carries, codes that are
//! missing. Run when mappings are loaded, and by `kith map check`.

use std::collections::{BTreeMap, BTreeSet};

use super::language::{Condition, Mapping, Row, Section, Shape, Source};
use super::path::RecordPath;
use super::read::LineFault;
use crate::record::Leaf;

/// Every fault of a mapping against the leaves of its kind's schema.
pub fn check(mapping: &Mapping, leaves: &[Leaf]) -> Vec<LineFault> {
    let mut faults = Vec::new();
    sections(mapping, &mut faults);
    coverage(mapping, leaves, &mut faults);
    for section in &mapping.sections {
        collisions(section, &mut faults);
        for row in &section.rows {
            lists(section, row, &mut faults);
            conditions(section, row, leaves, &mut faults);
        }
    }
    faults.sort();
    faults
}

fn sections(mapping: &Mapping, faults: &mut Vec<LineFault>) {
    let mut names = BTreeSet::new();
    let mut lists = BTreeMap::new();
    for section in &mapping.sections {
        if !names.insert(section.name.as_str()) {
            faults.push((section.line, format!("there are two sections called '{}'", section.name)));
        }
        if let Some(other) =
            section.each.as_ref().and_then(|list| lists.insert(list.to_string(), &section.name))
        {
            faults.push((section.line, format!("'{other}' is made for each item of the same list already")));
        }
        for row in &section.rows {
            if let Source::Refers(target) = &row.source
                && mapping.section(target).is_none()
            {
                faults.push((row.line, format!("there is no section '{target}' to refer to")));
            }
        }
    }
    match mapping.section("child") {
        Some(child) if child.resource == "Patient" && child.each.is_none() => {}
        Some(child) => {
            faults.push((child.line, "the section 'child' is the Patient, and there is one".to_owned()))
        }
        None => faults.push((1, "there is no section '## Patient: child'".to_owned())),
    }
    if let Some(focus) = &mapping.focus
        && mapping.section(focus).is_none()
    {
        faults.push((1, format!("the focus '{focus}' is not a section")));
    }
}

/// Every leaf of the schema has exactly one row; every row has a leaf, and fits its type and values.
fn coverage(mapping: &Mapping, leaves: &[Leaf], faults: &mut Vec<LineFault>) {
    let mut carried: BTreeMap<String, usize> = BTreeMap::new();
    for (_, row, path, _) in mapping.data_rows() {
        let path = path.to_string();
        match leaves.iter().find(|leaf| leaf.path == path) {
            None => faults.push((row.line, format!("the record has no single value at '{path}'"))),
            Some(leaf) => fit(row, leaf, faults),
        }
        if let Some(line) = carried.insert(path.clone(), row.line) {
            faults.push((row.line, format!("'{path}' is carried by line {line} already")));
        }
    }
    for leaf in leaves {
        if !carried.contains_key(&leaf.path) {
            faults.push((1, format!("no row carries '{}'", leaf.path)));
        }
    }
    if let Some(sender) = &mapping.sender
        && !leaves.iter().any(|leaf| leaf.path == sender.to_string())
    {
        faults.push((1, format!("the record has no single value at '{sender}' (sender)")));
    }
}

fn fit(row: &Row, leaf: &Leaf, faults: &mut Vec<LineFault>) {
    let expected: &[&str] = match row.shape {
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
    let Some(map) = row.shape.code_map() else { return };
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

/// Two rows of a section that write the same place.
fn collisions(section: &Section, faults: &mut Vec<LineFault>) {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &section.rows {
        // Conditions on one place exclude each other (when … / unless …).
        if matches!(row.source, Source::Fixed(_, Condition::When(_) | Condition::Unless(_))) {
            continue;
        }
        if let Some(line) = places.insert(&row.fhir.text, row.line) {
            faults.push((row.line, format!("line {line} writes '{}' already", row.fhir.text)));
        }
    }
}

fn lists(section: &Section, row: &Row, faults: &mut Vec<LineFault>) {
    let Source::Data(path, _) = &row.source else {
        if row.fhir.lists() > 0 {
            faults.push((
                row.line,
                "a row that carries nothing of the record cannot be repeated with '[]'".to_owned(),
            ));
        }
        return;
    };
    let own = match &section.each {
        Some(list) if path.starts_with(list) => 1,
        Some(list) => {
            faults.push((row.line, format!("the path does not start with the section's list '{list}'")));
            return;
        }
        None => 0,
    };
    if path.lists() != row.fhir.lists() + own {
        let (record, fhir) = (path.lists() - own, row.fhir.lists());
        faults.push((row.line, format!("the record path repeats {record} time(s) below the section, the FHIR path {fhir}; pair each '[]'")));
    }
}

fn conditions(section: &Section, row: &Row, leaves: &[Leaf], faults: &mut Vec<LineFault>) {
    let Source::Fixed(_, Condition::When(path) | Condition::Unless(path)) = &row.source else { return };
    let text = path.to_string();
    let known = leaves.iter().any(|leaf| {
        leaf.path == text
            || leaf.path.starts_with(&format!("{text}."))
            || leaf.path.starts_with(&format!("{text}["))
    });
    if !known {
        faults.push((row.line, format!("the record has nothing at '{text}'")));
    }
    let inside = section
        .each
        .as_ref()
        .map_or(path.lists() == 0, |list: &RecordPath| path.starts_with(list) || path.lists() == 0);
    if !inside {
        faults.push((
            row.line,
            "the condition goes through a list that the section is not made for".to_owned(),
        ));
    }
}
