//! What searches have in common: parameters that are known or refused, and a page of results
//! (<https://hl7.org/fhir/R4/search.html>).

use actix_web::HttpRequest;
use serde_json::{Value, json};

use crate::problem::{Category, Issue, Problem};

/// The query's parameters in order. One that is not known is refused: dropping it could widen what is found.
pub fn parameters(request: &HttpRequest, known: &[&str]) -> Result<Vec<(String, String)>, Problem> {
    let pairs = reqwest::Url::parse(&format!("http://kith/?{}", request.query_string()));
    let pairs = pairs.map_err(|_| Problem::new(Category::BadSearch, "The query cannot be read."))?;
    let mut parameters: Vec<(String, String)> = Vec::new();
    for (name, value) in pairs.query_pairs() {
        let (name, value) = (name.into_owned(), value.into_owned());
        let fault = match name.as_str() {
            "_format" => continue,
            _ if !known.contains(&name.as_str()) => {
                format!("There is no such search parameter here. Known: {}.", known.join(", "))
            }
            _ if value.is_empty() => format!("The search parameter '{name}' has no value."),
            _ if parameters.iter().any(|(other, _)| *other == name) => {
                format!("The search parameter '{name}' stands twice.")
            }
            _ => {
                parameters.push((name, value));
                continue;
            }
        };
        return Err(Problem::with(Category::BadSearch, vec![Issue::error("invalid", fault)]));
    }
    Ok(parameters)
}

/// A whole number.
pub fn number(name: &str, value: &str) -> Result<u32, Problem> {
    value.parse().map_err(|_| Problem::new(Category::BadSearch, format!("'{name}' is a whole number.")))
}

/// Which part of the results a page shows.
pub struct Page {
    /// At most so many.
    pub count: u32,
    /// After so many.
    pub offset: u32,
    /// So many in all.
    pub total: u64,
    /// Whether this search has pages at all.
    pub paged: bool,
}

/// A searchset Bundle with links to itself and the next page.
pub fn searchset(
    base: &str,
    resource_type: &str,
    parameters: &[(String, String)],
    page: &Page,
    found: Vec<Value>,
) -> Value {
    let link = |offset: u32| {
        let own = parameters.iter().filter(|(name, _)| !matches!(name.as_str(), "_count" | "_offset"));
        let pairs = own.map(|(name, value)| (name.clone(), value.clone()));
        // A search without pages knows no parameters of pages, and its own link must work.
        let paging = [("_count", page.count.to_string()), ("_offset", offset.to_string())];
        let paging = paging.into_iter().filter(|_| page.paged);
        let pairs = pairs.chain(paging.map(|(name, value)| (name.to_owned(), value)));
        let mut query = reqwest::Url::parse("http://kith/").ok();
        if let Some(url) = &mut query {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        let query = query.and_then(|url| url.query().map(str::to_owned)).unwrap_or_default();
        format!("{base}/fhir/{resource_type}?{query}")
    };
    let mut links = vec![json!({ "relation": "self", "url": link(page.offset) })];
    let end = u64::from(page.offset) + found.len() as u64;
    if end < page.total && page.count > 0 {
        links.push(json!({ "relation": "next", "url": link(page.offset + page.count) }));
    }
    let entry = |resource: Value| {
        let id = resource.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        json!({ "fullUrl": format!("{base}/fhir/{resource_type}/{id}"), "resource": resource, "search": { "mode": "match" } })
    };
    let mut bundle =
        json!({ "resourceType": "Bundle", "type": "searchset", "total": page.total, "link": links });
    if !found.is_empty() {
        bundle["entry"] = found.into_iter().map(entry).collect();
    }
    bundle
}
