//! One element of a differential: it narrows what the base says of it, and takes nothing back.

use super::CORE;
use crate::profile::definition::{Element, Max, Structure, TypeRef};
use crate::profile::document::Id;
use crate::profile::walk::datatype::is_quantity;
use crate::profile::walk::{Place, Walk};

/// What the names of FHIRPath's own types begin with.
const SYSTEM: &str = "http://hl7.org/fhirpath/System.";

/// Types that are made from one another, one after the other.
const DEPTH_MAX: usize = 16;

/// Types whose values are no codes (<https://hl7.org/fhir/R4/terminologies.html#4.1>).
const UNCODED: &[&str] = &[
    "Reference",
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
        self.own_rules(place, node, own, element);
        self.profiles_on(place, node, element);
        // Slices may be fewer or more than what they slice.
        let plain = !element.id.contains(':') && element.slice_name.is_none();
        if let Some(known) = base.snapshot.iter().find(|one| plain && one.id == element.path) {
            self.times(place, node, known, element);
            self.kinds(place, node, known, element);
            self.targets(place, node, known, element);
            self.values(place, node, known, element);
            self.promises(place, node, known, element);
        }
        self.shared(place, node, own, base, element);
        self.discriminators(place, node, own, base, element);
    }

    /// The rules that a definition adds are FHIRPath, and name what there is.
    fn own_rules(&mut self, place: &Place<'_>, node: Id, own: &Structure, element: &Element) {
        let is_own = |source: &Option<String>| source.as_ref().is_none_or(|url| *url == own.url);
        for constraint in element.constraints.iter().filter(|one| is_own(&one.source)) {
            let expression = constraint.expression.as_deref().unwrap_or_default();
            if expression.is_empty() {
                continue;
            }
            if self.rules.compile(expression).is_err() {
                let text = "The expression of this rule is no FHIRPath. Correct it.";
                self.findings.error(place, node, "invalid", text);
                continue;
            }
            // What a logical model defines is known by its own name only.
            for misnamed in
                self.rules.misnamed(expression, &element.path).iter().filter(|_| own.kind != "logical")
            {
                let text = format!("Rule {} can never hold as it is meant: {misnamed}", constraint.key);
                // HL7's own extensions have such a rule, so what is made with them must pass.
                self.findings.warning(place, node, "invalid", text);
            }
        }
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

    /// A profile on the type of an element is one of that type.
    fn profiles_on(&mut self, place: &Place<'_>, node: Id, element: &Element) {
        for one in element.types.iter().filter(|one| !one.code.starts_with(SYSTEM)) {
            for profile in &one.profiles {
                let Ok(Some(known)) = self.definitions().structure(profile) else { continue };
                let own = TypeRef { code: known.type_name.clone(), ..TypeRef::default() };
                if !self.is_kind_of(&own, std::slice::from_ref(one)) {
                    let text = format!(
                        "{profile} is about {}, not about {}. Name another.",
                        known.type_name, one.code
                    );
                    self.findings.error(place, node, "business-rule", text);
                }
            }
        }
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
        for (name, limit) in [("minValue", &element.min_value), ("maxValue", &element.max_value)] {
            let Some((kind, _)) = limit else { continue };
            if !types.iter().any(|one| may_limit(&one.code, kind)) {
                let text = format!(
                    "A value of this element is never compared with a {kind}. Give a limit of its own type."
                );
                self.findings.error(&place.child(name), node, "business-rule", text);
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
            let Ok(Some(structure)) = self.definitions().structure(&name) else { return true };
            let Some(base) = structure.base.as_deref() else { return false };
            name = base.strip_prefix(CORE).unwrap_or(base).to_owned();
        }
        true
    }
}

/// Whether values of a type are compared with a limit of a type, as the name of the limit has it: numbers with numbers, moments also with a
/// distance from now.
fn may_limit(type_name: &str, kind: &str) -> bool {
    let numbers = ["integer", "positiveInt", "unsignedInt", "decimal"];
    let is_number = |name: &str| numbers.iter().any(|one| one.eq_ignore_ascii_case(name));
    let moments = ["date", "dateTime", "instant"];
    let is_quantity = |name: &str| is_quantity(name) || name == "Quantity";
    type_name.eq_ignore_ascii_case(kind)
        || (is_number(type_name) && is_number(kind))
        || (is_quantity(type_name) && is_quantity(kind))
        || (moments.contains(&type_name)
            && (is_quantity(kind) || moments.iter().any(|one| one.eq_ignore_ascii_case(kind))))
}
