//! Puts the house together from its configuration, every part checked before any starts, and runs it.

mod assembly;
mod certificates;
mod credentials;
mod heralds;
pub(crate) mod packages;
mod reload;

pub use assembly::house;
pub(crate) use assembly::mapping_files;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server as HttpServer, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer as Builder, web};
use tokio::sync::{Semaphore, watch};

use crate::clock;
use crate::config::{Config, Fault};
use crate::deliver::Workers;
use crate::pipeline::House;
use crate::receive::{self, Door};

/// Kith, ready to run: the same for `kith serve`, the sandbox and the tests.
pub struct Server {
    http: HttpServer,
    workers: Workers,
    stop: watch::Sender<bool>,
    house: Arc<House>,
    addresses: Vec<SocketAddr>,
}

/// How long requests under way may take to end when Kith stops, in seconds.
const SHUTDOWN_SECONDS: u64 = 20;

impl Server {
    /// Builds everything that the configuration asks for; every fault is named, and nothing has started then.
    pub async fn build(config: &Config) -> Result<Self, Vec<Fault>> {
        crate::tls::install_crypto();
        let seen = reload::seen(config);
        let parts = assembly::parts(config).await?;
        let recovered =
            parts.house.store.recover(clock::now()).await.map_err(|error| fault("store", &error))?;
        if recovered > 0 {
            tracing::info!(
                deliveries = recovered,
                "put back into the outbox what was under way when Kith ended"
            );
        }
        let workers = Workers::start(&parts.house, parts.courier, parts.herald, &config.settings);
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(reload::policies(config.clone(), seen, Arc::clone(&parts.house), stopped));
        let door = web::Data::new(Door {
            house: Arc::clone(&parts.house),
            issuers: parts.issuers,
            sources: parts.sources,
            sign_in: parts.sign_in,
            settings: config.settings.clone(),
            look_ups: receive::LookUps::new(
                config.settings.school.lookups_per_hour,
                config.settings.school.unknown_per_hour,
            ),
            wake: Box::new(workers.bell()),
            validations: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)),
        });
        let server = &config.settings.server;
        let timeout = Duration::from_secs(server.request_timeout_seconds);
        let mut builder = Builder::new(move || {
            App::new().app_data(door.clone()).wrap(from_fn(receive::envelope)).configure(receive::routes)
        })
        .client_request_timeout(timeout)
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals();
        if server.workers > 0 {
            builder = builder.workers(server.workers);
        }
        let bound = if server.tls_certificate.is_empty() {
            builder.bind(server.bind)
        } else {
            let seen = reload::seen_certificate(config);
            let shown = Arc::new(certificates::Shown::read(config)?);
            tokio::spawn(reload::certificate(config.clone(), seen, Arc::clone(&shown), stop.subscribe()));
            builder.bind_rustls_0_23(server.bind, certificates::server(config, shown)?)
        };
        let builder = bound.map_err(|error| fault("server.bind", &error))?;
        let addresses = builder.addrs();
        Ok(Self { http: builder.run(), workers, stop, house: parts.house, addresses })
    }

    /// The addresses it listens on.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What messages are judged by; for the sandbox's story.
    pub fn house(&self) -> Arc<House> {
        Arc::clone(&self.house)
    }

    /// Stops the doors; `run` then ends by itself.
    pub fn handle(&self) -> ServerHandle {
        self.http.handle()
    }

    /// Runs until the doors are stopped, then lets deliveries under way end.
    pub async fn run(self) -> std::io::Result<()> {
        let ended = self.http.await;
        // Nobody listening means that it has ended.
        let _ = self.stop.send(true);
        self.workers.stop().await;
        if let Err(error) = self.house.store.give_back_duties().await {
            tracing::warn!(cause = %error, "the others have to wait until they may do what is done once for all");
        }
        ended
    }
}

/// A fault of a setting.
fn fault(setting: &str, error: &dyn std::fmt::Display) -> Vec<Fault> {
    vec![Fault { file: "kith.toml".to_owned(), line: 0, text: format!("{setting}: {error}") }]
}
