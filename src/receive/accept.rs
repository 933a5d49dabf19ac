//! Whether the caller takes what Kith answers: JSON (<https://hl7.org/fhir/R4/http.html#mime-type>).

use actix_web::HttpRequest;

use super::pages::is_page;
use crate::problem::{Category, Problem};

/// The forms of JSON that callers ask for.
const JSON: &[&str] = &["json", "application/json", "application/fhir+json", "text/json"];

/// Goes on unless `_format`, or else the Accept header, leaves no form of JSON. Pages are for people, and come as they are.
pub fn check(request: &HttpRequest) -> Result<(), Problem> {
    // A map is text for an engine, and numbers are for a monitor, whatever it says that it takes.
    if is_page(request.path()) || request.path().starts_with("/maps/") || request.path() == "/metrics" {
        return Ok(());
    }
    let wanted = request.query_string().split('&').find_map(|pair| pair.strip_prefix("_format="));
    let taken = match wanted {
        Some(format) => {
            let format = format.to_ascii_lowercase().replace("%2f", "/").replace("%2b", "+");
            let essence = format.split([';', '%']).next().unwrap_or_default().trim();
            JSON.contains(&essence)
        }
        None => {
            let headers = request.headers().get_all("accept").filter_map(|value| value.to_str().ok());
            let ranges: Vec<&str> = headers.flat_map(|value| value.split(',')).map(str::trim).collect();
            ranges.iter().all(|range| range.is_empty()) || ranges.iter().any(|range| takes_json(range))
        }
    };
    if taken {
        return Ok(());
    }
    let text = "Kith answers in JSON only. Send Accept: application/fhir+json, or no Accept header.";
    Err(Problem::new(Category::NotAcceptable, text))
}

/// Whether a media range covers JSON, and is not there to exclude it (`q=0`).
fn takes_json(range: &str) -> bool {
    let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let excluded =
        parts.filter_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).any(|quality| quality <= 0.0);
    !excluded && (["*/*", "application/*"].contains(&essence.as_str()) || JSON.contains(&essence.as_str()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::check;

    #[test]
    fn who_takes_no_json_is_told() {
        let asks = |uri: &str, accept: &str| {
            let request = TestRequest::with_uri(uri).insert_header(("accept", accept)).to_http_request();
            check(&request).is_ok()
        };
        for good in [
            "",
            "*/*",
            "application/fhir+json; fhirVersion=4.0",
            "application/xml, application/json;q=0.1",
            "text/html, */*;q=0.8",
        ] {
            assert!(asks("/x", good), "{good}");
        }
        for bad in
            ["application/xml", "application/fhir+xml, text/html", "application/json;q=0", "*/*; q=0.0"]
        {
            assert!(!asks("/x", bad), "{bad}");
        }
        for page in ["/", "/workbench", "/assets/kith.css"] {
            assert!(asks(page, "text/css"), "{page}");
        }
        for good in
            ["json", "application/fhir+json", "application%2Ffhir%2Bjson", "application/json;charset=utf-8"]
        {
            assert!(asks(&format!("/x?a=b&_format={good}"), "application/xml"), "{good}");
        }
        for bad in ["xml", "application/fhir%2Bxml", "ttl"] {
            assert!(!asks(&format!("/x?_format={bad}"), "*/*"), "{bad}");
        }
    }
}
