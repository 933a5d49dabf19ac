//! `ConceptMap/$translate` (<https://hl7.org/fhir/R4/conceptmap-operation-translate.html>), by the code maps of the mappings.

use serde_json::{Value, json};

use super::asked::{Asked, Code};
use super::{parameter, parameters};
use crate::problem::{Category, Problem};
use crate::profile::published::Published;
use crate::receive::doors::AtDoor;

/// What codes are by the maps that fit: with `reverse` from what the maps lead to.
pub(super) fn translate(door: &AtDoor, asked: &Asked) -> Result<Value, Problem> {
    let all = door.house.conformance.publications().of_type("ConceptMap");
    let url = asked.canonical("url", "conceptMapVersion").ok();
    let is_asked = |map: &&Published| {
        let text = |name: &str| map.text(name).unwrap_or_default();
        let versioned = format!("{}|{}", text("url"), text("version"));
        let one_of = |names: [&str; 2], wanted: &str| names.iter().any(|name| text(name) == wanted);
        url.as_ref().is_none_or(|url| *url == versioned || url == text("url"))
            && asked.text("source").is_none_or(|source| one_of(["sourceUri", "sourceCanonical"], source))
            && asked.text("target").is_none_or(|target| one_of(["targetUri", "targetCanonical"], target))
    };
    let maps: Vec<&Published> = all.filter(is_asked).collect();
    if maps.is_empty() {
        let text = "Kith has no such code map. GET /fhir/ConceptMap lists those it has.";
        return Err(Problem::new(Category::NotFound, text));
    }
    let codes = asked.codes()?;
    let reverse = match asked.text("reverse") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Problem::new(Category::BadSearch, "'reverse' is true or false.")),
    };
    let mut matches = Vec::new();
    for map in &maps {
        for group in list(&map.value, "group") {
            for code in &codes {
                matches.extend(of_group(map, group, code, reverse, asked.text("targetsystem")));
            }
        }
    }
    let message = "No code map that was asked has a translation of this code.";
    let good =
        matches.iter().any(|(equivalence, _)| !["unmatched", "disjoint"].contains(&equivalence.as_str()));
    let mut told = vec![
        parameter("result", "valueBoolean", good),
        parameter("message", "valueString", message).filter(|_| !good),
    ];
    told.extend(matches.into_iter().map(|(_, one)| Some(one)));
    Ok(parameters(told))
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// What a group of a map makes of a code, each with how alike they are.
fn of_group(
    map: &Published,
    group: &Value,
    code: &Code,
    reverse: bool,
    target_system: Option<&str>,
) -> Vec<(String, Value)> {
    let (from, to) = if reverse { ("target", "source") } else { ("source", "target") };
    let (from, to) = (text(group, from), text(group, to));
    let other =
        |system: Option<&str>, wanted: Option<&str>| wanted.is_some_and(|wanted| system != Some(wanted));
    if other(from, code.system.as_deref()) || other(to, target_system) {
        return vec![];
    }
    let mut found = Vec::new();
    for element in list(group, "element") {
        for target in list(element, "target") {
            let (given, made) = if reverse { (target, element) } else { (element, target) };
            if text(given, "code") != Some(code.code.as_str()) {
                continue;
            }
            let equivalence = text(target, "equivalence").unwrap_or("relatedto").to_owned();
            let mut concept = json!({ "code": text(made, "code") });
            for (name, value) in [("system", to), ("display", text(made, "display"))] {
                if let Some(value) = value {
                    concept[name] = json!(value);
                }
            }
            let part = json!([
                { "name": "equivalence", "valueCode": equivalence },
                { "name": "concept", "valueCoding": concept },
                { "name": "source", "valueUri": map.url },
            ]);
            found.push((equivalence, json!({ "name": "match", "part": part })));
        }
    }
    found
}
