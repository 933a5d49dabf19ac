//! Kith's own credentials, read from their files: at partners' identity providers, and where people sign in.

use super::fault;
use super::files::{keep, text};
use crate::config::{Config, Fault};
use crate::deliver::token::TokenSettings;
use crate::domain::{PartnerId, Private, Role};
use crate::receive::SignIn;
use crate::route::{self, Partner};

/// Where people sign in; nowhere when no provider is set.
pub(super) fn sign_in(config: &Config, http: reqwest::Client) -> Result<SignIn, Vec<Fault>> {
    let settings = &config.settings.sign_in;
    let mut faults = Vec::new();
    if !settings.issuer.is_empty() {
        if !config.settings.may_call(&settings.issuer) {
            faults.extend(fault("sign_in.issuer", &"is not an https address"));
        }
        if settings.client_id.is_empty() {
            faults.extend(fault("sign_in.client_id", &"is missing"));
        }
        for (word, role) in &settings.roles {
            if let Err(error) = role.parse::<Role>() {
                faults.extend(fault(&format!("sign_in.roles.{word}"), &error));
            }
        }
    }
    let secret = match settings.client_secret_file.as_str() {
        "" => None,
        file => {
            keep(text(&config.path(file)), &mut faults).map(|secret| Private::new(secret.trim().to_owned()))
        }
    };
    let (public_url, allow_http) =
        (&config.settings.server.public_url, config.settings.security.allow_http_loopback);
    if faults.is_empty() {
        Ok(SignIn::new(settings, secret, public_url, http, allow_http))
    } else {
        Err(faults)
    }
}

/// Kith's credentials at each partner's identity provider, with their keys read.
pub(super) fn of<'d>(
    config: &Config,
    partners: impl Iterator<Item = (&'d Partner, &'d route::TokenSettings)>,
) -> Result<Vec<(PartnerId, TokenSettings)>, Vec<Fault>> {
    partners
        .map(|(partner, token)| Ok((partner.id.clone(), credential(config, &partner.id, token)?)))
        .collect()
}

fn credential(
    config: &Config,
    partner: &PartnerId,
    token: &route::TokenSettings,
) -> Result<TokenSettings, Vec<Fault>> {
    let algorithm = serde_json::from_value(serde_json::json!(token.algorithm));
    Ok(TokenSettings {
        token_endpoint: token.url.clone(),
        client_id: token.client_id.clone(),
        key_pem: Private::new(text(&config.path(&token.key_file))?),
        kid: token.key_id.clone(),
        algorithm: algorithm
            .map_err(|error| fault(&format!("partner '{partner}': token.algorithm"), &error))?,
        scope: token.scope.clone(),
        resource: token.resource.clone(),
        allow_http: config.settings.security.allow_http_loopback,
    })
}
