//! Puts the house together from its configuration, every part checked before any starts, and runs it.

mod assembly;
mod certificates;
mod configured;
mod credentials;
mod files;
mod heralds;
pub(crate) mod packages;
mod reload;

pub use assembly::house;
pub(crate) use files::mapping_files;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server as HttpServer, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer as Builder, web};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::{Config, Fault};
use crate::pipeline::House;
use crate::receive::{self, Doors};
use crate::telemetry::Traces;
use configured::Configured;
use reload::Seen;

/// Kith, ready to run: the same for `kith serve`, the sandbox and the tests.
pub struct Server {
    http: HttpServer,
    kept: JoinHandle<()>,
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
        let seen = Seen::now(config);
        let server = &config.settings.server;
        let has_tls = !server.tls_certificate.is_empty();
        let shown = if has_tls { Some(Arc::new(certificates::Shown::read(config)?)) } else { None };
        let tls = shown.clone().map(|shown| certificates::server(config, shown)).transpose()?;
        let configured = Configured::first(config).await?;
        let doors = web::Data::new(Doors::new(Arc::clone(&configured.door)));
        let timeout = Duration::from_secs(server.request_timeout_seconds);
        let for_app = doors.clone();
        let mut builder = Builder::new(move || {
            App::new().app_data(for_app.clone()).wrap(from_fn(receive::envelope)).configure(receive::routes)
        })
        .client_request_timeout(timeout)
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals();
        if server.workers > 0 {
            builder = builder.workers(server.workers);
        }
        let bound = match tls {
            None => builder.bind(server.bind),
            Some(tls) => builder.bind_rustls_0_23(server.bind, tls),
        };
        let builder = bound.map_err(|error| fault("server.bind", &error))?;
        let addresses = builder.addrs();
        let house = configured.house();
        let (stop, stopped) = watch::channel(false);
        let kept = reload::keep(configured, seen, doors.into_inner(), shown, stopped);
        Ok(Self { http: builder.run(), kept: tokio::spawn(kept), stop, house, addresses })
    }

    /// The addresses it listens on.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What messages were judged by when it started; for the sandbox's story.
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
        if let Err(error) = self.kept.await {
            tracing::error!(cause = %error, "what delivers ended badly");
        }
        if let Err(error) = self.house.store.give_back_duties().await {
            tracing::warn!(cause = %error, "the others have to wait until they may do what is done once for all");
        }
        ended
    }
}

/// The way of traces to their collector, where the settings name one. To be called within the runtime that runs Kith.
pub fn traces(config: &Config) -> Result<Option<Traces>, Vec<Fault>> {
    crate::tls::install_crypto();
    let settings = &config.settings.telemetry;
    Traces::to_collector(settings, certificates::client(config)?).map_err(|error| fault("telemetry", &error))
}

/// A fault of a setting.
fn fault(setting: &str, error: &dyn std::fmt::Display) -> Vec<Fault> {
    vec![Fault { file: "kith.toml".to_owned(), line: 0, text: format!("{setting}: {error}") }]
}
