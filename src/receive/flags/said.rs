//! What a Flag says of itself: its code, whose it is, and why it ended.

use serde_json::Value;

use crate::domain::NHS_NUMBER_SYSTEM;

/// Why a flag was removed (NHS England, FGM Information Sharing).
pub const REMOVAL_REASON: &str =
    "https://fhir.nhs.uk/England/StructureDefinition/Extension-England-FlagRemovalReason";

/// The first coding as `system|code`, else the text.
pub fn code(flag: &Value) -> Option<String> {
    let part = |key: &str| flag.pointer(&format!("/code/coding/0/{key}")).and_then(Value::as_str);
    match part("code") {
        Some(code) => Some(format!("{}|{code}", part("system").unwrap_or_default())),
        None => flag.pointer("/code/text").and_then(Value::as_str).map(str::to_owned),
    }
}

/// The NHS numbers that a flag gives for its child: of the subject's identifier, then of the contained Patient.
pub fn subject_numbers(flag: &Value) -> Vec<&str> {
    let of_patient = patient(flag).and_then(|patient| patient.get("identifier")?.as_array());
    let identifiers = flag.pointer("/subject/identifier").into_iter().chain(of_patient.into_iter().flatten());
    let numbers = identifiers.filter(|identifier| is_nhs(identifier));
    numbers.filter_map(|identifier| identifier.get("value")?.as_str()).collect()
}

/// Whether the flag says why it was removed: a code, or words.
pub fn gives_reason(flag: &Value) -> bool {
    let extensions = flag.get("extension").and_then(Value::as_array).into_iter().flatten();
    let mut reasons =
        extensions.filter(|extension| extension.get("url").and_then(Value::as_str) == Some(REMOVAL_REASON));
    reasons.any(|reason| {
        [
            "/valueCoding/code",
            "/valueCodeableConcept/coding/0/code",
            "/valueCodeableConcept/text",
            "/valueString",
        ]
        .into_iter()
        .filter_map(|place| reason.pointer(place).and_then(Value::as_str))
        .any(|words| !words.trim().is_empty())
    })
}

/// Whether an identifier is an NHS number.
pub fn is_nhs(identifier: &Value) -> bool {
    identifier.get("system").and_then(Value::as_str) == Some(NHS_NUMBER_SYSTEM)
}

/// The contained Patient that the subject refers to.
pub fn patient(flag: &Value) -> Option<&Value> {
    let id = flag.pointer("/subject/reference")?.as_str()?.strip_prefix('#')?;
    let contained = flag.get("contained")?.as_array()?;
    contained.iter().find(|resource| {
        resource.get("id").and_then(Value::as_str) == Some(id)
            && resource.get("resourceType").and_then(Value::as_str) == Some("Patient")
    })
}
