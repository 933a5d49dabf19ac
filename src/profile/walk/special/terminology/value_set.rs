//! ValueSets: the systems, codes and filters that they are made of (<https://hl7.org/fhir/R4/valueset.html>).

use crate::json::document::Id;
use crate::profile::needs::{CodeStatus, FilterName};
use crate::profile::pattern::{is_for_others, whole};
use crate::profile::primitive::Primitive;
use crate::profile::walk::{Place, Walk};

/// Filters that every code system has (<https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.filter.property>).
const FILTERS: &[&str] = &[
    "concept",
    "code",
    "display",
    "definition",
    "designation",
    "status",
    "inactive",
    "notSelectable",
    "parent",
    "child",
    "deprecated",
    "abstract",
];

/// Operators that ask what is above or below a code
/// (<https://hl7.org/fhir/R4/valueset-filter-operator.html>).
const DESCENT: &[&str] = &["is-a", "descendent-of", "is-not-a", "generalizes"];

/// What may be asked of codes themselves; code takes a regular expression too.
const OF_CODES: &[&str] = &["=", "in", "not-in", "is-a", "descendent-of", "is-not-a", "generalizes"];

/// Codes of SNOMED CT, which is not here.
const SNOMED: &str = "http://snomed.info/sct";

/// Codes of LOINC, which is not here either.
const LOINC: &str = "http://loinc.org";

/// Types of properties whose values have a form.
const VALUES: &[(&str, Primitive)] =
    &[("dateTime", Primitive::DateTime), ("decimal", Primitive::Decimal), ("integer", Primitive::Integer)];

impl Walk<'_, '_> {
    /// Systems are addresses, and filters are ones that the system has.
    pub(in crate::profile::walk) fn value_set(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let Some(compose) = view.get(node, "compose") else { return };
        let outer = place.child("compose");
        for name in ["include", "exclude"] {
            let list = outer.child(name);
            for (index, include) in view.items(compose, name).enumerate() {
                let here = list.item(index);
                let Some(system) = view.text(include, "system") else { continue };
                self.set_of(&here, include, &system);
                self.listed(&here, include, &system);
                self.filters(&here, include, &system);
            }
        }
    }

    /// What codes are taken from is a code system, named by its address alone.
    fn set_of(&mut self, here: &Place<'_>, include: Id, system: &str) {
        let text = if !system.contains(':') {
            "The system is the absolute address of a code system. Write its url in full."
        } else if system.contains('|') {
            // HL7's own value sets of version 2 have it, so it is remarked only.
            let text =
                "The address of a system carries no version. Write the version in the element beside it.";
            self.findings.warning(here, include, "invalid", text);
            return;
        } else if self.definitions().is_value_set(system) {
            "This is the address of a value set. Name it in valueSet, or write the address of a code system."
        } else if self.definitions().code(system, "", None) == CodeStatus::Supplement {
            "This is the address of a supplement. Write that of the code system that it supplements."
        } else {
            return;
        };
        self.findings.error(here, include, "invalid", text);
    }

    /// Codes that are listed are the system's. A wrong one widens nothing, so it is remarked.
    fn listed(&mut self, here: &Place<'_>, include: Id, system: &str) {
        let view = self.view();
        // Another version than the one at hand may have had other codes.
        if view.has(include, "version") {
            return;
        }
        let list = here.child("concept");
        for (index, concept) in view.items(include, "concept").enumerate() {
            let Some(code) = view.text(concept, "code") else { continue };
            if self.definitions().code(system, &code, None) == CodeStatus::Unknown {
                let text = format!("The code system {system} has no such code. Use one that it has.");
                self.findings.warning(&list.item(index), concept, "code-invalid", text);
            }
        }
    }

    fn filters(&mut self, here: &Place<'_>, include: Id, system: &str) {
        let view = self.view();
        let list = here.child("filter");
        for (index, filter) in view.items(include, "filter").enumerate() {
            let Some(property) = view.text(filter, "property") else { continue };
            let place = list.item(index);
            let kind = match self.definitions().filter(system, &property) {
                _ if FILTERS.contains(&&*property) => None,
                FilterName::Nothing => {
                    let text = "The code system has no property or filter of this name. Correct it.";
                    self.findings.error(&place, filter, "invalid", text);
                    continue;
                }
                FilterName::Broken(reason) => {
                    self.no_system(&place, filter, system, &reason);
                    continue;
                }
                FilterName::Property(kind) => Some(kind),
                FilterName::Filter | FilterName::UnknownSystem => None,
            };
            let has_version = view.has(include, "version");
            // Which codes another version has is not known here.
            if !has_version && self.is_about_nothing(filter, system) {
                let text = "The code system has no such code, so that nothing is above or below it. Name one that it has.";
                self.findings.warning(&place, filter, "code-invalid", text);
            }
            let fault = self.filter_fault(filter, kind.as_deref());
            if let Some(text) = fault.or_else(|| self.code_fault(filter, &property, kind.is_some(), system)) {
                self.findings.error(&place, filter, "invalid", text);
            }
        }
    }

    /// Whether a filter asks what is above or below a code that there is not.
    fn is_about_nothing(&self, filter: Id, system: &str) -> bool {
        let view = self.view();
        let of = |name: &str| view.text(filter, name).unwrap_or_default();
        DESCENT.contains(&&*of("op"))
            && matches!(&*of("property"), "concept" | "code")
            && self.definitions().code(system, &of("value"), None) == CodeStatus::Unknown
    }

    /// What is wrong with a filter's operator and value, for a property of that type.
    fn filter_fault(&self, filter: Id, kind: Option<&str>) -> Option<String> {
        let view = self.view();
        let value = view.text(filter, "value")?;
        let op = view.text(filter, "op").unwrap_or_default();
        match &*op {
            op if DESCENT.contains(&op) && kind.is_some_and(|kind| kind != "code") => Some(format!(
                "Nothing is above or below a value of type {}. Use another operator, such as =.",
                kind.unwrap_or_default()
            )),
            "exists" => self.is_asked_so(&value),
            "regex" if whole(&value).is_none() && !is_for_others(&value) => {
                Some("This is no regular expression, or one that is too large. Correct it.".to_owned())
            }
            "=" => self.value_fault(&value, kind?),
            _ => None,
        }
    }

    /// What is wrong with a filter on the codes themselves.
    fn code_fault(&self, filter: Id, property: &str, is_declared: bool, system: &str) -> Option<String> {
        let view = self.view();
        let (op, value) = (view.text(filter, "op")?, view.text(filter, "value")?);
        if system == LOINC && property != "concept" && property != "code" && DESCENT.contains(&&*op) {
            return Some(format!(
                "Nothing of LOINC's is above or below a {property}. Use another operator, such as =."
            ));
        }
        if is_declared || !matches!(property, "concept" | "code") {
            return None;
        }
        if !OF_CODES.contains(&&*op) && (property, &*op) != ("code", "regex") {
            return Some(format!("Codes are not asked about with {op}. Use one of {}.", OF_CODES.join(", ")));
        }
        let is_code =
            |one: &str| (6..=18).contains(&one.len()) && one.bytes().all(|byte| byte.is_ascii_digit());
        if system == SNOMED && op != "regex" && !value.split(',').all(|one| is_code(one.trim())) {
            return Some(
                "SNOMED CT has no such code: its codes are of 6 to 18 digits. Correct it.".to_owned(),
            );
        }
        None
    }

    fn is_asked_so(&self, value: &str) -> Option<String> {
        let text = "This is asked with the value true or false.";
        (!matches!(value, "true" | "false")).then(|| text.to_owned())
    }

    /// What a property is compared with is a value of its type; a code that it names exists.
    fn value_fault(&self, value: &str, kind: &str) -> Option<String> {
        if kind == "boolean" {
            return self.is_asked_so(value);
        }
        if kind != "Coding" {
            let advice = VALUES.iter().find(|row| row.0 == kind)?.1.fault(value)?;
            return Some(format!("The property is of type {kind}, and this is no such value. {advice}"));
        }
        let Some((system, code)) = value.split_once(['#', '|']) else {
            let text = "The value of a property of type Coding is written as system|code or system#code.";
            return Some(text.to_owned());
        };
        let is_unknown = self.definitions().code(system, code, None) == CodeStatus::Unknown;
        is_unknown.then(|| format!("The code system {system} has no code {code}. Use one that it has."))
    }
}
