//! Reads a FHIR Consent (<https://hl7.org/fhir/R4/consent.html>) into rules that can be weighed.
//!
//! What cannot be read can only take away: a Consent with anything unreadable in it is never used as a permit, and a deny
//! in it reaches as far as its unreadable part could mean.

use serde_json::Value;

use super::ConsentOnFile;
use super::rule::{Kind, Rule, codings, rules};
use crate::domain::{NHS_NUMBER_SYSTEM, NhsNumber};

const SCOPE_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/consentscope";

/// One Consent, read.
#[derive(Debug)]
pub(super) struct Agreement {
    /// `id/version`, as the journal keeps it.
    pub(super) label: String,
    pub(super) state: State,
    /// Whether it may be used as a permit: everything in it was read.
    pub(super) usable: bool,
    pub(super) rules: Vec<Rule>,
}

/// What its status means for the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Active,
    Withdrawn,
}

impl Agreement {
    /// Reads a Consent; `None` when it has no say: another child's, another subject's, or a draft or mistake.
    pub(super) fn read(consent: &ConsentOnFile, child: &NhsNumber) -> Option<Self> {
        let resource = consent.resource.reveal();
        let mut usable = true;
        if resource["resourceType"] != "Consent" || !is_about(resource, child, &mut usable) {
            return None;
        }
        let state = state(resource, &mut usable)?;
        scope_is_ours(resource, &mut usable)?;
        if has_modifier(resource) {
            usable = false;
        }
        let rules = root(resource, &mut usable);
        Some(Self { label: format!("{}/{}", consent.id, consent.version), state, usable, rules })
    }
}

fn state(resource: &Value, usable: &mut bool) -> Option<State> {
    match resource["status"].as_str() {
        Some("active") => Some(State::Active),
        Some("inactive") => Some(State::Withdrawn),
        Some("draft" | "proposed" | "rejected" | "entered-in-error") => None,
        _ => {
            *usable = false;
            Some(State::Active)
        }
    }
}

/// A Consent to research or treatment says nothing of sharing; one whose scope cannot be read can only deny.
fn scope_is_ours(resource: &Value, usable: &mut bool) -> Option<()> {
    let codes: Vec<&str> = codings(&resource["scope"]["coding"])
        .filter(|(system, _)| *system == SCOPE_SYSTEM)
        .map(|(_, code)| code)
        .collect();
    if codes.contains(&"patient-privacy") {
        return Some(());
    }
    if !codes.is_empty() && codes.iter().all(|code| ["research", "treatment", "adr"].contains(code)) {
        return None;
    }
    *usable = false;
    Some(())
}

/// Whether the Consent may be about this child. A plain reference may: the Consent lies in this child's file or message.
fn is_about(resource: &Value, child: &NhsNumber, usable: &mut bool) -> bool {
    let patient = &resource["patient"];
    let identifier = &patient["identifier"];
    if !identifier.is_null() {
        let value = identifier["value"].as_str().map(|value| value.replace(' ', ""));
        match (identifier["system"].as_str(), value) {
            (Some(NHS_NUMBER_SYSTEM), Some(value)) if value != child.reveal() => return false,
            (Some(NHS_NUMBER_SYSTEM), Some(_)) => {}
            _ => *usable = false,
        }
    }
    let named = patient["reference"].as_str().and_then(|reference| reference.rsplit(['/', '|', '=']).next());
    named.and_then(|last| last.parse::<NhsNumber>().ok()).is_none_or(|number| number == *child)
}

/// Anything that may change the meaning of the whole (<https://hl7.org/fhir/R4/extensibility.html#modifierExtension>).
fn has_modifier(value: &Value) -> bool {
    match value {
        Value::Object(map) => map
            .iter()
            .any(|(key, inner)| key == "modifierExtension" || key == "implicitRules" || has_modifier(inner)),
        Value::Array(items) => items.iter().any(has_modifier),
        _ => false,
    }
}

/// The root provision. A Consent that says "opt out" and gives its provision no type is a deny.
fn root(resource: &Value, usable: &mut bool) -> Vec<Rule> {
    let opt_out = codings(&resource["policyRule"]["coding"]).any(|(_, code)| code.starts_with("OPTOUT"));
    let provision = &resource["provision"];
    if provision.is_null() && opt_out {
        *usable = false;
        return vec![Rule { kind: Kind::Deny, ..Rule::read(&Value::Null, usable) }];
    }
    let mut rules = rules(provision, usable);
    if !provision.is_object() {
        *usable = false;
    }
    for rule in rules.iter_mut().filter(|rule| opt_out && rule.kind == Kind::Unread) {
        rule.kind = Kind::Deny;
    }
    rules
}
