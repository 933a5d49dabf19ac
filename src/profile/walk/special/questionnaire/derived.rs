//! Questionnaires that are made from others and say how: what extends another has all of it, what complies with another asks nothing else
//! (<https://hl7.org/fhir/extensions/StructureDefinition-questionnaire-derivationType.html>).

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{DEPTH_MAX, list, string};
use crate::json::document::Id;
use crate::profile::walk::{Place, Walk};

/// How a questionnaire is derived.
const TYPE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-derivationType";
/// The codes of that.
const TYPES: &str = "http://hl7.org/fhir/questionnaire-derivationType";

/// What a questionnaire is derived from.
struct Base<'f> {
    /// Whether the questionnaire may have items that this has not.
    may_add: bool,
    /// Its items by linkId.
    items: HashMap<&'f str, &'f Value>,
}

impl Walk<'_, '_> {
    /// Holds the items against those of every questionnaire that they are derived from and that is known.
    pub(super) fn derived(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        if !view.has(node, "_derivedFrom") {
            return;
        }
        let Ok(own) = serde_json::from_str::<Value>(self.document.raw(node)) else { return };
        let mut seen = HashSet::new();
        for (canonical, beside) in list(&own, "derivedFrom").zip(list(&own, "_derivedFrom")) {
            let (Some(canonical), Some(way)) = (canonical.as_str(), way(beside)) else { continue };
            let Ok(Some(base)) = self.definitions().form(canonical) else { continue };
            if !seen.insert(canonical) {
                continue;
            }
            let mut known = HashMap::new();
            by_link(&base, &mut known, 0);
            let base = Base { may_add: way == "extends", items: known };
            self.derived_items(place, (node, &own), &base, 0);
        }
    }

    fn derived_items(&mut self, place: &Place<'_>, around: (Id, &Value), base: &Base<'_>, depth: usize) {
        let items = place.child("item");
        let nodes = self.view().items(around.0, "item");
        for (index, (item, own)) in nodes.zip(list(around.1, "item")).enumerate() {
            let here = items.item(index);
            let found = string(own, "linkId").and_then(|link| base.items.get(link));
            let faults = match found {
                Some(known) => faults(known, own),
                None if base.may_add => vec![],
                None => vec!["What this complies with has no such item. Remove it, or correct its linkId."],
            };
            for text in faults {
                self.findings.error(&here, item, "business-rule", text);
            }
            if depth < DEPTH_MAX {
                self.derived_items(&here, (item, own), base, depth + 1);
            }
        }
    }
}

/// How it is derived, where that can be checked: `extends` or `compliesWith`.
fn way(beside: &Value) -> Option<&str> {
    let coding =
        list(beside, "extension").find(|one| string(one, "url") == Some(TYPE))?.get("valueCoding")?;
    let code = string(coding, "code").filter(|_| string(coding, "system") == Some(TYPES));
    code.filter(|code| matches!(*code, "extends" | "compliesWith"))
}

fn by_link<'f>(node: &'f Value, found: &mut HashMap<&'f str, &'f Value>, depth: usize) {
    for item in list(node, "item") {
        found.extend(string(item, "linkId").map(|link| (link, item)));
        if depth < DEPTH_MAX {
            by_link(item, found, depth + 1);
        }
    }
}

/// What an item takes back of what it is derived from.
fn faults(base: &Value, own: &Value) -> Vec<&'static str> {
    let says = |item: &Value, name: &str| item.get(name).and_then(Value::as_bool);
    let number = |item: &Value| item.get("maxLength").and_then(Value::as_u64);
    let mut faults = Vec::new();
    if string(base, "type").is_some_and(|kind| string(own, "type").is_some_and(|one| one != kind)) {
        faults.push(
            "What this is derived from has this item with another type, which cannot change. Use that.",
        );
    }
    if says(base, "repeats") != Some(true) && says(own, "repeats") == Some(true) {
        faults.push("What this is derived from has one answer to this item. Remove repeats.");
    }
    if says(base, "required") == Some(true) && says(own, "required") == Some(false) {
        faults.push("What this is derived from requires an answer to this item. Require it too.");
    }
    if number(base).is_some_and(|most| number(own).is_none_or(|own| own > most)) {
        faults.push("What this is derived from limits the length of the answer. Give a maxLength that is not greater.");
    }
    let offered: Vec<&Value> = list(base, "answerOption").filter_map(value).collect();
    let options: Vec<&Value> = list(own, "answerOption").filter_map(value).collect();
    if !offered.is_empty() {
        if own.get("answerValueSet").is_some() || options.is_empty() {
            faults.push("What this is derived from lists the answers to this item. List some of them.");
        } else if !options.iter().all(|one| offered.iter().any(|other| is_same(one, other))) {
            faults.push(
                "What this is derived from does not have one of these answers. Offer only those it has.",
            );
        }
    } else if base.get("answerValueSet").is_some() && !options.is_empty() {
        faults.push("What this is derived from takes the answers from a value set. Name one here too.");
    }
    faults
}

fn value(option: &Value) -> Option<&Value> {
    option.as_object()?.iter().find(|(name, _)| name.starts_with("value")).map(|(_, value)| value)
}

/// Whether two options are the same answer: codes by system and code, what is referred to by its address.
fn is_same(one: &Value, other: &Value) -> bool {
    if !one.is_object() {
        return one == other;
    }
    ["system", "code", "reference"].iter().all(|name| one.get(name) == other.get(name))
}
