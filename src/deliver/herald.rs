//! Tells people that something is unread: by e-mail, and by a webhook that is signed.

mod letter;
mod mail;
mod webhook;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::PartnerId;
use crate::pipeline::Letter;
use crate::route::Partner;

pub use mail::{Mail, Security};
pub use webhook::Secret;

/// Why people could not be told, or cannot be.
#[derive(Debug, thiserror::Error)]
pub enum HeraldError {
    /// An address cannot be used. It is not repeated: it is a person's.
    #[error("an e-mail address cannot be used")]
    Address,
    /// There is no mail server.
    #[error("there is no mail server: the setting smtp.host is empty")]
    NoServer,
    /// The mail server's TLS cannot be set up.
    #[error("TLS to the mail server cannot be set up: {0}")]
    Tls(String),
    /// The mail server did not take it. Its words stay out: they may repeat an address.
    #[error("the mail server did not take it ({0})")]
    Mail(&'static str),
    /// The secret cannot be read.
    #[error("the secret is 'whsec_' and the base64 of 24 to 64 bytes")]
    Secret,
    /// The webhook did not take it.
    #[error("the webhook did not take it ({0})")]
    Webhook(String),
}

/// Holds what it takes to tell people.
pub struct Herald {
    http: reqwest::Client,
    mail: Option<Mail>,
    secrets: BTreeMap<PartnerId, Secret>,
    public_url: String,
}

impl Herald {
    /// A herald with its mail server, if there is one, and the secrets of partners' webhooks.
    pub fn new(
        http: reqwest::Client,
        mail: Option<Mail>,
        secrets: BTreeMap<PartnerId, Secret>,
        public_url: &str,
    ) -> Self {
        Self { http, mail, secrets, public_url: public_url.to_owned() }
    }

    /// Tells the persons of a partner in every way that it names; each way with how it went.
    pub async fn tell(
        &self,
        partner: &Partner,
        letter: &Letter,
        now: DateTime<Utc>,
    ) -> Vec<(&'static str, Result<(), HeraldError>)> {
        let mut ways = Vec::new();
        if !partner.alerts.emails.is_empty() {
            let sent = match &self.mail {
                Some(mail) => {
                    let text = letter::text(letter, &partner.name, &self.public_url);
                    mail.send(&partner.alerts.emails, &letter::subject(letter), text).await
                }
                None => Err(HeraldError::NoServer),
            };
            ways.push(("e-mail", sent));
        }
        if let (Some(hook), Some(secret)) = (&partner.alerts.webhook, self.secrets.get(&partner.id)) {
            let sent = webhook::post(&self.http, &hook.url, secret, &letter::event(letter, now), now).await;
            ways.push(("webhook", sent));
        }
        ways
    }
}
