//! Pages as HTTP answers: what a browser may do with them, `/`, their style and script, and refusals as pages.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, HeaderValue};
use actix_web::web::{FormConfig, Path, QueryConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError};

use super::outcome::status;
use crate::page::{asset, home, refusal};
use crate::problem::{Category, Problem};

/// A page loads its own style and script, sends forms to its own address, and nothing else: whatever a resource that is
/// shown might hold, no browser runs it or calls anybody for it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A refusal that a person sees.
#[derive(Debug)]
pub struct RefusedPage(Problem);

impl From<Problem> for RefusedPage {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl fmt::Display for RefusedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.category)
    }
}

impl ResponseError for RefusedPage {
    fn status_code(&self) -> StatusCode {
        status(self.0.category)
    }

    fn error_response(&self) -> HttpResponse {
        // A page that cannot even be drawn is told in plain words.
        let html = refusal::html(&self.0).unwrap_or_else(|_| "Something went wrong at Kith.".to_owned());
        page(self.status_code(), html)
    }
}

/// The largest form of a page that has a reader of its own not, in bytes.
const FORM_MAX: usize = 64 * 1024;

/// How forms are read; one that cannot be is refused on a page.
pub fn forms() -> FormConfig {
    FormConfig::default().limit(FORM_MAX).error_handler(|_, _| {
        let text = "The form could not be read. Open the page again, and send it from there.";
        RefusedPage::from(Problem::new(Category::BadCall, text)).into()
    })
}

/// How addresses of pages are read, likewise.
pub fn queries() -> QueryConfig {
    QueryConfig::default().error_handler(|_, _| {
        let text = "The address could not be read. Go to the page from the home page.";
        RefusedPage::from(Problem::new(Category::BadCall, text)).into()
    })
}

/// An answer for people.
pub fn page(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-security-policy", POLICY))
        .insert_header(("referrer-policy", "no-referrer"))
        .insert_header(("cross-origin-opener-policy", "same-origin"))
        .body(html)
}

/// Whether an address is a page's or a page's file: browsers do not ask for JSON there.
pub fn is_page(path: &str) -> bool {
    matches!(
        path,
        "/" | "/workbench"
            | "/developers"
            | "/who-was-told"
            | "/school"
            | "/school/reviews"
            | "/school/needs"
            | "/inbox"
            | "/inbox/cards"
            | "/inbox/export"
            | "/births"
            | "/operations"
            | "/sign-in"
            | "/signed-in"
            | "/sign-out"
    ) || path.starts_with("/assets/")
        || path.starts_with("/operations/")
        || path.starts_with("/developers/")
}

/// Whether a person is looking: only browsers name HTML.
pub fn is_for_people(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    is_page(request.path()) || accepted.into_iter().any(|value| value.contains("text/html"))
}

/// `GET /`.
pub async fn get_home() -> Result<HttpResponse, RefusedPage> {
    Ok(page(StatusCode::OK, home::html()?))
}

/// `GET /assets/{name}`. The name changes with the text, so that browsers need never ask again.
pub async fn get_asset(name: Path<String>) -> Result<HttpResponse, RefusedPage> {
    let asset = asset::named(&name).ok_or_else(|| {
        Problem::new(
            Category::NotFound,
            "There is no such file. Load the page anew: its files have new names.",
        )
    })?;
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let mut answer = HttpResponse::Ok();
    Ok(answer.content_type(asset.media_type).insert_header((CACHE_CONTROL, forever)).body(asset.text))
}
