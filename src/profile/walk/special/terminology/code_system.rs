//! CodeSystems: properties, the codes that they name, and how many there are (<https://hl7.org/fhir/R4/codesystem.html>).

use std::collections::HashSet;

use crate::json::document::Id;
use crate::profile::needs::{CodeStatus, Membership};
use crate::profile::walk::{Place, Walk};

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

/// More of them, which later versions have.
const MORE: &[&str] = &["alternateCode", "order", "definition"];

/// Where FHIR's own code systems are.
const FHIR: &str = "http://hl7.org/fhir/";

/// Those of them that name another concept of the same system.
const WITHIN: &[&str] = &["parent", "child", "partOf", "synonym"];

/// What a code system declares of a property.
struct Declared {
    code: String,
    kind: String,
    uri: String,
    /// The name that FHIR has for it.
    standard: Option<&'static str>,
}

impl Walk<'_, '_> {
    /// Properties mean what FHIR says they mean, and concepts use only those that are declared.
    pub(in crate::profile::walk) fn code_system(&mut self, place: &Place<'_>, node: Id) {
        let declared = self.declared_properties(place, node);
        let concepts = self.concepts(node);
        let view = self.view();
        let codes: HashSet<_> = concepts.iter().filter_map(|one| view.text(*one, "code")).collect();
        let is_whole = view.is(node, "content", "complete");
        let here = place.child("concept");
        for property in concepts.iter().flat_map(|one| view.items(*one, "property")) {
            self.concept_property(&here, property, &declared);
            let code = view.text(property, "code").unwrap_or_default();
            let standard = declared.iter().find(|one| one.code == code).and_then(|one| one.standard);
            let named = view.text(property, "valueCode");
            if let (true, Some(_), Some(named)) =
                (is_whole, standard.filter(|one| WITHIN.contains(one)), named)
                && !codes.contains(&named)
            {
                let text = "This names a concept that the code system does not have. Name one that it has.";
                self.findings.error(&here, property, "code-invalid", text);
            }
        }
        self.count(place, node, concepts.len() as u64);
        self.of_all_codes(place, node, &concepts);
        self.what_is_here(place, node, &concepts);
    }

    /// The properties of a code system, each meaning what FHIR says it means.
    fn declared_properties(&mut self, place: &Place<'_>, node: Id) -> Vec<Declared> {
        let view = self.view();
        let list = place.child("property");
        let mut declared = Vec::new();
        for (index, one) in view.items(node, "property").enumerate() {
            let (code, kind) =
                (view.text(one, "code").unwrap_or_default(), view.text(one, "type").unwrap_or_default());
            let uri = view.text(one, "uri").unwrap_or_default();
            let here = list.item(index);
            let name = uri.strip_prefix(PROPERTIES_AT);
            if let Some(text) = self.property_address(node, &uri, name) {
                self.findings.error(&here, one, "business-rule", text);
            }
            let known = name.and_then(|name| PROPERTIES.iter().find(|row| row.0 == name));
            if let Some((name, wanted)) = known.filter(|row| kind != row.1) {
                let text = format!("FHIR defines {name} as a property of type {wanted}. Use that type.");
                self.findings.error(&here, one, "business-rule", text);
            }
            let meant = PROPERTIES.iter().find(|row| row.0 == code).map(|row| row.0);
            if meant.is_some() && known.is_some() && meant != name {
                let text = format!(
                    "The code {code} and the uri are those of two properties of FHIR's. Correct one of them."
                );
                self.findings.error(&here, one, "business-rule", text);
            }
            let twice = |other: &Declared| other.code == code || (!uri.is_empty() && other.uri == uri);
            if declared.iter().any(twice) {
                let text = "Another property has this code or this uri already. Declare each once.";
                self.findings.error(&here, one, "business-rule", text);
            }
            let standard = known.map(|row| row.0);
            declared.push(Declared {
                code: code.into_owned(),
                kind: kind.into_owned(),
                uri: uri.into_owned(),
                standard,
            });
        }
        declared
    }

    /// What is wrong with the address of a property: it is absolute, and under FHIR's own what FHIR has.
    fn property_address(&self, node: Id, uri: &str, name: Option<&str>) -> Option<&'static str> {
        if uri.is_empty() {
            return None;
        }
        if !uri.contains(':') {
            return Some("The uri of a property is absolute. Write it in full.");
        }
        let own = self.view().text(node, "url").unwrap_or_default();
        let is_own = !own.is_empty() && uri.starts_with(&*own);
        let is_of_fhir = own.strip_prefix(FHIR).is_some_and(|rest| !rest.contains('/'));
        let is_code =
            |(system, code): (&str, &str)| self.definitions().code(system, code, None) == CodeStatus::Known;
        let is_known = name
            .is_some_and(|name| PROPERTIES.iter().any(|row| row.0 == name) || MORE.contains(&name))
            || uri.split_once('#').is_some_and(is_code);
        if uri.contains("://hl7.org/fhir") && !is_own && !is_of_fhir && !is_known {
            return Some(
                "FHIR defines no property of this uri. Use one that it defines, or an address of your own.",
            );
        }
        None
    }

    /// Every concept, those below others too.
    fn concepts(&self, node: Id) -> Vec<Id> {
        let view = self.view();
        let mut found: Vec<Id> = view.items(node, "concept").collect();
        let mut next = 0;
        while let Some(concept) = found.get(next).copied() {
            found.extend(view.items(concept, "concept"));
            next += 1;
        }
        found
    }

    /// What a concept says is of a property that is declared, and of its type.
    fn concept_property(&mut self, here: &Place<'_>, property: Id, declared: &[Declared]) {
        let view = self.view();
        let code = view.text(property, "code").unwrap_or_default();
        let kind = declared.iter().find(|one| one.code == code).map(|one| &*one.kind);
        let known = PROPERTIES.iter().find(|row| row.0 == code).map(|row| row.1);
        let value = view.choice(property, "value").map(|one| self.document.raw_key(one));
        let value = value.and_then(|key| key.strip_prefix("value"));
        // What is not declared is remarked, whatever it holds.
        match (kind, value) {
            (None, _) if known.is_some() => {}
            (None, _) => {
                let text = "No property of this code is declared. Declare it in CodeSystem.property.";
                self.findings.warning(here, property, "business-rule", text);
            }
            (Some(kind), Some(value)) if !value.eq_ignore_ascii_case(kind) => {
                let text = format!("This property is declared as {kind}. Give a value of that type.");
                self.findings.error(here, property, "business-rule", text);
            }
            _ => {}
        }
    }

    /// The value set of all codes has them all.
    fn of_all_codes(&mut self, place: &Place<'_>, node: Id, concepts: &[Id]) {
        let view = self.view();
        let (Some(url), Some(set)) = (view.text(node, "url"), view.text(node, "valueSet")) else { return };
        let is_out = |code: &str| self.definitions().member(&set, Some(&url), code) == Membership::NotIn;
        let mut codes = concepts.iter().filter_map(|one| view.text(*one, "code"));
        if codes.any(|code| is_out(&code)) {
            let text = format!(
                "The value set {set} lacks codes of this code system, of which it should have all. Correct one of them."
            );
            self.findings.error(&place.child("valueSet"), node, "business-rule", text);
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

    /// A supplement says what it adds to, and adds to codes that are there; what says that it lists no codes lists none.
    fn what_is_here(&mut self, place: &Place<'_>, node: Id, concepts: &[Id]) {
        let view = self.view();
        let content = place.child("content");
        let adds_to = view.text(node, "supplements");
        let is_supplement = view.is(node, "content", "supplement");
        if is_supplement && adds_to.is_none() {
            let text = "A supplement says which code system it adds to. Add supplements.";
            self.findings.error(place, node, "required", text);
        }
        if adds_to.is_some() && !is_supplement {
            let text = "What adds to another code system has the content supplement. Write that, or remove supplements.";
            self.findings.error(&content, node, "business-rule", text);
        }
        if is_supplement && view.has(node, "caseSensitive") {
            let text = "Whether case matters is for the code system to say, not for its supplement. Remove caseSensitive.";
            self.findings.error(&place.child("caseSensitive"), node, "business-rule", text);
        }
        if view.is(node, "content", "not-present") && !concepts.is_empty() {
            let text = "The content is said to be not-present, but there are concepts. Write complete, fragment or example.";
            self.findings.error(&content, node, "business-rule", text);
        }
        let Some(system) = adds_to else { return };
        let system = system.split('|').next().unwrap_or_default();
        let here = place.child("concept");
        for concept in concepts {
            let Some(code) = view.text(*concept, "code") else { continue };
            if self.definitions().code(system, &code, None) == CodeStatus::Unknown {
                let text = format!("The code system {system}, to which this adds, has no such code.");
                self.findings.error(&here, *concept, "code-invalid", text);
            }
        }
    }
}
