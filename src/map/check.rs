//! Is a mapping right? Every fault with its line: paths that do not exist, values that no row carries, codes that are
//! missing. Run when mappings are loaded, and by `kith map check`.

mod divided;
mod elements;
mod fit;

pub use elements::elements;

use std::collections::{BTreeMap, BTreeSet};

use super::columns;
use super::language::{Condition, Mapping, Row, Section, Source};
use super::path::RecordPath;
use super::read::LineFault;
use crate::record::Leaf;

/// Every fault of a mapping against the leaves of its kind's schema.
pub fn check(mapping: &Mapping, leaves: &[Leaf]) -> Vec<LineFault> {
    let mut faults = Vec::new();
    sections(mapping, &mut faults);
    coverage(mapping, leaves, &mut faults);
    divided::check(mapping, leaves, &mut faults);
    for section in &mapping.sections {
        collisions(section, &mut faults);
        for row in &section.rows {
            lists(section, row, &mut faults);
            conditions(section, row, leaves, &mut faults);
        }
    }
    faults.extend(columns::check(&mapping.columns, leaves));
    faults.sort();
    faults
}

fn sections(mapping: &Mapping, faults: &mut Vec<LineFault>) {
    let mut names = BTreeSet::new();
    for (index, section) in mapping.sections.iter().enumerate() {
        if !names.insert(section.name.as_str()) {
            faults.push((section.line, format!("there are two sections called '{}'", section.name)));
        }
        let first = &mapping.sections[mapping.family(index)];
        if first.line != section.line && (first.choice.is_none() || section.choice.is_none()) {
            faults.push((
                section.line,
                format!(
                    "'{}' is made for each item of the same list already; divide the list with 'where'",
                    first.name
                ),
            ));
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
        Some(child) if mapping.childless => {
            faults.push((child.line, "the head says '- child: none'".to_owned()))
        }
        Some(child) if child.resource == "Patient" && child.each.is_none() => {}
        Some(child) => {
            faults.push((child.line, "the section 'child' is the Patient, and there is one".to_owned()))
        }
        None if mapping.childless => {}
        None => faults.push((1, "there is no section '## Patient: child'".to_owned())),
    }
    if let Some(focus) = &mapping.focus
        && mapping.section(focus).is_none()
    {
        faults.push((1, format!("the focus '{focus}' is not a section")));
    }
}

/// Every leaf of the schema has exactly one row; every row has a leaf, and fits its type and values. Where sections
/// divide a list among them, that holds in each of them.
fn coverage(mapping: &Mapping, leaves: &[Leaf], faults: &mut Vec<LineFault>) {
    let mut carried: BTreeMap<(String, usize), usize> = BTreeMap::new();
    for (index, section) in mapping.sections.iter().enumerate() {
        let home = if section.choice.is_some() { index + 1 } else { 0 };
        for row in &section.rows {
            for path in row.source.carried().0.into_iter().flatten() {
                match leaf_at(leaves, path) {
                    None => faults.push((row.line, format!("the record has no single value at '{path}'"))),
                    Some(leaf) => fit::value(row, leaf, faults),
                }
                if let Some(line) = carried.insert((path.to_string(), home), row.line) {
                    faults.push((row.line, format!("'{path}' is carried by line {line} already")));
                }
            }
            fit::construct(mapping, section, row, leaves, faults);
        }
    }
    for leaf in leaves {
        let divided = |section: &&(usize, &Section)| {
            let list = section.1.each.as_ref().map(|list| format!("{list}."));
            section.1.choice.is_some() && list.is_some_and(|list| leaf.path.starts_with(&list))
        };
        let dividing: Vec<(usize, &Section)> = mapping.sections.iter().enumerate().collect();
        let dividing: Vec<&(usize, &Section)> = dividing.iter().filter(divided).collect();
        if dividing.is_empty() && !carried.contains_key(&(leaf.path.clone(), 0)) {
            faults.push((1, format!("no row carries '{}'", leaf.path)));
        }
        for (index, section) in dividing {
            if !carried.contains_key(&(leaf.path.clone(), index + 1)) {
                faults.push((section.line, format!("no row of '{}' carries '{}'", section.name, leaf.path)));
            }
        }
    }
    if let Some(sender) = &mapping.sender
        && leaf_at(leaves, sender).is_none()
    {
        faults.push((1, format!("the record has no single value at '{sender}' (sender)")));
    }
}

/// The leaf at a record path.
fn leaf_at<'l>(leaves: &'l [Leaf], path: &RecordPath) -> Option<&'l Leaf> {
    let path = path.to_string();
    leaves.iter().find(|leaf| leaf.path == path)
}

/// Two rows of a section that write the same place.
fn collisions(section: &Section, faults: &mut Vec<LineFault>) {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &section.rows {
        // Conditions on one place exclude each other (when … / unless …), and a default stands where nothing else does.
        if matches!(
            row.source,
            Source::Fixed(_, Condition::When(_) | Condition::Unless(_)) | Source::Default(..)
        ) {
            continue;
        }
        if let Some(line) = places.insert(&row.fhir.text, row.line) {
            faults.push((row.line, format!("line {line} writes '{}' already", row.fhir.text)));
        }
    }
}

fn lists(section: &Section, row: &Row, faults: &mut Vec<LineFault>) {
    let paths = match &row.source {
        Source::Data(path, _) | Source::Also(path) => vec![path],
        Source::Pair(first, second, _) => vec![first, second],
        Source::Refers(_) => return,
        _ if row.fhir.lists() > 0 => {
            faults.push((
                row.line,
                "a row that carries nothing of the record cannot be repeated with '[]'".to_owned(),
            ));
            return;
        }
        _ => return,
    };
    for path in paths {
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
}

fn conditions(section: &Section, row: &Row, leaves: &[Leaf], faults: &mut Vec<LineFault>) {
    let (Source::Fixed(_, Condition::When(path) | Condition::Unless(path)) | Source::Default(_, path)) =
        &row.source
    else {
        return;
    };
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
