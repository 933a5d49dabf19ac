//! What runs under one configuration, and how the next takes its place: requests and attempts under way end as they began.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::assembly::{self, Before, Parts};
use super::certificates::{self, Shown};
use crate::config::{Config, Fault};
use crate::deliver::{Bells, Courier, PartnerSources, Workers};
use crate::pipeline::House;
use crate::receive::{Door, LookUps};

/// One configuration, with what answers and what delivers by it.
pub(super) struct Configured {
    pub(super) config: Config,
    pub(super) door: Arc<Door>,
    courier: Arc<Courier>,
    sources: Arc<PartnerSources>,
    bells: Bells,
    workers: Workers,
}

impl Configured {
    /// The first one: the store is opened, and what was under way when Kith ended is put back. Nothing has started when there is a fault.
    pub(super) async fn first(config: &Config) -> Result<Self, Vec<Fault>> {
        let house = assembly::house(config).await?;
        let parts = assembly::parts(config, house, None)?;
        let recovered = parts.house.store.recover(crate::clock::now()).await;
        let recovered = recovered.map_err(|error| super::fault("store", &error))?;
        if recovered > 0 {
            tracing::info!(
                deliveries = recovered,
                "put back into the outbox what was under way when Kith ended"
            );
        }
        let school = &config.settings.school;
        let look_ups = Arc::new(LookUps::new(school.lookups_per_hour, school.unknown_per_hour));
        Ok(Self::start(config.clone(), parts, Bells::default(), look_ups))
    }

    /// The next one, by what the files say now; the doors show its certificate. What only a start can change stays as it was.
    pub(super) fn again(&self, shown: Option<&Shown>) -> Result<Self, Vec<Fault>> {
        let mut config = self.config.read_again()?;
        for setting in config.settings.keep_what_a_start_sets(&self.config.settings) {
            tracing::warn!(setting, "it was changed, and counts from the next start");
        }
        let certificate = shown.map(|_| certificates::certified(&config)).transpose()?;
        let door = &self.door;
        let house = assembly::house_again(&config, (&self.config, &door.house))?;
        let before = Before { issuers: &door.issuers, courier: &self.courier, sources: &self.sources };
        let parts = assembly::parts(&config, house, Some(before))?;
        let (asked, unknown) =
            (config.settings.school.lookups_per_hour, config.settings.school.unknown_per_hour);
        let look_ups = if door.look_ups.are(asked, unknown) {
            Arc::clone(&door.look_ups)
        } else {
            Arc::new(LookUps::new(asked, unknown))
        };
        if let (Some(shown), Some(certificate)) = (shown, certificate) {
            shown.show(certificate);
        }
        Ok(Self::start(config, parts, self.bells.clone(), look_ups))
    }

    fn start(config: Config, parts: Parts, bells: Bells, look_ups: Arc<LookUps>) -> Self {
        let workers = Workers::start(&parts.house, (&parts.courier, parts.herald), &config.settings, &bells);
        let wakes = bells.clone();
        let sources = Arc::<PartnerSources>::clone(&parts.sources);
        let door = Door {
            house: parts.house,
            issuers: parts.issuers,
            sources,
            sign_in: parts.sign_in,
            settings: config.settings.clone(),
            look_ups,
            wake: Box::new(move |recipients| wakes.ring(recipients)),
            validations: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)),
        };
        Self { config, door: Arc::new(door), courier: parts.courier, sources: parts.sources, bells, workers }
    }

    /// What messages are judged by.
    pub(super) fn house(&self) -> Arc<House> {
        Arc::clone(&self.door.house)
    }

    /// Lets attempts under way end.
    pub(super) async fn stop(self) {
        self.workers.stop().await;
    }
}
