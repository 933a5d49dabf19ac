//! A partner as the directory has it: what it is, what it sends and receives, and whom it names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::BirthLists;
use crate::domain::{ODS_SYSTEM, OdsCode, PartnerId, Private, Role, SCHOOL_URN_SYSTEM, SchoolUrn};

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
    /// Partners that left the directory and whose part it took over, as when a service goes to another provider.
    pub succeeds: BTreeSet<PartnerId>,
    /// Where it receives.
    pub endpoint: Option<Endpoint>,
    /// For a partner without a system of its own: Kith keeps what it receives, and its people read it on a page.
    pub inbox: Option<Inbox>,
    /// Where it can be asked for what it holds.
    pub source: Option<Source>,
    /// Who is told when a message to it, or from it, stays unread.
    pub alerts: Alerts,
    /// For a local authority: the list of births that it takes to its centres.
    pub births: Option<BirthLists>,
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
    /// Whether that is its name, or that of a partner whose part it took over.
    pub fn stands_for(&self, id: &PartnerId) -> bool {
        self.id == *id || self.succeeds.contains(id)
    }

    /// Whether it is this school, or serves it.
    pub fn serves(&self, school: &SchoolUrn) -> bool {
        self.urn.as_ref() == Some(school) || self.schools.contains(school)
    }

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

/// The persons that a partner names to be told when a message stays unread; nobody when both are empty.
#[derive(Debug, Clone, Default)]
pub struct Alerts {
    /// Their e-mail addresses.
    pub emails: Vec<Private<String>>,
    /// A system of theirs that is told.
    pub webhook: Option<Webhook>,
}

impl Alerts {
    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        self.emails.is_empty() && self.webhook.is_none()
    }
}

/// A system that is told what happens, signed as <https://www.standardwebhooks.com> says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// The address that is posted to.
    pub url: String,
    /// File with the secret that both know: `whsec_` and base64.
    pub secret_file: String,
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
