//! `/developers` and what is below it: Kith's forms, profiles and codes for people who build a system. The same for anybody.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

use super::doors::AtDoor;
use super::pages::{RefusedPage, page};
use crate::catalogue::Kind;
use crate::map;
use crate::page::developers::{self, Form, Listed, Row};
use crate::problem::{Category, Problem};

/// Where to begin.
pub async fn get_developers(door: AtDoor) -> Result<HttpResponse, RefusedPage> {
    let listed = |kind: &Kind| Listed {
        kind: kind.name.clone(),
        title: kind.mapping.title.clone(),
        is_sent: kind.mapping.has_door(),
        is_only_received: kind.mapping.receive_only,
    };
    let forms: Vec<Listed> = door.house.catalogue.kinds().map(|kind| listed(kind)).collect();
    let base = &door.settings.server.public_url;
    Ok(page(StatusCode::OK, developers::html(&door.house.conformance, base, &forms)?))
}

/// A form with its mapping.
pub async fn get_form(door: AtDoor, kind: Path<String>) -> Result<HttpResponse, RefusedPage> {
    let kind = door.house.catalogue.kind(&kind).ok_or_else(nothing)?;
    let row = |[resource, record, fhir, shape, dataset, _]: [String; 6]| Row {
        resource,
        record,
        fhir,
        shape,
        dataset,
    };
    let example = |(name, record): &(String, serde_json::Value)| {
        Some((name.clone(), serde_json::to_string_pretty(record).ok()?))
    };
    let form = Form {
        kind: kind.name.clone(),
        title: kind.mapping.title.clone(),
        is_sent: kind.mapping.has_door(),
        is_only_received: kind.mapping.receive_only,
        is_flat: !kind.mapping.columns.is_empty(),
        event: format!("{}|{}", kind.mapping.event.0, kind.mapping.event.1),
        rows: map::lines(&kind.mapping).map(row).collect(),
        examples: kind.examples.iter().filter_map(example).collect(),
    };
    Ok(page(StatusCode::OK, developers::form(&door.house.conformance, &form)?))
}

/// A profile, an extension or a form's model.
pub async fn get_profile(door: AtDoor, id: Path<String>) -> Result<HttpResponse, RefusedPage> {
    let html = developers::profile(&door.house.conformance, &id)?.ok_or_else(nothing)?;
    Ok(page(StatusCode::OK, html))
}

/// A list of codes.
pub async fn get_codes(door: AtDoor, of: Path<(String, String)>) -> Result<HttpResponse, RefusedPage> {
    let html = developers::codes(&door.house.conformance, &of.0, &of.1)?.ok_or_else(nothing)?;
    Ok(page(StatusCode::OK, html))
}

fn nothing() -> Problem {
    Problem::new(Category::NotFound, "Kith has no such definition. The page for developers lists all.")
}
