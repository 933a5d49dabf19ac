//! What a Consent must say so that Kith can act on it, and whose it is.

use serde_json::Value;

use crate::domain::{ChildKey, NHS_NUMBER_SYSTEM, NhsNumber};
use crate::problem::{Category, Issue, Problem, Severity};
use crate::profile::{Conformance, Structure};
use crate::receive::access::Door;

/// Statuses of a Consent (<https://hl7.org/fhir/R4/valueset-consent-state-codes.html>).
const STATUSES: &[&str] = &["draft", "proposed", "active", "rejected", "inactive", "entered-in-error"];

/// What a Consent must say so that Kith can act on it.
pub(super) fn check(resource: &Value) -> Result<(), Problem> {
    let mut issues = Vec::new();
    let text = |key: &str| resource.get(key).and_then(Value::as_str);
    let mut missing = |what: &str, at: &str| {
        issues.push(
            Issue::error("required", format!("The consent does not say {what}.")).at(format!("Consent.{at}")),
        );
    };
    if text("resourceType") != Some("Consent") {
        let issue = Issue::error("structure", "This address takes a Consent.").at("resourceType");
        return Err(Problem::with(Category::Invalid, vec![issue]));
    }
    if resource.get("scope").is_none() {
        missing("its scope", "scope");
    }
    if resource.get("category").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        missing("its category", "category");
    }
    if resource.get("policy").is_none() && resource.get("policyRule").is_none() {
        missing("the policy it stands under (ppc-1: policy or policyRule)", "policyRule");
    }
    if !matches!(resource.pointer("/provision/type").and_then(Value::as_str), Some("permit" | "deny")) {
        missing("whether it permits or denies: permit or deny", "provision.type");
    }
    if !text("status").is_some_and(|status| STATUSES.contains(&status)) {
        let words = format!("The status is one of: {}.", STATUSES.join(", "));
        issues.push(Issue::error("code-invalid", words).at("Consent.status"));
    }
    issues.extend(Structure.issues(resource).into_iter().filter(|issue| issue.severity == Severity::Error));
    if issues.is_empty() { Ok(()) } else { Err(Problem::with(Category::Invalid, issues)) }
}

/// Whose consent it is.
pub(super) fn child(door: &Door, resource: &Value) -> Result<ChildKey, Problem> {
    let part = |key: &str| resource.pointer(&format!("/patient/identifier/{key}")).and_then(Value::as_str);
    let number = part("value").filter(|_| part("system") == Some(NHS_NUMBER_SYSTEM));
    let wrong = |text: String| {
        Problem::with(Category::Invalid, vec![Issue::error("value", text).at("Consent.patient.identifier")])
    };
    let number = number.ok_or_else(|| {
        wrong(
            "The consent does not say whose. Add patient.identifier with the child's NHS number.".to_owned(),
        )
    })?;
    let number: NhsNumber =
        number.parse().map_err(|error| wrong(format!("The NHS number is wrong: {error}.")))?;
    Ok(door.house.vault.child_key(&number))
}
