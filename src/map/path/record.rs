//! A path into a record: `parents[].name.given[]`.

use std::fmt;

use serde_json::Value;
use smallvec::SmallVec;

use super::{as_list, as_object};
use crate::json::Tree;

/// What record paths go through: a record that is kept, or a tree that is read once.
pub trait Node: Sized {
    /// The member of that name.
    fn member(&self, name: &str) -> Option<&Self>;
    /// A list's items.
    fn listed(&self) -> Option<&[Self]>;
}

impl Node for Value {
    fn member(&self, name: &str) -> Option<&Self> {
        self.get(name)
    }

    fn listed(&self) -> Option<&[Self]> {
        self.as_array().map(Vec::as_slice)
    }
}

impl Node for Tree<'_> {
    fn member(&self, name: &str) -> Option<&Self> {
        self.get(name)
    }

    fn listed(&self) -> Option<&[Self]> {
        self.as_list()
    }
}

/// Which item is meant of each list that a path goes through.
pub type Indices = SmallVec<[usize; 4]>;

/// One step into a record: a property, and whether it is a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordStep {
    /// The property's name.
    pub name: String,
    /// Written `name[]`: each item.
    pub each: bool,
}

/// A path into the record, such as `parents[].name.given[]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordPath(pub Vec<RecordStep>);

impl RecordPath {
    /// Reads a path; the error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let steps: Result<Vec<RecordStep>, String> = text.split('.').map(record_step).collect();
        Ok(Self(steps?))
    }

    /// How many lists the path goes through.
    pub fn lists(&self) -> usize {
        self.0.iter().filter(|step| step.each).count()
    }

    /// Whether `prefix` is the beginning of this path.
    pub fn starts_with(&self, prefix: &Self) -> bool {
        self.0.starts_with(&prefix.0)
    }

    /// Every value at this path in `record`, with its index in each list; `fixed` sets the first indices.
    pub fn read<'v, N: Node>(&self, record: &'v N, fixed: &[usize]) -> Vec<(Indices, &'v N)> {
        let mut found = Vec::new();
        walk_record(&self.0, record, fixed, &mut Indices::new(), &mut found);
        found
    }

    /// Whether the record has a value here.
    pub fn is_in<N: Node>(&self, record: &N, fixed: &[usize]) -> bool {
        is_there(&self.0, record, fixed)
    }

    /// How many items the list has that the path names, of which it goes through no other.
    pub fn count(&self, record: &impl Node) -> usize {
        let list = self.0.iter().try_fold(record, |node, step| node.member(&step.name));
        list.and_then(Node::listed).map_or(0, <[_]>::len)
    }

    /// Does something with every value at this path of a record that is kept.
    pub fn change(&self, record: &mut Value, with: &mut impl FnMut(&mut Value)) {
        change(&self.0, record, with);
    }

    /// Writes a value, making the objects and list items on the way.
    pub fn write<'t>(&'t self, record: &mut Tree<'t>, indices: &[usize], value: Tree<'t>) {
        let mut indices = indices.iter().copied();
        let mut node = record;
        for step in &self.0 {
            let entry = as_object(node).place(&*step.name);
            node = if step.each { item(entry, indices.next().unwrap_or(0)) } else { entry };
        }
        *node = value;
    }
}

fn record_step(text: &str) -> Result<RecordStep, String> {
    let (name, each) = text.strip_suffix("[]").map_or((text, false), |name| (name, true));
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    if plain {
        Ok(RecordStep { name: name.to_owned(), each })
    } else {
        Err(format!(
            "'{text}' is not a step of a record path; write property names joined by '.', lists with '[]'"
        ))
    }
}

/// Whether there is a value at these steps; `fixed` are the indices of the first lists.
fn is_there<N: Node>(steps: &[RecordStep], node: &N, fixed: &[usize]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    let Some(child) = node.member(&step.name) else { return false };
    if !step.each {
        return is_there(rest, child, fixed);
    }
    let list = child.listed().unwrap_or_default();
    match fixed.split_first() {
        Some((index, fixed)) => list.get(*index).is_some_and(|item| is_there(rest, item, fixed)),
        None => list.iter().any(|item| is_there(rest, item, &[])),
    }
}

fn change(steps: &[RecordStep], node: &mut Value, with: &mut impl FnMut(&mut Value)) {
    let Some((step, rest)) = steps.split_first() else { return with(node) };
    let Some(child) = node.get_mut(&step.name) else { return };
    if !step.each {
        return change(rest, child, with);
    }
    child.as_array_mut().into_iter().flatten().for_each(|item| change(rest, item, with));
}

fn walk_record<'v, N: Node>(
    steps: &[RecordStep],
    node: &'v N,
    fixed: &[usize],
    indices: &mut Indices,
    found: &mut Vec<(Indices, &'v N)>,
) {
    let Some((step, rest)) = steps.split_first() else {
        found.push((indices.clone(), node));
        return;
    };
    let Some(child) = node.member(&step.name) else { return };
    if !step.each {
        return walk_record(rest, child, fixed, indices, found);
    }
    let list = child.listed().unwrap_or_default();
    let wanted = match fixed.get(indices.len()) {
        Some(index) => *index..list.len().min(index + 1),
        None => 0..list.len(),
    };
    for index in wanted {
        indices.push(index);
        walk_record(rest, &list[index], fixed, indices, found);
        indices.pop();
    }
}

fn item<'n, 't>(node: &'n mut Tree<'t>, index: usize) -> &'n mut Tree<'t> {
    let list = as_list(node);
    if list.len() <= index {
        list.resize(index + 1, Tree::Null);
    }
    &mut list[index]
}

impl fmt::Display for RecordPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps: Vec<String> =
            self.0.iter().map(|step| format!("{}{}", step.name, if step.each { "[]" } else { "" })).collect();
        f.write_str(&steps.join("."))
    }
}
