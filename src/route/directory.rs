//! The directory of partners, read from `directory.toml` and checked whole: every fault with its line.

mod births;
mod entry;
mod partner;

pub use births::BirthLists;
pub use partner::{Alerts, Client, Endpoint, Inbox, Partner, Receiving, Source, TokenSettings, Webhook};

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::{PartnerId, Role, SchoolUrn};
use entry::{Entry, partner};

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
    /// Those that are sent and say who was born, and when.
    pub of_births: Vec<String>,
    /// Those whose records fit in a row of a table.
    pub flat: Vec<String>,
    /// The resource types that can be read through.
    pub readable: Vec<String>,
    /// The identity providers whose tokens are accepted.
    pub issuers: Vec<String>,
}

/// What only others can tell of an address or a key that the directory gives.
pub struct May<'a> {
    /// Whether Kith may call it.
    pub call: &'a dyn Fn(&str) -> bool,
    /// Whether it is that of a profile of messages.
    pub demand: &'a dyn Fn(&str) -> bool,
    /// Whether it is a key by which something can be sealed for whoever gave it.
    pub seal: &'a dyn Fn(&str) -> bool,
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
            let line = lines.get(&partner.id).copied().unwrap_or(1);
            let unknown = partner.linked.iter().filter(|link| !self.partners.contains_key(link));
            let unknown = unknown
                .map(|link| format!("'{}' is linked to '{link}', which is not in the directory", partner.id));
            let present = partner.succeeds.iter().filter(|one| self.partners.contains_key(one));
            let present = present.map(|one| {
                format!(
                    "'{}' succeeds '{one}', which is still in the directory and acts for itself",
                    partner.id
                )
            });
            let twice = partner.succeeds.iter().filter_map(|one| {
                let mut others = self.partners.values().filter(|other| other.id < partner.id);
                let other = others.find(|other| other.succeeds.contains(one))?;
                Some(format!(
                    "'{}' succeeds '{one}', and so does '{}'; one partner can",
                    partner.id, other.id
                ))
            });
            let unknown = unknown.chain(present).chain(twice);
            let unheard = births::authority_fault(partner);
            let centres = partner.births.iter().flat_map(|births| &births.centres);
            let wrong = centres.filter_map(|centre| births::centre_fault(centre, self.partner(centre)));
            let wrong = wrong.chain(unheard).map(|text| format!("partner '{}': {text}", partner.id));
            faults.extend(unknown.chain(wrong).map(|text| Fault { line, text }));
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

    /// The partner of that name, or the one that took over its part.
    pub fn stands_for(&self, id: &PartnerId) -> Option<&Partner> {
        self.partner(id).or_else(|| self.partners().find(|other| other.stands_for(id)))
    }

    /// A partner, and after it those that left the directory and whose part it took over: what they wrote, it sees, changes and ends.
    pub fn acts_for(&self, id: &PartnerId) -> Vec<PartnerId> {
        let before = self.partner(id).into_iter().flat_map(|partner| partner.succeeds.clone());
        std::iter::once(id.clone()).chain(before).collect()
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
