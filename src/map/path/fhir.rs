//! A path into a FHIR resource: `name[use=official].given[]`.

use serde_json::{Value, json};
use smallvec::SmallVec;

use super::{Indices, as_list, as_object};
use crate::json::{Members, Tree};
use crate::map::names::Names;

/// What an element of a list must hold to be the one that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The property that is looked at.
    pub key: String,
    /// What it holds: text, a CodeableConcept's coding, or a list of one such.
    pub value: Wanted,
    /// The value that an element made for this filter gets.
    pub made: Value,
}

/// The value a filter looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This text.
    Text(String),
    /// A CodeableConcept with this system and code.
    Concept(String, String),
    /// A list with such a CodeableConcept.
    Concepts(String, String),
}

impl Filter {
    fn holds(&self, element: &Tree<'_>) -> bool {
        let Some(value) = element.get(&self.key) else { return false };
        match &self.value {
            Wanted::Text(text) => value.as_str() == Some(text),
            Wanted::Concept(system, code) => has_coding(value, system, code),
            Wanted::Concepts(system, code) => {
                value.as_list().into_iter().flatten().any(|concept| has_coding(concept, system, code))
            }
        }
    }
}

impl Wanted {
    fn made(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Concept(system, code) => json!({ "coding": [{ "system": system, "code": code }] }),
            Self::Concepts(system, code) => json!([{ "coding": [{ "system": system, "code": code }] }]),
        }
    }
}

fn has_coding(concept: &Tree<'_>, system: &str, code: &str) -> bool {
    concept
        .items("coding")
        .iter()
        .any(|coding| coding.text_of("system") == Some(system) && coding.text_of("code") == Some(code))
}

/// One step into a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FhirStep {
    /// The element's name.
    pub name: String,
    /// Whether the element repeats in FHIR.
    pub list: bool,
    /// Written `[]`: paired with a list of the record path.
    pub each: bool,
    /// Which of a list's elements are meant; all when empty.
    pub filters: Vec<Filter>,
}

/// A path from a resource's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FhirPath {
    /// The steps.
    pub steps: Vec<FhirStep>,
    /// As written in the mapping.
    pub text: String,
}

impl FhirPath {
    /// Reads a path; the error is a sentence.
    pub fn parse(text: &str, names: &Names) -> Result<Self, String> {
        let steps: Result<Vec<FhirStep>, String> =
            split_outside_brackets(text).into_iter().map(|step| fhir_step(step, names)).collect();
        Ok(Self { steps: steps?, text: text.to_owned() })
    }

    /// How many lists are paired with lists of the record.
    pub fn lists(&self) -> usize {
        self.steps.iter().filter(|step| step.each).count()
    }

    /// Writes a value, making what is needed on the way; an object is merged into one that is there.
    pub fn write<'t>(&'t self, resource: &mut Tree<'t>, indices: &[usize], value: Tree<'t>) {
        let mut indices = indices.iter().copied();
        let mut node = resource;
        for step in &self.steps {
            let entry = as_object(node).place(&*step.name);
            node = if step.list {
                let nth = if step.each { indices.next().unwrap_or(0) } else { 0 };
                nth_match(entry, &step.filters, nth)
            } else {
                entry
            };
        }
        match (node, value) {
            (Tree::Object(there), Tree::Object(new)) => {
                new.into_iter().for_each(|(name, value)| *there.place(name) = value);
            }
            (node, value) => *node = value,
        }
    }

    /// Every value at this path, with its index in each paired list.
    pub fn read<'p, 'v>(&'p self, resource: &'v Tree<'v>) -> SmallVec<[Found<'p, 'v>; 1]> {
        let mut found = SmallVec::new();
        let mut walk = Walk { indices: Indices::new(), filters: Filters::new(), found: &mut found };
        walk.down(&self.steps, resource);
        found
    }
}

/// A value found in a resource.
#[derive(Debug, Clone)]
pub struct Found<'p, 'v> {
    /// Its index in each paired list.
    pub indices: Indices,
    /// The value.
    pub value: &'v Tree<'v>,
    /// What the filters on the way looked at, and what they looked for.
    pub filters: Filters<'p, 'v>,
}

/// What filters looked at, and what they looked for.
type Filters<'p, 'v> = SmallVec<[(&'v Tree<'v>, &'p Value); 2]>;

struct Walk<'p, 'v, 'f> {
    indices: Indices,
    filters: Filters<'p, 'v>,
    found: &'f mut SmallVec<[Found<'p, 'v>; 1]>,
}

impl<'p, 'v> Walk<'p, 'v, '_> {
    fn down(&mut self, steps: &'p [FhirStep], at: &'v Tree<'v>) {
        let Some((step, rest)) = steps.split_first() else {
            let (indices, filters) = (self.indices.clone(), self.filters.clone());
            self.found.push(Found { indices, value: at, filters });
            return;
        };
        let Some(child) = at.get(&step.name) else { return };
        if !step.list {
            return self.down(rest, child);
        }
        let list = child.as_list().unwrap_or_default();
        let matching = list.iter().filter(|element| step.filters.iter().all(|filter| filter.holds(element)));
        for (nth, element) in matching.enumerate() {
            let looked = step.filters.iter().filter_map(|one| Some((element.get(&one.key)?, &one.made)));
            let before = self.filters.len();
            self.filters.extend(looked);
            if step.each {
                self.indices.push(nth);
            }
            self.down(rest, element);
            if step.each {
                self.indices.pop();
            }
            self.filters.truncate(before);
            if !step.each {
                return;
            }
        }
    }
}

fn nth_match<'n, 't>(node: &'n mut Tree<'t>, filters: &'t [Filter], nth: usize) -> &'n mut Tree<'t> {
    let list = as_list(node);
    loop {
        let mut matching =
            list.iter().enumerate().filter(|(_, one)| filters.iter().all(|filter| filter.holds(one)));
        if let Some((index, _)) = matching.nth(nth) {
            return &mut list[index];
        }
        let mut element = Members::default();
        for filter in filters {
            *element.place(&*filter.key) = Tree::of(&filter.made);
        }
        list.push(if filters.is_empty() { Tree::Null } else { Tree::Object(element) });
    }
}

fn split_outside_brackets(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    text.split(move |c: char| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '.' && depth == 0
    })
    .collect()
}

fn fhir_step(text: &str, names: &Names) -> Result<FhirStep, String> {
    let (name, mut rest) = text.split_at(text.find('[').unwrap_or(text.len()));
    let bare = name.strip_prefix('_').unwrap_or(name);
    if bare.is_empty() || !bare.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(format!("'{text}' is not a step of a FHIR path; write element names joined by '.'"));
    }
    let mut step = FhirStep { name: name.to_owned(), list: false, each: false, filters: vec![] };
    while !rest.is_empty() {
        let (inside, after) =
            bracket(rest).ok_or_else(|| format!("the brackets of '{text}' do not close"))?;
        step.list = true;
        match inside {
            "" => step.each = true,
            "0" => {}
            _ => step.filters.push(filter(name, inside, names)?),
        }
        rest = after;
    }
    Ok(step)
}

fn bracket(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 1 => return Some((&text[1..at], &text[at + 1..])),
            ']' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn filter(element: &str, inside: &str, names: &Names) -> Result<Filter, String> {
    let (key, value) = match (inside.split_once('='), element) {
        (Some((key, value)), _) => (key, value),
        (None, "extension" | "modifierExtension") => ("url", inside),
        (None, "item") => ("linkId", inside),
        (None, _) => return Err(format!("'[{inside}]' says no property; write [property=value]")),
    };
    let (key, list) = key.strip_suffix("[]").map_or((key, false), |key| (key, true));
    let value = match value.split_once('|') {
        Some((system, code)) if list => Wanted::Concepts(names.expand(system)?, code.to_owned()),
        Some((system, code)) => Wanted::Concept(names.expand(system)?, code.to_owned()),
        None => Wanted::Text(names.expand(value)?),
    };
    let made = value.made();
    Ok(Filter { key: key.to_owned(), value, made })
}
