//! What must hold after any step of a journey, whatever it is expected to lead to.

use std::sync::LazyLock;

use kith::problem::Severity;
use kith::profile::Conformance;
use serde_json::Value;

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
    let numbers = journal.iter().any(|entry| entry.to_string().contains("\"999"));
    if numbers {
        faults.push("the journal holds an NHS number".to_owned());
    }
    faults
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
