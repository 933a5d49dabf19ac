//! `/developers/profiles/{id}`: what a profile demands beyond what it is made from, element by element.

use std::collections::BTreeMap;

use askama::Template;
use serde_json::Value;

use super::{Words, page_of, words};
use crate::page::frame::Frame;
use crate::page::render;
use crate::problem::Problem;
use crate::profile::Conformance;
use crate::profile::published::Published;

/// Where profiles are read.
pub(super) const PATH: &str = "/developers/profiles";

/// A part of a sentence, which may lead somewhere.
struct Part {
    text: String,
    href: Option<String>,
    is_code: bool,
}

/// What is said of one element.
struct Line {
    element: String,
    how_often: String,
    is_needed: bool,
    says: Vec<Vec<Part>>,
}

#[derive(Template)]
#[template(path = "developers/profile.html")]
struct Profile<'a> {
    frame: Frame,
    title: &'a str,
    about: Words<'a>,
    url: &'a str,
    id: &'a str,
    of: &'a str,
    base: Part,
    lines: Vec<Line>,
    examples: Vec<&'a str>,
}

/// The page of a StructureDefinition of Kith's; none where there is no such.
pub fn html(conformance: &Conformance, id: &str) -> Result<Option<String>, Problem> {
    let Some(one) = conformance.publications().get("StructureDefinition", id) else { return Ok(None) };
    let url = one.url.as_deref().unwrap_or_default();
    let page = Profile {
        frame: Frame::of(""),
        title: one.title(),
        about: words(one.text("description").unwrap_or_default()),
        url,
        id,
        of: one.text("type").unwrap_or_default(),
        base: leads(conformance, one.text("baseDefinition").unwrap_or_default()),
        lines: lines(conformance, one),
        examples: examples(conformance, url),
    };
    render(&page).map(Some)
}

/// Examples of resources that claim it.
fn examples<'a>(conformance: &'a Conformance, url: &str) -> Vec<&'a str> {
    let claims = |one: &&Published| {
        let claimed = one.value.pointer("/meta/profile").and_then(Value::as_array);
        claimed.into_iter().flatten().any(|claimed| claimed == url)
    };
    conformance.publications().examples().filter(claims).map(|one| one.id.as_str()).collect()
}

fn lines(conformance: &Conformance, one: &Published) -> Vec<Line> {
    let elements = |view: &str| one.value.pointer(&format!("/{view}/element")).and_then(Value::as_array);
    let whole: BTreeMap<&str, &Value> = elements("snapshot")
        .into_iter()
        .flatten()
        .filter_map(|element| Some((element["id"].as_str()?, element)))
        .collect();
    let said = elements("differential").into_iter().flatten();
    said.filter_map(|element| {
        let id = element["id"].as_str()?;
        let count = |key: &str| {
            let of_all = whole.get(id).and_then(|found| found.get(key));
            element
                .get(key)
                .or(of_all)
                .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        let (least, most) = (count("min").unwrap_or_default(), count("max").unwrap_or_default());
        let how_often = match (least.as_str(), most.as_str()) {
            (_, "0") => "not allowed".to_owned(),
            (least, most) if least == most => least.to_owned(),
            (least, most) => format!("{least}..{most}"),
        };
        Some(Line {
            element: id.split_once('.').map_or("the whole", |(_, path)| path).to_owned(),
            is_needed: !least.is_empty() && least != "0",
            how_often: if id.contains('.') { how_often } else { String::new() },
            says: says(conformance, element),
        })
    })
    .collect()
}

/// What an element of the differential says, one sentence each.
fn says(conformance: &Conformance, element: &Value) -> Vec<Vec<Part>> {
    let mut all = Vec::new();
    let texts = |value: &'_ Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
    };
    let types = element["type"].as_array().into_iter().flatten();
    let mut kinds: Vec<Part> = Vec::new();
    for one in types {
        let code = one["code"].as_str().unwrap_or_default();
        let narrower = [texts(&one["profile"]), texts(&one["targetProfile"])].concat();
        kinds.push(word(if kinds.is_empty() { code.to_owned() } else { format!(" or {code}") }));
        for (index, url) in narrower.iter().enumerate() {
            let to = if code == "Reference" { " to " } else { " as " };
            kinds.push(word(if index == 0 { to.to_owned() } else { " or ".to_owned() }));
            kinds.push(leads(conformance, url));
        }
    }
    all.push(kinds);
    for (key, value) in element.as_object().into_iter().flatten() {
        if key.starts_with("fixed") {
            all.push(vec![word(format!("always {}", shown(value)))]);
        } else if key.starts_with("pattern") {
            all.push(vec![word(format!("with {}", shown(value)))]);
        }
    }
    if let Some(set) = element.pointer("/binding/valueSet").and_then(Value::as_str) {
        let strength = element.pointer("/binding/strength").and_then(Value::as_str).unwrap_or_default();
        all.push(vec![
            word("a code of ".to_owned()),
            leads(conformance, set),
            word(format!(" ({strength})")),
        ]);
    }
    let by = element.pointer("/slicing/discriminator").and_then(Value::as_array).into_iter().flatten();
    let by: Vec<String> = by
        .map(|one| {
            format!(
                "{} of {}",
                one["type"].as_str().unwrap_or_default(),
                one["path"].as_str().unwrap_or_default()
            )
        })
        .collect();
    if !by.is_empty() {
        all.push(vec![word(format!("told apart by the {}", by.join(", ")))]);
    }
    for key in ["definition", "short", "comment"] {
        if let Some(text) = element[key].as_str() {
            all.push(prose(text));
            break;
        }
    }
    for rule in element["constraint"].as_array().into_iter().flatten() {
        let text = |key: &str| rule[key].as_str().unwrap_or_default();
        all.push(prose(&format!("{} ({})", text("human"), text("key"))));
    }
    all.retain(|parts| !parts.is_empty());
    all
}

fn word(text: String) -> Part {
    Part { text, href: None, is_code: false }
}

/// What a profile says in Markdown.
fn prose(text: &str) -> Vec<Part> {
    words(text).into_iter().map(|(text, is_code)| Part { is_code, ..word(text.to_owned()) }).collect()
}

/// A definition by its title, with a way to it where Kith has a page of it or HL7 has one of R4's.
fn leads(conformance: &Conformance, canonical: &str) -> Part {
    if let Some((text, href)) = page_of(conformance, canonical) {
        return Part { href: Some(href), ..word(text.to_owned()) };
    }
    let of_fhir = canonical.strip_prefix("http://hl7.org/fhir/StructureDefinition/");
    let name = of_fhir.filter(|name| conformance.is_resource_type(name));
    let href = name.map(|name| format!("https://hl7.org/fhir/R4/{}.html", name.to_ascii_lowercase()));
    Part { href, ..word(of_fhir.unwrap_or(canonical).to_owned()) }
}

/// A value as people read it: a code by its code and system.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(object) => {
            let coding = object.get("coding").and_then(|list| list.get(0)).unwrap_or(value);
            match (coding["system"].as_str(), coding["code"].as_str()) {
                (Some(system), Some(code)) => format!("{code} of {system}"),
                _ => value.to_string(),
            }
        }
        other => other.to_string(),
    }
}
