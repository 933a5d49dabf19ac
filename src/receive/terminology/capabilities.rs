//! `GET /fhir/metadata?mode=terminology`: of which systems codes are known, and what can be asked of them
//! (<https://hl7.org/fhir/R4/terminologycapabilities.html>).

use serde_json::{Value, json};

use super::{OPERATIONS, unusable};
use crate::problem::Problem;
use crate::profile::definitions::Definitions;

/// The TerminologyCapabilities of what is here.
pub fn capabilities(definitions: &Definitions, base: &str) -> Result<Value, Problem> {
    let systems = definitions.code_systems().map_err(|error| unusable(&error))?;
    let of_expand = OPERATIONS.iter().find(|one| one.name == "expand").map_or(&[][..], |one| one.parameters);
    Ok(json!({
        "resourceType": "TerminologyCapabilities",
        "name": "KithTerminology",
        "title": "Kith: codes",
        "status": "active",
        "date": "2026-11-29",
        "kind": "instance",
        "software": { "name": "Kith", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "The code systems of FHIR R4, of Kith's profiles and of loaded packages.", "url": base },
        "codeSystem": systems.iter().map(|uri| json!({ "uri": uri })).collect::<Vec<Value>>(),
        "expansion": {
            "hierarchical": false,
            "paging": true,
            "incomplete": false,
            "parameter": of_expand.iter().map(|name| json!({ "name": name })).collect::<Vec<Value>>(),
            "textFilter": "Letters that stand somewhere in the code or its name, whatever their case.",
        },
        "validateCode": { "translations": false },
        "translation": { "needsMap": false },
    }))
}
