//! What searches have in common: parameters that are known or refused, and a page of results
//! (<https://hl7.org/fhir/R4/search.html>).

mod order;
mod part;
mod within;

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde_json::{Value, json};

use super::outcome::Refused;
use super::pretty;
use crate::domain::{NHS_NUMBER_SYSTEM, NhsNumber, Private};
use crate::problem::{Category, Issue, Problem};

pub use order::{Order, SORT, TOTAL};
pub use part::Part;
pub use within::Within;

/// What may be said twice, to name both ends of a span of time.
const SAID_TWICE: &[&str] = &["date", "_lastUpdated"];

/// Largest form of a `POST …/_search`, in bytes.
const FORM_MAX: usize = 64 * 1024;

/// What a search asks for: the query of a GET; of a `POST …/_search` the query and the form in its body, which count alike.
#[derive(Debug)]
pub struct Query(Private<Vec<(String, String)>>);

impl FromRequest for Query {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let body = Bytes::from_request(&request, payload);
        Box::pin(async move {
            let mut pairs = pairs(request.query_string())?;
            if request.method() == Method::POST {
                let form = body.await.map_err(|_| {
                    Problem::new(Category::TooLarge, "The form is larger than any search needs.")
                })?;
                let posted = form_pairs(&request, &form)?;
                if let Some(wanted) = pretty::Wanted::by(&posted) {
                    request.extensions_mut().insert(wanted);
                }
                pairs.extend(posted);
            }
            Ok(Self(Private::new(pairs)))
        })
    }
}

/// The names and values of a query, or of a form.
pub fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let url = reqwest::Url::parse(&format!("http://kith/?{query}"));
    let url = url.map_err(|_| Problem::new(Category::BadSearch, "The query cannot be read."))?;
    Ok(url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
}

fn form_pairs(request: &HttpRequest, form: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    if form.is_empty() {
        return Ok(Vec::new());
    }
    let kind = request.headers().get("content-type").and_then(|value| value.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let text = "A search is posted as a form: Content-Type: application/x-www-form-urlencoded.";
        return Err(Problem::new(Category::MediaType, text));
    }
    if form.len() > FORM_MAX {
        return Err(Problem::new(Category::TooLarge, "The form is larger than any search needs."));
    }
    let text =
        std::str::from_utf8(form).map_err(|_| Problem::new(Category::BadSearch, "The form is not UTF-8."))?;
    pairs(text)
}

impl Query {
    /// The parameters in order; those that ask for a part of what is found are known to every search. One that is not known is refused:
    /// dropping it could widen what is found.
    pub fn parameters(&self, known: &[&str]) -> Result<Vec<(String, String)>, Problem> {
        let parameters = checked(self.0.reveal(), &[known, Part::PARAMETERS].concat())?;
        Part::read(&parameters)?;
        order::is_counted(&parameters)?;
        Ok(parameters)
    }
}

/// The child that `patient:identifier=system|number` names.
pub fn child(parameters: &[(String, String)]) -> Result<NhsNumber, Problem> {
    let token = parameters.iter().find(|(name, _)| name == "patient:identifier").map(|(_, value)| value);
    let token = token.ok_or_else(|| {
        Problem::new(Category::BadSearch, format!("Say whose: patient:identifier={NHS_NUMBER_SYSTEM}|…"))
    })?;
    let number = token.strip_prefix(&format!("{NHS_NUMBER_SYSTEM}|")).unwrap_or_default();
    number.parse().map_err(|error| {
        let text = format!("patient:identifier is {NHS_NUMBER_SYSTEM}| and the NHS number; {error}.");
        Problem::new(Category::BadSearch, text)
    })
}

/// The query's parameters in order, as [`Query::parameters`] gives them.
pub fn parameters(request: &HttpRequest, known: &[&str]) -> Result<Vec<(String, String)>, Problem> {
    checked(&pairs(request.query_string())?, known)
}

fn checked(pairs: &[(String, String)], known: &[&str]) -> Result<Vec<(String, String)>, Problem> {
    let mut parameters: Vec<(String, String)> = Vec::new();
    for (name, value) in pairs.iter().cloned() {
        let leads_elsewhere = name.contains('.')
            || ["_include", "_revinclude", "_has"].iter().any(|word| name.starts_with(word));
        if leads_elsewhere {
            let text =
                "Only what is asked for by itself is searched: no _include, _revinclude, _has, and no chain.";
            return Err(Problem::new(Category::Forbidden, text));
        }
        let fault = match name.as_str() {
            // Of every answer, not of what is found: the envelope sees to them.
            "_format" | "_pretty" => continue,
            _ if !known.contains(&name.as_str()) => {
                format!("There is no such search parameter here. Known: {}.", known.join(", "))
            }
            _ if value.is_empty() => format!("The search parameter '{name}' has no value."),
            _ if parameters.iter().filter(|(other, _)| *other == name).count() >= most(&name) => {
                format!("The search parameter '{name}' stands too often.")
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

/// How often a parameter may stand in a search.
fn most(name: &str) -> usize {
    if SAID_TWICE.contains(&name) { 2 } else { 1 }
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

/// A searchset Bundle with links to itself and the next page, which shows of each resource the part that is asked for.
pub fn searchset(
    base: &str,
    resource_type: &str,
    parameters: &[(String, String)],
    page: &Page,
    mut found: Vec<Value>,
) -> Result<Value, Problem> {
    let part = Part::read(parameters)?;
    let is_counted = part == Part::Count;
    if is_counted {
        found.clear();
    }
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
    if end < page.total && page.count > 0 && !is_counted {
        links.push(json!({ "relation": "next", "url": link(page.offset + page.count) }));
    }
    let entry = |resource: Value| {
        let resource = if part == Part::Whole { resource } else { part.of(&resource) };
        let id = resource.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        json!({ "fullUrl": format!("{base}/fhir/{resource_type}/{id}"), "resource": resource, "search": { "mode": "match" } })
    };
    let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset" });
    if order::is_counted(parameters)? {
        bundle["total"] = json!(page.total);
    }
    bundle["link"] = json!(links);
    if !found.is_empty() {
        bundle["entry"] = found.into_iter().map(entry).collect();
    }
    Ok(bundle)
}
