//! What `$explain` is asked: its Parameters, read; every fault is named with its place.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::{
    Demographics, Ground, NHS_NUMBER_SYSTEM, NhsNumber, ODS_SYSTEM, PartnerId, SCHOOL_URN_SYSTEM,
};
use crate::pipeline::{House, Past, Supposed};
use crate::problem::{Category, Issue, Problem};

/// More recipients than this are not asked about at once.
const RECIPIENTS_MAX: usize = 50;
/// What may be given, for the message that names something else.
const KNOWN: &str = "patient, recipient, sender, kind, ground, reasonGiven, postcode, practice, school, restricted, sealed, deceased, at, message, delivery";

/// What was asked.
pub(super) struct Asked {
    pub(super) child: Option<Demographics>,
    pub(super) past: Past,
    recipients: Vec<PartnerId>,
    sender: PartnerId,
    kind: Option<String>,
    claimed: Option<Ground>,
    reason_given: bool,
}

/// No child was named, and nothing by which one could be found.
pub(super) fn no_child() -> Problem {
    let text = format!(
        "Say whose: the parameter patient with valueIdentifier (system {NHS_NUMBER_SYSTEM}), or message, or delivery."
    );
    Problem::with(Category::Invalid, vec![Issue::error("required", text).at("Parameters.parameter")])
}

impl Asked {
    /// Reads Parameters. Without `sender` the message is supposed to come from the caller.
    pub(super) fn read(house: &House, caller: &PartnerId, body: &Value) -> Result<Self, Problem> {
        let mut asked = Self {
            child: None,
            past: Past::default(),
            recipients: vec![],
            sender: caller.clone(),
            kind: None,
            claimed: None,
            reason_given: false,
        };
        let mut issues = Vec::new();
        if body.get("resourceType").and_then(Value::as_str) != Some("Parameters") {
            issues.push(Issue::error("structure", "This address takes Parameters.").at("resourceType"));
        }
        let given: Vec<&Value> =
            body.get("parameter").and_then(Value::as_array).into_iter().flatten().collect();
        // The child first: the other facts are facts about it.
        let is_child = |one: &&Value| one.get("name").and_then(Value::as_str) == Some("patient");
        let order = given.iter().enumerate().filter(|(_, one)| is_child(one));
        let order = order.chain(given.iter().enumerate().filter(|(_, one)| !is_child(one)));
        for (index, parameter) in order {
            if let Err(text) = asked.take(house, parameter) {
                issues.push(Issue::error("value", text).at(format!("Parameters.parameter[{index}]")));
            }
        }
        if asked.recipients.len() > RECIPIENTS_MAX {
            let text = format!("At most {RECIPIENTS_MAX} recipients can be asked about at once.");
            issues.push(Issue::error("too-costly", text).at("Parameters.parameter"));
        }
        if issues.is_empty() { Ok(asked) } else { Err(Problem::with(Category::Invalid, issues)) }
    }

    fn take(&mut self, house: &House, parameter: &Value) -> Result<(), String> {
        match parameter.get("name").and_then(Value::as_str).unwrap_or_default() {
            "patient" => self.child = Some(Demographics::only(nhs_number(parameter)?)),
            "recipient" => self.recipients.push(partner(house, parameter)?),
            "sender" => self.sender = partner(house, parameter)?,
            "kind" => {
                let kind = text(parameter)?;
                house.kind(&kind).map_err(|problem| problem.to_string())?;
                self.kind = Some(kind);
            }
            "ground" => self.claimed = Some(text(parameter)?.parse().map_err(|error| format!("{error}."))?),
            "reasonGiven" => self.reason_given = flag(parameter)?,
            "at" => self.past.at = Some(instant(parameter)?),
            "message" => self.past.message_id = Some(uuid(parameter)?),
            "delivery" => self.past.delivery = Some(uuid(parameter)?),
            name @ ("postcode" | "practice" | "school" | "restricted" | "sealed" | "deceased") => {
                let child =
                    self.child.as_mut().ok_or("This is a fact about a child: name the patient too.")?;
                fact(child, name, parameter)?;
            }
            _ => return Err(format!("$explain has no such parameter; it has: {KNOWN}.")),
        }
        Ok(())
    }

    /// Whether the question is about what was, not what would be.
    pub(super) fn is_past(&self) -> bool {
        self.past.at.is_some() || self.past.message_id.is_some() || self.past.delivery.is_some()
    }

    /// Whether this recipient is asked about.
    pub(super) fn wants(&self, recipient: &PartnerId) -> bool {
        self.recipients.is_empty() || self.recipients.contains(recipient)
    }

    /// The message that is supposed; `None` when no child was named.
    pub(super) fn supposed(self) -> Option<Supposed> {
        Some(Supposed {
            child: self.child?,
            sender: self.sender,
            claimed: self.claimed,
            reason_given: self.reason_given,
            kind: self.kind,
            recipients: self.recipients,
        })
    }
}

fn fact(child: &mut Demographics, name: &str, parameter: &Value) -> Result<(), String> {
    match name {
        "postcode" => {
            child.postcode =
                Some(text(parameter)?.parse().map_err(|_| "This is not a whole postcode.".to_owned())?);
        }
        "practice" => {
            child.practices.push(text(parameter)?.parse().map_err(|error| format!("{error}."))?);
        }
        "school" => child.schools.push(text(parameter)?.parse().map_err(|error| format!("{error}."))?),
        "restricted" => child.restricted = flag(parameter)?,
        "sealed" => child.sealed = flag(parameter)?,
        _ => child.deceased = flag(parameter)?,
    }
    Ok(())
}

/// The NHS number that a parameter gives as Identifier.
pub fn nhs_number(parameter: &Value) -> Result<NhsNumber, String> {
    let part = |key: &str| parameter.pointer(&format!("/valueIdentifier/{key}")).and_then(Value::as_str);
    let value = part("value").filter(|_| part("system") == Some(NHS_NUMBER_SYSTEM));
    let value = value.ok_or_else(|| format!("Give valueIdentifier with the system {NHS_NUMBER_SYSTEM}."))?;
    value.replace(' ', "").parse().map_err(|error| format!("The NHS number is wrong: {error}."))
}

/// A partner by its name in the directory, its ODS code or its URN.
fn partner(house: &House, parameter: &Value) -> Result<PartnerId, String> {
    let part = |key: &str| parameter.pointer(&format!("/valueIdentifier/{key}")).and_then(Value::as_str);
    let found = match (part("system"), part("value")) {
        (Some(system @ (ODS_SYSTEM | SCHOOL_URN_SYSTEM)), Some(value)) => {
            let wanted = (system.to_owned(), value.to_owned());
            house.directory.partners().find(|partner| partner.identifiers().contains(&wanted))
        }
        _ => house.directory.partner(&PartnerId(text(parameter)?)),
    };
    found.map(|partner| partner.id.clone()).ok_or_else(|| {
        "There is no such partner in the directory. Give valueIdentifier (ODS code or URN), or valueString with its name there.".to_owned()
    })
}

fn text(parameter: &Value) -> Result<String, String> {
    let names = ["valueString", "valueCode", "valueId", "valueUri"];
    let value = names.iter().find_map(|name| parameter.get(*name)).and_then(Value::as_str);
    value
        .map(str::to_owned)
        .ok_or_else(|| "This parameter has no value. Give valueString or valueCode.".to_owned())
}

fn flag(parameter: &Value) -> Result<bool, String> {
    parameter.get("valueBoolean").and_then(Value::as_bool).ok_or_else(|| "Give valueBoolean.".to_owned())
}

fn instant(parameter: &Value) -> Result<DateTime<Utc>, String> {
    let names = ["valueInstant", "valueDateTime"];
    let value = names.iter().find_map(|name| parameter.get(*name)).and_then(Value::as_str);
    let read = value.and_then(|value| DateTime::parse_from_rfc3339(value).ok());
    read.map(|at| at.with_timezone(&Utc))
        .ok_or_else(|| "Give valueInstant: day and time with the time zone.".to_owned())
}

fn uuid(parameter: &Value) -> Result<Uuid, String> {
    let text = text(parameter)?;
    let bare = text.strip_prefix("urn:uuid:").unwrap_or(&text);
    Uuid::try_parse(bare).map_err(|_| "This is an id, a UUID.".to_owned())
}
