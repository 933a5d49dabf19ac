//! What a Consent must say so that Kith can act on it, and whose it is.

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use crate::domain::{ChildKey, NHS_NUMBER_SYSTEM, NhsNumber};
use crate::problem::{Category, Issue, Problem, Severity};
use crate::receive::access::Door;
use crate::receive::body::Body;

/// Statuses of a Consent (<https://hl7.org/fhir/R4/valueset-consent-state-codes.html>).
const STATUSES: &[&str] = &["draft", "proposed", "active", "rejected", "inactive", "entered-in-error"];

/// What a Consent must say so that Kith can act on it.
pub(super) fn check(door: &Door, body: &Body) -> Result<(), Problem> {
    let resource = &body.value;
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
    if let Some(written) = resource.get("dateTime") {
        issues.extend(not_a_time(written, "Consent.dateTime"));
    }
    if let Some(provision) = resource.get("provision") {
        periods(provision, "Consent.provision", &mut issues);
    }
    issues.extend(patients(resource));
    let profile = door.house.conformance.own("sharing-consent");
    let found = door.house.conformance.issues(&body.text(), resource, profile.as_deref()).into_iter();
    issues.extend(found.filter(|issue| issue.severity == Severity::Error));
    if issues.is_empty() { Ok(()) } else { Err(Problem::with(Category::Invalid, issues)) }
}

/// The periods of a provision and of those within it: one that cannot be read would leave open when the consent ends.
fn periods(provision: &Value, at: &str, issues: &mut Vec<Issue>) {
    for name in ["period", "dataPeriod"] {
        let Some(period) = provision.get(name) else { continue };
        let at = format!("{at}.{name}");
        if !period.is_object() {
            issues.push(Issue::error("structure", "A period has a start, an end, or both.").at(at.clone()));
        }
        for end in ["start", "end"] {
            let written = period.get(end);
            issues.extend(written.and_then(|written| not_a_time(written, &format!("{at}.{end}"))));
        }
    }
    let inner = provision.get("provision").and_then(Value::as_array).into_iter().flatten();
    for (index, inner) in inner.enumerate() {
        periods(inner, &format!("{at}.provision[{index}]"), issues);
    }
}

/// A Patient inside the consent could say another child than `patient` does.
fn patients(resource: &Value) -> Vec<Issue> {
    let contained = resource.get("contained").and_then(Value::as_array).into_iter().flatten().enumerate();
    let patients =
        contained.filter(|(_, inner)| inner.get("resourceType").and_then(Value::as_str) == Some("Patient"));
    let text = "A consent names its child in patient.identifier only; take the contained Patient out.";
    patients.map(|(index, _)| Issue::error("value", text).at(format!("Consent.contained[{index}]"))).collect()
}

fn not_a_time(written: &Value, at: &str) -> Option<Issue> {
    let text = "This is not a date (YYYY, YYYY-MM, YYYY-MM-DD), nor a date and time with seconds and time zone such as 2026-03-01T09:30:00Z.";
    let good = written.as_str().is_some_and(is_date_time);
    (!good).then(|| Issue::error("value", text).at(at))
}

/// FHIR dateTime: <https://hl7.org/fhir/R4/datatypes.html#dateTime>.
fn is_date_time(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let day = |text: &str| text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    match (text.split_once('T'), text.len()) {
        _ if text.starts_with("0000") => false,
        (None, 4) => digits(text),
        (None, 7) => day(&format!("{text}-01")),
        (None, _) => day(text),
        (Some((date, time)), _) => {
            // RFC 3339 allows a lower-case z, which FHIR does not.
            day(date) && !time.ends_with('z') && DateTime::parse_from_rfc3339(text).is_ok()
        }
    }
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

#[cfg(test)]
mod tests {
    use super::is_date_time;

    #[test]
    fn times_are_as_precise_as_given_and_real() {
        for good in ["2026", "2026-02", "2026-02-28", "2026-02-28T09:30:00Z", "2026-02-28T09:30:00.5+01:00"] {
            assert!(is_date_time(good), "{good}");
        }
        for bad in [
            "",
            "0000",
            "soon",
            "26",
            "2026-13",
            "2026-02-30",
            "2026-02-28T09:30",
            "2026-02-28T09:30:00z",
            "+026",
        ] {
            assert!(!is_date_time(bad), "{bad}");
        }
    }
}
