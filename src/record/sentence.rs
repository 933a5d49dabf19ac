//! What a person is told about a fault of a record: where it is, what is wrong, what is expected. Never the value.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::format::FORMATS;
use super::schema::Schema;
use crate::problem::{Issue, field_name};

/// The issues of one schema error: one for each thing that a person would put right.
pub fn issues(error: &ValidationError<'_>, schema: &Schema) -> Vec<Issue> {
    let steps: Vec<String> = error.instance_path().as_str().split('/').skip(1).map(str::to_owned).collect();
    let what = |steps: &[String]| what(steps, schema);
    let at = |code: &str, steps: &[String], text: String| vec![Issue::error(code, text).at(path(steps))];
    match error.kind() {
        Kind::Required { property } => {
            let mut missing = steps.clone();
            missing.push(property.as_str().unwrap_or_default().to_owned());
            at("required", &missing, format!("{} is missing. Add it.", what(&missing)))
        }
        Kind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|name| unknown(name, &steps)).collect()
        }
        kind => {
            let text = format!("{} {}", what(&steps), expectation(kind));
            at(issue_type(kind), &steps, text)
        }
    }
}

/// What a person calls the place.
fn what(steps: &[String], schema: &Schema) -> String {
    match schema.title_at(steps) {
        Some(title) => format!("'{}' ({})", path(steps), title.trim_end_matches('.')),
        None if steps.is_empty() => "The record".to_owned(),
        None => format!("'{}'", path(steps)),
    }
}

/// The issue of a whole number that is written with a point.
pub fn with_a_point(steps: &[String], schema: &Schema) -> Issue {
    let text = format!("{} is a whole number; write it without a decimal point.", what(steps, schema));
    Issue::error("value", text).at(path(steps))
}

fn unknown(name: &str, steps: &[String]) -> Issue {
    let mut place = steps.to_vec();
    place.push(field_name(name).to_owned());
    let text = format!("'{}' is not a field of this record. Remove it, or correct its name.", path(&place));
    Issue::error("structure", text).at(path(&place))
}

fn issue_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Enum { .. } | Kind::Constant { .. } => "code-invalid",
        Kind::Type { .. } => "structure",
        Kind::MaxLength { .. } | Kind::MaxItems { .. } => "too-long",
        _ => "value",
    }
}

fn expectation(kind: &Kind) -> String {
    match kind {
        Kind::Enum { options } => {
            let options: Vec<&str> =
                options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            format!("has a value that is not in the list. Use one of: {}.", options.join(", "))
        }
        Kind::Constant { expected_value } => format!("must be {expected_value}."),
        Kind::Format { format } => {
            let expected = FORMATS
                .iter()
                .find(|known| known.name == format)
                .map_or(format.as_str(), |known| known.expected);
            format!("is not written as expected: {expected}.")
        }
        Kind::Pattern { pattern } => format!("is not written as expected (pattern {pattern})."),
        Kind::Type { kind } => format!("has the wrong type; expected {}.", types(kind)),
        Kind::MinLength { .. } => {
            "is empty or too short. Leave it out if there is nothing to say.".to_owned()
        }
        Kind::MaxLength { limit } => format!("is too long; at most {limit} characters."),
        Kind::MinItems { .. } => "is an empty list. Leave it out if there is nothing to say.".to_owned(),
        Kind::MaxItems { limit } => format!("has too many entries; at most {limit}."),
        Kind::MinProperties { .. } => "is empty. Leave it out if there is nothing to say.".to_owned(),
        Kind::Minimum { limit } => format!("is too small; at least {limit}."),
        Kind::Maximum { limit } => format!("is too large; at most {limit}."),
        other => format!("does not fit the schema ({}).", other.keyword()),
    }
}

fn types(kind: &jsonschema::error::TypeKind) -> String {
    match kind {
        jsonschema::error::TypeKind::Single(one) => format!("{one}"),
        jsonschema::error::TypeKind::Multiple(many) => {
            many.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" or ")
        }
    }
}

/// `/parents/0/name` as people write it: `parents[0].name`.
fn path(steps: &[String]) -> String {
    let mut text = String::new();
    for step in steps {
        let step = step.replace("~1", "/").replace("~0", "~");
        if step.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() {
            text.push_str(&format!("[{step}]"));
        } else {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(&step);
        }
    }
    text
}
