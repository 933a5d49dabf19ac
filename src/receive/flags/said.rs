//! What a Flag says of itself: its code, and whose it is.

use serde_json::Value;

use crate::domain::NHS_NUMBER_SYSTEM;

/// The first coding as `system|code`, else the text.
pub fn code(flag: &Value) -> Option<String> {
    let part = |key: &str| flag.pointer(&format!("/code/coding/0/{key}")).and_then(Value::as_str);
    match part("code") {
        Some(code) => Some(format!("{}|{code}", part("system").unwrap_or_default())),
        None => flag.pointer("/code/text").and_then(Value::as_str).map(str::to_owned),
    }
}

/// The NHS number of the child: of the subject's identifier, or of the contained Patient.
pub fn subject_number(flag: &Value) -> Option<&str> {
    let identifier = flag.pointer("/subject/identifier");
    let of_patient =
        || patient(flag)?.get("identifier")?.as_array()?.iter().find(|identifier| is_nhs(identifier));
    identifier.filter(|identifier| is_nhs(identifier)).or_else(of_patient)?.get("value")?.as_str()
}

fn is_nhs(identifier: &Value) -> bool {
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
