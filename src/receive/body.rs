//! A request's body, read within its limits: size, media type, then strict JSON.

use actix_web::HttpRequest;
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt;
use serde_json::Value;

use super::accept::is_of_another_version;
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
    let is_r4 = !parts.clone().any(is_of_another_version);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        part.to_ascii_lowercase().strip_prefix("charset=").map(|c| c.trim_matches('"').to_owned())
    });
    let known = ["application/fhir+json", "application/json"].contains(&essence.as_str());
    let utf8 = charset.is_none_or(|charset| charset == "utf-8");
    let plain = ["", "identity"].contains(&header("content-encoding"));
    if known && utf8 && plain && is_r4 {
        return Ok(());
    }
    if !is_r4 {
        let text = "Kith takes FHIR R4. Send it so, with fhirVersion=4.0 or without a version.";
        return Err(Problem::new(Category::MediaType, text));
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

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::media_type;

    #[test]
    fn a_body_is_json_of_r4() {
        let sends = |kind: &str| {
            let request = TestRequest::default().insert_header(("content-type", kind)).to_http_request();
            media_type(&request).is_ok()
        };
        for good in [
            "application/fhir+json",
            "application/json; charset=UTF-8",
            "application/fhir+json; fhirVersion=4.0",
            "application/fhir+json;charset=\"utf-8\";fhirversion=4.0.1",
        ] {
            assert!(sends(good), "{good}");
        }
        for bad in [
            "",
            "text/json",
            "application/json; charset=latin1",
            "application/fhir+json; fhirVersion=5.0",
            "application/fhir+json; fhirVersion=4.3",
        ] {
            assert!(!sends(bad), "{bad}");
        }
    }
}
