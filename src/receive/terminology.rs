//! Questions about codes (<https://hl7.org/fhir/R4/terminology-service.html>): what a value set holds, whether a code is in it, what a code
//! means, whether one is a kind of another, and what a code of one form is in another (the code maps of the mappings).
//!
//! Answers come from R4, Kith's own definitions and loaded packages alone. Where a system is not held (SNOMED CT, LOINC, …) the answer is
//! that it cannot be told, never a guess. No token is needed: nothing is said of anybody.

mod asked;
mod capabilities;
mod codes;
mod expand;
mod meant;
mod translate;

use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::doors::AtDoor;
use super::outcome::{Refused, fhir};
use crate::problem::{Category, Issue, Problem};
use crate::profile::definitions::DefinitionError;
use asked::Asked;
use meant::Meant;

pub use capabilities::capabilities;

/// An operation on codes.
pub struct Operation {
    /// Its name, without the dollar sign.
    pub name: &'static str,
    /// The type that it is an operation of.
    pub on: &'static str,
    /// Whether it may be asked of one definition by its id.
    pub of_one: bool,
    /// What it takes.
    pub parameters: &'static [&'static str],
    /// The parameter in which it takes a definition of the type itself, where it does; such a definition may also be the body.
    pub resource: Option<&'static str>,
    /// What it gives.
    pub gives: &'static str,
    /// What it is for.
    pub words: &'static str,
}

/// All of them.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "expand",
        on: "ValueSet",
        of_one: true,
        parameters: &["url", "valueSetVersion", "filter", "count", "offset"],
        resource: Some("valueSet"),
        gives: "ValueSet",
        words: "The codes of a value set.",
    },
    Operation {
        name: "validate-code",
        on: "ValueSet",
        of_one: true,
        parameters: &["url", "valueSetVersion", "system", "code", "display"],
        resource: Some("valueSet"),
        gives: "Parameters",
        words: "Whether a code is in a value set, and is called so.",
    },
    Operation {
        name: "validate-code",
        on: "CodeSystem",
        of_one: true,
        parameters: &["url", "version", "code", "display"],
        resource: None,
        gives: "Parameters",
        words: "Whether a code system has a code, and calls it so.",
    },
    Operation {
        name: "lookup",
        on: "CodeSystem",
        of_one: false,
        parameters: &["system", "version", "code"],
        resource: None,
        gives: "Parameters",
        words: "What a code means.",
    },
    Operation {
        name: "subsumes",
        on: "CodeSystem",
        of_one: true,
        parameters: &["system", "version", "codeA", "codeB"],
        resource: None,
        gives: "Parameters",
        words: "Whether one code is a kind of another.",
    },
    Operation {
        name: "translate",
        on: "ConceptMap",
        of_one: true,
        parameters: &[
            "url",
            "conceptMapVersion",
            "system",
            "code",
            "source",
            "target",
            "targetsystem",
            "reverse",
        ],
        resource: None,
        gives: "Parameters",
        words: "What a word of a record is as a code, and with reverse what a code is as a word, by the code maps of the mappings.",
    },
];

/// The operation that an address names: `/fhir/TYPE/$name`, `/fhir/TYPE/ID/$name`.
fn operation(request: &HttpRequest) -> Option<&'static Operation> {
    let type_name = super::address::resource_type(request);
    let name = request.path().rsplit('/').next()?.strip_prefix('$')?;
    OPERATIONS.iter().find(|one| one.on == type_name && one.name == name)
}

/// Answers the operation that the address names.
pub async fn answer(door: AtDoor, request: HttpRequest, payload: Payload) -> Result<HttpResponse, Refused> {
    let operation = operation(&request).ok_or_else(|| {
        Problem::new(Category::NotFound, "Kith has no such operation. GET /fhir/metadata lists those it has.")
    })?;
    let mut asked = Asked::read(&door, &request, payload, operation).await?;
    if let Some(id) = request.match_info().get("id") {
        let found = door.house.conformance.publications().get(operation.on, id);
        let url = found.and_then(|one| one.url.clone());
        let url = url.ok_or_else(|| {
            Problem::new(
                Category::NotFound,
                "Kith has no such definition. Search without parameters for those it has.",
            )
        })?;
        asked.is_about(if operation.name == "subsumes" { "system" } else { "url" }, url)?;
    }
    let definitions = door.house.conformance.definitions();
    let told = match (operation.name, operation.on) {
        ("expand", _) => expand::expand(&asked, &Meant::by(&door, &asked).await?)?,
        ("validate-code", "ValueSet") => codes::is_in(definitions, &asked, &Meant::by(&door, &asked).await?)?,
        ("validate-code", _) => codes::is_of(definitions, &asked)?,
        ("lookup", _) => codes::lookup(definitions, &asked)?,
        ("subsumes", _) => codes::subsumes(definitions, &asked)?,
        _ => translate::translate(&door, &asked)?,
    };
    Ok(fhir(StatusCode::OK, &told))
}

/// Why a definition cannot be used, for whoever asked for it: it is not here, or of no use.
fn unusable(error: &DefinitionError) -> Problem {
    let (category, code) = match error {
        DefinitionError::Unknown { .. } | DefinitionError::OtherVersion { .. } => {
            (Category::NotFound, "not-found")
        }
        DefinitionError::TooCostly { .. } => (Category::Invalid, "too-costly"),
        _ => (Category::Invalid, "processing"),
    };
    Problem::with(category, vec![Issue::error(code, format!("It cannot be told: {error}."))])
}

/// What cannot be told from what is here.
fn untold(why: &str) -> Problem {
    Problem::with(
        Category::Invalid,
        vec![Issue::error("not-supported", format!("It cannot be told: {why}."))],
    )
}

/// Parameters, of which those without a value are left out.
fn parameters(all: Vec<Option<Value>>) -> Value {
    let all: Vec<Value> = all.into_iter().flatten().collect();
    json!({ "resourceType": "Parameters", "parameter": all })
}

/// A parameter with a value of a type: `valueString`.
fn parameter(name: &str, kind: &str, value: impl Into<Value>) -> Option<Value> {
    let mut made = json!({ "name": name });
    made[kind] = value.into();
    Some(made)
}
