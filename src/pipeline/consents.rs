//! The consents that count for a message: those on file and those it brings, which replace older ones of their scope.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::House;
use crate::consent::ConsentOnFile;
use crate::domain::{ChildKey, NhsNumber, PartnerId, Private};
use crate::message::Mapped;
use crate::problem::{Category, Issue, Problem};
use crate::store::{ChildFile, ConsentChange, StoredConsent};

/// What seals a Consent resource: its id, so that no row can be exchanged for another.
fn context(id: &str) -> String {
    format!("consent/{id}")
}

/// A keyed hash of what a consent is about: child, kind of consent, who gave it, who brought it. Two active ones of one
/// scope cannot be. What another partner brought stays beside it, so that nobody can end a refusal that others keep.
pub fn consent_scope(house: &House, child: &ChildKey, author: &PartnerId, consent: &Value) -> String {
    let giver = consent.pointer("/contained/0/name").or_else(|| consent.pointer("/performer/0"));
    let giver = giver.unwrap_or(&Value::Null);
    let words = format!("{}|{author}|{}|{giver}", child.as_str(), category_of(consent));
    house.vault.digest("consent-scope", words.as_bytes())
}

/// The codes of a consent's category, as one text.
pub fn category_of(consent: &Value) -> String {
    let categories = consent.get("category").and_then(Value::as_array).into_iter().flatten();
    let codings = categories
        .flat_map(|category| category.get("coding").and_then(Value::as_array).into_iter().flatten());
    let text =
        |coding: &Value, key: &str| coding.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    codings
        .map(|coding| format!("{}|{}", text(coding, "system"), text(coding, "code")))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The stored consents with their resources opened.
pub fn opened(house: &House, stored: &[StoredConsent]) -> Result<Vec<ConsentOnFile>, Problem> {
    let open = |consent: &StoredConsent| {
        let resource = house.open_json(&context(&consent.id), &consent.resource)?;
        Ok(ConsentOnFile {
            id: consent.id.clone(),
            version: consent.version,
            resource: Private::new(resource),
        })
    };
    stored.iter().map(open).collect()
}

/// The consents on file for a child, opened. One that was given under another number of the child's speaks of this one.
pub fn of_child(
    house: &House,
    stored: &[StoredConsent],
    child: &NhsNumber,
) -> Result<Vec<ConsentOnFile>, Problem> {
    let key = house.vault.child_key(child);
    let mut consents = opened(house, stored)?;
    for (consent, stored) in consents.iter_mut().zip(stored).filter(|(_, stored)| stored.child != key) {
        let number = consent.resource.reveal().pointer("/patient/identifier/value").and_then(Value::as_str);
        let number = number.map(|text| text.replace(' ', "")).and_then(|text| text.parse::<NhsNumber>().ok());
        // What is on file under a number and speaks of a third one is nobody's.
        if let Some(old) = number.filter(|number| house.vault.child_key(number) == stored.child) {
            let mut resource = consent.resource.reveal().clone();
            renumber(&mut resource, &old, child);
            consent.resource = Private::new(resource);
        }
    }
    Ok(consents)
}

/// Puts one number of a child in the place of another, wherever a consent names the child: as patient, and as who gave it.
fn renumber(value: &mut Value, old: &NhsNumber, new: &NhsNumber) {
    match value {
        Value::Object(object) => object.values_mut().for_each(|inner| renumber(inner, old, new)),
        Value::Array(list) => list.iter_mut().for_each(|inner| renumber(inner, old, new)),
        Value::String(text) => {
            let begins = text.rfind(['/', '|', '=']).map_or(0, |at| at + 1);
            if text.get(begins..).is_some_and(|last| last.replace(' ', "") == old.reveal()) {
                text.replace_range(begins.., new.reveal());
            }
        }
        _ => {}
    }
}

/// The consents by which a message about a child is judged: on file, less those it replaces, and its own.
pub fn in_force(
    house: &House,
    file: &ChildFile,
    changes: &[ConsentChange],
    child: &NhsNumber,
) -> Result<Vec<ConsentOnFile>, Problem> {
    let replaced = |consent: &&StoredConsent| changes.iter().any(|change| change.consent.id == consent.id);
    let kept = file.consents.iter().filter(|consent| !replaced(consent));
    let all: Vec<StoredConsent> = kept.chain(changes.iter().map(|change| &change.consent)).cloned().collect();
    of_child(house, &all, child)
}

/// What a message does to the consents on file, and what its sender is told of that.
pub struct Arriving {
    /// In the order in which they are written.
    pub changes: Vec<ConsentChange>,
    /// Remarks for the sender.
    pub remarks: Vec<Issue>,
}

/// How the consents on file change with this message: an active one of the same scope and author ends, the new begins.
///
/// Only an active consent changes anything: a draft says nothing yet. One that was given before the consent of its scope
/// was withdrawn is kept as withdrawn: an old form sent again is no new agreement. Nor does one that was given before what is on file was
/// given, or was changed, end that.
pub fn arriving(house: &House, mapped: &Mapped, file: &ChildFile) -> Result<Arriving, Problem> {
    let child = house.vault.child_key(&mapped.child.nhs_number);
    let mut arriving = Arriving { changes: vec![], remarks: vec![] };
    let mut scopes = Vec::new();
    for (index, consent) in mapped.consents.iter().enumerate() {
        let consent = consent.reveal();
        if consent.get("status").and_then(Value::as_str) != Some("active") {
            arriving.remarks.push(Issue::warning("informational", NOT_ACTIVE).at("Consent.status"));
            continue;
        }
        let scope = consent_scope(house, &child, &mapped.sender.partner, consent);
        if scopes.contains(&scope) {
            let issue = Issue::error("business-rule", TWICE).at("Consent");
            return Err(Problem::with(Category::BusinessRule, vec![issue]));
        }
        scopes.push(scope.clone());
        let by_other_number = |old: &StoredConsent| {
            old.child != child
                && old.scope == consent_scope(house, &old.child, &mapped.sender.partner, consent)
        };
        let same = |old: &&StoredConsent| {
            old.author == mapped.sender.partner && (old.scope == scope || by_other_number(old))
        };
        let (active, ended): (Vec<&StoredConsent>, Vec<&StoredConsent>) =
            file.consents.iter().filter(same).partition(|old| old.status == "active");
        let given = given_at(consent);
        let mut overtaken = false;
        for old in &active {
            overtaken |= is_overtaken(house, consent, old)?;
        }
        for old in active.iter().filter(|_| !overtaken) {
            arriving.changes.push(ending(house, mapped, old)?);
        }
        let withdrawn = active.is_empty()
            && ended
                .iter()
                .any(|old| old.status == "inactive" && given.is_none_or(|given| given < old.updated));
        let id = uuid::Uuid::new_v5(&mapped.message_id, format!("consent/{index}").as_bytes()).to_string();
        let mut begun = stamped(consent.clone(), &id, 1, mapped.at);
        if withdrawn {
            begun["status"] = json!("inactive");
            arriving.remarks.push(Issue::warning("business-rule", WITHDRAWN_SINCE).at("Consent.dateTime"));
        }
        if overtaken {
            begun["status"] = json!("inactive");
            arriving.remarks.push(Issue::warning("business-rule", DECIDED_SINCE).at("Consent.dateTime"));
        }
        let begun = stored(house, &begun, &id, 1, &child, &mapped.sender.partner, &scope, mapped.at)?;
        arriving.changes.push(ConsentChange { consent: begun, replaces: None });
    }
    Ok(arriving)
}

const NOT_ACTIVE: &str =
    "The consent is not active, so it was not kept: it neither permits nor ends anything.";
const TWICE: &str =
    "The message holds two active consents of one kind by one person. Send the one that holds.";
const WITHDRAWN_SINCE: &str = "This consent was given before it was withdrawn, so it stays withdrawn. If the person agreed \
    again, send the form with the day and time of that.";

const DECIDED_SINCE: &str = "This consent was given before what is on file was decided, so it changes nothing. If the person decided again, \
    send the form with the day and time of that.";

/// Whether the same was decided anew after this consent was given: what is on file was given later, or was changed since.
fn is_overtaken(house: &House, consent: &Value, old: &StoredConsent) -> Result<bool, Problem> {
    let text = |consent: &Value| consent.get("dateTime").and_then(Value::as_str).map(str::to_owned);
    let Some(given) = text(consent) else { return Ok(false) };
    let on_file = house.open_json(&context(&old.id), &old.resource)?;
    let changed = (old.version > 1).then(|| old.updated.to_rfc3339());
    Ok([text(&on_file), changed].into_iter().flatten().any(|since| is_before(&given, &since)))
}

/// Whether one FHIR dateTime is before another. Where one of them says no more than the day, days are compared: on one day nobody can tell.
fn is_before(one: &str, other: &str) -> bool {
    let at = |text: &str| DateTime::parse_from_rfc3339(text).ok();
    match (at(one), at(other)) {
        (Some(one), Some(other)) => one < other,
        // Dates of one precision sort as text; a year alone is not before a day of that year.
        _ => {
            let days = one.len().min(other.len()).min("2026-03-13".len());
            one.get(..days) < other.get(..days)
        }
    }
}

/// The next version of a consent, which ends it.
fn ending(house: &House, mapped: &Mapped, old: &StoredConsent) -> Result<ConsentChange, Problem> {
    let mut resource = house.open_json(&context(&old.id), &old.resource)?;
    resource["status"] = json!("inactive");
    let version = old.version + 1;
    let ended = stamped(resource, &old.id, version, mapped.at);
    let consent = stored(house, &ended, &old.id, version, &old.child, &old.author, &old.scope, mapped.at)?;
    Ok(ConsentChange { consent, replaces: Some(old.version) })
}

/// When the consent was given; a day counts from its beginning, so that a doubt never revives what was withdrawn.
fn given_at(consent: &Value) -> Option<DateTime<Utc>> {
    let text = consent.get("dateTime")?.as_str()?;
    let day =
        |text: &str| Some(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0)?.and_utc());
    DateTime::parse_from_rfc3339(text).map(|at| at.with_timezone(&Utc)).ok().or_else(|| day(text))
}

/// The resource with the id and version that Kith gives it.
pub fn stamped(mut resource: Value, id: &str, version: u32, at: DateTime<Utc>) -> Value {
    resource["id"] = json!(id);
    let mut meta = resource.get("meta").filter(|meta| meta.is_object()).cloned().unwrap_or_else(|| json!({}));
    meta["versionId"] = json!(version.to_string());
    meta["lastUpdated"] = json!(at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    resource["meta"] = meta;
    resource
}

/// The row of a consent.
#[allow(clippy::too_many_arguments)] // A row has these columns.
pub fn stored(
    house: &House,
    resource: &Value,
    id: &str,
    version: u32,
    child: &ChildKey,
    author: &PartnerId,
    scope: &str,
    at: DateTime<Utc>,
) -> Result<StoredConsent, Problem> {
    Ok(StoredConsent {
        id: id.to_owned(),
        version,
        child: child.clone(),
        author: author.clone(),
        status: resource.get("status").and_then(Value::as_str).unwrap_or_default().to_owned(),
        scope: scope.to_owned(),
        resource: house.seal_json(&context(id), resource)?,
        updated: at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_before_is_told_only_where_it_can_be() {
        assert!(is_before("2026-03-13T10:40:00Z", "2026-03-13T12:00:00+01:00"));
        assert!(!is_before("2026-03-13T11:40:00Z", "2026-03-13T12:00:00+01:00"));
        assert!(
            is_before("2026-03-12", "2026-03-13T00:10:00Z")
                && !is_before("2026-03-13", "2026-03-13T10:40:00Z")
        );
        assert!(
            is_before("2025", "2026-03-13")
                && !is_before("2026", "2026-03-13")
                && !is_before("2026-03-13", "2026")
        );
    }
}
