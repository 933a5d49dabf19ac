//! `GET /health/live` and `/health/ready`: for the operator's monitors; no token, nothing but states.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde_json::json;

use super::doors::{AtDoor, Doors};
use crate::clock;

/// The process answers.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "up" }))
}

/// Messages can be accepted: the store and its journal can be written, the clock was not set back, and the keys of at least one identity
/// provider are at hand. Where the newest files of the configuration are broken, older ones count: messages can be accepted, and the answer
/// says so.
pub async fn ready(door: AtDoor, doors: Data<Doors>) -> HttpResponse {
    let store = door.house.store.ready().await;
    if let Err(error) = &store {
        tracing::error!(cause = %error, "the store is not ready");
    }
    let now = clock::now();
    let clock = door.house.clockwork.check(now);
    let issuers = door.issuers.at_hand(now).await;
    let configuration = if doors.fault().is_some() { "an older one counts" } else { "up" };
    let word = |good: bool| if good { "up" } else { "down" };
    let good = store.is_ok() && clock.is_ok() && issuers.values().any(|at_hand| *at_hand);
    let issuers: BTreeMap<&str, &str> = issuers.into_iter().map(|(name, good)| (name, word(good))).collect();
    let status = if good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    HttpResponse::build(status).json(json!({
        "status": word(good),
        "store": word(store.is_ok()),
        "clock": word(clock.is_ok()),
        "issuers": issuers,
        "configuration": configuration,
    }))
}
