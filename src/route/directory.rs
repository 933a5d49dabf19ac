//! The directory of partners, read from `directory.toml` and checked whole: every fault with its line.

mod entry;

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::{ODS_SYSTEM, OdsCode, PartnerId, Role, SCHOOL_URN_SYSTEM, SchoolUrn};
use entry::{Entry, partner};

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
    /// The profiles that its messages must meet instead of Kith's own, by record kind.
    pub profiles: BTreeMap<String, String>,
    /// The resources it may put on file itself: `Consent`.
    pub keeps: Vec<String>,
    /// Areas it reaches: beginnings of postcodes (`CV34`, `CV34 4`).
    pub reach: Vec<String>,
    /// Schools it serves, by URN.
    pub schools: Vec<SchoolUrn>,
    /// Partners that are around every child this one reaches, such as a centre's linked health visitors.
    pub linked: Vec<PartnerId>,
    /// Where it receives.
    pub endpoint: Option<Endpoint>,
    /// For a partner without a system of its own: Kith keeps what it receives, and its people read it on a page.
    pub inbox: Option<Inbox>,
    /// Where it can be asked for what it holds.
    pub source: Option<Source>,
}

/// What a partner receives, and in which form, wherever it goes.
#[derive(Debug, Clone, Copy)]
pub struct Receiving<'d> {
    /// `fhir`, or the record kind in which it reads.
    pub form: &'d str,
    /// Record kinds it wants; empty means all.
    pub receives: &'d [String],
    /// The profile that what it gets must meet.
    pub profile: Option<&'d str>,
    /// The address of its system; `None` where Kith keeps its inbox.
    pub url: Option<&'d str>,
}

impl Partner {
    /// How it receives; `None` when it does not.
    pub fn receiving(&self) -> Option<Receiving<'_>> {
        let system = self.endpoint.as_ref().map(|endpoint| Receiving {
            form: &endpoint.form,
            receives: &endpoint.receives,
            profile: endpoint.profile.as_deref(),
            url: Some(&endpoint.url),
        });
        let inbox = || {
            let inbox = self.inbox.as_ref()?;
            Some(Receiving { form: &inbox.form, receives: &inbox.receives, profile: None, url: None })
        };
        system.or_else(inbox)
    }

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
    /// The profile that what it gets must meet, besides what Kith's own demands; for `fhir` only.
    #[serde(default)]
    pub profile: Option<String>,
    /// How Kith gets a token for it.
    pub token: TokenSettings,
}

/// What Kith keeps for a partner without a system of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    /// The record kind in which its people read.
    pub form: String,
    /// Record kinds it wants; at least one, since nobody reads what they do not expect.
    pub receives: Vec<String>,
}

/// Where a partner can be asked for what it holds about a child: a FHIR R4 server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The server's base address, without a slash at its end.
    pub url: String,
    /// The resource types that it can be asked for; `Patient` always.
    pub resources: Vec<String>,
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

/// What the directory may name.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The record kinds there are.
    pub kinds: Vec<String>,
    /// Those among them that partners only receive.
    pub receive_only: Vec<String>,
    /// The resource types that can be read through.
    pub readable: Vec<String>,
    /// The identity providers whose tokens are accepted.
    pub issuers: Vec<String>,
}

/// What only others can tell of an address that the directory gives.
pub struct May<'a> {
    /// Whether Kith may call it.
    pub call: &'a dyn Fn(&str) -> bool,
    /// Whether it is that of a profile of messages.
    pub demand: &'a dyn Fn(&str) -> bool,
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

impl Directory {
    /// Reads the file's text.
    pub fn read(text: &str, known: &Known, may: &May<'_>) -> Result<Self, Vec<Fault>> {
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
            if let Some(partner) = partner(entry.into_inner(), known, may, &mut texts) {
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

    /// What people call that partner; its id when it has left the directory.
    pub fn name(&self, id: &PartnerId) -> String {
        self.partner(id).map_or_else(|| id.to_string(), |partner| partner.name.clone())
    }

    /// The partner that calls by this client.
    pub fn by_client(&self, issuer: &str, id: &str) -> Option<&Partner> {
        let client = Client { issuer: issuer.to_owned(), id: id.to_owned() };
        self.clients.get(&client).and_then(|partner| self.partners.get(partner))
    }

    /// The school with this URN, if it is a partner.
    pub fn school(&self, urn: &SchoolUrn) -> Option<&Partner> {
        self.partners().find(|partner| partner.role == Role::School && partner.urn.as_ref() == Some(urn))
    }

    /// All partners, by name.
    pub fn partners(&self) -> impl Iterator<Item = &Partner> {
        self.partners.values()
    }
}

#[cfg(test)]
mod tests;
