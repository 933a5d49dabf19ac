//! A map in the text of the FHIR Mapping Language (<https://hl7.org/fhir/R4/mapping-language.html>).

use std::fmt::Write;

use serde_json::Value;

use super::resource::rule_name;
use super::rule::{Group, Map, Rule, Target, Transform, quoted};
use crate::domain::CANONICAL;

/// The text.
pub(super) fn of(map: &Map) -> String {
    let mut text = String::new();
    let (source, target) = if map.to_fhir { ("Record", "Bundle") } else { ("Bundle", "Record") };
    let structure = |alias: &str| {
        if alias == "Record" { map.record.as_str() } else { "http://hl7.org/fhir/StructureDefinition/Bundle" }
    };
    let _ = writeln!(text, "map \"{CANONICAL}StructureMap/{}\" = \"{}\"\n", map.id, map.id);
    let _ = writeln!(text, "// {}", map.title);
    for line in map.purpose.lines() {
        let _ = writeln!(text, "// {line}");
    }
    let _ = writeln!(text, "\nuses \"{}\" alias {source} as source", structure(source));
    let _ = writeln!(text, "uses \"{}\" alias {target} as target", structure(target));
    for one in &map.groups {
        group(&mut text, one);
    }
    text
}

fn group(text: &mut String, group: &Group) {
    let inputs: Vec<String> = group
        .inputs
        .iter()
        .map(|input| {
            let mode = if input.source { "source" } else { "target" };
            let kind = input.kind.map_or_else(String::new, |kind| format!(" : {kind}"));
            format!("{mode} {}{kind}", input.name)
        })
        .collect();
    let _ = writeln!(text, "\ngroup {}({}) {{", group.name, inputs.join(", "));
    for (at, one) in group.rules.iter().enumerate() {
        rule(text, one, &format!("{}", at + 1), 1);
    }
    text.push_str("}\n");
}

fn rule(text: &mut String, given: &Rule, place: &str, depth: usize) {
    let indent = "  ".repeat(depth);
    let from = &given.source;
    let _ = write!(text, "{indent}{}", from.context);
    if let Some(element) = &from.element {
        let _ = write!(text, ".{element}");
    }
    if let Some(kind) = &from.kind {
        let _ = write!(text, " : {kind}");
    }
    if from.first {
        text.push_str(" first");
    }
    if let Some(variable) = &from.variable {
        let _ = write!(text, " as {variable}");
    }
    if let Some(condition) = &from.condition {
        let _ = write!(text, " where ({condition})");
    }
    if !given.targets.is_empty() {
        let targets: Vec<String> = given.targets.iter().map(target).collect();
        let _ = write!(text, " -> {}", targets.join(", "));
    }
    if !given.calls.is_empty() {
        let calls = given.calls.iter().map(|call| format!("{}({})", call.group, call.variables.join(", ")));
        let _ = write!(text, " then {}", calls.collect::<Vec<_>>().join(", "));
    }
    if !given.rules.is_empty() {
        text.push_str(" then {\n");
        for (at, inner) in given.rules.iter().enumerate() {
            rule(text, inner, &format!("{place}.{}", at + 1), depth + 1);
        }
        let _ = write!(text, "{indent}}}");
    }
    let _ = writeln!(text, " \"{}\";", rule_name(given, place));
}

fn target(given: &Target) -> String {
    let made = match &given.transform {
        Transform::Element => None,
        Transform::Copy(variable) => Some(variable.clone()),
        Transform::Literal(Value::String(literal)) => Some(quoted(literal)),
        Transform::Literal(value) => Some(value.to_string()),
        Transform::Create(kind) => Some(format!("create({})", quoted(kind))),
        Transform::Cast(variable, kind) => Some(format!("cast({variable}, {})", quoted(kind))),
        Transform::CastText(text, kind) => Some(format!("cast({}, {})", quoted(text), quoted(kind))),
        Transform::Append(text, variable) => Some(format!("append({}, {variable})", quoted(text))),
        Transform::Ended(variable, text) => Some(format!("append({variable}, {})", quoted(text))),
        Transform::Truncate(variable, length) => Some(format!("truncate({variable}, {length})")),
        Transform::Uuid => Some("uuid()".to_owned()),
    };
    let place = given.place.as_ref().map(|(variable, element)| format!("{variable}.{element}"));
    let said = match (place, made) {
        (Some(place), Some(made)) => format!("{place} = {made}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => String::new(),
    };
    given.variable.as_ref().map_or(said.clone(), |variable| format!("{said} as {variable}"))
}
