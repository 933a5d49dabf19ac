//! What the page offers to choose from: Kith's profiles, and examples to begin with.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::profile::Conformance;

/// An example with several faults, most of which have a certain correction: what a newcomer tries first.
const WITH_FAULTS: &str = include_str!("../assets/with-faults.json");

/// Its name among the examples.
pub const WITH_FAULTS_NAME: &str = "with-faults";

/// Choices under one heading.
#[derive(Debug)]
pub struct Group<'a> {
    /// The type of resource.
    pub name: &'a str,
    /// By title.
    pub choices: Vec<Choice<'a>>,
}

/// One choice of a list.
#[derive(Debug)]
pub struct Choice<'a> {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub title: &'a str,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// Kith's profiles of resources, by the type that they constrain.
pub fn profiles<'a>(conformance: &'a Conformance, chosen: &str) -> Vec<Group<'a>> {
    let all = conformance.publications().of_type("StructureDefinition");
    let of_resources = all.filter(|one| one.text("kind") == Some("resource"));
    groups(of_resources.filter_map(|one| {
        let url = one.url.clone()?;
        let is_chosen = url == chosen;
        Some((one.text("type")?, Choice { value: url, title: one.title(), is_chosen }))
    }))
}

/// The examples of Kith's package.
pub fn examples(conformance: &Conformance) -> Vec<Group<'_>> {
    groups(conformance.publications().examples().map(|one| {
        let value = format!("{}/{}", one.type_name, one.id);
        (one.type_name.as_str(), Choice { value, title: &one.id, is_chosen: false })
    }))
}

/// The text of an example, `Type/id` or the one with faults.
pub fn example(conformance: &Conformance, name: &str) -> Option<String> {
    if name == WITH_FAULTS_NAME {
        return Some(WITH_FAULTS.trim_end().to_owned());
    }
    let (type_name, id) = name.split_once('/')?;
    let found = conformance.publications().examples().find(|one| one.type_name == type_name && one.id == id);
    found.and_then(|one| serde_json::to_string_pretty::<Value>(&one.value).ok())
}

fn groups<'a>(all: impl Iterator<Item = (&'a str, Choice<'a>)>) -> Vec<Group<'a>> {
    let mut by_type: BTreeMap<&str, Vec<Choice<'_>>> = BTreeMap::new();
    for (type_name, choice) in all {
        by_type.entry(type_name).or_default().push(choice);
    }
    let sorted = |(name, mut choices): (&'a str, Vec<Choice<'a>>)| {
        choices.sort_by(|one, other| one.title.cmp(other.title));
        Group { name, choices }
    };
    by_type.into_iter().map(sorted).collect()
}
