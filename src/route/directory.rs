//! The directory of partners, read from `directory.toml` and checked whole: every fault with its line.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::{ODS_SYSTEM, OdsCode, PartnerId, Role, SCHOOL_URN_SYSTEM, SchoolUrn};

/// A system registered with Kith.
#[derive(Debug, Clone)]
pub struct Partner {
    /// Its name in the directory.
    pub id: PartnerId,
    /// Its organisation's name, for people.
    pub name: String,
    /// What it is to children.
    pub role: Role,
    /// Its organisation.
    pub ods: OdsCode,
    /// Its URN, for schools and children's centres.
    pub urn: Option<SchoolUrn>,
    /// The OIDC client by which it calls Kith.
    pub client: Option<Client>,
    /// The record kinds it may send.
    pub sends: Vec<String>,
    /// Areas it reaches: beginnings of postcodes (`CV34`, `CV34 4`).
    pub reach: Vec<String>,
    /// Schools it serves, by URN.
    pub schools: Vec<SchoolUrn>,
    /// Partners that are around every child this one reaches, such as a centre's linked health visitors.
    pub linked: Vec<PartnerId>,
    /// Where it receives.
    pub endpoint: Option<Endpoint>,
}

impl Partner {
    /// The identifiers by which a consent may name it.
    pub fn identifiers(&self) -> Vec<(String, String)> {
        let ods = (ODS_SYSTEM.to_owned(), self.ods.as_str().to_owned());
        let urn = self.urn.as_ref().map(|urn| (SCHOOL_URN_SYSTEM.to_owned(), urn.as_str().to_owned()));
        std::iter::once(ods).chain(urn).collect()
    }
}

/// An OIDC client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The identity provider.
    pub issuer: String,
    /// The client's id there.
    pub id: String,
}

/// Where a partner receives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The address that messages are posted to.
    pub url: String,
    /// `fhir`, or the record kind in which it reads.
    pub form: String,
    /// Record kinds it wants; empty means all.
    #[serde(default)]
    pub receives: Vec<String>,
    /// How Kith gets a token for it.
    pub token: TokenSettings,
}

/// How Kith gets a partner's token: client credentials with `private_key_jwt`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// The token endpoint.
    pub url: String,
    /// Kith's client id there.
    pub client_id: String,
    /// File with Kith's private key (PEM, PKCS#8).
    pub key_file: String,
    /// The key's id.
    pub key_id: String,
    /// RS384, ES384 or RS512.
    pub algorithm: String,
    /// Scopes to ask for.
    #[serde(default)]
    pub scope: Option<String>,
    /// The resource the token is for (RFC 8707).
    #[serde(default)]
    pub resource: Option<String>,
}

/// All partners, by name and by client.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    partners: BTreeMap<PartnerId, Partner>,
    clients: BTreeMap<Client, PartnerId>,
}

/// A fault of the directory: its line, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.text)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    partner: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
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
    reach: Vec<String>,
    #[serde(default)]
    schools: Vec<String>,
    #[serde(default)]
    linked: Vec<String>,
    #[serde(default)]
    endpoint: Option<Endpoint>,
}

impl Directory {
    /// Reads the file's text. `kinds` are the record kinds there are; `may_call` says whether Kith may call an address.
    pub fn read(text: &str, kinds: &[String], may_call: impl Fn(&str) -> bool) -> Result<Self, Vec<Fault>> {
        let line_at = |offset: usize| text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_at(span.start));
            vec![Fault { line, text: error.message().to_owned() }]
        })?;
        let mut directory = Self::default();
        let mut faults = Vec::new();
        let mut lines = BTreeMap::new();
        for entry in file.partner {
            let line = line_at(entry.span().start);
            let mut texts = Vec::new();
            if let Some(partner) = partner(entry.into_inner(), kinds, &may_call, &mut texts) {
                lines.insert(partner.id.clone(), line);
                directory.add(partner, &mut texts);
            }
            faults.extend(texts.into_iter().map(|text| Fault { line, text }));
        }
        directory.check_links(&lines, &mut faults);
        if faults.is_empty() { Ok(directory) } else { Err(faults) }
    }

    fn add(&mut self, partner: Partner, texts: &mut Vec<String>) {
        if let Some(client) = &partner.client
            && let Some(other) = self.clients.insert(client.clone(), partner.id.clone())
        {
            texts.push(format!(
                "the client of '{}' is that of '{other}' already; a client belongs to one partner",
                partner.id
            ));
        }
        let same = |known: &&Partner| {
            known.ods == partner.ods && known.urn == partner.urn && known.role == partner.role
        };
        if let Some(other) = self.partners.values().find(same) {
            texts.push(format!(
                "'{}' is the same organisation in the same role as '{}'",
                partner.id, other.id
            ));
        }
        let id = partner.id.clone();
        if self.partners.insert(id.clone(), partner).is_some() {
            texts.push(format!("there are two partners called '{id}'"));
        }
    }

    fn check_links(&self, lines: &BTreeMap<PartnerId, usize>, faults: &mut Vec<Fault>) {
        for partner in self.partners.values() {
            for link in partner.linked.iter().filter(|link| !self.partners.contains_key(link)) {
                let line = lines.get(&partner.id).copied().unwrap_or(1);
                faults.push(Fault {
                    line,
                    text: format!("'{}' is linked to '{link}', which is not in the directory", partner.id),
                });
            }
        }
    }

    /// The partner of that name.
    pub fn partner(&self, id: &PartnerId) -> Option<&Partner> {
        self.partners.get(id)
    }

    /// The partner that calls by this client.
    pub fn by_client(&self, issuer: &str, id: &str) -> Option<&Partner> {
        let client = Client { issuer: issuer.to_owned(), id: id.to_owned() };
        self.clients.get(&client).and_then(|partner| self.partners.get(partner))
    }

    /// All partners, by name.
    pub fn partners(&self) -> impl Iterator<Item = &Partner> {
        self.partners.values()
    }
}

fn partner(
    entry: Entry,
    kinds: &[String],
    may_call: &impl Fn(&str) -> bool,
    texts: &mut Vec<String>,
) -> Option<Partner> {
    let id = entry.id;
    let mut fault = |text: String| texts.push(format!("partner '{id}': {text}"));
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        fault("the id has lower-case letters, digits and '-' only".to_owned());
    }
    let role = entry.role.parse::<Role>().map_err(|error| fault(error.to_string())).ok();
    let ods = entry.ods.parse::<OdsCode>().map_err(|error| fault(error.to_string())).ok();
    let mut urn_of = |text: &String| text.parse::<SchoolUrn>().map_err(|error| fault(error.to_string())).ok();
    let urn = entry.urn.as_ref().and_then(&mut urn_of);
    let schools = entry.schools.iter().filter_map(&mut urn_of).collect();
    let known = |kind: &String| kinds.contains(kind);
    for kind in entry.sends.iter().filter(|kind| !known(kind)) {
        fault(format!("sends '{kind}', which is not a record kind; there are: {}", kinds.join(", ")));
    }
    if !entry.sends.is_empty() && entry.client.is_none() {
        fault("sends records but has no client; give client = { issuer = …, id = … }".to_owned());
    }
    for area in entry.reach.iter().filter(|area| !is_area(area)) {
        fault(format!("reach '{area}' is not the beginning of a postcode such as CV34 or CV34 4"));
    }
    if let Some(endpoint) = &entry.endpoint {
        endpoint_faults(endpoint, kinds, may_call, &mut fault);
    }
    Some(Partner {
        name: entry.name,
        role: role?,
        ods: ods?,
        urn,
        client: entry.client,
        sends: entry.sends,
        reach: entry.reach,
        schools,
        linked: entry.linked.into_iter().map(PartnerId).collect(),
        endpoint: entry.endpoint,
        id: PartnerId(id),
    })
}

fn endpoint_faults(
    endpoint: &Endpoint,
    kinds: &[String],
    may_call: &impl Fn(&str) -> bool,
    fault: &mut impl FnMut(String),
) {
    for address in [&endpoint.url, &endpoint.token.url] {
        if !may_call(address) {
            fault(format!("'{address}' is not an https address"));
        }
    }
    if endpoint.form != "fhir" && !kinds.contains(&endpoint.form) {
        fault(format!("form '{}' is neither 'fhir' nor a record kind", endpoint.form));
    }
    for kind in endpoint.receives.iter().filter(|kind| !kinds.contains(kind)) {
        fault(format!("receives '{kind}', which is not a record kind"));
    }
    if !["RS384", "ES384", "RS512"].contains(&endpoint.token.algorithm.as_str()) {
        fault("token.algorithm is RS384, ES384 or RS512".to_owned());
    }
}

fn is_area(area: &str) -> bool {
    area.starts_with(|c: char| c.is_ascii_uppercase())
        && area.len() <= 8
        && area.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ')
}

#[cfg(test)]
mod tests;
