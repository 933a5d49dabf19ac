//! A kind's JSON Schema: compiled once, with the list of its leaves that the mapping must carry.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::Value;

use super::format::FORMATS;
use super::{sentence, whole};
use crate::problem::Issue;

/// A place in the record that holds a single value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its path, lists with `[]`: `parents[].name.given[]`.
    pub path: String,
    /// JSON type: string, number, integer, boolean.
    pub kind: String,
    /// The values it may have, where the schema lists them.
    pub values: Option<Vec<String>>,
    /// Its format, where the schema names one.
    pub format: Option<String>,
    /// Whether it is there whenever the object around it is.
    pub required: bool,
    /// What the schema calls it.
    pub title: Option<String>,
}

/// A compiled record schema.
pub struct Schema {
    json: Value,
    validator: Validator,
    leaves: Vec<Leaf>,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Schema({} leaves)", self.leaves.len())
    }
}

/// At most so many faults are told at once; a text with more is not a record of this kind.
const FAULTS_MAX: usize = 200;

impl Schema {
    /// Compiles a schema; the faults are sentences.
    pub fn compile(json: Value) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let mut leaves = Vec::new();
        survey(&json, &json, "", 0, &mut leaves, &mut faults);
        let mut options = jsonschema::draft202012::options().should_validate_formats(true);
        for format in FORMATS {
            options = options.with_format(format.name, format.holds);
        }
        match options.build(&json) {
            Ok(validator) if faults.is_empty() => Ok(Self { json, validator, leaves }),
            Ok(_) => Err(faults),
            Err(error) => {
                faults.push(format!("this is not a JSON Schema 2020-12: {error}"));
                Err(faults)
            }
        }
    }

    /// The schema as it was given.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Every place that holds a single value, in the schema's order.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Every fault of a record, each with its path and a plain sentence; none when it is valid. At most 200.
    pub fn faults(&self, record: &Value) -> Vec<Issue> {
        let faults = self.validator.iter_errors(record).flat_map(|error| sentence::issues(&error, self));
        let pointed = whole::written_otherwise(&self.json, record);
        let pointed = pointed.iter().map(|steps| sentence::with_a_point(steps, self));
        let mut issues: Vec<Issue> = faults.chain(pointed).take(FAULTS_MAX + 1).collect();
        if issues.len() > FAULTS_MAX {
            issues.truncate(FAULTS_MAX);
            issues.push(Issue::error(
                "too-long",
                "There are more faults than these 200; is this a record of this kind?",
            ));
        }
        issues
    }

    /// What the schema calls the place an instance path leads to.
    pub(super) fn title_at(&self, steps: &[String]) -> Option<&str> {
        let mut node = resolve(&self.json, &self.json);
        let mut title = None;
        for step in steps {
            let numbered = step.bytes().all(|b| b.is_ascii_digit());
            let next =
                if numbered { node.get("items") } else { node.get("properties").and_then(|p| p.get(step)) };
            let Some(next) = next else { break };
            // A title beside a $ref is the more specific one.
            let own = next.get("title").or_else(|| next.get("description"));
            node = resolve(&self.json, next);
            title =
                own.or_else(|| node.get("title")).or_else(|| node.get("description")).and_then(Value::as_str);
        }
        title
    }
}

/// The schema that a `$ref` leads to, else the schema itself.
pub(super) fn resolve<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    target.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

/// The keywords that a record schema may use: those that the generators of the tests can follow.
const KEYWORDS: &[&str] = &[
    "$schema",
    "$id",
    "$defs",
    "$ref",
    "$comment",
    "title",
    "description",
    "examples",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "items",
    "minItems",
    "maxItems",
    "enum",
    "const",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
];

/// Deeper schemas are a circle of references.
const DEPTH_MAX: usize = 24;

fn survey(
    root: &Value,
    schema: &Value,
    path: &str,
    depth: usize,
    leaves: &mut Vec<Leaf>,
    faults: &mut Vec<String>,
) {
    if depth > DEPTH_MAX {
        faults.push(format!("{path}: the schema refers to itself"));
        return;
    }
    let here = if path.is_empty() { "the record" } else { path };
    unknown_keywords(schema, here, faults);
    let node = resolve(root, schema);
    unknown_keywords(node, here, faults);
    match node.get("type").and_then(Value::as_str) {
        Some("object") => survey_object(root, node, path, depth, leaves, faults),
        Some("array") => {
            for (keyword, why) in
                [("minItems", "an empty list cannot be kept"), ("maxItems", "a list has an upper bound")]
            {
                if node.get(keyword).is_none() {
                    faults.push(format!("{here}: '{keyword}' is missing; {why}"));
                }
            }
            match node.get("items") {
                Some(items) => survey(root, items, &format!("{path}[]"), depth + 1, leaves, faults),
                None => faults.push(format!("{here}: 'items' is missing")),
            }
        }
        Some(kind @ ("string" | "number" | "integer" | "boolean")) => {
            bounded_text(node, kind, here, faults);
            let values = node.get("enum").or_else(|| schema.get("enum")).and_then(Value::as_array);
            let values =
                values.map(|list| list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect());
            let word = |keyword: &str| {
                schema.get(keyword).or_else(|| node.get(keyword)).and_then(Value::as_str).map(str::to_owned)
            };
            let (format, title) = (word("format"), word("title"));
            leaves.push(Leaf {
                path: path.to_owned(),
                kind: kind.to_owned(),
                values,
                format,
                required: false,
                title,
            });
        }
        other => faults.push(format!(
            "{here}: 'type' is {other:?}; write one of object, array, string, number, integer, boolean"
        )),
    }
}

fn survey_object(
    root: &Value,
    node: &Value,
    path: &str,
    depth: usize,
    leaves: &mut Vec<Leaf>,
    faults: &mut Vec<String>,
) {
    let here = if path.is_empty() { "the record" } else { path };
    if node.get("additionalProperties") != Some(&Value::Bool(false)) {
        faults
            .push(format!("{here}: write 'additionalProperties': false, so that nothing unknown is let in"));
    }
    let properties: BTreeSet<&str> = node
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    let required =
        node.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let required: Vec<&str> = required.collect();
    for name in &required {
        if !properties.contains(name) {
            faults.push(format!("{here}: '{name}' is required but not described"));
        }
    }
    if required.is_empty() && node.get("minProperties").is_none() {
        faults.push(format!(
            "{here}: nothing is required, so write 'minProperties': 1; an empty object cannot be kept"
        ));
    }
    for (name, schema) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        survey(root, schema, &path, depth + 1, leaves, faults);
        if let Some(leaf) = leaves.last_mut().filter(|leaf| leaf.path == path) {
            leaf.required = required.contains(&name.as_str());
        }
    }
}

fn unknown_keywords(schema: &Value, here: &str, faults: &mut Vec<String>) {
    for (keyword, _) in schema.as_object().into_iter().flatten() {
        if !KEYWORDS.contains(&keyword.as_str()) {
            faults.push(format!(
                "{here}: the keyword '{keyword}' is not used in record schemas; see mappings/README.md"
            ));
        }
    }
}

fn bounded_text(node: &Value, kind: &str, here: &str, faults: &mut Vec<String>) {
    let has = |keyword: &str| node.get(keyword).is_some();
    if kind != "string" || has("enum") || has("const") {
        return;
    }
    let format = node.get("format").and_then(Value::as_str);
    if let Some(format) = format
        && !FORMATS.iter().any(|known| known.name == format)
    {
        faults.push(format!("{here}: there is no format '{format}'; see mappings/README.md"));
    }
    if !has("minLength") && !has("pattern") && format.is_none() {
        faults
            .push(format!("{here}: an empty text cannot be kept; write 'minLength', 'pattern' or 'format'"));
    }
    let fixed_length = format.is_some_and(|format| format != "text");
    if !has("maxLength") && !has("pattern") && !fixed_length {
        faults.push(format!("{here}: a text has an upper bound; write 'maxLength'"));
    }
}
