//! What a Consent must say so that Kith can act on it, and whose it is.

use serde_json::Value;

use crate::consent::{DECISION_SYSTEM, is_whole};
use crate::domain::{CANONICAL, NHS_NUMBER_SYSTEM, NhsNumber};
use crate::problem::{Category, Issue, Problem, Severity};
use crate::receive::access::Door;
use crate::receive::body::Body;

/// What a Consent must say so that Kith can act on it.
pub(super) fn check(door: &Door, body: &Body) -> Result<(), Problem> {
    let resource = &body.value;
    if resource.get("resourceType").and_then(Value::as_str) != Some("Consent") {
        let issue = Issue::error("structure", "This address takes a Consent.").at("resourceType");
        return Err(Problem::with(Category::Invalid, vec![issue]));
    }
    let mut issues = Vec::new();
    if !matches!(resource.pointer("/provision/type").and_then(Value::as_str), Some("permit" | "deny")) {
        let text = "The consent does not say whether it permits or denies: permit or deny.";
        issues.push(Issue::error("required", text).at("Consent.provision.type"));
    }
    issues.extend(cut(resource));
    issues.extend(patients(resource));
    if is_professional(resource) {
        let profile = format!("{CANONICAL}StructureDefinition/decision-not-to-share");
        let found = door.house.conformance.issues(&body.text(), resource, Some(&profile)).into_iter();
        issues.extend(found.filter(|issue| issue.severity == Severity::Error));
        return if issues.is_empty() { Ok(()) } else { Err(Problem::with(Category::Invalid, issues)) };
    }
    // No profile but those it claims: what cannot be weighed does not permit, but a refusal must never be turned away.
    let found = door.house.conformance.issues(&body.text(), resource, None).into_iter();
    issues.extend(found.filter(|issue| issue.severity == Severity::Error));
    if issues.is_empty() { Ok(()) } else { Err(Problem::with(Category::Invalid, issues)) }
}

/// Whether it records a professional's decision not to share, which must name who decided, and why.
fn is_professional(resource: &Value) -> bool {
    let categories = resource.get("category").and_then(Value::as_array).into_iter().flatten();
    let codings = categories
        .flat_map(|category| category.get("coding").and_then(Value::as_array).into_iter().flatten());
    let mut codings =
        codings.filter(|coding| coding.get("system").and_then(Value::as_str) == Some(DECISION_SYSTEM));
    codings.any(|coding| coding.get("code").and_then(Value::as_str) == Some("not-to-share"))
}

/// What permits must be all there: whoever read a part, and sent that back, would end every exception that was left out. A refusal
/// only refuses more without them.
fn cut(resource: &Value) -> Option<Issue> {
    if is_whole(resource) || resource.pointer("/provision/type").and_then(Value::as_str) == Some("deny") {
        return None;
    }
    let text = "This is a part of a consent (SUBSETTED, REDACTED …). Read the whole, without _summary and _elements, change that and send it.";
    Some(Issue::error("business-rule", text).at("Consent.meta"))
}

/// A Patient inside the consent could say another child than `patient` does.
fn patients(resource: &Value) -> Vec<Issue> {
    let contained = resource.get("contained").and_then(Value::as_array).into_iter().flatten().enumerate();
    let patients =
        contained.filter(|(_, inner)| inner.get("resourceType").and_then(Value::as_str) == Some("Patient"));
    let text = "A consent names its child in patient.identifier only; take the contained Patient out.";
    patients.map(|(index, _)| Issue::error("value", text).at(format!("Consent.contained[{index}]"))).collect()
}

/// Whose consent it is.
pub(super) fn child(resource: &Value) -> Result<NhsNumber, Problem> {
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
    number.parse().map_err(|error| wrong(format!("The NHS number is wrong: {error}.")))
}
