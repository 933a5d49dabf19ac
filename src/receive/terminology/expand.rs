//! `ValueSet/$expand` (<https://hl7.org/fhir/R4/valueset-operation-expand.html>).

use serde_json::{Value, json};
use uuid::Uuid;

use super::asked::Asked;
use super::meant::Meant;
use super::untold;
use crate::clock;
use crate::problem::{Category, Issue, Problem};

/// As many codes as an answer holds.
const CODES_MAX: usize = 10_000;

/// The value set with its codes, or a page of them.
pub(super) fn expand(asked: &Asked, meant: &Meant) -> Result<Value, Problem> {
    let expansion = &meant.expansion;
    if let Some(why) = expansion.unlisted() {
        return Err(untold(&format!("not all of its codes can be listed: {why}")));
    }
    let wanted = asked.text("filter").map(str::to_lowercase);
    let fits = |(_, code, display): &(&str, &str, Option<&str>)| {
        wanted.as_ref().is_none_or(|wanted| {
            code.to_lowercase().contains(wanted)
                || display.is_some_and(|display| display.to_lowercase().contains(wanted))
        })
    };
    let found: Vec<_> = expansion.codes().into_iter().filter(fits).collect();
    let (offset, count) = (asked.number("offset")?.unwrap_or_default(), asked.number("count")?);
    if found.len().saturating_sub(offset).min(count.unwrap_or(usize::MAX)) > CODES_MAX {
        let text = format!(
            "It holds {} codes, and at most {CODES_MAX} are given at once: ask for a page (count, offset).",
            found.len()
        );
        return Err(Problem::with(Category::Invalid, vec![Issue::error("too-costly", text)]));
    }
    let page = found.iter().skip(offset).take(count.unwrap_or(usize::MAX));
    let contains: Vec<Value> = page
        .map(|(system, code, display)| {
            let mut one = json!({ "system": system, "code": code });
            if let Some(display) = display {
                one["display"] = json!(display);
            }
            one
        })
        .collect();
    let mut expanded = json!({
        "identifier": Uuid::new_v4().urn().to_string(),
        "timestamp": clock::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "total": found.len(),
        "offset": offset,
    });
    let said: Vec<Value> = [
        asked.text("filter").map(|filter| json!({ "name": "filter", "valueString": filter })),
        count.map(|count| json!({ "name": "count", "valueInteger": count })),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !said.is_empty() {
        expanded["parameter"] = json!(said);
    }
    if !contains.is_empty() {
        expanded["contains"] = json!(contains);
    }
    let mut told = meant.said.clone();
    told["expansion"] = expanded;
    Ok(told)
}
