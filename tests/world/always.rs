//! What must hold after any step of a journey, whatever it is expected to lead to.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use kith::problem::Severity;
use kith::profile::Conformance;
use serde_json::Value;

use super::delivered::Delivered;
use super::expect::Step;
use super::{Answer, World};

/// Whether a definition was asked for and had.
fn is_for_anybody(step: &Step) -> bool {
    let path = step.caller["path"].as_str().unwrap_or_default();
    let rest = path.strip_prefix("/fhir/StructureDefinition").filter(|rest| !rest.contains('$'));
    step.answer.status == 200 && step.caller["method"] == "GET" && rest.is_some()
}

/// What must hold after any step.
pub fn always(world: &World, step: &Step, journal: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    let answer = &step.answer;
    // Definitions are the same for anybody; whoever keeps them asks again. All else is about somebody.
    let kept = if is_for_anybody(step) { "no-cache" } else { "no-store" };
    for (name, value) in [("cache-control", kept), ("x-content-type-options", "nosniff")] {
        if answer.header(name) != Some(value) {
            faults.push(format!("the answer lacks {name}: {value}"));
        }
    }
    if answer.status == 401 && answer.header("www-authenticate").is_none() {
        faults.push("a 401 that does not say how to log in".to_owned());
    }
    faults.extend(unlike_fhir(answer));
    // What no answer may ever hold is planted with this word in what partners are asked for.
    if answer.text().contains("CANARY") {
        faults.push(format!("the answer holds what was planted: {}", answer.text()));
    }
    let issues = answer.issues();
    let errors = || issues.iter().filter(|issue| issue["severity"] == "error");
    if answer.status >= 400 && errors().next().is_none() {
        faults.push(format!("an error that is no OperationOutcome: {}", answer.text()));
    }
    faults.extend(
        errors().filter(|issue| issue.get("detail").is_none()).map(|issue| format!("no code: {issue}")),
    );
    for partner in world.partners() {
        for delivered in partner.arrived() {
            let steps = |event: &str| {
                journal.iter().position(|e| e["event"] == event && e["delivery"] == delivered.id())
            };
            // A recall is Kith's own message: it is journalled as such, not as accepted from a sender.
            let (accepted, releasing) = (steps("accepted").or(steps("recalled")), steps("releasing"));
            if accepted.is_none() || releasing.is_none() || accepted > releasing {
                faults.push(format!("{} got something before the journal said so", partner.id()));
            }
        }
    }
    faults.extend(not_as_journalled(world, journal));
    faults.extend(not_as_accepted(journal));
    let numbers = journal.iter().any(|entry| entry.to_string().contains("\"999"));
    if numbers {
        faults.push("the journal holds an NHS number".to_owned());
    }
    faults
}

/// What a recipient took says something of those items, and of those only, that the journal says left.
fn not_as_journalled(world: &World, journal: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    for partner in world.partners() {
        for delivered in partner.arrived().iter().filter(|one| one.status == 200) {
            let left = journal.iter().rfind(|e| e["event"] == "releasing" && e["delivery"] == delivered.id());
            let (Some(told), Some(left)) = (told(world, &delivered.json(), delivered), left) else {
                continue;
            };
            let journalled = permitted(left);
            // The head of a record that Kith makes says for itself what it is, whatever it is about.
            let more = told.difference(&journalled).filter(|item| *item != "registration").count();
            if more > 0 || !journalled.is_subset(&told) {
                faults.push(format!("{} was told {told:?}, journalled as {journalled:?}", partner.id()));
            }
        }
    }
    faults
}

/// What is told as was said when it was accepted, unless something was said of the child meanwhile.
fn not_as_accepted(journal: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, left) in journal.iter().enumerate().filter(|(_, entry)| entry["event"] == "releasing") {
        let is_it = |entry: &Value| entry["event"] == "accepted" && entry["delivery"] == left["delivery"];
        let Some(accepted) = journal[..at].iter().position(is_it) else { continue };
        let meanwhile = &journal[accepted + 1..at];
        let of_it = |entry: &Value| entry["messageId"] == left["messageId"];
        if meanwhile.iter().all(of_it) && permitted(&journal[accepted]) != permitted(left) {
            let (said, told) = (permitted(&journal[accepted]), permitted(left));
            faults.push(format!("{} was to be told {said:?} and was told {told:?}", left["recipient"]));
        }
    }
    faults
}

/// What an entry says was permitted of what was there, and could go.
fn permitted(entry: &Value) -> BTreeSet<String> {
    let named = |name: &str| entry[name].as_array().into_iter().flatten().map(text).collect::<BTreeSet<_>>();
    let (held, left_out) = (named("held"), named("leftOut"));
    let decisions = entry["decisions"].as_array().into_iter().flatten();
    let permitted = decisions.filter(|line| line["outcome"] == "permit").map(|line| text(&line["item"]));
    permitted.filter(|item| held.contains(item) && !left_out.contains(item)).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The items that a delivered body says something of; nothing for a recall.
fn told(world: &World, body: &Value, delivered: &Delivered) -> Option<BTreeSet<String>> {
    let catalogue = &world.house().catalogue;
    let event = &body["entry"][0]["resource"]["eventCoding"];
    let kind = match delivered.header("x-record-kind") {
        Some(form) => catalogue.kind(form),
        None => catalogue.by_event(&text(&event["system"]), &text(&event["code"])),
    };
    let kind = kind.filter(|kind| kind.name != "recall-notice")?;
    let items = if delivered.header("x-record-kind").is_some() {
        kith::map::held(&kind.mapping, body)
    } else {
        let read = kith::json::Tree::of(body);
        kith::map::held(&kind.mapping, &kith::map::to_record(&kind.mapping, &read).0)
    };
    Some(items.iter().map(ToString::to_string).collect())
}

/// What Kith answers is FHIR, and meets the profiles that it claims.
fn unlike_fhir(answer: &Answer) -> Vec<String> {
    static CONFORMANCE: LazyLock<Conformance> =
        LazyLock::new(|| Conformance::new(vec![], kith::clock::now).expect("the profiles"));
    let text = answer.text();
    if !text.contains("\"resourceType\"") {
        return vec![];
    }
    let found = CONFORMANCE.validate(&text, &[]).issues();
    let errors = found.into_iter().filter(|issue| issue.severity == Severity::Error);
    errors
        .map(|issue| {
            format!("the answer is no right FHIR: {} {}", issue.expression.unwrap_or_default(), issue.text)
        })
        .collect()
}
