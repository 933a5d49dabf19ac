//! The settings as types, one sentence a field; `config/default.toml` gives their defaults.

mod alerts;
mod delivery;
mod lasting;
mod metrics;
mod people;
mod telemetry;

pub use alerts::{AlertsSettings, SmtpSettings, SmtpTls};
pub use delivery::Delivery;
pub use metrics::{MetricsSettings, Scrapers};
pub use people::{School, SignIn};
pub use telemetry::{Log, Telemetry};

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde::Deserialize;

use super::Fault;
use crate::consent::DutyDates;
use crate::domain::Private;
use crate::receive::caller::Algorithm;
use crate::tls;

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The door.
    pub server: Server,
    /// Trust in both directions.
    pub security: Security,
    /// Identity providers whose tokens are accepted.
    #[serde(default)]
    pub issuer: Vec<IssuerSettings>,
    /// Where things are kept.
    pub store: StoreSettings,
    /// Files beside the settings.
    pub files: Files,
    /// Switches of policy.
    pub policy: Policy,
    /// How messages go out.
    pub delivery: Delivery,
    /// How partners are asked for what they hold.
    pub reading: Reading,
    /// How people sign in.
    pub sign_in: SignIn,
    /// Look-ups of schools.
    pub school: School,
    /// When people are told that something was not read.
    pub alerts: AlertsSettings,
    /// By which server e-mail goes out.
    pub smtp: SmtpSettings,
    /// Numbers.
    pub metrics: MetricsSettings,
    /// Traces.
    pub telemetry: Telemetry,
    /// Logs.
    pub log: Log,
}

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub bind: SocketAddr,
    /// Base address by which partners know Kith.
    #[serde(default)]
    pub public_url: String,
    /// Certificate chain, PEM file.
    pub tls_certificate: String,
    /// Its key, PEM file.
    pub tls_key: String,
    /// Authorities of client certificates, PEM file.
    pub tls_client_authorities: String,
    /// Largest body, in bytes.
    pub body_bytes_max: usize,
    /// Deepest JSON.
    pub json_depth_max: usize,
    /// Most entries of a batch.
    pub batch_entries_max: usize,
    /// Longest request, in seconds.
    pub request_timeout_seconds: u64,
    /// Threads; 0 is one a core.
    pub workers: usize,
}

/// `[security]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// `http://` on this machine.
    pub allow_http_loopback: bool,
    /// Extra trusted authorities, PEM file.
    pub trusted_authorities: String,
    /// Kith's client certificate, PEM file.
    pub client_certificate: String,
    /// Its key, PEM file.
    pub client_key: String,
    /// How long cached keys of a provider are used when it is down, in minutes.
    pub issuer_keys_minutes_max: i64,
}

/// `[[issuer]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// Exactly the `iss` of its tokens.
    pub url: String,
    /// Must be among the `aud` of its tokens.
    pub audience: String,
    /// Allowed signature algorithms; empty means the default list.
    #[serde(default)]
    pub algorithms: Vec<Algorithm>,
}

/// `[store]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// PostgreSQL database; empty for a SQLite file. It may hold a password.
    pub url: Private<String>,
    /// SQLite file.
    pub path: String,
    /// Master key file.
    #[serde(default)]
    pub key_file: String,
    /// How long first answers are kept word for word, in days.
    pub answers_days: u32,
}

/// `[files]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// The directory of partners.
    pub directory: String,
    /// Folder of policies.
    pub policies: String,
    /// Folder of mappings; empty means built in.
    pub mappings: String,
    /// FHIR packages besides Kith's own.
    pub packages: Vec<String>,
}

/// `[policy]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// First day of the s.16LA duty; empty means not in force.
    pub duty_in_force_from: String,
    /// The same for areas that have a day of their own, by the beginning of postcodes.
    #[serde(default)]
    pub duty_in_force_from_by_area: BTreeMap<String, String>,
    /// How far behind the journal's last entry the clock may be, in seconds.
    pub clock_tolerance_seconds: i64,
}

/// `[reading]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Longest time for a source to answer one question, all its pages, in milliseconds.
    pub source_timeout_ms: u64,
}

impl Settings {
    /// What is wrong with the settings as a whole; empty when they can be used.
    pub fn faults(&self, file: &str) -> Vec<Fault> {
        let mut texts = Vec::new();
        self.server_faults(&mut texts);
        self.issuer_faults(&mut texts);
        if self.store.key_file.is_empty() {
            texts.push(
                "store.key_file is required: a file with the master key. Run 'kith key FILE' to make one."
                    .to_owned(),
            );
        }
        if let Err(area) = self.duty() {
            let of = if area.is_empty() {
                "duty_in_force_from".to_owned()
            } else {
                format!("duty_in_force_from_by_area.\"{area}\"")
            };
            texts.push(format!("policy.{of} is not a date; write YYYY-MM-DD, or leave it empty."));
        }
        texts.extend(self.delivery.faults());
        texts.extend(self.alerts.fault());
        texts.extend(self.telemetry.faults(|address| self.may_call(address)));
        texts.extend(self.smtp.faults(self.security.allow_http_loopback));
        if self.store.answers_days == 0 {
            texts.push("store.answers_days is at least 1.".to_owned());
        }
        if !["json", "text"].contains(&self.log.format.as_str()) {
            texts.push("log.format is \"json\" or \"text\".".to_owned());
        }
        texts.into_iter().map(|text| Fault { file: file.to_owned(), line: 0, text }).collect()
    }

    fn server_faults(&self, texts: &mut Vec<String>) {
        let server = &self.server;
        if server.public_url.is_empty() {
            texts.push("server.public_url is required: the address by which partners know Kith.".to_owned());
        } else if !(self.may_call(&server.public_url)) || server.public_url.ends_with('/') {
            texts.push("server.public_url must be an https address without a slash at the end.".to_owned());
        }
        if server.tls_certificate.is_empty() != server.tls_key.is_empty() {
            texts.push(
                "server.tls_certificate and server.tls_key belong together; give both or none.".to_owned(),
            );
        }
        if server.tls_certificate.is_empty() && !server.bind.ip().is_loopback() {
            texts.push("server.bind is not a loopback address, so TLS is required: give server.tls_certificate and server.tls_key.".to_owned());
        }
        if !server.tls_client_authorities.is_empty() && server.tls_certificate.is_empty() {
            texts.push("server.tls_client_authorities needs server.tls_certificate: client certificates come with TLS.".to_owned());
        }
        if self.security.client_certificate.is_empty() != self.security.client_key.is_empty() {
            texts.push(
                "security.client_certificate and security.client_key belong together; give both or none."
                    .to_owned(),
            );
        }
        if server.body_bytes_max == 0
            || !(1..=100).contains(&server.json_depth_max)
            || server.request_timeout_seconds == 0
            || server.batch_entries_max == 0
        {
            texts.push("server: body_bytes_max, request_timeout_seconds and batch_entries_max are at least 1, json_depth_max is 1 to 100.".to_owned());
        }
    }

    fn issuer_faults(&self, texts: &mut Vec<String>) {
        if self.issuer.is_empty() {
            texts.push(
                "at least one [[issuer]] is required: without an identity provider nobody can call."
                    .to_owned(),
            );
        }
        for issuer in &self.issuer {
            if !self.may_call(&issuer.url) {
                texts.push(format!("issuer '{}': url must be https (http only on this machine, with security.allow_http_loopback).", issuer.url));
            }
            if issuer.audience.is_empty() {
                texts.push(format!(
                    "issuer '{}': audience is required; a token for somebody else must not open Kith.",
                    issuer.url
                ));
            }
        }
    }

    /// Whether Kith may call this address: https, or http on this machine where that is allowed.
    pub fn may_call(&self, address: &str) -> bool {
        tls::check_address(address, self.security.allow_http_loopback).is_ok()
    }

    /// When the s.16LA duty begins; or the area whose day is none.
    pub fn duty(&self) -> Result<DutyDates, String> {
        DutyDates::read(&self.policy.duty_in_force_from, &self.policy.duty_in_force_from_by_area)
    }
}
