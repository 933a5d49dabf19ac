//! A worker for each recipient, so that a slow one never delays another; within it a few deliveries at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinHandle;
use tracing::field::Empty;
use tracing::{Instrument as _, info_span};

use super::alerts::{Alerting, patience};
use super::attempt::{Ended, attempt, outcome, settle, tell};
use super::courier::Courier;
use super::herald::Herald;
use super::sweep::{sweep, take_over};
use crate::clock;
use crate::config;
use crate::domain::PartnerId;
use crate::pipeline::{Circuit, Contact, House};
use crate::store::Delivery;
use crate::trace;

/// The longest sleep: what another process changed in the store, such as `kith deliveries`, is found by then.
const NAP_MAX: Duration = Duration::from_secs(5);
/// How long to wait when the store fails.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// All workers under one configuration.
pub struct Workers {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

struct Worker {
    house: Arc<House>,
    courier: Arc<Courier>,
    settings: config::Delivery,
    recipient: PartnerId,
    bell: Arc<Notify>,
    stop: watch::Receiver<bool>,
}

impl Workers {
    /// Starts a worker for every partner that receives, the alerts, and the sweep of what is kept for a time only.
    pub fn start(
        house: &Arc<House>,
        (courier, herald): (&Arc<Courier>, Herald),
        settings: &config::Settings,
        bells: &Bells,
    ) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Vec::new();
        for partner in house.directory.partners().filter(|partner| partner.receiving().is_some()) {
            let worker = Worker {
                house: Arc::clone(house),
                courier: Arc::clone(courier),
                settings: settings.delivery.clone(),
                recipient: partner.id.clone(),
                bell: bells.of(&partner.id),
                stop: stopped.clone(),
            };
            tasks.push(tokio::spawn(worker.run()));
        }
        let (house, settings) = (Arc::clone(house), settings.clone());
        let (wake, wake_all) = (bells.clone(), bells.clone());
        let alerts = Alerting {
            house: Arc::clone(&house),
            herald,
            patience: patience(&settings.alerts),
            stop: stopped.clone(),
        };
        tasks.push(tokio::spawn(alerts.run()));
        let (for_all, stopping) = (Arc::clone(&house), stopped.clone());
        tasks.push(tokio::spawn(async move { take_over(&for_all, || wake_all.ring_all(), stopping).await }));
        tasks.push(tokio::spawn(async move {
            sweep(&house, &settings, |recipients| wake.ring(recipients), stopped).await;
        }));
        Self { stop, tasks }
    }

    /// Lets attempts under way end, then stops.
    pub async fn stop(self) {
        // Nobody listening means that all have ended.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(cause = %error, "a worker ended badly");
            }
        }
    }
}

/// What wakes workers. It is there before them and after them: what is rung when one worker has gone and the next has not come is heard
/// by the next.
#[derive(Clone, Default)]
pub struct Bells(Arc<Mutex<BTreeMap<PartnerId, Arc<Notify>>>>);

impl Bells {
    /// Rings at the workers of these recipients.
    pub fn ring(&self, recipients: &[PartnerId]) {
        recipients.iter().for_each(|recipient| self.of(recipient).notify_one());
    }

    fn ring_all(&self) {
        self.known().values().for_each(|bell| bell.notify_one());
    }

    fn of(&self, recipient: &PartnerId) -> Arc<Notify> {
        Arc::clone(self.known().entry(recipient.clone()).or_default())
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<PartnerId, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    async fn run(mut self) {
        let places = Arc::new(Semaphore::new(self.settings.parallel_per_recipient));
        while !*self.stop.borrow() {
            // All places free again is the sign that everything under way has ended.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
            if let Some(until) = self.house.circuits.wait(&self.recipient, clock::now()) {
                drop(place);
                self.rest(until).await;
                continue;
            }
            let now = clock::now();
            let until = now + TimeDelta::seconds(self.settings.lease_seconds.into());
            match self.house.store.claim(&self.recipient, now, until).await {
                Ok(Some(delivery)) => {
                    let (house, courier) = (Arc::clone(&self.house), Arc::clone(&self.courier));
                    let (settings, bell) = (self.settings.clone(), Arc::clone(&self.bell));
                    tokio::spawn(async move {
                        deliver(house, courier, &delivery, settings).await;
                        drop(place);
                        // The next of this child may go now.
                        bell.notify_one();
                    });
                }
                Ok(None) => {
                    drop(place);
                    self.house.circuits.note(&self.recipient, Contact::Untried, clock::now());
                    self.nap().await;
                }
                Err(error) => {
                    drop(place);
                    self.house.circuits.note(&self.recipient, Contact::Untried, clock::now());
                    tracing::error!(recipient = %self.recipient, cause = %error, "the outbox cannot be read");
                    tokio::time::sleep(STORE_PAUSE).await;
                }
            }
        }
        let all = u32::try_from(self.settings.parallel_per_recipient).unwrap_or(u32::MAX);
        // The semaphore is never closed, so this only waits.
        let _ = places.acquire_many(all).await;
        // What it was rung for last is for whoever comes next.
        self.bell.notify_one();
    }

    /// Leaves the recipient alone until then.
    async fn rest(&mut self, until: DateTime<Utc>) {
        let pause = (until - clock::now()).to_std().unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = self.stop.changed() => {}
        }
    }

    /// Sleeps until something is due, somebody rings, or Kith stops.
    async fn nap(&mut self) {
        let due = self.house.store.next_due(&self.recipient).await.ok().flatten();
        let until = due.map_or(NAP_MAX, |due| (due - clock::now()).to_std().unwrap_or_default().min(NAP_MAX));
        tokio::select! {
            () = tokio::time::sleep(until) => {}
            () = self.bell.notified() => {}
            _ = self.stop.changed() => {}
        }
    }
}

/// One attempt and how it ended, written and then logged.
async fn deliver(house: Arc<House>, courier: Arc<Courier>, delivery: &Delivery, settings: config::Delivery) {
    let span = trace::of_message(delivery.message_id, || {
        tracing::info_span!(
            parent: None,
            "attempt",
            delivery.id = %delivery.id,
            recipient = %delivery.recipient,
            kind = delivery.kind,
            number = delivery.attempts,
            outcome = Empty,
        )
    });
    let trying = {
        let (house, delivery, settings) = (Arc::clone(&house), delivery.clone(), settings.clone());
        async move { attempt(&house, &courier, &delivery, &settings).await }.instrument(span.clone())
    };
    let Ended { settlement, contact } = outcome(trying, delivery, &settings).await;
    span.record("outcome", tracing::field::debug(settlement.state));
    settle(&house, &settlement).instrument(info_span!(parent: &span, "settle")).await;
    let recipient = &delivery.recipient;
    match house.circuits.note(recipient, contact, clock::now()) {
        Some(Circuit::Open(until)) => {
            let pause_ms = (until - clock::now()).num_milliseconds();
            tracing::warn!(%recipient, pause_ms, "the recipient is left alone for a while");
        }
        Some(_) => tracing::info!(%recipient, "the recipient is there again"),
        None => {}
    }
    tell(&house, delivery, &settlement);
}
