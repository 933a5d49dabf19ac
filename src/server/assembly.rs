//! Makes the parts of the house from what the configuration says: at the start, and again when it changed.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::files::{Said, keep};
use super::{certificates, credentials, fault, heralds};
use crate::config::{Config, Fault};
use crate::deliver::token::PartnerTokens;
use crate::deliver::{Courier, Herald, PartnerSources};
use crate::metrics::Metrics;
use crate::pipeline::{Circuits, Clockwork, House};
use crate::receive::SignIn;
use crate::receive::caller::{IssuerSettings, Issuers};
use crate::secrecy::Vault;
use crate::store::Store as _;
use crate::store::sql::SqlStore;

/// Everything that runs under one configuration.
pub(super) struct Parts {
    pub(super) house: Arc<House>,
    pub(super) issuers: Arc<Issuers>,
    pub(super) courier: Arc<Courier>,
    pub(super) herald: Herald,
    pub(super) sources: Arc<PartnerSources>,
    pub(super) sign_in: SignIn,
}

/// What goes on from one configuration to the next: keys and tokens that were fetched, so that nobody is turned away while an identity
/// provider is down.
pub(super) struct Before<'a> {
    pub(super) issuers: &'a Issuers,
    pub(super) courier: &'a Courier,
    pub(super) sources: &'a PartnerSources,
}

/// The parts around a house.
pub(super) fn parts(config: &Config, house: House, before: Option<Before<'_>>) -> Result<Parts, Vec<Fault>> {
    let before = before.as_ref();
    let security = &config.settings.security;
    let http = certificates::client(config)?;
    let keep = Duration::from_secs(u64::try_from(security.issuer_keys_minutes_max).unwrap_or_default() * 60);
    let issuers = config.settings.issuer.iter().map(|issuer| {
        let mut settings = IssuerSettings::new(&issuer.url, &issuer.audience);
        settings.allow_http = security.allow_http_loopback;
        settings.keep_keys = keep;
        if !issuer.algorithms.is_empty() {
            settings.algorithms.clone_from(&issuer.algorithms);
        }
        settings
    });
    let issuers = Issuers::new(issuers.collect(), http.clone()).map_err(|error| fault("issuer", &error))?;
    let directory = &house.directory;
    let endpoints = directory.partners().filter_map(|one| Some((one, &one.endpoint.as_ref()?.token)));
    let tokens = PartnerTokens::new(credentials::of(config, endpoints)?, http.clone());
    let tokens = tokens.map_err(|error| fault("directory", &error))?;
    let asked = directory.partners().filter_map(|one| Some((one, &one.source.as_ref()?.token)));
    let for_sources = PartnerTokens::new(credentials::of(config, asked)?, http.clone());
    let for_sources = for_sources.map_err(|error| fault("directory", &error))?;
    if let Some(before) = before {
        issuers.go_on_from(before.issuers);
        tokens.go_on_from(before.courier.tokens());
        for_sources.go_on_from(before.sources.tokens());
    }
    let patience = Duration::from_millis(config.settings.reading.source_timeout_ms);
    let sources = Arc::new(PartnerSources::new(http.clone(), for_sources, patience));
    let herald = heralds::herald(config, directory, http.clone())?;
    let timeout = Duration::from_secs(config.settings.delivery.attempt_timeout_seconds);
    Ok(Parts {
        house: Arc::new(house),
        issuers: Arc::new(issuers),
        courier: Arc::new(Courier::new(http.clone(), tokens, timeout)),
        herald,
        sources,
        sign_in: credentials::sign_in(config, http)?,
    })
}

/// The house: catalogue, policies, directory, keys and store.
pub async fn house(config: &Config) -> Result<House, Vec<Fault>> {
    let mut faults = Vec::new();
    let said = keep(Said::read(config), &mut faults);
    let key = config.path(&config.settings.store.key_file);
    let vault = keep(Vault::from_file(&key).map_err(|error| fault("store.key_file", &error)), &mut faults);
    let (Some(said), Some(vault)) = (said, vault) else { return Err(faults) };
    let store = SqlStore::open_at(&config.store()).await;
    let store = Arc::new(store.map_err(|error| fault("store", &error))?);
    know_again(store.as_ref(), &vault).await?;
    let latest = store.last_entry_at().await.map_err(|error| fault("store", &error))?;
    let tolerance = TimeDelta::seconds(config.settings.policy.clock_tolerance_seconds);
    Ok(House {
        catalogue: said.catalogue,
        conformance: said.conformance,
        policies: said.policies,
        directory: said.directory,
        reading: said.reading,
        duty: said.duty,
        clockwork: Arc::new(Clockwork::new(latest, tolerance)),
        circuits: Arc::new(circuits(config)),
        metrics: Arc::new(Metrics::default()),
        vault: Arc::new(vault),
        register: Arc::<SqlStore>::clone(&store),
        operations: Arc::<SqlStore>::clone(&store),
        inboxes: Arc::<SqlStore>::clone(&store),
        answers: Arc::<SqlStore>::clone(&store),
        numbers: Arc::<SqlStore>::clone(&store),
        births: Arc::<SqlStore>::clone(&store),
        sessions: Arc::<SqlStore>::clone(&store),
        unreads: Arc::<SqlStore>::clone(&store),
        store,
    })
}

/// The same house by what the files say now. Its keys, its store and what it remembers of its recipients stay.
pub(super) fn house_again(
    config: &Config,
    (config_before, before): (&Config, &House),
) -> Result<House, Vec<Fault>> {
    let said = Said::read(config)?;
    let waits = |config: &Config| {
        let delivery = &config.settings.delivery;
        (delivery.circuit_after, delivery.retry_first_seconds, delivery.retry_max_seconds)
    };
    let same = waits(config) == waits(config_before);
    Ok(House {
        catalogue: said.catalogue,
        conformance: said.conformance,
        policies: said.policies,
        directory: said.directory,
        reading: said.reading,
        duty: said.duty,
        clockwork: Arc::clone(&before.clockwork),
        circuits: if same { Arc::clone(&before.circuits) } else { Arc::new(circuits(config)) },
        metrics: Arc::clone(&before.metrics),
        vault: Arc::clone(&before.vault),
        register: Arc::clone(&before.register),
        operations: Arc::clone(&before.operations),
        inboxes: Arc::clone(&before.inboxes),
        answers: Arc::clone(&before.answers),
        numbers: Arc::clone(&before.numbers),
        births: Arc::clone(&before.births),
        sessions: Arc::clone(&before.sessions),
        unreads: Arc::clone(&before.unreads),
        store: Arc::clone(&before.store),
    })
}

/// Nobody goes on with another key than the one before: nothing on file could be opened, and every child would be a new one.
async fn know_again(store: &SqlStore, vault: &Vault) -> Result<(), Vec<Fault>> {
    match store.knows_key(&vault.digest("master key", b"mark")).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let text = "this is not the master key with which the store was made; give that one back";
            Err(fault("store.key_file", &text))
        }
        Err(error) => Err(fault("store", &error)),
    }
}

fn circuits(config: &Config) -> Circuits {
    let delivery = &config.settings.delivery;
    let seconds = Duration::from_secs;
    Circuits::new(
        delivery.circuit_after,
        seconds(delivery.retry_first_seconds),
        seconds(delivery.retry_max_seconds),
    )
}
