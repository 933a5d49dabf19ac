//! One `[[partner]]` of the directory's file, checked by itself.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::births;
use super::{Alerts, Client, Endpoint, Inbox, Known, May, Partner, Source, TokenSettings, Webhook};
use crate::domain::{OdsCode, PartnerId, Private, Role, SchoolUrn};

/// What a partner can put on file by itself.
const KEPT: &[&str] = &["Consent", "schools", "children", "school-places", "nhs-numbers"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    id: String,
    name: String,
    role: String,
    ods: String,
    #[serde(default)]
    urn: Option<String>,
    #[serde(default)]
    client: Option<Client>,
    #[serde(default)]
    sends: Vec<String>,
    #[serde(default)]
    profiles: BTreeMap<String, String>,
    #[serde(default)]
    keeps: Vec<String>,
    #[serde(default)]
    reach: Vec<String>,
    #[serde(default)]
    schools: Vec<String>,
    #[serde(default)]
    linked: Vec<String>,
    #[serde(default)]
    succeeds: Vec<String>,
    #[serde(default)]
    endpoint: Option<Endpoint>,
    #[serde(default)]
    inbox: Option<Inbox>,
    #[serde(default)]
    source: Option<Source>,
    #[serde(default)]
    alerts: Named,
    #[serde(default)]
    births: Option<births::Written>,
}

/// Whom a partner names to be told of what stays unread.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    #[serde(default)]
    emails: Vec<String>,
    #[serde(default)]
    webhook: Option<Webhook>,
}

/// The partner of an entry; what is wrong with it is added to `texts`.
pub(super) fn partner(
    entry: Entry,
    known: &Known,
    may: &May<'_>,
    texts: &mut Vec<String>,
) -> Option<Partner> {
    let id = entry.id.clone();
    let mut fault = |text: String| texts.push(format!("partner '{id}': {text}"));
    if !is_name(&id) {
        fault("the id has lower-case letters, digits and '-' only".to_owned());
    }
    let role = entry.role.parse::<Role>().map_err(|error| fault(error.to_string())).ok();
    let ods = entry.ods.parse::<OdsCode>().map_err(|error| fault(error.to_string())).ok();
    let mut urn_of = |text: &String| text.parse::<SchoolUrn>().map_err(|error| fault(error.to_string())).ok();
    let urn = entry.urn.as_ref().and_then(&mut urn_of);
    let schools = entry.schools.iter().filter_map(&mut urn_of).collect();
    sending_faults(&entry, known, &mut fault);
    profile_faults(&entry.profiles, &entry.sends, may, &mut fault);
    for one in entry.succeeds.iter().filter(|one| !is_name(one)) {
        fault(format!("succeeds '{one}', which no partner can have been called"));
    }
    for area in entry.reach.iter().filter(|area| !is_area(area)) {
        fault(format!("reach '{area}' is not the beginning of a postcode such as CV34 or CV34 4"));
    }
    if let Some(endpoint) = &entry.endpoint {
        endpoint_faults(endpoint, known, may, &mut fault);
    }
    if let Some(inbox) = &entry.inbox {
        if entry.endpoint.is_some() {
            fault("has an endpoint and an inbox; a partner receives in one of them".to_owned());
        }
        inbox_faults(inbox, known, &mut fault);
    }
    if let Some(source) = &entry.source {
        source_faults(source, known, may, &mut fault);
    }
    alerts_faults(&entry.alerts, may, &mut fault);
    if let Some(births) = &entry.births {
        births.faults(&entry.role, known, may, &mut fault);
    }
    Some(Partner {
        name: entry.name,
        role: role?,
        ods: ods?,
        urn,
        client: entry.client,
        sends: entry.sends,
        profiles: entry.profiles,
        keeps: entry.keeps,
        reach: entry.reach,
        schools,
        linked: entry.linked.into_iter().map(PartnerId).collect(),
        succeeds: entry.succeeds.into_iter().map(PartnerId).collect(),
        endpoint: entry.endpoint,
        inbox: entry.inbox,
        source: entry.source,
        alerts: Alerts {
            emails: entry.alerts.emails.into_iter().map(Private::new).collect(),
            webhook: entry.alerts.webhook,
        },
        births: entry.births.map(Into::into),
        id: PartnerId(id),
    })
}

/// Whether a partner can be called so.
fn is_name(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// What it sends and keeps, and by which client.
fn sending_faults(entry: &Entry, known: &Known, fault: &mut impl FnMut(String)) {
    let kinds = &known.kinds;
    for kind in entry.sends.iter().filter(|kind| !kinds.contains(kind)) {
        fault(format!("sends '{kind}', which is not a record kind; there are: {}", kinds.join(", ")));
    }
    for kind in entry.sends.iter().filter(|kind| known.receive_only.contains(kind)) {
        fault(format!("sends '{kind}', which is a kind that partners only receive"));
    }
    if let Some(client) = entry.client.as_ref().filter(|client| !known.issuers.contains(&client.issuer)) {
        let issuers = known.issuers.join(", ");
        fault(format!("client.issuer '{}' is the url of no [[issuer]]; there are: {issuers}", client.issuer));
    }
    for resource in entry.keeps.iter().filter(|resource| !KEPT.contains(&resource.as_str())) {
        fault(format!("keeps '{resource}', which no partner can; there are: {}", KEPT.join(", ")));
    }
    if !(entry.sends.is_empty() && entry.keeps.is_empty()) && entry.client.is_none() {
        fault("sends or keeps something but has no client; give client = { issuer = …, id = … }".to_owned());
    }
}

fn profile_faults(
    profiles: &BTreeMap<String, String>,
    sends: &[String],
    may: &May<'_>,
    fault: &mut impl FnMut(String),
) {
    for kind in profiles.keys().filter(|kind| !sends.contains(kind)) {
        fault(format!("names a profile for '{kind}', which it does not send"));
    }
    for profile in profiles.values().filter(|profile| !(may.demand)(profile)) {
        fault(format!(
            "'{profile}' is no profile of a message that is known here; load its package (files.packages)"
        ));
    }
}

fn endpoint_faults(endpoint: &Endpoint, known: &Known, may: &May<'_>, fault: &mut impl FnMut(String)) {
    for address in [&endpoint.url, &endpoint.token.url] {
        if !(may.call)(address) {
            fault(format!("'{address}' is not an https address"));
        }
    }
    let kinds = &known.kinds;
    if endpoint.form != "fhir" && !kinds.contains(&endpoint.form) {
        fault(format!("form '{}' is neither 'fhir' nor a record kind", endpoint.form));
    }
    for kind in endpoint.receives.iter().filter(|kind| !kinds.contains(kind)) {
        fault(format!("receives '{kind}', which is not a record kind"));
    }
    if let Some(profile) = endpoint.profile.as_ref().filter(|profile| !(may.demand)(profile)) {
        fault(format!(
            "'{profile}' is no profile of a message that is known here; load its package (files.packages)"
        ));
    }
    token_faults(&endpoint.token, fault);
}

fn inbox_faults(inbox: &Inbox, known: &Known, fault: &mut impl FnMut(String)) {
    let kinds = &known.kinds;
    if !kinds.contains(&inbox.form) {
        fault(format!("inbox.form '{}' is not a record kind; there are: {}", inbox.form, kinds.join(", ")));
    }
    if inbox.receives.is_empty() {
        fault("inbox.receives is empty; name the kinds that its people read".to_owned());
    }
    for kind in inbox.receives.iter().filter(|kind| !kinds.contains(kind)) {
        fault(format!("inbox.receives '{kind}', which is not a record kind"));
    }
}

fn token_faults(token: &TokenSettings, fault: &mut impl FnMut(String)) {
    if !["RS384", "ES384", "RS512"].contains(&token.algorithm.as_str()) {
        fault("token.algorithm is RS384, ES384 or RS512".to_owned());
    }
}

fn source_faults(source: &Source, known: &Known, may: &May<'_>, fault: &mut impl FnMut(String)) {
    for address in [&source.url, &source.token.url] {
        if !(may.call)(address) {
            fault(format!("source: '{address}' is not an https address"));
        }
    }
    if source.url.ends_with('/') || source.url.contains(['?', '#']) {
        fault("source.url is a base address: without a slash at its end, a query or a fragment".to_owned());
    }
    for name in source.resources.iter().filter(|name| !known.readable.contains(name)) {
        let can = known.readable.join(", ");
        fault(format!("source.resources names '{name}', which nobody can ask for; there are: {can}"));
    }
    token_faults(&source.token, fault);
}

/// Addresses are named by their place: they are people's.
fn alerts_faults(named: &Named, may: &May<'_>, fault: &mut impl FnMut(String)) {
    for (place, email) in named.emails.iter().enumerate() {
        let parts: Vec<&str> = email.split('@').collect();
        let plain =
            |part: &&str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control());
        if parts.len() != 2 || !parts.iter().all(plain) || email.len() > 254 {
            fault(format!("alerts.emails: number {} is not an e-mail address", place + 1));
        }
    }
    if let Some(webhook) = named.webhook.as_ref().filter(|webhook| !(may.call)(&webhook.url)) {
        fault(format!("alerts.webhook: '{}' is not an https address", webhook.url));
    }
}

fn is_area(area: &str) -> bool {
    area.starts_with(|c: char| c.is_ascii_uppercase())
        && area.len() <= 8
        && area.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ')
}
