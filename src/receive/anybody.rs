//! What is the same for anybody and needs no token: whoever has it asks whether it still is so, and it comes packed to who can unpack it
//! (<https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3>, `#section-12.5.3`). Nothing about a child is answered so: how small it packs would
//! tell what is in it.

use std::io::Write;

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::Compression;
use flate2::write::GzEncoder;
use uuid::Uuid;

use super::versions;

/// Whoever keeps it asks each time.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// What is shorter is hardly shorter when packed.
const PACKED_FROM: usize = 1024;

/// Says of an answer that it is one for anybody.
pub fn may_have(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().insert(CACHE_CONTROL, ASK_AGAIN);
    answer
}

/// Gives what anybody may have its ETag; 304 to who has it already; packed to who takes gzip. All else stays as it is.
pub async fn known_again(answer: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let reads = matches!(*answer.request().method(), Method::GET | Method::HEAD);
    if !reads || answer.status() != StatusCode::OK || answer.headers().get(CACHE_CONTROL) != Some(&ASK_AGAIN)
    {
        return answer;
    }
    let (request, answer) = answer.into_parts();
    let (mut answer, body) = answer.into_parts();
    // What Kith answers is in memory already: nothing can fail here, and if it did, nothing would be left to say.
    let bytes = to_bytes(body).await.unwrap_or_default();
    let tag = format!("W/\"{}\"", Uuid::new_v5(&Uuid::NAMESPACE_OID, &bytes).simple());
    let known = versions::is_known(&request, &tag);
    let packs = bytes.len() >= PACKED_FROM && is_text(answer.headers());
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.headers_mut().insert(ETAG, tag);
    }
    if packs {
        answer.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if known {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        answer.headers_mut().remove(CONTENT_TYPE);
        return ServiceResponse::new(request, answer.set_body(BoxBody::new(())));
    }
    if packs && takes_gzip(&request) {
        let whole = bytes.clone();
        if let Ok(Ok(packed)) = web::block(move || pack(&whole)).await {
            answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            return ServiceResponse::new(request, answer.set_body(BoxBody::new(packed)));
        }
    }
    ServiceResponse::new(request, answer.set_body(BoxBody::new(bytes)))
}

/// The archive of the package is packed already.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.contains("json") || kind.starts_with("text/")
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let asked = request.headers().get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
    asked.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let refused = parts.any(|part| {
            let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
            weight.is_some_and(|weight| weight.parse() == Ok(0.0_f32))
        });
        is_gzip && !refused
    })
}

fn pack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::fast());
    packing.write_all(bytes)?;
    packing.finish()
}
