//! What it takes to tell people that something is unread, read from its files.

use std::collections::BTreeMap;

use super::fault;
use super::files::{keep, text};
use crate::config::{Config, Fault, SmtpTls};
use crate::deliver::{Herald, Mail, Secret, Security};
use crate::domain::Private;
use crate::route::Directory;

/// The herald; a fault for what partners name and cannot be used.
pub(super) fn herald(
    config: &Config,
    directory: &Directory,
    http: reqwest::Client,
) -> Result<Herald, Vec<Fault>> {
    let mut faults = Vec::new();
    let mail = keep(mail(config), &mut faults).flatten();
    let mut secrets = BTreeMap::new();
    for partner in directory.partners() {
        let of = |setting: &str| format!("partner '{}': alerts.{setting}", partner.id);
        if !partner.alerts.emails.is_empty() && mail.is_none() && config.settings.smtp.host.is_empty() {
            let text = "needs a mail server; give smtp.host in kith.toml";
            faults.extend(fault(&of("emails"), &text));
        }
        if partner.alerts.emails.iter().any(|email| !Mail::can_send_to(email)) {
            faults.extend(fault(&of("emails"), &"one is no e-mail address that a mail server takes"));
        }
        if let Some(webhook) = &partner.alerts.webhook {
            let secret = text(&config.path(&webhook.secret_file)).and_then(|secret| {
                Secret::read(&Private::new(secret)).map_err(|error| fault(&of("webhook.secret_file"), &error))
            });
            secrets.extend(keep(secret, &mut faults).map(|secret| (partner.id.clone(), secret)));
        }
    }
    let public_url = &config.settings.server.public_url;
    if faults.is_empty() { Ok(Herald::new(http, mail, secrets, public_url)) } else { Err(faults) }
}

fn mail(config: &Config) -> Result<Option<Mail>, Vec<Fault>> {
    let smtp = &config.settings.smtp;
    if smtp.host.is_empty() {
        return Ok(None);
    }
    let authorities = &config.settings.security.trusted_authorities;
    let roots =
        if authorities.is_empty() { None } else { Some(text(&config.path(authorities))?.into_bytes()) };
    let login = if smtp.user.is_empty() {
        None
    } else {
        let password = text(&config.path(&smtp.password_file))?;
        Some((smtp.user.clone(), Private::new(password.trim_end_matches(['\r', '\n']).to_owned())))
    };
    let security = match smtp.tls {
        SmtpTls::Starttls => Security::Starttls,
        SmtpTls::Implicit => Security::Implicit,
        SmtpTls::None => Security::Plain,
    };
    let mail = Mail::new((&smtp.host, smtp.port), security, roots.as_deref(), login, &smtp.from);
    mail.map(Some).map_err(|error| fault("smtp", &error))
}
