//! A map as a StructureMap resource (<https://hl7.org/fhir/R4/structuremap.html>).

use serde_json::{Value, json};

use super::rule::{Group, Map, Rule, Target, Transform};
use crate::domain::CANONICAL;

/// The resource.
pub(super) fn of(map: &Map) -> Value {
    let (source, target) = if map.to_fhir { ("Record", "Bundle") } else { ("Bundle", "Record") };
    let structure = |alias: &str, mode: &str| {
        let url = if alias == "Record" {
            map.record.clone()
        } else {
            "http://hl7.org/fhir/StructureDefinition/Bundle".to_owned()
        };
        json!({ "url": url, "mode": mode, "alias": alias })
    };
    let name: String = map.id.split('-').map(raised).collect();
    json!({
        "resourceType": "StructureMap",
        "id": map.id,
        "url": format!("{CANONICAL}StructureMap/{}", map.id),
        "version": env!("CARGO_PKG_VERSION"),
        "name": name,
        "title": map.title,
        "status": "draft",
        "experimental": false,
        "publisher": "Kith",
        "description": format!("Made from the mapping page of the kind. {}", map.title),
        "purpose": map.purpose,
        "structure": [structure(source, "source"), structure(target, "target")],
        "group": map.groups.iter().map(group).collect::<Vec<_>>(),
    })
}

/// A word with its first letter raised.
pub(super) fn raised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

fn group(group: &Group) -> Value {
    let inputs: Vec<Value> = group
        .inputs
        .iter()
        .map(|input| {
            let mut made =
                json!({ "name": input.name, "mode": if input.source { "source" } else { "target" } });
            if let Some(kind) = input.kind {
                made["type"] = json!(kind);
            }
            made
        })
        .collect();
    let rules: Vec<Value> =
        group.rules.iter().enumerate().map(|(at, one)| rule(one, &format!("{}", at + 1))).collect();
    json!({ "name": group.name, "typeMode": "none", "input": inputs, "rule": rules })
}

/// The name of a rule: the line of the page, and the rule's place in its group.
pub(super) fn rule_name(rule: &Rule, place: &str) -> String {
    format!("line-{}.{place}", rule.line)
}

fn rule(given: &Rule, place: &str) -> Value {
    let from = &given.source;
    let mut source = json!({ "context": from.context });
    let parts = [
        ("type", &from.kind),
        ("element", &from.element),
        ("variable", &from.variable),
        ("condition", &from.condition),
    ];
    for (key, value) in parts.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?))) {
        source[key] = json!(value);
    }
    if from.first {
        source["listMode"] = json!("first");
    }
    let mut made = json!({ "name": rule_name(given, place), "source": [source] });
    if !given.targets.is_empty() {
        made["target"] = given.targets.iter().map(target).collect();
    }
    if !given.rules.is_empty() {
        let inner = given.rules.iter().enumerate();
        made["rule"] = inner.map(|(at, inner)| rule(inner, &format!("{place}.{}", at + 1))).collect();
    }
    if !given.calls.is_empty() {
        let call = |call: &super::rule::Call| json!({ "name": call.group, "variable": call.variables });
        made["dependent"] = given.calls.iter().map(call).collect();
    }
    made
}

fn target(given: &Target) -> Value {
    let mut made = json!({});
    if let Some((variable, element)) = &given.place {
        made["context"] = json!(variable);
        made["contextType"] = json!("variable");
        made["element"] = json!(element);
    }
    if let Some(variable) = &given.variable {
        made["variable"] = json!(variable);
    }
    let id = |name: &String| json!({ "valueId": name });
    let (transform, parameters) = match &given.transform {
        Transform::Element => return made,
        Transform::Copy(variable) => ("copy", vec![id(variable)]),
        Transform::Literal(value) => ("copy", vec![literal(value)]),
        Transform::Create(kind) => ("create", vec![json!({ "valueString": kind })]),
        Transform::Cast(variable, kind) => ("cast", vec![id(variable), json!({ "valueString": kind })]),
        Transform::CastText(text, kind) => {
            ("cast", vec![json!({ "valueString": text }), json!({ "valueString": kind })])
        }
        Transform::Append(text, variable) => ("append", vec![json!({ "valueString": text }), id(variable)]),
        Transform::Ended(variable, text) => ("append", vec![id(variable), json!({ "valueString": text })]),
        Transform::Truncate(variable, length) => {
            ("truncate", vec![id(variable), json!({ "valueInteger": length })])
        }
        Transform::Uuid => ("uuid", vec![]),
    };
    made["transform"] = json!(transform);
    if !parameters.is_empty() {
        made["parameter"] = json!(parameters);
    }
    made
}

fn literal(value: &Value) -> Value {
    match value {
        Value::Bool(_) => json!({ "valueBoolean": value }),
        Value::Number(number) if number.is_i64() => json!({ "valueInteger": value }),
        Value::Number(_) => json!({ "valueDecimal": value }),
        _ => json!({ "valueString": value }),
    }
}
