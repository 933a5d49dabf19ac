//! Rules of the resources that messages about people carry.

use super::{Row, View};
use crate::json::document::Id;

const CONDITION_STATUS: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const CONDITION_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const ALLERGY_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

/// The rules.
pub(super) const RULES: &[Row] = &[
    ("pat-1", "name.exists() or telecom.exists() or address.exists() or organization.exists()", |v, n| {
        any(v, n, &["name", "telecom", "address", "organization"])
    }),
    ("obs-6", "dataAbsentReason.empty() or value.empty()", |v, n| {
        !v.has(n, "dataAbsentReason") || !v.has_choice(n, "value")
    }),
    (
        "obs-7",
        "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()",
        no_component_repeats_the_code,
    ),
    (
        "vs-2",
        "(component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())",
        |v, n| any(v, n, &["component", "hasMember", "dataAbsentReason"]) || v.has_choice(n, "value"),
    ),
    ("vs-3", "value.exists() or dataAbsentReason.exists()", |v, n| {
        v.has_choice(n, "value") || v.has(n, "dataAbsentReason")
    }),
    ("obs-3", "low.exists() or high.exists() or text.exists()", |v, n| any(v, n, &["low", "high", "text"])),
    ("org-1", "(identifier.count() + name.count()) > 0", |v, n| any(v, n, &["identifier", "name"])),
    ("org-2", "where(use = 'home').empty()", |v, n| !v.is(n, "use", "home")),
    ("org-3", "where(use = 'home').empty()", |v, n| !v.is(n, "use", "home")),
    ("con-1", "summary.exists() or assessment.exists()", |v, n| any(v, n, &["summary", "assessment"])),
    ("con-2", "code.exists() or detail.exists()", |v, n| any(v, n, &["code", "detail"])),
    (
        "con-4",
        "abatement.empty() or clinicalStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-clinical' and (code='resolved' or code='remission' or code='inactive')).exists()",
        |v, n| {
            !v.has_choice(n, "abatement")
                || v.is_coded(n, "clinicalStatus", CONDITION_STATUS, &["resolved", "remission", "inactive"])
        },
    ),
    (
        "con-5",
        "verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code='entered-in-error').empty() or clinicalStatus.empty()",
        |v, n| {
            !v.is_coded(n, "verificationStatus", CONDITION_VERIFICATION, &["entered-in-error"])
                || !v.has(n, "clinicalStatus")
        },
    ),
    (
        "ait-1",
        "verificationStatus.coding.where(system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification' and code = 'entered-in-error').exists() or clinicalStatus.exists()",
        |v, n| {
            v.is_coded(n, "verificationStatus", ALLERGY_VERIFICATION, &["entered-in-error"])
                || v.has(n, "clinicalStatus")
        },
    ),
    (
        "ait-2",
        "verificationStatus.coding.where(system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification' and code = 'entered-in-error').empty() or clinicalStatus.empty()",
        |v, n| {
            !v.is_coded(n, "verificationStatus", ALLERGY_VERIFICATION, &["entered-in-error"])
                || !v.has(n, "clinicalStatus")
        },
    ),
    ("ras-2", "probability is decimal implies (probability as decimal) <= 100", |v, n| {
        match v.raw(n, "probabilityDecimal") {
            Some(raw) => raw.parse::<f64>().is_ok_and(|value| value <= 100.0),
            None => !v.has(n, "probabilityDecimal"),
        }
    }),
    ("app-1", "type.exists() or actor.exists()", |v, n| any(v, n, &["type", "actor"])),
    ("app-2", "start.exists() = end.exists()", |v, n| v.has(n, "start") == v.has(n, "end")),
    (
        "app-3",
        "(start.exists() and end.exists()) or (status in ('proposed' | 'cancelled' | 'waitlist'))",
        |v, n| {
            (v.has(n, "start") && v.has(n, "end"))
                || v.text(n, "status")
                    .is_some_and(|one| matches!(&*one, "proposed" | "cancelled" | "waitlist"))
        },
    ),
    ("cmp-1", "text.exists() or entry.exists() or section.exists()", |v, n| {
        any(v, n, &["text", "entry", "section"])
    }),
    ("cmp-2", "emptyReason.empty() or entry.empty()", |v, n| !both(v, n, "emptyReason", "entry")),
    ("lst-1", "emptyReason.empty() or entry.empty()", |v, n| !both(v, n, "emptyReason", "entry")),
    ("prr-1", "orderDetail.empty() or code.exists()", |v, n| !v.has(n, "orderDetail") || v.has(n, "code")),
    ("mad-1", "dose.exists() or rate.exists()", |v, n| v.has(n, "dose") || v.has_choice(n, "rate")),
    ("cpl-3", "detail.empty() or reference.empty()", |v, n| !both(v, n, "detail", "reference")),
    ("sev-1", "name.empty() or query.empty()", |v, n| !both(v, n, "name", "query")),
    ("ppc-1", "policy.exists() or policyRule.exists()", |v, n| any(v, n, &["policy", "policyRule"])),
    ("imm-1", "documentType.exists() or reference.exists()", |v, n| {
        any(v, n, &["documentType", "reference"])
    }),
    ("fhs-2", "age.exists() or estimatedAge.empty()", |v, n| {
        v.has_choice(n, "age") || !v.has(n, "estimatedAge")
    }),
    ("fhs-1", "age.empty() or born.empty()", |v, n| !v.has_choice(n, "age") || !v.has_choice(n, "born")),
    ("qrs-1", "(answer.exists() and item.exists()).not()", |v, n| !both(v, n, "answer", "item")),
    ("grp-1", "member.empty() or (actual = true)", |v, n| {
        !v.has(n, "member") || v.raw(n, "actual") == Some("true")
    }),
];

fn any(v: &View<'_, '_>, node: Id, names: &[&str]) -> bool {
    names.iter().any(|name| v.has(node, name))
}

fn both(v: &View<'_, '_>, node: Id, left: &str, right: &str) -> bool {
    v.has(node, left) && v.has(node, right)
}

/// A value of the whole is not given again as a component.
fn no_component_repeats_the_code(v: &View<'_, '_>, node: Id) -> bool {
    if !v.has(node, "component") || !v.has_choice(node, "value") {
        return true;
    }
    let same = |left: Id, right: Id| v.document.equal(left, right);
    let codes: Vec<Id> = v.items(v.resource, "code").flat_map(|code| v.items(code, "coding")).collect();
    v.items(node, "component")
        .filter_map(|component| v.get(component, "code"))
        .flat_map(|code| v.items(code, "coding"))
        .all(|coding| !codes.iter().any(|own| same(*own, coding)))
}
