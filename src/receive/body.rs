//! A request's body, read within its limits: size, media type, then strict JSON.

use actix_web::HttpRequest;
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt;
use serde_json::Value;

use super::access::Door;
use crate::json::{self, Limits};
use crate::problem::{Category, Problem};

/// A body as it came, and as JSON.
pub struct Body {
    /// The bytes, for the hash that knows the same body again.
    pub bytes: Bytes,
    /// The value.
    pub value: Value,
}

impl Body {
    /// The text. What is no UTF-8 is no JSON, so that nothing is replaced here.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Reads a JSON body; `application/json` or `application/fhir+json`.
pub async fn read(door: &Door, request: &HttpRequest, payload: Payload) -> Result<Body, Problem> {
    media_type(request)?;
    let limit = door.settings.server.body_bytes_max;
    let bytes = bytes(request, payload, limit).await?;
    if bytes.is_empty() {
        return Err(Problem::new(Category::Structure, "The request has no body. Send one JSON object."));
    }
    let value = json::read(&bytes, Limits { depth: door.settings.server.json_depth_max })?;
    if !value.is_object() {
        return Err(Problem::new(Category::Structure, "The body must be one JSON object."));
    }
    Ok(Body { bytes, value })
}

fn media_type(request: &HttpRequest) -> Result<(), Problem> {
    let header =
        |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = header("content-type").split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        part.to_ascii_lowercase().strip_prefix("charset=").map(|c| c.trim_matches('"').to_owned())
    });
    let known = ["application/fhir+json", "application/json"].contains(&essence.as_str());
    let utf8 = charset.is_none_or(|charset| charset == "utf-8");
    let plain = ["", "identity"].contains(&header("content-encoding"));
    if known && utf8 && plain {
        return Ok(());
    }
    let text =
        "Send Content-Type: application/fhir+json (or application/json), in UTF-8, without Content-Encoding.";
    Err(Problem::new(Category::MediaType, text))
}

async fn bytes(request: &HttpRequest, mut payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    let too_large = || {
        Problem::new(
            Category::TooLarge,
            format!("The body is larger than {limit} bytes. Send one message at a time."),
        )
    };
    let announced =
        request.headers().get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::new(Category::Structure, "The body ended before it was complete. Send it again.")
        })?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}
