//! Finds the element that a step of a differential means, making slices where there are none yet
//! (<https://hl7.org/fhir/R4/profiling.html#slicing>).

use super::Making;
use super::tree::{Node, name_of};
use crate::profile::definition::{Element, Slicing};
use crate::profile::definitions::DefinitionError;

impl Making<'_> {
    /// The child of that step. `is_last` says whether the change is about that child itself, not about what is below.
    pub(super) fn place<'n>(
        &self,
        node: &'n mut Node,
        step: &str,
        change: &Element,
        is_last: bool,
    ) -> Result<&'n mut Node, DefinitionError> {
        self.unfold(node, change)?;
        let index = self.index(node, step, change, is_last)?;
        node.children.get_mut(index).ok_or_else(|| self.fault(change, "there is no such element"))
    }

    fn index(
        &self,
        node: &mut Node,
        step: &str,
        change: &Element,
        is_last: bool,
    ) -> Result<usize, DefinitionError> {
        let found = |node: &Node, step: &str| node.children.iter().position(|child| child.step == step);
        if let Some(index) = found(node, step) {
            return Ok(index);
        }
        let (name, slice) = step.split_once(':').map_or((step, None), |(name, slice)| (name, Some(slice)));
        let Some(slice) = slice else {
            if let Some(index) = choice(node, name) {
                return self.shortcut(node, index, name, change, is_last);
            }
            if !self.structure.constrains && is_last {
                self.spend(1)?;
                let element = Element { min: Some(0), ..Element::default() };
                node.children.push(Node::new(element, name.to_owned()));
                return Ok(node.children.len() - 1);
            }
            return Err(self.fault(change, format!("the base has no element '{name}' there")));
        };
        // `a/b` is a slice of the slice `a`; `value[x]` may be called by one of its types.
        let parent = slice.rsplit_once('/').map(|(parent, _)| format!("{name}:{parent}"));
        let origin = parent.and_then(|parent| found(node, &parent)).or_else(|| found(node, name));
        match origin.or_else(|| choice(node, name)) {
            Some(origin) => self.slice(node, origin, slice),
            None => Err(self.fault(change, format!("the base has no element '{name}' to slice"))),
        }
    }

    /// `valueQuantity` for `value[x]`: the element itself where it has, or is given, that one type; else a slice of it.
    fn shortcut(
        &self,
        node: &mut Node,
        index: usize,
        name: &str,
        change: &Element,
        is_last: bool,
    ) -> Result<usize, DefinitionError> {
        let Some(choice) = node.children.get(index) else { return Ok(index) };
        let step = format!("{}:{name}", choice.step);
        let is_unsliced = choice.element.slicing.is_none() || has_shortcuts(node, index);
        let Some(choice) = node.children.get(index) else { return Ok(index) };
        let is_narrowed = is_last && change.types.len() == 1 && change.max.is_none();
        if choice.element.types.len() == 1 && !is_last || is_narrowed && choice.element.slicing.is_none() {
            return Ok(index);
        }
        let known = node.children.iter().position(|child| child.step == step);
        let slice = known.map_or_else(|| self.slice(node, index, name), Ok)?;
        // The slicing of a base or of this differential says itself what other types there may be.
        if let (true, Some(made)) = (is_unsliced, node.children.get_mut(slice)) {
            made.is_shortcut = true;
        }
        Ok(slice)
    }

    /// Makes a slice of the child with that index.
    fn slice(&self, node: &mut Node, origin: usize, slice: &str) -> Result<usize, DefinitionError> {
        let Some(sliced) = node.children.get_mut(origin) else { return Ok(origin) };
        self.spend(sliced.size())?;
        sliced.element.slicing.get_or_insert_with(|| usual_slicing(name_of(&sliced.step)));
        let name = sliced.name().to_owned();
        let mut made = sliced.clone();
        made.step = format!("{name}:{slice}");
        made.element.slicing = None;
        made.element.slice_name = Some(slice.to_owned());
        // How often the sliced element must be there says nothing about one slice of it.
        made.element.min = Some(0);
        if let Some(stem) = name.strip_suffix("[x]") {
            let named =
                |code: &str| slice.strip_prefix(stem).is_some_and(|end| end.eq_ignore_ascii_case(code));
            if made.element.types.iter().any(|one| named(&one.code)) {
                made.element.types.retain(|one| named(&one.code));
            }
        }
        let after = after_slices(node, origin, &name);
        node.children.insert(after, made);
        Ok(after)
    }
}

/// Whether this differential slices the choice by calling it by its types.
fn has_shortcuts(node: &Node, choice: usize) -> bool {
    let name = node.children.get(choice).map(Node::name);
    node.children.iter().any(|child| child.is_shortcut && Some(child.name()) == name)
}

/// Closes choices that were called by their types: where only `valueQuantity` is spoken of, there are no others. That
/// is how HL7's own publisher reads it, as the core package's snapshots show.
pub(super) fn close_shortcuts(node: &mut Node) {
    let mut named: Vec<(String, Vec<String>)> = Vec::new();
    for child in node.children.iter().filter(|child| child.is_shortcut) {
        let codes = child.element.types.iter().map(|one| one.code.clone());
        match named.iter_mut().find(|(name, _)| name == child.name()) {
            Some((_, known)) => known.extend(codes),
            None => named.push((child.name().to_owned(), codes.collect())),
        }
    }
    for child in &mut node.children {
        if let Some((_, codes)) = named.iter().find(|(name, _)| *name == child.step) {
            child.element.types.retain(|one| codes.contains(&one.code));
            if let Some(slicing) = &mut child.element.slicing {
                "closed".clone_into(&mut slicing.rules);
            }
        }
        close_shortcuts(child);
    }
}

/// Where a new slice goes: after the sliced element and all slices that it has.
fn after_slices(node: &Node, origin: usize, name: &str) -> usize {
    let slice = node.children.get(origin).and_then(Node::slice).map(|slice| format!("{slice}/"));
    let belongs = |child: &&Node| match &slice {
        None => child.name() == name,
        Some(prefix) => child.name() == name && child.slice().is_some_and(|slice| slice.starts_with(prefix)),
    };
    origin + 1 + node.children.iter().skip(origin + 1).take_while(belongs).count()
}

/// The child `value[x]` that `valueQuantity` means.
fn choice(node: &Node, name: &str) -> Option<usize> {
    node.children.iter().position(|child| {
        let stem = child.step.strip_suffix("[x]");
        let end = stem.and_then(|stem| name.strip_prefix(stem)).unwrap_or_default();
        child.element.types.iter().any(|one| one.code.eq_ignore_ascii_case(end))
    })
}

/// How slices are told apart where the differential need not say it.
fn usual_slicing(name: &str) -> Slicing {
    let by = |kind: &str, path: &str| vec![(kind.to_owned(), path.to_owned())];
    let discriminators = match name {
        "extension" | "modifierExtension" => by("value", "url"),
        _ if name.ends_with("[x]") => by("type", "$this"),
        // The author told nobody. The validator cannot tell such slices apart, and has to say so.
        _ => Vec::new(),
    };
    Slicing { discriminators, ordered: false, rules: "open".to_owned() }
}
