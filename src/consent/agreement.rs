//! Reads a FHIR Consent (<https://hl7.org/fhir/R4/consent.html>) into rules that can be weighed.
//!
//! What cannot be read can only take away: a Consent with anything unreadable in it is never used as a permit, and a deny
//! in it reaches as far as its unreadable part could mean.

use serde_json::Value;

use super::ConsentOnFile;
use super::rule::{Kind, Reader, Rule, codings, list, rules};
use crate::domain::{NHS_NUMBER_SYSTEM, NhsNumber};

/// Code system of what professionals decide by themselves; its code `not-to-share` marks a decision not to tell.
pub const DECISION_SYSTEM: &str = "https://kith.example/fhir/CodeSystem/professional-decision";
/// Extension of a Consent: the young person who gave it was found competent to decide.
const COMPETENT: &str = "https://kith.example/fhir/StructureDefinition/competent-young-person";
/// Extension of a person: whether they hold parental responsibility.
const RESPONSIBILITY: &str = "https://kith.example/fhir/StructureDefinition/parental-responsibility";
const SCOPE_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
/// Code system of marks for what was cut or changed.
const ALTERED_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

/// One Consent, read.
#[derive(Debug)]
pub(super) struct Agreement {
    /// `id/version`, as the journal keeps it.
    pub(super) label: String,
    pub(super) state: State,
    pub(super) voice: Voice,
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

/// Who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// Somebody for the child.
    Parent,
    /// The child itself, old enough to decide.
    YoungPerson,
    /// A professional, who decided not to tell because telling would do more harm (Children Act 2004 s.16LA(3)).
    Professional,
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
        let voice = voice(resource, child, &mut usable);
        usable &= verified(resource) && may_decide(resource) && is_whole(resource);
        let mut reader = Reader { usable, contained: &resource["contained"] };
        let rules = root(resource, &mut reader);
        let usable = reader.usable;
        let label = format!("{}/{}", consent.id, consent.version);
        Some(Self { label, state, voice, usable, rules })
    }
}

/// Whose decision it is. A child's own counts as an agreement only where somebody found it competent; its refusal always.
fn voice(resource: &Value, child: &NhsNumber, usable: &mut bool) -> Voice {
    let mut categories = list(&resource["category"]).flat_map(|category| codings(&category["coding"]));
    if categories.any(|coding| coding == (DECISION_SYSTEM, "not-to-share")) {
        return Voice::Professional;
    }
    let patient = resource["patient"]["reference"].as_str();
    let itself = |performer: &Value| {
        performer["type"] == "Patient"
            || performer["identifier"]["value"].as_str().is_some_and(|value| value == child.reveal())
            || (patient.is_some() && performer["reference"].as_str() == patient)
    };
    if !list(&resource["performer"]).any(itself) {
        return Voice::Parent;
    }
    *usable &= list(&resource["extension"])
        .any(|extension| extension["url"] == COMPETENT && extension["valueBoolean"] == true);
    Voice::YoungPerson
}

/// Whether nobody found that the family does not stand by it (<https://hl7.org/fhir/R4/consent-definitions.html#Consent.verification>).
fn verified(resource: &Value) -> bool {
    let mut checks = list(&resource["verification"]).map(|check| &check["verified"]).peekable();
    checks.peek().is_none() || checks.any(|verified| *verified == true)
}

/// Whether it was given by somebody who may: not only by people of whom it says that they hold no parental responsibility.
fn may_decide(resource: &Value) -> bool {
    let person = |performer: &Value| {
        let id = performer["reference"].as_str().and_then(|reference| reference.strip_prefix('#'));
        id.and_then(|id| list(&resource["contained"]).find(|person| person["id"] == id))
    };
    let holds_none = |person: &Value| {
        list(&person["extension"])
            .any(|extension| extension["url"] == RESPONSIBILITY && extension["valueBoolean"] == false)
    };
    let mut performers = list(&resource["performer"]).peekable();
    performers.peek().is_none() || performers.any(|one| !person(one).is_some_and(holds_none))
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

/// Whether all of a Consent is here. Of one that was cut its exceptions may be missing
/// (<https://terminology.hl7.org/CodeSystem-v3-ObservationValue.html>, alterations).
pub fn is_whole(resource: &Value) -> bool {
    let marks = ["tag", "security"].iter().flat_map(|list| codings(&resource["meta"][*list]));
    let mut marks = marks.filter(|(system, _)| *system == ALTERED_SYSTEM);
    !marks.any(|(_, code)| ["SUBSETTED", "REDACTED", "MASKED", "ABSTRED"].contains(&code))
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
fn root(resource: &Value, reader: &mut Reader<'_>) -> Vec<Rule> {
    let opt_out = codings(&resource["policyRule"]["coding"]).any(|(_, code)| code.starts_with("OPTOUT"));
    let provision = &resource["provision"];
    if provision.is_null() && opt_out {
        reader.usable = false;
        return vec![Rule { kind: Kind::Deny, ..Rule::read(&Value::Null, reader) }];
    }
    let mut rules = rules(provision, reader);
    if !provision.is_object() {
        reader.usable = false;
    }
    for rule in rules.iter_mut().filter(|rule| opt_out && rule.kind == Kind::Unread) {
        rule.kind = Kind::Deny;
    }
    rules
}
