//! How a differential slices: by what is there, and no more than there may be.

use super::CORE;
use crate::json::document::Id;
use crate::profile::definition::{Element, Max, Structure, TypeRef};
use crate::profile::walk::{Place, Walk};

impl Walk<'_, '_> {
    /// What slices are told apart by is there.
    pub(super) fn discriminators(
        &mut self,
        place: &Place<'_>,
        node: Id,
        own: &Structure,
        base: &Structure,
        element: &Element,
    ) {
        let Some(slicing) = &element.slicing else { return };
        if self.is_single(element) {
            let text = "This element is there once at most by its type, so that nothing can be sliced. Remove the slicing.";
            self.findings.error(&place.child("slicing"), node, "not-found", text);
        }
        let Some(known) = base.snapshot.iter().find(|one| one.path == element.path) else { return };
        let types: &[TypeRef] = if element.types.is_empty() { &known.types } else { &element.types };
        let outer = place.child("slicing");
        let list = outer.child("discriminator");
        for (index, (_, path)) in slicing.discriminators.iter().enumerate() {
            let first = path.split('.').next().unwrap_or_default();
            let simple = first.starts_with(|c: char| c.is_ascii_lowercase())
                && first.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let beside = |one: &Element| is_child(&one.path, &element.path, first);
            let told = base.snapshot.iter().chain(&own.differential).any(beside);
            if simple && !told && !types.is_empty() && types.iter().all(|one| self.lacks(&one.code, first)) {
                let text = "No value of this element has what this discriminator names. Correct its path.";
                self.findings.error(&list.item(index), node, "invalid", text);
            }
        }
    }

    /// Whether the type that a path begins with has the element once at most, of one type.
    fn is_single(&self, element: &Element) -> bool {
        let root = element.path.split('.').next().unwrap_or_default();
        let Ok(Some(own)) = self.definitions().structure(&format!("{CORE}{root}")) else { return false };
        let known = own.snapshot.iter().find(|one| one.path == element.path);
        !element.path.contains("[x]") && known.is_some_and(|one| one.max == Some(Max::Times(1)))
    }

    /// Slices are not more than what they slice, and what they demand together fits.
    pub(super) fn slice_counts(&mut self, list: &Place<'_>, nodes: &[Id], own: &Structure, base: &Structure) {
        let elements: Vec<(usize, &Element, Id)> = own
            .differential
            .iter()
            .zip(nodes)
            .enumerate()
            .map(|(at, (one, node))| (at, one, *node))
            .collect();
        for (index, sliced, node) in &elements {
            if sliced.slice_name.is_some() || sliced.id.contains(':') {
                continue;
            }
            let known = base.snapshot.iter().find(|one| one.id == sliced.path);
            let most = Max::times(sliced.max.or(known.and_then(|one| one.max)));
            let slices: Vec<_> = elements.iter().filter(|(_, one, _)| is_slice(one, sliced)).collect();
            for (at, _, slice) in
                slices.iter().filter(|(_, one, _)| one.max.is_some() && Max::times(one.max) > most)
            {
                let text = format!(
                    "What is sliced may be there {most} times, so a slice may not be there more often. Lower max."
                );
                self.findings.error(&list.item(*at), *slice, "business-rule", text);
            }
            let least: u64 = slices.iter().map(|(_, one, _)| u64::from(one.min.unwrap_or(0))).sum();
            if least > u64::from(most) {
                let text = format!(
                    "The slices demand {least} together, and only {most} may be there. Lower their min."
                );
                self.findings.error(&list.item(*index), *node, "business-rule", text);
            }
        }
    }

    /// Whether a type is known and has no such element.
    fn lacks(&self, type_name: &str, name: &str) -> bool {
        let address =
            if type_name.contains('/') { type_name.to_owned() } else { format!("{CORE}{type_name}") };
        let Ok(Some(structure)) = self.definitions().structure(&address) else { return false };
        // A resource inside, or what a profile says of it, may have more than the abstract type.
        !structure.is_abstract && !structure.snapshot.iter().any(|one| is_child(&one.path, type_name, name))
            || matches!(type_name, "BackboneElement" | "Element")
    }
}

/// Whether a path is that of an element's child of this name, `value[x]` being also called `value`.
fn is_child(path: &str, parent: &str, name: &str) -> bool {
    let rest = path.strip_prefix(parent).and_then(|rest| rest.strip_prefix('.'));
    rest.is_some_and(|rest| rest.trim_end_matches("[x]") == name)
}

/// Whether an element is a slice of another, and no slice of a slice.
fn is_slice(one: &Element, sliced: &Element) -> bool {
    let name = one.slice_name.as_deref().filter(|name| !name.contains('/'));
    one.path == sliced.path && name.is_some_and(|name| one.id == format!("{}:{name}", sliced.id))
}
