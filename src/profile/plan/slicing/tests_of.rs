//! From the discriminators of a slicing to the tests of a slice: each path is followed through the definition.

use serde_json::Value;

use super::{Step, Test, Want};
use crate::profile::definition::{Element, Max, Structure, TypeRef};
use crate::profile::plan::Plans;
use crate::profile::plan::compile::Tree;

/// Profiles that lead to profiles are followed so far, and no farther.
const HOPS_MAX: usize = 4;

/// The tests of the slice whose element has that number.
pub(in crate::profile::plan) fn tests_of(
    discriminators: &[(String, String)],
    slice: usize,
    structure: &Structure,
    tree: &Tree,
    plans: &Plans,
) -> Vec<Test> {
    let spot = Spot { structure, tree: Some(tree), number: slice, plans, hops: 0 };
    discriminators
        .iter()
        .map(|(kind, path)| {
            let path = steps(path);
            let want = spot.want(kind, &path);
            Test { path, want }
        })
        .collect()
}

/// The steps of a path; `$this` is none.
fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in split(path) {
        let argument = |prefix: &str| part.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(')'));
        let quotes: &[char] = &['\'', '"', ' '];
        if part == "$this" {
        } else if part == "resolve()" {
            steps.push(Step::Resolve);
        } else if let Some(url) = argument("extension(") {
            steps.push(Step::Extension(url.trim_matches(quotes).into()));
        } else if let Some(name) = argument("ofType(").or_else(|| argument("as(")) {
            steps.push(Step::OfType(name.trim_matches(quotes).trim_start_matches("FHIR.").into()));
        } else {
            steps.push(Step::Member(part.trim_end_matches("[x]").into()));
        }
    }
    steps
}

/// Splits at the dots that are outside brackets.
fn split(path: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'.' if depth == 0 => {
                parts.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&path[start..]);
    parts
}

/// An element of a structure, from where a path is followed.
struct Spot<'a> {
    structure: &'a Structure,
    /// The structure's tree, where it was made already.
    tree: Option<&'a Tree>,
    number: usize,
    plans: &'a Plans,
    hops: usize,
}

impl Spot<'_> {
    fn element(&self) -> &Element {
        &self.structure.snapshot[self.number]
    }

    fn want(&self, kind: &str, path: &[Step]) -> Want {
        let element = self.element();
        let Some((step, rest)) = path.split_first() else { return self.here(kind) };
        // What a value above the end of the path says already settles it.
        if let Some(want) = from_value(element, path).filter(|_| matches!(kind, "value" | "pattern")) {
            return want;
        }
        if let Step::Member(name) = step
            && &**name == "url"
            && rest.is_empty()
            && let Some(profile) = element.types.iter().find_map(|one| one.profiles.first())
        {
            // An extension's profile is known by the address that it fixes.
            let url = profile.split('|').next().unwrap_or_default();
            return Want::Fixed(Value::String(url.to_owned()));
        }
        match step {
            Step::OfType(_) => self.want(kind, rest),
            Step::Resolve => self.elsewhere(kind, rest, |one| one.targets.clone()),
            Step::Member(name) => match self.child(|one| member_name(one) == &**name) {
                Some(number) => self.at(number).want(kind, rest),
                None => self.elsewhere(kind, path, |one| one.profiles.clone()),
            },
            Step::Extension(url) => {
                match self.child(|one| extension_url(one).is_some_and(|own| own == &**url)) {
                    Some(number) => self.at(number).want(kind, rest),
                    None => self.elsewhere(kind, path, |one| one.profiles.clone()),
                }
            }
        }
    }

    fn at(&self, number: usize) -> Spot<'_> {
        Spot { number, ..*self }
    }

    /// The child or slice of a child that fits; a slice says more than the element it slices.
    fn child(&self, fits: impl Fn(&Element) -> bool) -> Option<usize> {
        let snapshot = &self.structure.snapshot;
        match self.tree {
            Some(tree) => {
                let children = tree.children.get(self.number)?;
                let slices = children.iter().flat_map(|one| &tree.slices[*one as usize]);
                let found = children.iter().chain(slices).find(|one| fits(&snapshot[**one as usize]))?;
                let only = &tree.slices[*found as usize];
                Some(
                    *(if only.len() == 1 && says_nothing(&snapshot[*found as usize]) {
                        &only[0]
                    } else {
                        found
                    }) as usize,
                )
            }
            None => {
                let depth = self.element().path.matches('.').count() + 1;
                let own = |one: &&Element| one.path.matches('.').count() >= depth;
                let below = snapshot[self.number + 1..].iter().take_while(own);
                let found =
                    below.enumerate().find(|(_, one)| one.path.matches('.').count() == depth && fits(one));
                found.map(|(at, _)| self.number + 1 + at)
            }
        }
    }

    /// Follows the path in the definitions that the element's types point to.
    fn elsewhere(&self, kind: &str, path: &[Step], links: impl Fn(&TypeRef) -> Vec<String>) -> Want {
        let urls: Vec<String> = self.element().types.iter().flat_map(links).collect();
        if path.is_empty() && kind == "profile" {
            return Want::Profiles(urls.iter().map(|url| url.as_str().into()).collect());
        }
        if self.hops >= HOPS_MAX {
            return Want::Unclear;
        }
        let structures: Vec<_> =
            urls.iter().filter_map(|url| self.plans.definitions().structure(url).ok().flatten()).collect();
        if path.is_empty() && kind == "type" {
            return Want::Types(structures.iter().map(|one| one.type_name.as_str().into()).collect());
        }
        let one = structures.iter().find(|one| !one.snapshot.is_empty());
        let type_name = self.element().types.first().map(|one| one.code.as_str());
        let of_type = || type_name.and_then(|name| self.plans.definitions().structure(name).ok().flatten());
        match (one, kind) {
            (Some(one), _) => {
                let spot =
                    Spot { structure: one, tree: None, number: 0, plans: self.plans, hops: self.hops + 1 };
                spot.want(kind, path)
            }
            // The base type says whether something can exist, not what value it has.
            (None, "type") => of_type().filter(|one| !one.snapshot.is_empty()).map_or(Want::Unclear, |one| {
                Spot { structure: &one, tree: None, number: 0, plans: self.plans, hops: self.hops + 1 }
                    .want(kind, path)
            }),
            (None, "exists") => Want::Exists,
            (None, _) => Want::Unclear,
        }
    }

    fn here(&self, kind: &str) -> Want {
        let element = self.element();
        match kind {
            "exists" if element.max == Some(Max::Times(0)) => Want::Absent,
            "exists" => Want::Exists,
            "type" => Want::Types(element.types.iter().map(|one| one.code.as_str().into()).collect()),
            "profile" => {
                let profiles = element.types.iter().flat_map(|one| &one.profiles);
                Want::Profiles(profiles.map(|url| url.as_str().into()).collect())
            }
            _ => value_want(element).or_else(|| self.below()).unwrap_or(if kind == "exists" {
                Want::Exists
            } else {
                Want::Unclear
            }),
        }
    }

    /// A value that is only given piece by piece in the children, such as `coding.system` and `coding.code`.
    fn below(&self) -> Option<Want> {
        let tree = self.tree?;
        let mut object = serde_json::Map::new();
        for child in tree.children.get(self.number)? {
            let spots = std::iter::once(child).chain(&tree.slices[*child as usize]);
            for one in spots {
                let element = &self.structure.snapshot[*one as usize];
                let value = match value_want(element).or_else(|| self.at(*one as usize).below()) {
                    Some(Want::Fixed(value) | Want::Pattern(value)) => value,
                    _ => continue,
                };
                let list = element.base_max.is_some_and(Max::is_many);
                object.insert(
                    member_name(element).to_owned(),
                    if list { Value::Array(vec![value]) } else { value },
                );
                break;
            }
        }
        (!object.is_empty()).then(|| Want::Pattern(Value::Object(object)))
    }
}

fn says_nothing(element: &Element) -> bool {
    element.fixed.is_none() && element.pattern.is_none()
}

fn member_name(element: &Element) -> &str {
    element.name().trim_end_matches("[x]")
}

fn extension_url(element: &Element) -> Option<&str> {
    if !matches!(element.name(), "extension" | "modifierExtension") {
        return None;
    }
    let profile = element.types.iter().find_map(|one| one.profiles.first())?;
    profile.split('|').next()
}

fn value_want(element: &Element) -> Option<Want> {
    if let Some(value) = &element.fixed {
        return Some(Want::Fixed(value.clone()));
    }
    if let Some(value) = &element.pattern {
        return Some(Want::Pattern(value.clone()));
    }
    let binding = element.binding.as_ref().filter(|binding| binding.strength == "required")?;
    binding.value_set.as_deref().map(|url| Want::ValueSet(url.into()))
}

/// The piece of an element's own fixed value or pattern that lies at the path.
fn from_value(element: &Element, path: &[Step]) -> Option<Want> {
    let (value, fixed) = match (&element.fixed, &element.pattern) {
        (Some(value), _) => (value, true),
        (None, Some(value)) => (value, false),
        (None, None) => return None,
    };
    let mut value = value;
    for step in path {
        let Step::Member(name) = step else { return None };
        while let Value::Array(list) = value {
            value = list.first()?;
        }
        value = value.get(&**name)?;
    }
    while let Value::Array(list) = value {
        value = list.first()?;
    }
    Some(if fixed { Want::Fixed(value.clone()) } else { Want::Pattern(value.clone()) })
}
