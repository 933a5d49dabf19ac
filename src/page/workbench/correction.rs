//! A suggested correction in words: what it puts in place of what.

use serde_json::Value;

use super::DEPTH_MAX;
use crate::json::document::{Document, parse};
use crate::profile::mend;
use crate::profile::walk::Finding;

/// Longer values are cut where they are shown.
const SHOWN_MAX: usize = 60;

/// A correction that the validator is certain of.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// The JSON Patch.
    patch: Value,
}

impl Correction {
    /// The correction of a finding that has one.
    pub fn of(finding: &Finding) -> Option<Self> {
        finding.issue.patch.clone().map(|patch| Self { patch })
    }

    /// The correction that a form names, if the validator suggests it for the text as it is now. What it does not suggest
    /// is not applied, whoever asks.
    pub fn among(findings: &[Finding], name: &str) -> Option<Self> {
        findings.iter().filter_map(Self::of).find(|one| one.name() == name)
    }

    /// By what a form names it: the patch, for the number of an issue would mean another one in a text that was changed.
    pub fn name(&self) -> String {
        self.patch.to_string()
    }

    /// The text with the correction; `None` when it does not fit.
    pub fn apply(&self, text: &str) -> Option<String> {
        mend::apply(text, &self.patch)
    }

    /// What it will do, such as `rename "birthdate" to "birthDate"`.
    pub fn words(&self, text: &str) -> Option<String> {
        self.told(&parse(text, DEPTH_MAX).ok()?, ["replace", "rename", "remove"])
    }

    /// What it did.
    pub fn done(&self, text: &str) -> Option<String> {
        self.told(&parse(text, DEPTH_MAX).ok()?, ["Replaced", "Renamed", "Removed"])
    }

    pub(super) fn told(
        &self,
        document: &Document<'_>,
        [replace, rename, remove]: [&str; 3],
    ) -> Option<String> {
        let operation = self.patch.as_array()?.first()?;
        let part = |name: &str| operation.get(name).and_then(Value::as_str);
        let path = part("path")?;
        match part("op")? {
            "replace" => {
                let node = document.at_pointer(path)?;
                let (start, end) = document.value_span(node);
                let old = shortened(document.source().get(start..end)?);
                let new = shortened(&operation.get("value")?.to_string());
                Some(format!("{replace} {old} with {new}"))
            }
            "move" => {
                let (old, new) = (last_step(part("from")?), last_step(path));
                Some(format!("{rename} \u{201c}{old}\u{201d} to \u{201c}{new}\u{201d}"))
            }
            "remove" => {
                let step = last_step(path);
                let what = match step.parse::<usize>() {
                    Ok(index) => format!("item {} of its list", index + 1),
                    Err(_) => format!("\u{201c}{step}\u{201d}"),
                };
                Some(format!("{remove} {what}"))
            }
            _ => None,
        }
    }
}

fn last_step(pointer: &str) -> String {
    let step = pointer.rsplit('/').next().unwrap_or_default();
    step.replace("~1", "/").replace("~0", "~")
}

fn shortened(value: &str) -> String {
    // Blanks within a text may be what is corrected; between values they mean nothing.
    let is_text = value.starts_with('"');
    let value =
        if is_text { value.to_owned() } else { value.split_whitespace().collect::<Vec<_>>().join(" ") };
    match value.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(text: &str, patch: Value) -> Option<String> {
        Correction { patch }.words(text)
    }

    #[test]
    fn a_correction_says_what_it_changes() {
        let text = "{\"birthdate\": \"31/01/2026\", \"name\": [{\"a/b\": 1}, {}]}";
        let said = words(text, json!([{ "op": "replace", "path": "/birthdate", "value": "2026-01-31" }]));
        assert_eq!(said.as_deref(), Some("replace \"31/01/2026\" with \"2026-01-31\""));
        let said = words(text, json!([{ "op": "move", "from": "/birthdate", "path": "/birthDate" }]));
        assert_eq!(said.as_deref(), Some("rename “birthdate” to “birthDate”"));
        let said = words(text, json!([{ "op": "remove", "path": "/name/1" }]));
        assert_eq!(said.as_deref(), Some("remove item 2 of its list"));
        let said = words(text, json!([{ "op": "remove", "path": "/name/0/a~1b" }]));
        assert_eq!(said.as_deref(), Some("remove “a/b”"));
        assert_eq!(words(text, json!([{ "op": "replace", "path": "/none", "value": 1 }])), None);
    }

    #[test]
    fn a_blank_that_matters_stays_and_a_long_value_is_cut() {
        assert_eq!(shortened(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
        assert_eq!(shortened("\"a  b\""), "\"a  b\"");
        assert_eq!(shortened("{\n  \"a\": 1\n}"), "{ \"a\": 1 }");
    }
}
