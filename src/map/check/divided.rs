//! Sections that divide a list among them: every item has one, and none has two.

use std::collections::BTreeMap;

use super::leaf_at;
use crate::domain::Item;
use crate::map::language::{Choice, Mapping, Section, Source};
use crate::map::read::LineFault;
use crate::record::Leaf;

/// Every fault of the sections with a 'where'.
pub(super) fn check(mapping: &Mapping, leaves: &[Leaf], faults: &mut Vec<LineFault>) {
    let mut families: BTreeMap<usize, Vec<(&Section, &Choice)>> = BTreeMap::new();
    for (index, section) in mapping.sections.iter().enumerate() {
        if let Some(choice) = &section.choice {
            families.entry(mapping.family(index)).or_default().push((section, choice));
        }
    }
    for family in families.values() {
        values(family, leaves, faults);
        for (section, choice) in family {
            one_item(section, choice, faults);
            told_apart(section, family, faults);
        }
    }
}

/// The values of the deciding field are each named once.
fn values(family: &[(&Section, &Choice)], leaves: &[Leaf], faults: &mut Vec<LineFault>) {
    let Some((first, deciding)) = family.first() else { return };
    let inside = first.each.as_ref().is_some_and(|list| deciding.path.starts_with(list));
    let leaf = leaf_at(leaves, &deciding.path).filter(|leaf| inside && leaf.required);
    let Some(all) = leaf.and_then(|leaf| leaf.values.as_ref()) else {
        let text = format!(
            "'{}' decides, so it is a required value of the list's items, with an 'enum'",
            deciding.path
        );
        faults.push((first.line, text));
        return;
    };
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    for (section, choice) in family {
        if choice.path != deciding.path {
            faults.push((section.line, format!("'{}' decides already for '{}'", deciding.path, first.name)));
        }
        for value in &choice.values {
            if !all.contains(value) {
                faults.push((section.line, format!("'{}' is never '{value}'", choice.path)));
            }
            if let Some(other) = named.insert(value, &section.name) {
                faults.push((section.line, format!("'{value}' makes '{other}' already")));
            }
        }
    }
    for value in all.iter().filter(|value| !named.contains_key(value.as_str())) {
        faults.push((first.line, format!("no section is made where '{}' is '{value}'", deciding.path)));
    }
}

/// What decides is withheld together with what it decides about: half an item would make no resource.
fn one_item(section: &Section, choice: &Choice, faults: &mut Vec<LineFault>) {
    let item = |path| {
        let row = section
            .rows
            .iter()
            .find(|row| row.source.carried().0.into_iter().flatten().any(|own| own == path));
        row.and_then(|row| row.source.carried().1)
    };
    let deciding: Option<Item> = item(&choice.path);
    for row in &section.rows {
        if let (_, Some(other)) = row.source.carried()
            && deciding.is_some_and(|deciding| deciding != other)
        {
            faults.push((
                row.line,
                format!("all values of '{}' are of one dataset, that of '{}'", section.name, choice.path),
            ));
        }
    }
}

/// A reader knows the sections apart by their resource type, or by what each is recognised by.
fn told_apart(section: &Section, family: &[(&Section, &Choice)], faults: &mut Vec<LineFault>) {
    let recognised = |section: &Section| section.rows.iter().any(|row| matches!(row.source, Source::Is(_)));
    let alike = family.iter().find(|(other, _)| {
        other.line != section.line && other.resource == section.resource && !recognised(section)
    });
    if let Some((other, _)) = alike {
        let text = format!(
            "'{}' is a {} too; add an 'is' row by which they are told apart",
            other.name, section.resource
        );
        faults.push((section.line, text));
    }
}
