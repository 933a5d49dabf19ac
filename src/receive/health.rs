//! `GET /health/live` and `/health/ready`: for the operator's monitors; no token, nothing but states.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use super::access::Door;

/// The process answers.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "up" }))
}

/// Messages can be accepted: the store and its journal can be written.
pub async fn ready(door: Data<Door>) -> HttpResponse {
    match door.house.store.ready().await {
        Ok(()) => HttpResponse::Ok().json(json!({ "status": "up", "store": "up" })),
        Err(error) => {
            tracing::error!(cause = %error, "the store is not ready");
            HttpResponse::ServiceUnavailable().json(json!({ "status": "down", "store": "down" }))
        }
    }
}
