//! What a ValueSet says of the codes it holds, reduced to what validation needs
//! (<https://hl7.org/fhir/R4/valueset.html>).

use serde_json::Value;

use crate::profile::definition::{list, own, text, texts};

/// How deep an expansion may nest.
const DEPTH_MAX: usize = 64;

/// A ValueSet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueSet {
    /// Canonical address.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// What it holds.
    pub include: Vec<Part>,
    /// What it does not hold all the same.
    pub exclude: Vec<Part>,
    /// All its codes, where somebody has worked them out.
    pub expansion: Option<Vec<Code>>,
}

/// A part of a compose: codes for which everything said holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The system that the codes are from.
    pub system: Option<String>,
    /// These codes, with their names here; empty means no such limit.
    pub concepts: Vec<(String, Option<String>)>,
    /// Conditions that all must hold.
    pub filters: Vec<Filter>,
    /// Value sets that all must hold the code.
    pub value_sets: Vec<String>,
}

/// A condition on concepts (<https://hl7.org/fhir/R4/valueset-filter-operator.html>).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The property looked at, such as `concept` or `parent`.
    pub property: String,
    /// How, such as `is-a`.
    pub operator: String,
    /// The value it is held against.
    pub value: String,
}

/// A code of an expansion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// The system it is from.
    pub system: String,
    /// The code.
    pub code: String,
    /// Its name.
    pub display: Option<String>,
}

impl ValueSet {
    /// Reads a ValueSet resource; `None` when it is not one.
    pub fn read(resource: &Value) -> Option<Self> {
        if text(resource, "resourceType")? != "ValueSet" {
            return None;
        }
        let parts = |name: &str| {
            let compose = resource.get("compose");
            compose.into_iter().flat_map(|compose| list(compose, name)).map(Part::read).collect()
        };
        Some(Self {
            url: own(resource, "url"),
            version: text(resource, "version").map(str::to_owned),
            include: parts("include"),
            exclude: parts("exclude"),
            expansion: resource.get("expansion").and_then(expansion),
        })
    }
}

impl Part {
    fn read(value: &Value) -> Self {
        let filters = list(value, "filter").map(|filter| Filter {
            property: own(filter, "property"),
            operator: own(filter, "op"),
            value: own(filter, "value"),
        });
        Self {
            system: text(value, "system").map(str::to_owned),
            concepts: list(value, "concept")
                .map(|one| (own(one, "code"), text(one, "display").map(str::to_owned)))
                .collect(),
            filters: filters.collect(),
            value_sets: texts(value, "valueSet"),
        }
    }
}

/// The codes of an expansion, if it is whole. Part of one (`total`, or a page by `offset`) proves nothing of the rest.
fn expansion(value: &Value) -> Option<Vec<Code>> {
    let mut codes = Vec::new();
    contains(value, &mut codes, 0);
    let total = value.get("total").and_then(Value::as_u64).unwrap_or_default();
    let is_whole = value.get("offset").is_none() && total <= codes.len() as u64 && !codes.is_empty();
    is_whole.then_some(codes)
}

fn contains(value: &Value, codes: &mut Vec<Code>, depth: usize) {
    for one in list(value, "contains") {
        // An abstract entry is a heading, and no code to be used.
        let is_heading = one.get("abstract").and_then(Value::as_bool).unwrap_or_default();
        if let (Some(code), false) = (text(one, "code"), is_heading) {
            codes.push(Code {
                system: own(one, "system"),
                code: code.to_owned(),
                display: text(one, "display").map(str::to_owned),
            });
        }
        if depth < DEPTH_MAX {
            contains(one, codes, depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_is_included_and_excluded() {
        let set = ValueSet::read(&json!({"resourceType": "ValueSet", "url": "urn:v", "compose": {
            "include": [{"system": "urn:s", "filter": [{"property": "concept", "op": "is-a", "value": "a"}]}],
            "exclude": [{"system": "urn:s", "concept": [{"code": "b"}]}]}}))
        .unwrap();
        assert_eq!(set.include[0].filters[0].operator, "is-a");
        assert_eq!(set.exclude[0].concepts, vec![("b".to_owned(), None)]);
        assert_eq!(set.expansion, None);
    }

    #[test]
    fn a_page_of_an_expansion_is_none() {
        let read = |total: u64| {
            let resource = json!({"resourceType": "ValueSet", "url": "urn:v",
                "expansion": {"total": total, "contains": [{"system": "urn:s", "code": "a"}]}});
            ValueSet::read(&resource).unwrap().expansion
        };
        assert_eq!(read(1).map(|codes| codes.len()), Some(1));
        assert_eq!(read(2), None);
    }
}
