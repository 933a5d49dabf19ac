//! `GET /journal/heads`: signed heads of the journal, for whoever keeps them elsewhere. They say nothing of anybody, so they need no token.

use actix_web::HttpResponse;
use serde_json::json;

use super::doors::AtDoor;
use super::outcome::Refused;
use crate::pipeline::unavailable;

/// All of them, oldest first.
pub async fn get_heads(door: AtDoor) -> Result<HttpResponse, Refused> {
    let heads = door.house.store.signed_heads().await.map_err(|error| unavailable(&error))?;
    Ok(HttpResponse::Ok().json(json!({ "heads": heads })))
}
