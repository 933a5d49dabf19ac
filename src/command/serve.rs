//! `kith serve`: the gateway, until it is told to stop.

use std::path::PathBuf;

use clap::Args;

use super::{End, configuration, runtime, say, say_faults};
use crate::config::Config;
use crate::server::{self, Server};
use crate::telemetry;

#[derive(Args)]
pub(super) struct Arguments {
    /// Folder with kith.toml, directory.toml and policies/
    #[arg(long)]
    config: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> End {
    let Some(config) = configuration(&arguments.config) else { return End::CallIsWrong };
    let Some(runtime) = runtime() else { return End::CallIsWrong };
    runtime.block_on(async {
        let traces = match server::traces(&config) {
            Ok(traces) => traces,
            Err(faults) => {
                say_faults(&faults);
                return End::CallIsWrong;
            }
        };
        if let Err(fault) = telemetry::start(&config.settings.log, traces.as_ref()) {
            say(&fault);
            return End::CallIsWrong;
        }
        let end = serve(&config).await;
        if let Some(traces) = traces {
            traces.end().await;
        }
        end
    })
}

async fn serve(config: &Config) -> End {
    let server = match Server::build(config).await {
        Ok(server) => server,
        Err(faults) => {
            say_faults(&faults);
            return End::CallIsWrong;
        }
    };
    for address in server.addresses() {
        tracing::info!(%address, "listening");
    }
    let handle = server.handle();
    tokio::spawn(async move {
        stop_signal().await;
        // The command is sent at once, whatever becomes of the line in the log.
        let stopped = handle.stop(true);
        tracing::info!("stopping: no new requests; what is under way ends");
        stopped.await;
    });
    match server.run().await {
        Ok(()) => End::Good,
        Err(error) => {
            say(&format!("the server ended: {error}"));
            End::CallIsWrong
        }
    }
}

/// Waits for Ctrl-C or SIGTERM.
pub(super) async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without a handler for SIGTERM the system ends the process by itself.
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
