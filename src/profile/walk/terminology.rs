//! CodeSystems, ValueSets and ConceptMaps: what their definitions cannot say
//! (<https://hl7.org/fhir/R4/terminology-module.html>).

use super::{Place, Walk};
use crate::problem::Issue;
use crate::profile::document::Id;
use crate::profile::needs::{CodeStatus, FilterName, Membership};
use crate::profile::primitive::Primitive;

/// Properties that FHIR defines for every code system, with their types
/// (<https://hl7.org/fhir/R4/codesystem-concept-properties.html>).
const PROPERTIES: &[(&str, &str)] = &[
    ("inactive", "boolean"),
    ("deprecated", "dateTime"),
    ("deprecationDate", "dateTime"),
    ("retirementDate", "dateTime"),
    ("effectiveDate", "dateTime"),
    ("notSelectable", "boolean"),
    ("status", "code"),
    ("parent", "code"),
    ("child", "code"),
    ("partOf", "code"),
    ("synonym", "code"),
    ("comment", "string"),
    ("itemWeight", "decimal"),
];

/// Where those properties are defined.
const PROPERTIES_AT: &str = "http://hl7.org/fhir/concept-properties#";

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

/// Types of properties whose values have a form.
const VALUES: &[(&str, Primitive)] =
    &[("dateTime", Primitive::DateTime), ("decimal", Primitive::Decimal), ("integer", Primitive::Integer)];

impl Walk<'_, '_> {
    /// Properties mean what FHIR says they mean, and concepts use only those that are declared.
    pub(super) fn code_system(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let list = place.child("property");
        let mut declared = Vec::new();
        for (index, one) in view.items(node, "property").enumerate() {
            let (code, kind) =
                (view.text(one, "code").unwrap_or_default(), view.text(one, "type").unwrap_or_default());
            let uri = view.text(one, "uri").unwrap_or_default();
            if let Some(name) = uri.strip_prefix(PROPERTIES_AT)
                && let Some((name, wanted)) = PROPERTIES.iter().find(|row| row.0 == name)
                && (code != *name || kind != *wanted)
            {
                let text =
                    format!("FHIR defines this property as {name} of type {wanted}. Use that code and type.");
                self.findings.error(&list.item(index), one, "business-rule", text);
            }
            declared.push((code, kind));
        }
        let mut queue: Vec<Id> = view.items(node, "concept").collect();
        let mut count = 0_u64;
        while let Some(concept) = queue.pop() {
            count += 1;
            queue.extend(view.items(concept, "concept"));
            for property in view.items(concept, "property") {
                let code = view.text(property, "code").unwrap_or_default();
                let here = place.child("concept");
                let kind = declared.iter().find(|one| one.0 == code).map(|one| &*one.1);
                let known = PROPERTIES.iter().find(|row| row.0 == code).map(|row| row.1);
                let value = view.choice(property, "value").map(|one| self.document.raw_key(one));
                let value = value.and_then(|key| key.strip_prefix("value"));
                match (kind.or(known), value) {
                    (None, _) => {
                        let text = "No property of this code is declared. Declare it in CodeSystem.property.";
                        self.findings.error(&here, property, "business-rule", text);
                    }
                    (Some(kind), Some(value)) if !value.eq_ignore_ascii_case(kind) => {
                        let text = format!("This property is declared as {kind}. Give a value of that type.");
                        self.findings.error(&here, property, "business-rule", text);
                    }
                    _ => {}
                }
            }
        }
        self.count(place, node, count);
        if view.is(node, "content", "supplement") && !view.has(node, "supplements") {
            let text = "A supplement says which code system it adds to. Add supplements.";
            self.findings.error(place, node, "required", text);
        }
    }

    /// What is complete has as many codes as it says.
    fn count(&mut self, place: &Place<'_>, node: Id, count: u64) {
        let view = self.view();
        let stated = view.raw(node, "count").and_then(|stated| stated.parse::<u64>().ok());
        if view.is(node, "content", "complete") && stated.is_some_and(|stated| stated != count) {
            let text = format!("This code system is complete and has {count} codes. Correct count.");
            self.findings.error(&place.child("count"), node, "invalid", text);
        }
    }

    /// What a search parameter looks at is FHIRPath.
    pub(super) fn search_parameter(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        if view.is(node, "type", "composite") && view.items(node, "component").count() < 2 {
            let text = "A composite parameter has two components or more. Add them, or change its type.";
            self.findings.error(place, node, "business-rule", text);
        }
        let Some(own) = self.view().get(node, "expression") else { return };
        if self.document.is_string(own) && self.rules.compile(&self.document.text(own)).is_err() {
            let text = "The expression is no FHIRPath. Correct it.";
            self.findings.error(&place.child("expression"), own, "invalid", text);
        }
    }

    /// Systems are addresses, and filters are ones that the system has.
    pub(super) fn value_set(&mut self, place: &Place<'_>, node: Id) {
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
            if FILTERS.contains(&&*property) {
                continue;
            }
            let place = list.item(index);
            match self.definitions().filter(system, &property) {
                FilterName::Nothing => {
                    let text = "The code system has no property or filter of this name. Correct it.";
                    self.findings.error(&place, filter, "invalid", text);
                }
                FilterName::Broken(reason) => self.no_system(&place, filter, system, &reason),
                FilterName::Property(kind) => self.filter_value(&place, filter, &kind),
                _ => {}
            }
        }
    }

    /// What a property is compared with is a value of its type; a code that it names exists.
    fn filter_value(&mut self, place: &Place<'_>, filter: Id, kind: &str) {
        let view = self.view();
        let Some(value) = view.text(filter, "value") else { return };
        let op = view.text(filter, "op").unwrap_or_default();
        let text = match (&*op, kind) {
            ("exists", _) | ("=", "boolean") if matches!(&*value, "true" | "false") => return,
            ("exists", _) | ("=", "boolean") => "This is asked with the value true or false.".to_owned(),
            ("=", "Coding") => match value.split_once(['#', '|']) {
                Some((system, code)) => match self.definitions().code(system, code, None) {
                    CodeStatus::Unknown => {
                        format!("The code system {system} has no code {code}. Use one that it has.")
                    }
                    _ => return,
                },
                None => "The value of a property of type Coding is written as system|code or system#code."
                    .to_owned(),
            },
            ("=", kind) => match VALUES.iter().find(|row| row.0 == kind).map(|row| row.1.fault(&value)) {
                Some(Some(advice)) => {
                    format!("The property is of type {kind}, and this is no such value. {advice}")
                }
                _ => return,
            },
            _ => return,
        };
        self.findings.error(place, filter, "invalid", text);
    }

    /// A code system that is here and cannot be used: nothing can be called valid then.
    pub(super) fn no_system(&mut self, place: &Place<'_>, node: Id, system: &str, reason: &str) {
        let text = format!("The code system {system} cannot be used, so this was not checked: {reason}.");
        self.findings.error(place, node, "exception", text);
    }

    /// The codes that are mapped exist in the system and the value set that they come from.
    pub(super) fn concept_map(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let source_set = view.text(node, "sourceCanonical").or(view.text(node, "sourceUri"));
        let groups = place.child("group");
        for (number, group) in view.items(node, "group").enumerate() {
            let source = view.text(group, "source").unwrap_or_default();
            let target = view.text(group, "target").unwrap_or_default();
            let group_place = groups.item(number);
            let elements = group_place.child("element");
            for (index, element) in view.items(group, "element").enumerate() {
                let here = elements.item(index);
                self.mapped(&here, element, &source, source_set.as_deref());
                let targets = here.child("target");
                for (at, one) in view.items(element, "target").enumerate() {
                    self.mapped(&targets.item(at), one, &target, None);
                }
            }
        }
    }

    fn mapped(&mut self, here: &Place<'_>, node: Id, system: &str, set: Option<&str>) {
        let Some(own) = self.view().get(node, "code") else { return };
        let code = self.document.text(own);
        let place = here.child("code");
        let status = match system {
            "" => CodeStatus::UnknownSystem,
            system => self.definitions().code(system, &code, None),
        };
        if let CodeStatus::Broken(reason) = &status {
            self.no_system(&place, own, system, reason);
        }
        if status == CodeStatus::Unknown {
            let text = format!("The code system {system} has no such code. Use one that it has.");
            self.findings.add(&place, own, Issue::error("code-invalid", text), None);
        } else if let Some(set) = set
            && self.definitions().member(set, Some(system), &code) == Membership::NotIn
        {
            let text = "This code is not in the value set that the map starts from. Remove it, or correct the value set.";
            self.findings.error(&place, own, "required", text);
        }
    }
}
