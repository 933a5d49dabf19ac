//! `/developers/forms/{kind}`: a form, where each of its fields goes in FHIR, and to which dataset it belongs.

use std::collections::BTreeSet;

use askama::Template;

use super::{Words, page_of, words};
use crate::page::frame::Frame;
use crate::page::render;
use crate::problem::Problem;
use crate::profile::Conformance;

/// A row of the form's mapping, as the mapping says it.
#[derive(Debug)]
pub struct Row {
    /// The resource.
    pub resource: String,
    /// The field of the record, or what is written without one.
    pub record: String,
    /// The element of the resource.
    pub fhir: String,
    /// How the one becomes the other.
    pub shape: String,
    /// What has to be permitted so that it is passed on; empty where nothing personal is said.
    pub dataset: String,
}

/// A form.
#[derive(Debug)]
pub struct Form {
    /// The record kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Whether partners send it.
    pub is_sent: bool,
    /// Whether it is only received. What is neither is about no child.
    pub is_only_received: bool,
    /// Whether its records may stand in a CSV file.
    pub is_flat: bool,
    /// The code of its message, as `system|code`.
    pub event: String,
    /// Its mapping.
    pub rows: Vec<Row>,
    /// Its examples: the file's name, and the record.
    pub examples: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "developers/form.html")]
struct Page<'a> {
    frame: Frame,
    about: Words<'a>,
    message: Option<(&'a str, String)>,
    datasets: BTreeSet<&'a str>,
    sections: Vec<(&'a str, Vec<&'a Row>)>,
    of: &'a Form,
}

/// The page.
pub fn html(conformance: &Conformance, form: &Form) -> Result<String, Problem> {
    let id = format!("{}-message", form.kind);
    let profile = conformance.publications().get("StructureDefinition", &id);
    let mut sections: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in &form.rows {
        match sections.last_mut().filter(|(resource, _)| *resource == row.resource) {
            Some((_, rows)) => rows.push(row),
            None => sections.push((&row.resource, vec![row])),
        }
    }
    let named = form.rows.iter().map(|row| row.dataset.split('/').next().unwrap_or_default());
    render(&Page {
        frame: Frame::of(""),
        about: profile.and_then(|one| one.text("description")).map(words).unwrap_or_default(),
        message: profile.and_then(|one| page_of(conformance, one.url.as_deref()?)),
        datasets: named.filter(|name| !name.is_empty()).collect(),
        sections,
        of: form,
    })
}
