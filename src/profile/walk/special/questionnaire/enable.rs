//! Whether an item applies, given the answers to others
//! (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen>).

use std::cmp::Ordering;

use serde_json::Value;

use super::form::{Item, list, string};
use crate::json::document::{Id, Kind};
use crate::profile::plan::View;
use crate::profile::primitive::compare;
use crate::profile::walk::equals;

/// Whether an item applies.
pub fn is_enabled(view: &View<'_, '_>, response: Id, item: &Item<'_>) -> bool {
    let mut conditions = list(item.source, "enableWhen").peekable();
    if conditions.peek().is_none() {
        return true;
    }
    if string(item.source, "enableBehavior") == Some("any") {
        conditions.any(|one| holds(view, response, one))
    } else {
        conditions.all(|one| holds(view, response, one))
    }
}

fn holds(view: &View<'_, '_>, response: Id, condition: &Value) -> bool {
    let question = string(condition, "question").unwrap_or_default();
    let wanted = condition.as_object().into_iter().flatten().find(|(name, _)| name.starts_with("answer"));
    let Some((_, wanted)) = wanted else { return true };
    let answers = answers(view, response, question);
    match string(condition, "operator").unwrap_or_default() {
        "exists" => answers.is_empty() != (wanted == &Value::Bool(true)),
        "!=" => answers.iter().all(|one| order(view, *one, wanted) != Some(Ordering::Equal)),
        operator => answers.iter().any(|one| match (operator, order(view, *one, wanted)) {
            (_, None) => false,
            ("=", Some(order)) => order.is_eq(),
            (">", Some(order)) => order.is_gt(),
            ("<", Some(order)) => order.is_lt(),
            (">=", Some(order)) => order.is_ge(),
            ("<=", Some(order)) => order.is_le(),
            _ => true,
        }),
    }
}

/// The values that were answered to a question, anywhere in the response.
fn answers(view: &View<'_, '_>, response: Id, question: &str) -> Vec<Id> {
    let links = view.document.subtree(response).filter(|one| view.document.kind(*one) == Kind::Object);
    let items = links.filter(|one| view.is(*one, "linkId", question));
    items
        .flat_map(|item| view.items(item, "answer"))
        .filter_map(|answer| view.choice(answer, "value"))
        .collect()
}

/// How an answer compares with a value; for codes, only equality is known.
fn order(view: &View<'_, '_>, answer: Id, wanted: &Value) -> Option<Ordering> {
    let document = view.document;
    match wanted {
        Value::Number(number) => document.raw(answer).parse::<f64>().ok()?.partial_cmp(&number.as_f64()?),
        Value::String(text) => {
            let own = document.text(answer);
            if own == text.as_str() { Some(Ordering::Equal) } else { compare(&own, text) }
        }
        Value::Object(object) if object.contains_key("value") => {
            let own = view.raw(answer, "value")?.parse::<f64>().ok()?;
            own.partial_cmp(&wanted.get("value")?.as_f64()?)
        }
        Value::Object(object) if object.contains_key("code") => {
            let same = |name: &str| view.text(answer, name).as_deref() == string(wanted, name);
            (same("code") && same("system")).then_some(Ordering::Equal)
        }
        _ => equals(document, answer, wanted).then_some(Ordering::Equal),
    }
}
