//! `ValueSet/$expand` (<https://hl7.org/fhir/R4/valueset-operation-expand.html>).

use serde_json::{Value, json};
use uuid::Uuid;

use super::asked::Asked;
use super::{untold, unusable};
use crate::clock;
use crate::problem::{Category, Issue, Problem};
use crate::profile::published::Publications;
use crate::profile::terminology::ValueSet;
use crate::receive::doors::AtDoor;

/// As many codes as an answer holds.
const CODES_MAX: usize = 10_000;

/// The value set with its codes, or a page of them.
pub(super) fn expand(door: &AtDoor, asked: &Asked) -> Result<Value, Problem> {
    let conformance = &door.house.conformance;
    let canonical = asked.canonical("url", "valueSetVersion")?;
    let definitions = conformance.definitions();
    let value_set = definitions.value_set(&canonical).map_err(|error| unusable(&error))?;
    let expansion = definitions.expansion(&canonical).map_err(|error| unusable(&error))?;
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
    let mut told = said_of(conformance.publications(), &value_set);
    told["expansion"] = expanded;
    Ok(told)
}

/// What is known of the value set besides its codes; of the definitions of others no more is kept than these.
fn said_of(publications: &Publications, value_set: &ValueSet) -> Value {
    let own = publications.of_type("ValueSet").find(|one| one.url.as_deref() == Some(value_set.url.as_str()));
    let mut told = json!({ "resourceType": "ValueSet", "url": value_set.url, "status": "unknown" });
    for name in ["id", "version", "name", "title", "status"] {
        if let Some(value) = own.and_then(|own| own.value.get(name)) {
            told[name] = value.clone();
        }
    }
    if let Some(version) = &value_set.version {
        told["version"] = json!(version);
    }
    told
}
