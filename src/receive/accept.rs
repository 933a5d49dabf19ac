//! Whether the caller takes what Kith answers: JSON (<https://hl7.org/fhir/R4/http.html#mime-type>), of FHIR R4
//! (<https://hl7.org/fhir/R4/versioning.html#mt-version>).

use actix_web::HttpRequest;

use super::pages::is_page;
use super::search;
use crate::problem::{Category, Problem};

/// The forms of JSON that callers ask for.
const JSON: &[&str] = &["json", "application/json", "application/fhir+json", "text/json"];

/// Goes on unless `_format`, or else the Accept header, leaves no form of JSON. Pages are for people, and come as they are.
pub fn check(request: &HttpRequest) -> Result<(), Problem> {
    // A map is text for an engine, and numbers are for a monitor, whatever it says that it takes.
    if is_page(request.path()) || request.path().starts_with("/maps/") || request.path() == "/metrics" {
        return Ok(());
    }
    let taken = match format(request.query_string()) {
        Some(format) => takes_json(&format),
        None => {
            let headers = request.headers().get_all("accept").filter_map(|value| value.to_str().ok());
            let ranges: Vec<&str> = headers.flat_map(|value| value.split(',')).map(str::trim).collect();
            ranges.iter().all(|range| range.is_empty()) || ranges.iter().any(|range| takes_json(range))
        }
    };
    if taken {
        return Ok(());
    }
    let text = "Kith answers in JSON only. Send Accept: application/fhir+json, or no Accept header. A version of FHIR, where one is \
                asked for, is fhirVersion=4.0.";
    Err(Problem::new(Category::NotAcceptable, text))
}

/// What `_format` says; its `+` stands for itself, as people write it.
fn format(query: &str) -> Option<String> {
    let said = query.split('&').find_map(|pair| pair.strip_prefix("_format="))?.replace('+', "%2B");
    search::pairs(&format!("_format={said}")).ok()?.into_iter().next().map(|(_, format)| format)
}

/// Whether a parameter of a media type asks for another version of FHIR than R4.
pub fn is_of_another_version(parameter: &str) -> bool {
    let parameter = parameter.trim().to_ascii_lowercase();
    let version = parameter.strip_prefix("fhirversion=").map(|version| version.trim_matches('"'));
    version.is_some_and(|version| version != "4.0" && !version.starts_with("4.0."))
}

/// Whether a media range covers JSON, and is not there to exclude it (`q=0`).
fn takes_json(range: &str) -> bool {
    let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let excludes = |part: String| {
        let quality = part.strip_prefix("q=").and_then(|quality| quality.parse::<f32>().ok());
        quality.is_some_and(|quality| quality <= 0.0) || is_of_another_version(&part)
    };
    let excluded = parts.any(excludes);
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
        for bad in [
            "application/xml",
            "application/fhir+xml, text/html",
            "application/json;q=0",
            "*/*; q=0.0",
            "application/fhir+json; fhirVersion=5.0",
        ] {
            assert!(!asks("/x", bad), "{bad}");
        }
        for page in ["/", "/workbench", "/assets/kith.css"] {
            assert!(asks(page, "text/css"), "{page}");
        }
        for good in [
            "json",
            "application/fhir+json",
            "application%2Ffhir%2Bjson",
            "application/json;charset=utf-8",
            "application/fhir%2Bjson%3BfhirVersion%3D4.0",
        ] {
            assert!(asks(&format!("/x?a=b&_format={good}"), "application/xml"), "{good}");
        }
        for bad in ["xml", "application/fhir%2Bxml", "ttl", "application/fhir+json%3B%20fhirVersion=3.0", ""]
        {
            assert!(!asks(&format!("/x?_format={bad}"), "*/*"), "{bad}");
        }
    }
}
