//! `/developers/codes/{type}/{id}`: a list of codes, or what the codes of one are in another.

use askama::Template;
use serde_json::Value;

use super::{Words, page_of, words};
use crate::page::frame::Frame;
use crate::page::render;
use crate::problem::Problem;
use crate::profile::Conformance;
use crate::profile::published::Published;

/// Where they are read.
pub(super) const PATH: &str = "/developers/codes";

/// The types of such definitions, with what one and several are called.
pub(super) const TYPES: &[(&str, &str, &str)] = &[
    ("CodeSystem", "Code system", "Code systems"),
    ("ValueSet", "Value set", "Value sets"),
    ("ConceptMap", "Map of codes", "Maps of codes"),
];

/// Codes under one heading.
struct Table<'a> {
    heading: Option<(&'a str, Option<String>)>,
    columns: &'static [&'static str],
    rows: Vec<Vec<Words<'a>>>,
    /// What is said instead of rows.
    words: Option<String>,
}

#[derive(Template)]
#[template(path = "developers/codes.html")]
struct Codes<'a> {
    frame: Frame,
    what: &'a str,
    type_name: &'a str,
    id: &'a str,
    title: &'a str,
    about: Words<'a>,
    url: &'a str,
    tables: Vec<Table<'a>>,
}

/// The page of a list of codes of Kith's; none where there is no such.
pub fn html(conformance: &Conformance, type_name: &str, id: &str) -> Result<Option<String>, Problem> {
    let Some((type_name, what, _)) = TYPES.iter().find(|(name, _, _)| *name == type_name) else {
        return Ok(None);
    };
    let Some(one) = conformance.publications().get(type_name, id) else { return Ok(None) };
    let tables = match *type_name {
        "CodeSystem" => vec![of_system(one)],
        "ValueSet" => of_set(conformance, one),
        _ => of_map(conformance, one),
    };
    let page = Codes {
        frame: Frame::of(""),
        what,
        type_name,
        id,
        title: one.title(),
        about: words(one.text("description").unwrap_or_default()),
        url: one.url.as_deref().unwrap_or_default(),
        tables,
    };
    render(&page).map(Some)
}

fn list<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Codes, each followed by those below it.
fn concepts(of: &Value) -> Vec<Vec<Words<'_>>> {
    let rows = |one| {
        let row = ["code", "display", "definition"].map(|key| words(text(one, key))).to_vec();
        std::iter::once(row).chain(concepts(one))
    };
    list(of, "/concept").flat_map(rows).collect()
}

fn of_system(one: &Published) -> Table<'_> {
    Table { heading: None, columns: &["Code", "Means", "More"], rows: concepts(&one.value), words: None }
}

fn of_set<'a>(conformance: &Conformance, one: &'a Published) -> Vec<Table<'a>> {
    let included = list(&one.value, "/compose/include").map(|part| ("", part));
    let excluded = list(&one.value, "/compose/exclude").map(|part| ("without ", part));
    let table = |(but, part): (&str, &'a Value)| {
        let rows = concepts(part);
        let filters: Vec<String> = list(part, "/filter")
            .map(|one| ["property", "op", "value"].map(|key| text(one, key)).join(" "))
            .collect();
        let sets: Vec<&str> = list(part, "/valueSet").filter_map(Value::as_str).collect();
        let words = match (rows.is_empty(), filters.is_empty(), sets.is_empty()) {
            (false, ..) => None,
            (_, false, _) => Some(format!("{but}those of its codes of which: {}", filters.join(", "))),
            (_, _, false) => Some(format!("{but}the codes of {}", sets.join(" and "))),
            _ => Some(format!("{but}all of its codes")),
        };
        let system = text(part, "system");
        let heading =
            (!system.is_empty()).then(|| (system, page_of(conformance, system).map(|(_, href)| href)));
        Table { heading, columns: &["Code", "Means", "More"], rows, words }
    };
    included.chain(excluded).map(table).collect()
}

fn of_map<'a>(conformance: &Conformance, one: &'a Published) -> Vec<Table<'a>> {
    let table = |group: &'a Value| {
        let rows = list(group, "/element")
            .flat_map(|from| {
                list(from, "/target").map(move |to| {
                    let said = [(from, "code"), (to, "equivalence"), (to, "code"), (to, "display")];
                    said.map(|(of, key)| words(text(of, key))).to_vec()
                })
            })
            .collect();
        let system = text(group, "target");
        let heading = Some((system, page_of(conformance, system).map(|(_, href)| href)));
        Table { heading, columns: &["From", "Is", "To", "Means"], rows, words: None }
    };
    list(&one.value, "/group").map(table).collect()
}
