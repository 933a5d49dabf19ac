//! The settings of alerts about what nobody has read, and of the server by which they go out as e-mail.

use std::net::IpAddr;

use chrono::TimeDelta;
use serde::Deserialize;

/// `[alerts]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertsSettings {
    /// When the recipient's persons are told, in hours after acceptance.
    pub unread_hours: f64,
    /// When they and the sender's are told again, in hours.
    pub again_hours: f64,
    /// How often in all.
    pub times: u32,
}

/// The longest time between two alerts: ten years.
const HOURS_MAX: f64 = 87_600.0;

impl AlertsSettings {
    /// How long is waited for somebody to read.
    pub fn unread(&self) -> TimeDelta {
        hours(self.unread_hours)
    }

    /// How long is waited until people are told again.
    pub fn again(&self) -> TimeDelta {
        hours(self.again_hours)
    }

    /// What is wrong with them.
    pub(super) fn fault(&self) -> Option<String> {
        let hours = |hours: f64| hours > 0.0 && hours <= HOURS_MAX;
        let good = hours(self.unread_hours) && hours(self.again_hours) && self.times > 0;
        (!good).then(|| {
            "alerts: unread_hours and again_hours are more than 0 and at most 87600, times is at least 1."
                .to_owned()
        })
    }
}

/// `[smtp]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// The server; empty for none.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// Who signs in there; empty for nobody.
    pub user: String,
    /// File with the password.
    pub password_file: String,
    /// The address from which it is sent.
    pub from: String,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmtpTls {
    /// It begins plain and must become TLS before anything is said.
    Starttls,
    /// TLS from the first byte.
    Implicit,
    /// Not at all: for a server on this machine.
    None,
}

fn hours(hours: f64) -> TimeDelta {
    TimeDelta::milliseconds((hours * 3_600_000.0).round() as i64)
}

impl SmtpSettings {
    /// What is wrong with them.
    pub(super) fn faults(&self, allow_plain_loopback: bool) -> Vec<String> {
        let mut texts = Vec::new();
        if self.host.is_empty() {
            return texts;
        }
        if self.from.is_empty() {
            texts.push(
                "smtp.from is required with smtp.host: the address from which alerts are sent.".to_owned(),
            );
        }
        if self.user.is_empty() != self.password_file.is_empty() {
            texts.push("smtp.user and smtp.password_file belong together; give both or none.".to_owned());
        }
        let is_here =
            self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|host| host.is_loopback());
        if self.tls == SmtpTls::None && !(is_here && allow_plain_loopback) {
            texts.push(
                "smtp.tls is \"starttls\" or \"implicit\" (\"none\" only on this machine, with security.allow_http_loopback)."
                    .to_owned(),
            );
        }
        texts
    }
}
