//! `GET /fhir/StructureDefinition…` and the like: the profiles and all they need, for whoever builds a system to them. They
//! say nothing of anybody, so they need no token.

use std::cmp::Ordering;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::address::resource_type;
use super::anybody;
use super::doors::AtDoor;
use super::outcome::{Refused, fhir};
use super::search::{self, Order, Page, Part, SORT, TOTAL};
use crate::map::Direction;
use crate::problem::{Category, Problem};
use crate::profile::engine;
use crate::profile::published::Published;

/// The types of definitions that are published.
pub const TYPES: &[&str] = &[
    "CodeSystem",
    "ConceptMap",
    "Measure",
    "OperationDefinition",
    "Questionnaire",
    "StructureDefinition",
    "StructureMap",
    "ValueSet",
];

/// What a search may ask for, besides pages.
pub const PARAMETERS: &[&str] = &["_id", "url", "name", "title", "type", "version", "status"];

/// What definitions can be sorted by.
pub const SORTED: &[&str] = &["_id", "url", "name", "title", "version", "status", "date"];

/// Which part of what was found is shown.
const PAGING: &[&str] = &["_count", "_offset"];

/// One definition; `_summary` and `_elements` give a part of it.
pub async fn get_definition(
    door: AtDoor,
    request: HttpRequest,
    part: Part,
    id: Path<String>,
) -> Result<HttpResponse, Refused> {
    let found = door.house.conformance.publications().get(resource_type(&request), &id);
    let found = found.ok_or_else(|| {
        let text = match id.starts_with('$') {
            true => "Kith has no such operation. GET /fhir/metadata lists those it has.",
            false => "Kith has no such definition. Search without parameters for those it has.",
        };
        Problem::new(Category::NotFound, text)
    })?;
    Ok(anybody::may_have(fhir(StatusCode::OK, &part.of(&found.value))))
}

/// Definitions by what they say of themselves; texts are matched from their beginning, whatever their case.
pub async fn search_definitions(
    door: AtDoor,
    request: HttpRequest,
    query: search::Query,
) -> Result<HttpResponse, Refused> {
    let parameters = query.parameters(&[PARAMETERS, PAGING, &[SORT, TOTAL]].concat())?;
    let orders = Order::read(&parameters, SORTED)?;
    let mut page = Page { count: 20, offset: 0, total: 0, paged: true };
    for (name, value) in &parameters {
        match name.as_str() {
            "_count" => page.count = search::number(name, value)?.min(200),
            "_offset" => page.offset = search::number(name, value)?,
            _ => {}
        }
    }
    let type_name = resource_type(&request);
    let all = door.house.conformance.publications().of_type(type_name);
    let mut found: Vec<&Published> =
        all.filter(|one| parameters.iter().all(|(name, value)| matches(one, name, value))).collect();
    found.sort_by(|one, other| {
        let compared =
            |order: &Order| order.turned(sorted_by(one, order.by).cmp(&sorted_by(other, order.by)));
        orders.iter().map(compared).find(|compared| compared.is_ne()).unwrap_or(Ordering::Equal)
    });
    page.total = found.len() as u64;
    let (start, count) = (page.offset as usize, page.count as usize);
    let shown: Vec<Value> = found.iter().skip(start).take(count).map(|one| one.value.clone()).collect();
    let base = &door.settings.server.public_url;
    let bundle = search::searchset(base, type_name, &parameters, &page, shown)?;
    Ok(anybody::may_have(fhir(StatusCode::OK, &bundle)))
}

/// A mapping of one direction in the text of the FHIR Mapping Language: `/maps/new-birth-visit-to-fhir.map`.
pub async fn get_map(door: AtDoor, file: Path<String>) -> Result<HttpResponse, Refused> {
    let catalogue = &door.house.catalogue;
    let found = Direction::ALL.iter().find_map(|direction| {
        let kind = file.strip_suffix(&format!("-{}.map", direction.name()))?;
        Some(catalogue.exported(catalogue.kind(kind)?, *direction).text)
    });
    let text = found.ok_or_else(|| {
        let text = "There is no such map. They are called after the record kinds: new-birth-visit-to-fhir.map, new-birth-visit-to-record.map.";
        Problem::new(Category::NotFound, text)
    })?;
    Ok(anybody::may_have(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text)))
}

/// The whole package.
pub async fn get_package(door: AtDoor) -> HttpResponse {
    let name = door.house.conformance.publications().file_name();
    let mut answer = HttpResponse::Ok();
    answer.content_type("application/gzip");
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        answer.insert_header((header::CONTENT_DISPOSITION, value));
    }
    anybody::may_have(answer.body(engine::own_archive()))
}

/// What a definition says of itself, whatever its case; what it does not say comes before all that others say.
fn sorted_by(one: &Published, name: &str) -> String {
    let text = if name == "_id" { Some(one.id.as_str()) } else { one.text(name) };
    text.unwrap_or_default().to_lowercase()
}

fn matches(one: &Published, name: &str, value: &str) -> bool {
    let text = |name: &str| one.text(name).unwrap_or_default();
    let begins = |text: &str| text.to_lowercase().starts_with(&value.to_lowercase());
    match name {
        _ if !PARAMETERS.contains(&name) => true,
        "_id" => value.split(',').any(|id| id == one.id),
        "url" => value.split(',').any(|url| Some(url) == one.url.as_deref()),
        "name" | "title" => begins(text(name)),
        _ => value.split(',').any(|code| code.rsplit('|').next() == Some(text(name))),
    }
}
