//! `_pretty=true`: JSON laid out for a person who reads it (<https://hl7.org/fhir/R4/http.html#parameters>).

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpMessage, HttpRequest};
use serde_json::Value;

/// Put into a request's extensions where a posted form asks for it.
#[derive(Debug, Clone, Copy)]
pub struct Wanted;

impl Wanted {
    /// Whether these parameters ask for it.
    pub fn by(pairs: &[(String, String)]) -> Option<Self> {
        pairs.iter().any(|(name, value)| name == "_pretty" && value == "true").then_some(Self)
    }
}

/// The answer as it is, or laid out where that was asked for and it is JSON.
pub async fn laid_out<B: MessageBody + 'static>(answer: ServiceResponse<B>) -> ServiceResponse<BoxBody> {
    let answer = answer.map_into_boxed_body();
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !is_wanted(answer.request()) || !kind.contains("json") {
        return answer;
    }
    let (request, answer) = answer.into_parts();
    let (answer, body) = answer.into_parts();
    // What Kith answers is in memory already: nothing can fail here, and if it did, nothing would be left to say.
    let bytes = to_bytes(body).await.unwrap_or_default();
    let pretty = serde_json::from_slice::<Value>(&bytes).and_then(|value| serde_json::to_vec_pretty(&value));
    let body = pretty.unwrap_or_else(|_| bytes.to_vec());
    ServiceResponse::new(request, answer.set_body(body).map_into_boxed_body())
}

fn is_wanted(request: &HttpRequest) -> bool {
    let by_query = request.query_string().split('&').any(|pair| pair == "_pretty=true");
    by_query || request.extensions().contains::<Wanted>()
}
