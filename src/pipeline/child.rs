//! What a message says of the child that routing and consent need, read from its FHIR form, whatever its kind.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::{
    CANONICAL, Demographics, Ground, NHS_NUMBER_SYSTEM, ODS_SYSTEM, Private, Protection, SCHOOL_URN_SYSTEM,
};
use crate::json::Tree;
use crate::map::{Mapping, recognised};
use crate::problem::{Category, Issue, Problem};
use crate::store::{ChildFile, Protection as StoredProtection};

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// What was read.
#[derive(Debug)]
pub struct Foundation {
    /// The child.
    pub child: Demographics,
    /// The ground that the message claims.
    pub ground: Option<Ground>,
    /// The sender's reason in a sentence.
    pub reason: Option<Private<String>>,
    /// What it says of the protection of the whole record.
    pub protections: Vec<(Protection, bool)>,
    /// Consents that the message brings, each complete in itself.
    pub consents: Vec<Private<Value>>,
}

/// Reads a message Bundle, given as a tree too. Without the child's NHS number nothing can be decided, so that is an error.
pub fn read_child(mapping: &Mapping, bundle: &Value, tree: &Tree<'_>) -> Result<Foundation, Problem> {
    let resources: Vec<(&str, &Value)> = entries(bundle).collect();
    let of_type = |kind: &'static str| {
        resources
            .iter()
            .map(|(_, resource)| *resource)
            .filter(move |resource| text(resource, "resourceType") == Some(kind))
    };
    let patients: Vec<&Value> = of_type("Patient").collect();
    let [patient] = patients.as_slice() else {
        let words = format!("The message holds {} Patients. Send one message a child.", patients.len());
        return Err(Problem::new(Category::BusinessRule, words).at("Bundle.entry.resource.ofType(Patient)"));
    };
    let schools = resources.iter().filter(|(_, r)| text(r, "resourceType") != Some("Consent"));
    let schools = schools.flat_map(|(_, resource)| identifiers(resource, SCHOOL_URN_SYSTEM));
    let ground = of_type("MessageHeader").find_map(claimed_ground);
    let reason =
        of_type("MessageHeader").find_map(|header| header.pointer("/reason/text").and_then(Value::as_str));
    let ground = ground.or(mapping.ground);
    // A kind that carries its ground in itself, such as a register flag, gives the reason by being sent.
    let reason = reason.or_else(|| mapping.ground.map(|_| mapping.title.as_str()));
    let mut child = read_patient(patient, &resources)?;
    child.schools = schools.filter_map(|urn| urn.parse().ok()).collect();
    Ok(Foundation {
        child,
        protections: protections(patient),
        ground,
        reason: reason.map(|reason| Private::new(reason.to_owned())),
        consents: recognised(mapping, tree, "Consent")
            .into_iter()
            .filter_map(|entry| bundle.get("entry")?.get(entry)?.get("resource"))
            .map(|consent| Private::new(complete(consent, patient, &resources)))
            .collect(),
    })
}

/// What a Patient says of the child; what it refers to is looked for among these resources, given with their addresses.
pub fn read_patient(patient: &Value, resources: &[(&str, &Value)]) -> Result<Demographics, Problem> {
    let protections = protections(patient);
    let holds = |what: Protection| protections.contains(&(what, true));
    Ok(Demographics {
        nhs_number: nhs_number(patient)?,
        postcode: addresses(patient).find_map(|address| text(address, "postalCode")?.parse().ok()),
        practices: practices(patient, resources),
        schools: vec![],
        deceased: holds(Protection::Deceased),
        restricted: holds(Protection::RestrictedAddress),
        sealed: holds(Protection::Sealed),
    })
}

fn entries(bundle: &Value) -> impl Iterator<Item = (&str, &Value)> {
    bundle.get("entry").and_then(Value::as_array).into_iter().flatten().filter_map(|entry| {
        Some((entry.get("fullUrl").and_then(Value::as_str).unwrap_or_default(), entry.get("resource")?))
    })
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn addresses(patient: &Value) -> impl Iterator<Item = &Value> {
    let current = |address: &&Value| !matches!(text(address, "use"), Some("old" | "temp"));
    patient.get("address").and_then(Value::as_array).into_iter().flatten().filter(current)
}

fn nhs_number(patient: &Value) -> Result<crate::domain::NhsNumber, Problem> {
    let at = "Bundle.entry.resource.ofType(Patient).identifier";
    // Only the Patient's own identifiers: an NHS number elsewhere in it may be somebody else's.
    let own = patient.get("identifier").and_then(Value::as_array).into_iter().flatten();
    let numbers: BTreeSet<&str> = own
        .filter(|one| text(one, "system") == Some(NHS_NUMBER_SYSTEM))
        .filter_map(|one| text(one, "value"))
        .collect();
    if numbers.len() > 1 {
        let words = "The child has more than one NHS number. Send the one that holds.";
        return Err(Problem::new(Category::BusinessRule, words).at(at));
    }
    let found = numbers.first().copied();
    let missing = || {
        Problem::with(Category::Invalid, vec![Issue::error("required", "The child has no NHS number. Add an identifier with the system https://fhir.nhs.uk/Id/nhs-number.").at(at)])
    };
    found.ok_or_else(missing)?.parse().map_err(|error: crate::domain::BadIdentifier| {
        Problem::with(
            Category::Invalid,
            vec![Issue::error("value", format!("The child's NHS number is wrong: {error}.")).at(at)],
        )
    })
}

/// Every value of an Identifier of that system, anywhere in the resource.
fn identifiers<'v>(value: &'v Value, system: &'v str) -> Box<dyn Iterator<Item = &'v str> + 'v> {
    match value {
        Value::Object(object) => {
            let own = (text(value, "system") == Some(system)).then(|| text(value, "value")).flatten();
            Box::new(own.into_iter().chain(object.values().flat_map(move |inner| identifiers(inner, system))))
        }
        Value::Array(list) => Box::new(list.iter().flat_map(move |inner| identifiers(inner, system))),
        _ => Box::new(std::iter::empty()),
    }
}

/// The practices that the Patient names, in the reference itself or in the resource it leads to.
fn practices(patient: &Value, resources: &[(&str, &Value)]) -> Vec<crate::domain::OdsCode> {
    let references = patient.get("generalPractitioner").and_then(Value::as_array).into_iter().flatten();
    let with_targets = references.flat_map(|reference| {
        let target =
            text(reference, "reference").and_then(|url| resources.iter().find(|(known, _)| *known == url));
        std::iter::once(reference).chain(target.map(|(_, resource)| *resource))
    });
    with_targets
        .flat_map(|value| identifiers(value, ODS_SYSTEM))
        .filter_map(|code| code.parse().ok())
        .collect()
}

/// What the Patient says of the protection of the whole record. What cannot be read counts as the stricter of the two; who says
/// nothing ends nothing.
fn protections(patient: &Value) -> Vec<(Protection, bool)> {
    let mut said = Vec::new();
    let dead = patient.get("deceasedBoolean").map(|said| *said != Value::Bool(false));
    let dead = dead.or_else(|| patient.get("deceasedDateTime").map(|_| true));
    said.extend(dead.map(|dead| (Protection::Deceased, dead)));
    let Some(security) = patient.pointer("/meta/security") else { return said };
    let Some(labels) = security.as_array() else {
        said.push((Protection::RestrictedAddress, true));
        return said;
    };
    let own = format!("{CANONICAL}CodeSystem/record-protection");
    let has = |system: &str, codes: &[&str]| {
        labels.iter().any(|label| {
            text(label, "system") == Some(system)
                && text(label, "code").is_some_and(|code| codes.contains(&code))
        })
    };
    // PDS marks a restricted record with the confidentiality code R; V is very restricted.
    if has(CONFIDENTIALITY, &["R", "V"]) {
        said.push((Protection::RestrictedAddress, true));
    } else if has(CONFIDENTIALITY, &["N", "M", "L", "U"]) {
        said.push((Protection::RestrictedAddress, false));
    }
    if has(&own, &["sealed"]) {
        said.push((Protection::Sealed, true));
    } else if has(&own, &["open"]) {
        said.push((Protection::Sealed, false));
    }
    said
}

/// Puts on the child what partners said before that protects its record, but for what this sender takes back now.
pub fn protect(child: &mut Demographics, file: &ChildFile, ends: impl Fn(&StoredProtection) -> bool) {
    for protection in file.protections.iter().filter(|one| !ends(one)) {
        match protection.what {
            Protection::RestrictedAddress => child.restricted = true,
            Protection::Sealed => child.sealed = true,
            Protection::Deceased => child.deceased = true,
        }
    }
}

/// Whether partners said of a child that nobody may learn where it lives.
pub(super) fn hides_where(file: &ChildFile) -> bool {
    let hides = |what| matches!(what, Protection::RestrictedAddress | Protection::Sealed);
    file.protections.iter().any(|one| hides(one.what))
}

fn claimed_ground(header: &Value) -> Option<Ground> {
    let system = format!("{CANONICAL}CodeSystem/ground");
    let codings = header.pointer("/reason/coding")?.as_array()?;
    codings
        .iter()
        .find(|coding| text(coding, "system") == Some(&system))
        .and_then(|coding| text(coding, "code")?.parse().ok())
}

/// A consent that stands alone: references into the Bundle become the child's identifier and contained people.
fn complete(consent: &Value, patient: &Value, resources: &[(&str, &Value)]) -> Value {
    let mut consent = consent.clone();
    let number = nhs_number(patient).ok();
    let number = number.as_ref().map(crate::domain::NhsNumber::reveal);
    consent["patient"] =
        serde_json::json!({ "identifier": { "system": NHS_NUMBER_SYSTEM, "value": number } });
    let mut contained = Vec::new();
    for performer in consent.get_mut("performer").and_then(Value::as_array_mut).into_iter().flatten() {
        let target =
            text(performer, "reference").and_then(|url| resources.iter().find(|(known, _)| *known == url));
        if let Some((_, person)) = target {
            let id = format!("performer-{}", contained.len() + 1);
            let mut person = (*person).clone();
            person["id"] = serde_json::json!(id);
            // The person's link to the child is the consent's own.
            person["patient"] = consent_patient(number);
            contained.push(person);
            *performer = serde_json::json!({ "reference": format!("#{id}") });
        }
    }
    if !contained.is_empty() {
        consent["contained"] = Value::Array(contained);
    }
    consent
}

fn consent_patient(number: Option<&str>) -> Value {
    serde_json::json!({ "identifier": { "system": NHS_NUMBER_SYSTEM, "value": number } })
}
