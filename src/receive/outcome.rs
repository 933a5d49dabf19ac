//! A problem becomes an HTTP answer with an OperationOutcome: the only place that knows which status goes with what.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde_json::Value;

use super::pages::{RefusedPage, is_for_people};
use crate::problem::{Category, Problem};

/// FHIR's media type.
pub const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";

/// A refused request: the problem, and what the caller may do about a token.
#[derive(Debug)]
pub struct Refused {
    /// What went wrong.
    pub problem: Problem,
    /// `WWW-Authenticate`, for 401 and 403.
    pub challenge: Option<String>,
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, challenge: None }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.problem.category)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        status(self.problem.category)
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        answer.content_type(FHIR_JSON);
        if let Some(challenge) = self.challenge.as_deref().and_then(|text| HeaderValue::from_str(text).ok()) {
            answer.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        if matches!(self.problem.category, Category::Unavailable | Category::Throttled | Category::NoRoom) {
            let seconds = self.problem.retry_after.unwrap_or(10);
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        answer.body(self.problem.operation_outcome().to_string())
    }
}

/// The status of each category.
pub(super) fn status(category: Category) -> StatusCode {
    match category {
        Category::Structure | Category::BadCall | Category::BadSearch | Category::PreconditionMissing => {
            StatusCode::BAD_REQUEST
        }
        Category::Invalid | Category::BusinessRule => StatusCode::UNPROCESSABLE_ENTITY,
        Category::Login => StatusCode::UNAUTHORIZED,
        Category::Forbidden => StatusCode::FORBIDDEN,
        Category::NotFound => StatusCode::NOT_FOUND,
        Category::NotSupported => StatusCode::METHOD_NOT_ALLOWED,
        Category::Duplicate => StatusCode::CONFLICT,
        Category::VersionConflict => StatusCode::PRECONDITION_FAILED,
        Category::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Category::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Category::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Category::Throttled => StatusCode::TOO_MANY_REQUESTS,
        Category::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Category::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
        Category::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A FHIR answer.
pub fn fhir(status: StatusCode, body: &Value) -> HttpResponse {
    HttpResponse::build(status).content_type(FHIR_JSON).body(body.to_string())
}

/// What the URL table does not name: 404.
pub async fn not_offered(request: HttpRequest) -> HttpResponse {
    let text = "There is nothing at this address. GET /fhir/metadata and /openapi.json list what there is.";
    refusal(&request, Problem::new(Category::NotFound, text))
}

/// What the URL table names, with a method that the address does not take: 405, and those that it takes.
pub fn other_method(request: &HttpRequest, allow: &str) -> HttpResponse {
    let text = format!("This address does not take this method. It takes {allow}.");
    let mut answer = refusal(request, Problem::new(Category::NotSupported, text));
    if let Ok(allow) = HeaderValue::from_str(allow) {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}

/// A page for people, and an OperationOutcome for systems.
fn refusal(request: &HttpRequest, problem: Problem) -> HttpResponse {
    if is_for_people(request) {
        return RefusedPage::from(problem).error_response();
    }
    Refused::from(problem).error_response()
}
