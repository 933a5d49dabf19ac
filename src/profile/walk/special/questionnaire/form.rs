//! A Questionnaire, read as far as answers are checked against it
//! (<https://hl7.org/fhir/R4/questionnaire.html>).

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use crate::profile::needs::{Definitions, Holds, Membership};

/// Fewest answers.
pub const MIN_OCCURS: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs";
/// Most answers.
pub const MAX_OCCURS: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs";
/// Least value.
pub const MIN_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/minValue";
/// Greatest value.
pub const MAX_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/maxValue";
/// Least quantity.
pub const MIN_QUANTITY: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-minQuantity";
/// Greatest quantity.
pub const MAX_QUANTITY: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity";
/// Fewest characters.
pub const MIN_LENGTH: &str = "http://hl7.org/fhir/StructureDefinition/minLength";
/// Most digits after the point.
pub const DECIMALS: &str = "http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces";
/// A pattern that text must match.
pub const REGEX: &str = "http://hl7.org/fhir/StructureDefinition/regex";
/// A media type of attachments.
pub const MIME_TYPE: &str = "http://hl7.org/fhir/StructureDefinition/mimeType";
/// Most bytes of attachments.
pub const MAX_SIZE: &str = "http://hl7.org/fhir/StructureDefinition/maxSize";
/// A unit of quantities.
pub const UNIT_OPTION: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption";
/// The units of quantities, as a value set.
pub const UNIT_VALUE_SET: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitValueSet";
/// A profile that what a reference means must meet.
pub const PROFILE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-referenceProfile";
/// A type of resource that a reference may mean.
pub const RESOURCE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-referenceResource";
/// An option that excludes the others.
pub const EXCLUSIVE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive";

/// A questionnaire.
pub struct Form<'f> {
    /// Its items.
    pub items: Vec<Item<'f>>,
    /// The questionnaire itself.
    source: &'f Value,
    /// The value sets inside it that were asked for, by id.
    inside: RefCell<HashMap<String, Box<Holds>>>,
}

/// An item.
#[derive(Debug)]
pub struct Item<'f> {
    /// `linkId`
    pub link: &'f str,
    /// `type`
    pub kind: &'f str,
    /// Whether an answer must be given.
    pub required: bool,
    /// Whether several may be given.
    pub repeats: bool,
    /// Items below.
    pub items: Vec<Item<'f>>,
    /// The item itself.
    pub source: &'f Value,
}

const DEPTH_MAX: usize = 64;

impl<'f> Form<'f> {
    /// Reads a Questionnaire.
    pub fn read(questionnaire: &'f Value) -> Self {
        Self { items: items(questionnaire, 0), source: questionnaire, inside: RefCell::default() }
    }

    /// Whether a code is in a value set, which may stand inside the questionnaire (`#id`).
    pub fn member(
        &self,
        definitions: &dyn Definitions,
        value_set: &str,
        system: Option<&str>,
        code: &str,
    ) -> Membership {
        let Some(id) = value_set.strip_prefix('#') else {
            return definitions.member(value_set, system, code);
        };
        let Some(found) = list(self.source, "contained").find(|one| string(one, "id") == Some(id)) else {
            return Membership::CannotTell;
        };
        let mut inside = self.inside.borrow_mut();
        inside.entry(id.to_owned()).or_insert_with(|| definitions.holds(found))(system, code)
    }

    /// The item with that linkId, wherever it is.
    pub fn find(&self, link: &str) -> Option<&Item<'f>> {
        let mut queue: Vec<&Item<'f>> = self.items.iter().collect();
        while let Some(item) = queue.pop() {
            if item.link == link {
                return Some(item);
            }
            queue.extend(&item.items);
        }
        None
    }
}

fn items(parent: &Value, depth: usize) -> Vec<Item<'_>> {
    if depth > DEPTH_MAX {
        return vec![];
    }
    list(parent, "item")
        .map(|item| Item {
            link: string(item, "linkId").unwrap_or_default(),
            kind: string(item, "type").unwrap_or_default(),
            required: item.get("required") == Some(&Value::Bool(true)),
            repeats: item.get("repeats") == Some(&Value::Bool(true)),
            items: items(item, depth + 1),
            source: item,
        })
        .collect()
}

impl<'f> Item<'f> {
    /// The values of an extension.
    pub fn extensions(&self, url: &str) -> impl Iterator<Item = &'f Value> + use<'f> {
        extensions(self.source, url)
    }

    /// The number that an extension gives.
    pub fn number(&self, url: &str) -> Option<f64> {
        self.extensions(url).next().and_then(Value::as_f64)
    }
}

/// The values of an element's extensions with that address.
pub fn extensions<'v>(element: &'v Value, url: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    let url = url.to_owned();
    let own = move |one: &&'v Value| string(one, "url") == Some(url.as_str());
    list(element, "extension").filter(own).filter_map(value)
}

/// The value of a choice element named `value`.
pub fn value(element: &Value) -> Option<&Value> {
    typed(element).map(|(_, value)| value)
}

/// The type's name and the value of a choice element named `value`.
pub fn typed(element: &Value) -> Option<(&str, &Value)> {
    element.as_object()?.iter().find_map(|(name, value)| Some((name.strip_prefix("value")?, value)))
}

/// The items of a list member.
pub fn list<'v>(element: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    element.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// A member's text.
pub fn string<'v>(element: &'v Value, name: &str) -> Option<&'v str> {
    element.get(name).and_then(Value::as_str)
}
