//! StructureDefinitions: whether they can be held against anything
//! (<https://hl7.org/fhir/R4/structuredefinition.html>, <https://hl7.org/fhir/R4/profiling.html>).

use super::{Place, Walk};
use crate::profile::definition::{Element, Max, Structure, TypeRef};
use crate::profile::document::Id;

/// Where the types of FHIR are defined.
const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// What the names of FHIRPath's own types begin with.
const SYSTEM: &str = "http://hl7.org/fhirpath/System.";

/// Types that are made from one another, one after the other.
const DEPTH_MAX: usize = 16;

/// The definition that every extension is made from.
const EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/Extension";

/// Types whose values are no codes (<https://hl7.org/fhir/R4/terminologies.html#4.1>).
const UNCODED: &[&str] = &[
    "Reference",
    "BackboneElement",
    "Element",
    "boolean",
    "integer",
    "decimal",
    "date",
    "dateTime",
    "instant",
    "time",
    "Period",
    "Range",
    "Ratio",
    "HumanName",
    "Address",
    "ContactPoint",
    "Identifier",
    "Attachment",
    "Annotation",
    "Narrative",
];

impl Walk<'_, '_> {
    /// Checks a profile or an extension against what it is made from.
    pub(super) fn structure_definition(&mut self, place: &Place<'_>, node: Id) {
        let value = serde_json::from_str(self.document.raw(node)).ok();
        let Some(own) = value.as_ref().and_then(Structure::read) else { return };
        let named = |canonical: &String| self.definitions().structure(canonical).ok().flatten();
        // What is made from something that is not known here cannot be checked.
        let Some(base) = own.base.as_ref().filter(|_| own.constrains).and_then(named) else { return };
        if own.type_name != base.type_name {
            let text = "A constraint is of the same type as what it constrains. Make them agree.";
            self.findings.error(place, node, "not-found", text);
            return;
        }
        self.own_url(place, node, &own);
        let outer = place.child("differential");
        let list = outer.child("element");
        let view = self.view();
        let nodes: Vec<Id> =
            view.get(node, "differential").into_iter().flat_map(|one| view.items(one, "element")).collect();
        for (index, (element, at)) in own.differential.iter().zip(&nodes).enumerate() {
            self.element(&list.item(index), *at, &own, &base, element);
        }
        if let Some(name) = self.definitions().misfit(&own) {
            let is_it = |one: &Element| one.id == name || one.path == name;
            let index = own.differential.iter().position(is_it).unwrap_or_default();
            let text = "This element fits nowhere in what the definition is made from. Correct its path, id and order.";
            let at = nodes.get(index).copied().unwrap_or(node);
            self.findings.error(&list.item(index), at, "invalid", text);
        }
    }

    /// An extension fixes its url to the address of its definition.
    fn own_url(&mut self, place: &Place<'_>, node: Id, own: &Structure) {
        if own.type_name != "Extension" || own.base.as_deref() != Some(EXTENSION) || own.url.is_empty() {
            return;
        }
        let url = own.differential.iter().find(|one| one.path == "Extension.url");
        let fixed = url.and_then(|one| one.fixed.as_ref()).and_then(serde_json::Value::as_str);
        if fixed != Some(&own.url) {
            let text =
                "Extension.url must be fixed to the url of this definition. Add fixedUri, or correct it.";
            self.findings.error(place, node, "invalid", text);
        }
    }

    fn element(&mut self, place: &Place<'_>, node: Id, own: &Structure, base: &Structure, element: &Element) {
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
        for constraint in
            element.constraints.iter().filter(|one| one.source.as_ref().is_none_or(|url| *url == own.url))
        {
            let expression = constraint.expression.as_deref().unwrap_or_default();
            if !expression.is_empty() && self.rules.compile(expression).is_err() {
                let text = "The expression of this rule is no FHIRPath. Correct it.";
                self.findings.error(place, node, "invalid", text);
            }
        }
        // Slices may be fewer or more than what they slice.
        let plain = !element.id.contains(':') && element.slice_name.is_none();
        if let Some(known) = base.snapshot.iter().find(|one| plain && one.id == element.path) {
            self.times(place, node, known, element);
            self.kinds(place, node, known, element);
            self.values(place, node, known, element);
            self.promises(place, node, known, element);
        }
        self.discriminators(place, node, own, base, element);
    }

    /// How often an element may be there can only be narrowed.
    fn times(&mut self, place: &Place<'_>, node: Id, known: &Element, element: &Element) {
        let count = |max: Option<Max>| match max {
            Some(Max::Times(times)) => times,
            _ => u32::MAX,
        };
        if element.min.is_some_and(|min| min < known.min.unwrap_or(0)) {
            let text = "The least number may not be below that of the base. Raise min.";
            self.findings.error(place, node, "business-rule", text);
        }
        if element.max.is_some() && known.max.is_some() && count(element.max) > count(known.max) {
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

    /// What a value is fixed to is of a type of the element, and only what can be coded is bound to codes.
    fn values(&mut self, place: &Place<'_>, node: Id, known: &Element, element: &Element) {
        let types = if element.types.is_empty() { &known.types } else { &element.types };
        if types.is_empty() || types.iter().any(|one| one.code.starts_with(SYSTEM)) {
            return;
        }
        for name in ["fixed", "pattern"] {
            let Some(value) = self.view().choice(node, name) else { continue };
            let key = self.document.raw_key(value);
            let kind = key.trim_start_matches('_').strip_prefix(name).unwrap_or_default();
            if !types.iter().any(|one| one.code.eq_ignore_ascii_case(kind)) {
                let text = format!("This element is never of the type {kind}. Give a value of its own type.");
                self.findings.error(&place.child(name), value, "business-rule", text);
            }
        }
        if element.binding.is_some() && types.iter().all(|one| UNCODED.contains(&&*one.code)) {
            let text = "Values of this type are no codes, so that they cannot be bound to a value set. Remove the binding.";
            self.findings.error(&place.child("binding"), node, "business-rule", text);
        }
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

    fn is_kind_of(&self, one: &TypeRef, allowed: &[TypeRef]) -> bool {
        // A type that is not known here may be made from anything.
        let mut name = one.code.clone();
        for _ in 0..DEPTH_MAX {
            if allowed.iter().any(|known| known.code == name || known.code == "*") {
                return true;
            }
            let Ok(Some(structure)) = self.definitions().structure(&name) else { return true };
            let Some(base) = structure.base.as_deref() else { return false };
            name = base.strip_prefix(CORE).unwrap_or(base).to_owned();
        }
        true
    }

    /// What slices are told apart by is there.
    fn discriminators(
        &mut self,
        place: &Place<'_>,
        node: Id,
        own: &Structure,
        base: &Structure,
        element: &Element,
    ) {
        let Some(slicing) = &element.slicing else { return };
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
