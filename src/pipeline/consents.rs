//! The consents that count for a message: those on file and those it brings, which replace older ones of their scope.

use serde_json::{Value, json};

use super::House;
use crate::consent::ConsentOnFile;
use crate::domain::{ChildKey, PartnerId, Private};
use crate::message::Mapped;
use crate::problem::Problem;
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

/// The consents by which a message is judged: on file, less those it replaces, and its own.
pub fn in_force(
    house: &House,
    file: &ChildFile,
    changes: &[ConsentChange],
) -> Result<Vec<ConsentOnFile>, Problem> {
    let replaced = |consent: &&StoredConsent| changes.iter().any(|change| change.consent.id == consent.id);
    let kept = file.consents.iter().filter(|consent| !replaced(consent));
    let all: Vec<StoredConsent> = kept.chain(changes.iter().map(|change| &change.consent)).cloned().collect();
    opened(house, &all)
}

/// How the consents on file change with this message: an active one of the same scope and author ends, the new begins.
pub fn changes(house: &House, mapped: &Mapped, file: &ChildFile) -> Result<Vec<ConsentChange>, Problem> {
    let child = house.vault.child_key(&mapped.child.nhs_number);
    let mut changes = Vec::new();
    for (index, consent) in mapped.consents.iter().enumerate() {
        let scope = consent_scope(house, &child, &mapped.sender.partner, consent.reveal());
        let same = |old: &&StoredConsent| {
            old.status == "active" && old.scope == scope && old.author == mapped.sender.partner
        };
        for old in file.consents.iter().filter(same) {
            let mut resource = house.open_json(&context(&old.id), &old.resource)?;
            resource["status"] = json!("inactive");
            let ended = stamped(resource, &old.id, old.version + 1, mapped.at);
            changes.push(ConsentChange {
                consent: stored(
                    house,
                    &ended,
                    &old.id,
                    old.version + 1,
                    &child,
                    &old.author,
                    &old.scope,
                    mapped.at,
                )?,
                replaces: Some(old.version),
            });
        }
        let id = uuid::Uuid::new_v5(&mapped.message_id, format!("consent/{index}").as_bytes()).to_string();
        let begun = stamped(consent.reveal().clone(), &id, 1, mapped.at);
        let begun = stored(house, &begun, &id, 1, &child, &mapped.sender.partner, &scope, mapped.at)?;
        changes.push(ConsentChange { consent: begun, replaces: None });
    }
    Ok(changes)
}

/// The resource with the id and version that Kith gives it.
pub fn stamped(mut resource: Value, id: &str, version: u32, at: chrono::DateTime<chrono::Utc>) -> Value {
    resource["id"] = json!(id);
    let mut meta = resource.get("meta").cloned().unwrap_or_else(|| json!({}));
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
    at: chrono::DateTime<chrono::Utc>,
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

/// The identifiers of every actor that a consent names.
pub fn named(consents: &[ConsentOnFile]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for consent in consents {
        actors(consent.resource.reveal().get("provision").unwrap_or(&Value::Null), &mut found);
    }
    found
}

fn actors(provision: &Value, found: &mut Vec<(String, String)>) {
    for actor in provision.get("actor").and_then(Value::as_array).into_iter().flatten() {
        let part = |key: &str| actor.pointer(&format!("/reference/identifier/{key}")).and_then(Value::as_str);
        if let (Some(system), Some(value)) = (part("system"), part("value")) {
            found.push((system.to_owned(), value.to_owned()));
        }
    }
    for inner in provision.get("provision").and_then(Value::as_array).into_iter().flatten() {
        actors(inner, found);
    }
}
