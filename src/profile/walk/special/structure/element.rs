//! One element of a differential: it narrows what the base says of it, and takes nothing back.

use super::CORE;
use crate::json::document::Id;
use crate::profile::definition::{Element, Max, Structure, TypeRef};
use crate::profile::walk::{Place, Walk};

/// What the names of FHIRPath's own types begin with.
pub(super) const SYSTEM: &str = "http://hl7.org/fhirpath/System.";

/// Types whose values lead to something else.
const REFERRING: &[&str] = &["Reference", "canonical", "CodeableReference"];

/// Types that are made from one another, one after the other.
const DEPTH_MAX: usize = 16;

impl Walk<'_, '_> {
    /// One element of the differential.
    pub(super) fn element(
        &mut self,
        place: &Place<'_>,
        node: Id,
        own: &Structure,
        base: &Structure,
        element: &Element,
    ) {
        let is_root = !element.path.contains('.');
        let root = element.path.split('.').next().unwrap_or_default();
        if own.kind != "logical" && !element.path.is_empty() && root != own.type_name {
            let text = "The path begins with the type that the definition is about. Correct it.";
            self.findings.error(place, node, "not-found", text);
        }
        if is_root && element.slicing.is_some() {
            let text = "The root cannot be sliced. Remove the slicing.";
            self.findings.error(place, node, "invalid", text);
        }
        let is_of_extension = matches!(element.name(), "Extension" | "extension" | "modifierExtension");
        if self.view().has(node, "meaningWhenMissing") && !is_of_extension {
            let text =
                "What it means that this is missing is for the type to say. Remove meaningWhenMissing.";
            self.findings.error(place, node, "not-found", text);
        }
        self.profiles_on(place, node, own, element);
        // Slices may be fewer or more than what they slice.
        let plain = !element.id.contains(':') && element.slice_name.is_none();
        if let Some(known) = self.known(base, &element.path, 0).filter(|_| plain) {
            self.times(place, node, &known, element);
            self.kinds(place, node, &known, element);
            self.targets(place, node, &known, element);
            self.values(place, node, &known, element);
            self.narrower(place, node, &known, element);
            self.promises(place, node, &known, element);
        }
        self.shared(place, node, own, base, element);
        self.discriminators(place, node, own, base, element);
    }

    /// What the base says of the element at a path, also where that is within a data type.
    fn known(&self, base: &Structure, path: &str, depth: usize) -> Option<Element> {
        let of = |path: &str| base.snapshot.iter().find(|one| one.id == path);
        if depth > DEPTH_MAX || of(path).is_some() {
            return of(path).cloned();
        }
        let above = path.rmatch_indices('.').find_map(|(at, _)| Some((of(&path[..at])?, at)));
        let (outer, at) = above?;
        let [only] = outer.types.as_slice() else { return None };
        let within = self.definitions().structure(&only.code).ok().flatten()?;
        self.known(&within, &format!("{}{}", only.code, &path[at..]), depth + 1)
    }

    /// How often an element may be there can only be narrowed.
    fn times(&mut self, place: &Place<'_>, node: Id, known: &Element, element: &Element) {
        if element.min.is_some_and(|min| min < known.min.unwrap_or(0)) {
            let text = "The least number may not be below that of the base. Raise min.";
            self.findings.error(place, node, "business-rule", text);
        }
        if element.max.is_some() && known.max.is_some() && Max::times(element.max) > Max::times(known.max) {
            let text = "The greatest number may not be above that of the base. Lower max.";
            self.findings.error(place, node, "business-rule", text);
        }
    }

    /// The types of an element can only be narrowed: to some of them, or to what is made from them.
    fn kinds(&mut self, place: &Place<'_>, node: Id, known: &Element, element: &Element) {
        // Ids and addresses of extensions have a type of FHIRPath's there, and who restates it writes FHIR's own.
        let is_system = known.types.iter().any(|one| one.code.starts_with(SYSTEM));
        if is_system
            || known.types.is_empty()
            || element.types.iter().all(|one| self.is_kind_of(one, &known.types))
        {
            return;
        }
        let allowed: Vec<&str> = known.types.iter().map(|one| &*one.code).collect();
        let text = format!(
            "The base does not allow this type here. Use one of {}, or one made from it.",
            allowed.join(", ")
        );
        self.findings.error(place, node, "business-rule", text);
    }

    /// What a reference may lead to can only be narrowed too.
    fn targets(&mut self, place: &Place<'_>, node: Id, known: &Element, element: &Element) {
        let name = |url: &String| self.target_name(url);
        let of = |types: &[TypeRef]| -> Vec<String> {
            types.iter().filter(|one| one.code == "Reference").flat_map(|one| one.targets.clone()).collect()
        };
        let (before, after) = (of(&known.types), of(&element.types));
        let Some(allowed) = before.iter().map(name).collect::<Option<Vec<_>>>() else { return };
        if allowed.is_empty() || allowed.iter().any(|one| matches!(&**one, "Resource" | "DomainResource")) {
            return;
        }
        let wrong = after.iter().find(|url| name(url).is_some_and(|one| !allowed.contains(&one)));
        if let Some(wrong) = wrong {
            let text = format!(
                "The base does not allow references to {wrong} here. Allowed: {}.",
                allowed.join(", ")
            );
            self.findings.error(place, node, "business-rule", text);
        }
    }

    /// A profile on the type of an element is one of that type; what is referred to is a resource.
    fn profiles_on(&mut self, place: &Place<'_>, node: Id, own: &Structure, element: &Element) {
        for one in element.types.iter().filter(|one| !one.code.starts_with(SYSTEM)) {
            for profile in &one.profiles {
                let Ok(Some(known)) = self.definitions().structure(profile) else { continue };
                if let Some(text) = self.profile_fault(one, &known, element) {
                    self.findings.error(
                        place,
                        node,
                        "business-rule",
                        format!("{profile} {text} Name another."),
                    );
                }
            }
            if !one.targets.is_empty() && !REFERRING.contains(&&*one.code) {
                let text = format!("Nothing is referred to by {}. Remove targetProfile.", one.code);
                self.findings.error(place, node, "business-rule", text);
                continue;
            }
            for target in one.targets.iter().filter(|_| own.kind != "logical") {
                let Ok(Some(known)) = self.definitions().structure(target) else { continue };
                if known.kind != "resource" {
                    let text =
                        format!("{target} is no resource, so that nothing can refer to it. Name another.");
                    self.findings.error(place, node, "business-rule", text);
                }
            }
        }
    }

    fn profile_fault(&self, one: &TypeRef, known: &Structure, element: &Element) -> Option<String> {
        let own = TypeRef { code: known.type_name.clone(), ..TypeRef::default() };
        if !self.is_kind_of(&own, std::slice::from_ref(one)) {
            return Some(format!("is about {}, not about {}.", known.type_name, one.code));
        }
        let changes = known.snapshot.first().is_some_and(|root| root.is_modifier);
        if known.type_name == "Extension" && changes != (element.name() == "modifierExtension") {
            let does = if changes { "changes" } else { "does not change" };
            return Some(format!("is an extension that {does} the meaning of what it stands in."));
        }
        None
    }

    /// What the base demands cannot be taken back.
    fn promises(&mut self, place: &Place<'_>, node: Id, known: &Element, element: &Element) {
        let is_required = |one: &Element| one.binding.as_ref().map(|binding| binding.strength == "required");
        if is_required(known) == Some(true) && is_required(element) == Some(false) {
            let text = "The base requires codes of its value set, which cannot be weakened. Write required.";
            self.findings.error(&place.child("binding"), node, "business-rule", text);
        }
        if known.must_support && self.view().raw(node, "mustSupport") == Some("false") {
            let text = "Systems must support this element by the base, which cannot be taken back. Remove mustSupport.";
            self.findings.error(&place.child("mustSupport"), node, "business-rule", text);
        }
    }

    /// An element that shares the content of another names one that there is.
    fn shared(&mut self, place: &Place<'_>, node: Id, own: &Structure, base: &Structure, element: &Element) {
        let Some(id) = element.content_reference.as_deref().and_then(|one| one.strip_prefix('#')) else {
            return;
        };
        let is_it = |one: &Element| one.id == id || one.path == id;
        if !base.snapshot.iter().chain(&own.differential).any(is_it) {
            let text =
                "No element is called so, so that there is no content to share. Correct contentReference.";
            self.findings.error(&place.child("contentReference"), node, "not-found", text);
        }
    }

    fn is_kind_of(&self, one: &TypeRef, allowed: &[TypeRef]) -> bool {
        // A type that is not known here may be made from anything.
        let mut name = one.code.clone();
        for _ in 0..DEPTH_MAX {
            if allowed.iter().any(|known| known.code == name || known.code == "*") {
                return true;
            }
            let structure = match self.definitions().structure(&name) {
                Ok(Some(structure)) => structure,
                // FHIR's own are all known by name.
                Ok(None) => return name.contains(':'),
                Err(_) => return true,
            };
            let Some(base) = structure.base.as_deref() else { return false };
            name = base.strip_prefix(CORE).unwrap_or(base).to_owned();
        }
        true
    }
}
