//! A model made from StructureDefinitions.

mod hash;
mod lazy;

use std::collections::HashMap;

use super::model::{ElementType, Model};
use crate::profile::definition::{Element, Max, Structure};
use hash::Quick;

pub use lazy::LazyTypes;

/// The types that StructureDefinitions define. Constraints on types are no types and are passed over.
#[derive(Debug, Default)]
pub struct Types {
    types: HashMap<Box<str>, Type, Quick>,
}

#[derive(Debug, Default)]
struct Type {
    /// What it is derived from; empty at the root.
    base: Box<str>,
    /// Whether it is a part of another type, which has no name of its own.
    is_part: bool,
    elements: HashMap<Box<str>, Declared, Quick>,
}

#[derive(Debug)]
struct Declared {
    name: Box<str>,
    types: Box<[Box<str>]>,
    is_choice: bool,
    is_list: bool,
}

impl Types {
    /// Reads the types of these definitions; those without a snapshot give none of their elements.
    pub fn new<'s>(structures: impl IntoIterator<Item = &'s Structure>) -> Self {
        let mut types = Self::default();
        for structure in structures {
            types.add(structure);
        }
        types
    }

    /// Adds the type that a definition defines.
    pub fn add(&mut self, structure: &Structure) {
        if structure.constrains || structure.type_name.is_empty() {
            return;
        }
        let base = structure.base.as_deref().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
        self.types.entry(structure.type_name.as_str().into()).or_default().base = base.into();
        for element in &structure.snapshot {
            self.add_element(structure, element);
        }
    }

    /// What a type is derived from, and whether it is a part of another.
    fn line(&self, name: &str) -> Option<(&str, bool)> {
        self.types.get(name).map(|one| (&*one.base, one.is_part))
    }

    fn add_element(&mut self, structure: &Structure, element: &Element) {
        let Some((parent, name)) = element.path.rsplit_once('.') else { return };
        // A part's own elements make the part a type.
        let own = match element.types.first() {
            Some(first) if matches!(first.code.as_str(), "BackboneElement" | "Element") => {
                Some(first.code.as_str())
            }
            _ => None,
        };
        let types = match (&element.content_reference, own) {
            (Some(reference), _) => {
                vec![reference.split_once('#').map_or(reference.as_str(), |(_, path)| path).into()]
            }
            (None, Some(base)) => {
                let part = self.types.entry(element.path.as_str().into()).or_default();
                part.base = base.into();
                part.is_part = true;
                vec![element.path.as_str().into()]
            }
            _ => {
                element.types.iter().map(|one| declared(&one.code, &element.path, &structure.kind)).collect()
            }
        };
        let is_choice = name.ends_with("[x]");
        let name = name.trim_end_matches("[x]");
        let most = element.base_max.or(element.max);
        let entry = Declared {
            name: name.into(),
            types: types.into(),
            is_choice,
            is_list: most.is_some_and(Max::is_many),
        };
        self.types.entry(parent.into()).or_default().elements.insert(name.into(), entry);
    }
}

/// The FHIR type of elements whose definitions name a System type: ids and addresses of extensions.
fn declared(code: &str, path: &str, kind: &str) -> Box<str> {
    let Some(system) = code.strip_prefix("http://hl7.org/fhirpath/System.") else { return code.into() };
    let is_top = path.bytes().filter(|b| *b == b'.').count() == 1;
    match (path.rsplit('.').next().unwrap_or_default(), system) {
        ("id", _) if kind == "resource" && is_top => "id".into(),
        ("url", _) => "uri".into(),
        (_, "String") => "string".into(),
        (_, "Boolean") => "boolean".into(),
        (_, "Integer") => "integer".into(),
        (_, "Decimal") => "decimal".into(),
        (_, "Date") => "date".into(),
        (_, "DateTime") => "dateTime".into(),
        (_, "Time") => "time".into(),
        _ => code.into(),
    }
}

/// Longer lines of descent are cycles.
const DESCENT_MAX: usize = 16;

impl Model for Types {
    fn element(&self, type_name: &str, element: &str) -> Option<ElementType<'_>> {
        let declared = self.types.get(type_name)?.elements.get(element)?;
        Some(ElementType {
            name: &declared.name,
            types: &declared.types,
            is_choice: declared.is_choice,
            is_list: declared.is_list,
        })
    }

    fn is_subtype(&self, type_name: &str, ancestor: &str) -> bool {
        let mut name = type_name;
        for _ in 0..DESCENT_MAX {
            if name == ancestor {
                return true;
            }
            match self.types.get(name) {
                Some(found) if !found.base.is_empty() => name = &found.base,
                _ => return false,
            }
        }
        false
    }

    fn is_type(&self, name: &str) -> bool {
        self.types.contains_key(name)
    }

    fn public_name<'m>(&'m self, type_name: &'m str) -> &'m str {
        match self.types.get(type_name) {
            Some(found) if found.is_part => &found.base,
            _ => type_name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn types() -> Types {
        let definition = json!({
            "resourceType": "StructureDefinition", "url": "http://hl7.org/fhir/StructureDefinition/Thing", "kind": "resource",
            "type": "Thing", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/DomainResource",
            "derivation": "specialization",
            "snapshot": {"element": [
                {"id": "Thing", "path": "Thing"},
                {"id": "Thing.id", "path": "Thing.id", "type": [{"code": "http://hl7.org/fhirpath/System.String"}]},
                {"id": "Thing.value[x]", "path": "Thing.value[x]", "max": "1", "type": [{"code": "Quantity"}, {"code": "string"}]},
                {"id": "Thing.part", "path": "Thing.part", "max": "*", "type": [{"code": "BackboneElement"}]},
                {"id": "Thing.part.part", "path": "Thing.part.part", "contentReference": "#Thing.part"}
            ]}
        });
        Types::new([&Structure::read(&definition).unwrap()])
    }

    #[test]
    fn elements_have_the_types_their_definition_gives() {
        let types = types();
        assert_eq!(&*types.element("Thing", "id").unwrap().types[0], "id");
        assert!(types.element("Thing", "value").unwrap().is_choice);
        assert!(types.element("Thing", "part").unwrap().is_list);
        assert_eq!(&*types.element("Thing.part", "part").unwrap().types[0], "Thing.part");
        assert_eq!(types.member("Thing", "valueQuantity").unwrap().1, "Quantity");
        assert!(types.member("Thing", "value").is_none());
        assert!(types.member("Thing", "valueBoolean").is_none());
        assert!(types.element("Thing", "valueQuantity").is_none());
    }

    #[test]
    fn types_know_their_line() {
        let types = types();
        assert!(types.is_subtype("Thing", "DomainResource"));
        assert!(types.is_subtype("Thing.part", "BackboneElement"));
        assert!(!types.is_subtype("Thing", "BackboneElement"));
        assert_eq!(types.public_name("Thing.part"), "BackboneElement");
    }
}
