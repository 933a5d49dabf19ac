//! `/developers`: where somebody begins who builds a system that talks to Kith, and Kith's definitions as people read them.

mod codes;
mod form;
mod profile;

use std::collections::BTreeMap;

use askama::Template;

use super::frame::Frame;
use super::render;
use crate::problem::Problem;
use crate::profile::Conformance;
use crate::profile::published::Published;

pub use codes::html as codes;
pub use form::{Form, Row, html as form};
pub use profile::html as profile;

/// The address of the first page; those of definitions are below it.
const HERE: &str = "/developers";

/// A form in the list of all.
#[derive(Debug)]
pub struct Listed {
    /// The record kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Whether partners send it.
    pub is_sent: bool,
    /// Whether it is only received. What is neither is about no child.
    pub is_only_received: bool,
}

/// Definitions under one heading.
struct Group<'a> {
    name: &'a str,
    all: Vec<Link<'a>>,
}

/// One of them.
struct Link<'a> {
    href: String,
    title: &'a str,
    about: Words<'a>,
}

#[derive(Template)]
#[template(path = "developers.html")]
struct Developers<'a> {
    frame: Frame,
    base: &'a str,
    forms: &'a [Listed],
    profiles: Vec<Group<'a>>,
    codes: Vec<Group<'a>>,
}

/// The page: the first calls against the Kith at this base address, its forms, profiles and codes.
pub fn html(conformance: &Conformance, base: &str, forms: &[Listed]) -> Result<String, Problem> {
    let all = conformance.publications();
    let profiles = grouped(all.of_type("StructureDefinition").filter_map(|one| {
        let kind = one.text("kind")?;
        let name = one.text("type")?;
        // A form's own model stands on its page.
        (kind != "logical").then(|| (name, link(one, profile::PATH, &one.id)))
    }));
    let lists = codes::TYPES.iter().flat_map(|(type_name, _, plural)| {
        all.of_type(type_name)
            .map(move |one| (*plural, link(one, codes::PATH, &format!("{type_name}/{}", one.id))))
    });
    render(&Developers { frame: Frame::of(HERE), base, forms, profiles, codes: grouped(lists) })
}

fn link<'a>(one: &'a Published, path: &str, name: &str) -> Link<'a> {
    let about = one.text("description").unwrap_or_default();
    // The first sentence says what it is; the rest is on its page.
    let about = about.find(". ").map_or(about, |end| &about[..=end]);
    Link { href: format!("{path}/{name}"), title: one.title(), about: words(about) }
}

/// By their headings, and by title below each.
fn grouped<'a>(all: impl Iterator<Item = (&'a str, Link<'a>)>) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<&str, Vec<Link<'_>>> = BTreeMap::new();
    for (name, link) in all {
        groups.entry(name).or_default().push(link);
    }
    let sorted = |(name, mut all): (&'a str, Vec<Link<'a>>)| {
        all.sort_by_key(|link| link.title);
        Group { name, all }
    };
    groups.into_iter().map(sorted).collect()
}

/// Parts of a text, and whether each is a word of a language of machines.
type Words<'a> = Vec<(&'a str, bool)>;

/// A definition's text, in which Markdown marks such words with backticks.
fn words(text: &str) -> Words<'_> {
    let parts = text.split('`').enumerate().map(|(place, part)| (part, place % 2 == 1));
    parts.filter(|(part, _)| !part.is_empty()).collect()
}

/// The title of a definition, and where people read it, when Kith publishes it.
pub(super) fn page_of<'a>(conformance: &'a Conformance, canonical: &str) -> Option<(&'a str, String)> {
    let plain = canonical.split('|').next().unwrap_or_default();
    let all = conformance.publications();
    let is_it = |one: &&Published| one.url.as_deref() == Some(plain);
    if let Some(found) = all.of_type("StructureDefinition").find(is_it) {
        return Some((found.title(), format!("{}/{}", profile::PATH, found.id)));
    }
    codes::TYPES.iter().find_map(|(type_name, _, _)| {
        let found = all.of_type(type_name).find(is_it)?;
        Some((found.title(), format!("{}/{type_name}/{}", codes::PATH, found.id)))
    })
}
