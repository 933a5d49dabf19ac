//! What a CodeSystem says of its codes, reduced to what validation needs
//! (<https://hl7.org/fhir/R4/codesystem.html>).

use std::collections::HashMap;

use serde_json::Value;

use crate::profile::definition::{list, own, text};

/// How deep concepts may nest: no published system comes near, and reading recurses.
const DEPTH_MAX: usize = 64;

/// A CodeSystem, its concepts flattened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CodeSystem {
    /// Canonical address, which is the `system` of its codes.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// Whether `A` and `a` are different codes. FHIR leaves it open when unsaid; then they are.
    pub case_sensitive: bool,
    /// How much of the system is here.
    pub content: Content,
    /// The names that filters may use, each with its type where it is a property; none where that was not kept, as in the
    /// core pack.
    pub names: Option<Vec<(String, Option<String>)>>,
    /// Concepts, parents before children. Private, because `by_code` must agree with it.
    concepts: Vec<Concept>,
    by_code: HashMap<String, u32>,
}

/// How much of a system its definition holds (<https://hl7.org/fhir/R4/valueset-codesystem-content-mode.html>).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Content {
    /// All of it: what is not here is no code.
    Complete,
    /// A part: what is not here may still be a code.
    #[default]
    Partial,
    /// None of it.
    Absent,
    /// Only additions to another system, under an address that no code has as its system.
    Supplement,
}

/// A concept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Concept {
    /// The code.
    pub code: String,
    /// The name shown to people.
    pub display: Option<String>,
    /// Other names for it.
    pub designations: Vec<String>,
    /// Concepts that it is a kind of, by their numbers.
    pub parents: Vec<u32>,
    /// Properties that filters may ask for, values as text.
    pub properties: Vec<(String, String)>,
}

impl Content {
    /// Whether there are codes of the system here.
    pub fn is_here(self) -> bool {
        matches!(self, Self::Complete | Self::Partial)
    }
}

impl CodeSystem {
    /// Reads a CodeSystem resource; `None` when it is not one.
    pub fn read(resource: &Value) -> Option<Self> {
        if text(resource, "resourceType")? != "CodeSystem" {
            return None;
        }
        let content = match text(resource, "content") {
            // Whatever it says of itself, its address is none that a code has as its system.
            _ if resource.get("supplements").is_some() => Content::Supplement,
            Some("complete") => Content::Complete,
            Some("fragment" | "example") => Content::Partial,
            Some("supplement") => Content::Supplement,
            _ => Content::Absent,
        };
        let mut concepts = Vec::new();
        let mut children = Vec::new();
        for concept in list(resource, "concept") {
            flatten(concept, None, &mut concepts, &mut children, 0);
        }
        let case_sensitive = resource.get("caseSensitive").and_then(Value::as_bool).unwrap_or(true);
        let version = text(resource, "version").map(str::to_owned);
        let mut system = Self::new(own(resource, "url"), version, case_sensitive, content, concepts);
        system.adopt(&children);
        system.names = Some(names(resource));
        Some(system)
    }

    /// A system of these concepts.
    pub fn new(
        url: String,
        version: Option<String>,
        case_sensitive: bool,
        content: Content,
        concepts: Vec<Concept>,
    ) -> Self {
        let mut by_code = HashMap::with_capacity(concepts.len());
        for (number, concept) in (0u32..).zip(&concepts) {
            let key = if case_sensitive { concept.code.clone() } else { concept.code.to_lowercase() };
            // The first of two equal codes wins, so that what is read does not depend on order of hashing.
            by_code.entry(key).or_insert(number);
        }
        Self { url, version, case_sensitive, content, names: None, concepts, by_code }
    }

    /// Adds parents that are said by the properties `parent` and `child` instead of by nesting: (child, parent) codes.
    fn adopt(&mut self, pairs: &[(String, String)]) {
        for (child, parent) in pairs {
            let (Some(child), Some(parent)) = (self.number(child), self.number(parent)) else { continue };
            let Some(concept) = self.concepts.get_mut(child as usize) else { continue };
            if !concept.parents.contains(&parent) {
                concept.parents.push(parent);
            }
        }
    }

    /// All concepts.
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// The concept with that code.
    pub fn concept(&self, code: &str) -> Option<&Concept> {
        self.concepts.get(self.number(code)? as usize)
    }

    fn number(&self, code: &str) -> Option<u32> {
        if self.case_sensitive {
            self.by_code.get(code).copied()
        } else {
            self.by_code.get(&code.to_lowercase()).copied()
        }
    }

    /// Whether a code is another one or, in any number of steps, a kind of it; nothing where one of them is not here.
    pub fn is_kind_of(&self, code: &str, other: &str) -> Option<bool> {
        let inside = self.subsumed(other)?;
        inside.get(self.number(code)? as usize).copied()
    }

    /// For every concept whether it is the one with that code or, in any number of steps, a kind of it.
    pub fn subsumed(&self, code: &str) -> Option<Vec<bool>> {
        let root = self.number(code)? as usize;
        let mut inside = vec![false; self.concepts.len()];
        *inside.get_mut(root)? = true;
        // Parents mostly come first, so one pass finds nearly all; more are needed where properties name parents.
        // A pass that changes nothing ends it, and each changes at least one of a finite number: cycles are harmless.
        loop {
            let mut changed = false;
            for (number, concept) in self.concepts.iter().enumerate() {
                let is_inside = |parent: &u32| inside.get(*parent as usize).copied().unwrap_or_default();
                if !is_inside(&(number as u32)) && concept.parents.iter().any(is_inside) {
                    inside[number] = true;
                    changed = true;
                }
            }
            if !changed {
                return Some(inside);
            }
        }
    }
}

impl Concept {
    /// Whether people may show the concept by this name: case and spacing do not count.
    pub fn is_called(&self, name: &str) -> bool {
        self.display.iter().chain(&self.designations).any(|known| same_name(known, name))
    }

    /// The value of a property.
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The filters and properties that a system declares; a filter comes before a property of the same name.
fn names(resource: &Value) -> Vec<(String, Option<String>)> {
    let filters = list(resource, "filter").map(|one| (own(one, "code"), None));
    let properties = list(resource, "property").map(|one| (own(one, "code"), Some(own(one, "type"))));
    filters.chain(properties).collect()
}

/// Whether two names differ in nothing but case and spacing.
pub fn same_name(one: &str, other: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    // Most names are given as they are.
    one == other || words(one) == words(other)
}

fn flatten(
    value: &Value,
    parent: Option<u32>,
    concepts: &mut Vec<Concept>,
    pairs: &mut Vec<(String, String)>,
    depth: usize,
) {
    let Ok(number) = u32::try_from(concepts.len()) else { return };
    let code = own(value, "code");
    let mut properties = Vec::new();
    for property in list(value, "property") {
        let Some(held) = property_text(property) else { continue };
        match text(property, "code").unwrap_or_default() {
            "child" => pairs.push((held, code.clone())),
            "parent" | "subsumedBy" => pairs.push((code.clone(), held)),
            name => properties.push((name.to_owned(), held)),
        }
    }
    concepts.push(Concept {
        code,
        display: text(value, "display").map(str::to_owned),
        designations: list(value, "designation")
            .filter_map(|one| text(one, "value"))
            .map(str::to_owned)
            .collect(),
        parents: parent.into_iter().collect(),
        properties,
    });
    if depth < DEPTH_MAX {
        list(value, "concept").for_each(|child| flatten(child, Some(number), concepts, pairs, depth + 1));
    }
}

/// A property's value, whatever its type, as filters write it.
fn property_text(property: &Value) -> Option<String> {
    let (_, value) = property.as_object()?.iter().find(|(name, _)| name.starts_with("value"))?;
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(coding) => coding.get("code").and_then(Value::as_str).map(str::to_owned),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn system() -> CodeSystem {
        let resource = json!({"resourceType": "CodeSystem", "url": "urn:x", "content": "complete",
            "caseSensitive": false, "concept": [
                {"code": "Animal", "concept": [{"code": "Dog", "display": "A  dog"}]},
                {"code": "Pet", "property": [{"code": "child", "valueCode": "Dog"}]}]});
        CodeSystem::read(&resource).unwrap()
    }

    #[test]
    fn finds_codes_without_regard_to_case_when_the_system_says_so() {
        assert!(system().concept("DOG").unwrap().is_called("a dog"));
        assert!(system().concept("Cat").is_none());
    }

    #[test]
    fn a_concept_may_have_several_parents() {
        assert_eq!(system().subsumed("Animal"), Some(vec![true, true, false]));
        assert_eq!(system().subsumed("Pet"), Some(vec![false, true, true]));
    }

    #[test]
    fn cycles_end() {
        let resource = json!({"resourceType": "CodeSystem", "url": "urn:x", "content": "complete", "concept": [
            {"code": "a", "property": [{"code": "parent", "valueCode": "b"}]},
            {"code": "b", "property": [{"code": "parent", "valueCode": "a"}]}]});
        assert_eq!(CodeSystem::read(&resource).unwrap().subsumed("a"), Some(vec![true, true]));
    }
}
