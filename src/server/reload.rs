//! Policies and the doors' certificate that changed on disk count without a restart; what is broken is told, and what was there stays.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::assembly;
use super::certificates::Shown;
use crate::config::{Config, Fault};
use crate::pipeline::House;

/// How often the folder is looked at.
const PAUSE: Duration = Duration::from_secs(2);

/// What files looked like at some moment.
pub(super) struct Seen(Vec<(String, u64, Option<SystemTime>)>);

/// Looks at the doors' certificate and its key; to be done before they are read, so that no change falls between.
pub(super) fn seen_certificate(config: &Config) -> Seen {
    let server = &config.settings.server;
    let files = [&server.tls_certificate, &server.tls_key].map(|file| config.path(file));
    Seen(files.iter().filter_map(|file| about(file, file.display().to_string())).collect())
}

/// Looks at them again and again until Kith stops. Certificate and key are two files: while they do not fit each other it looks again.
pub(super) async fn certificate(
    config: Config,
    seen: Seen,
    shown: Arc<Shown>,
    mut stop: watch::Receiver<bool>,
) {
    let Seen(mut known) = seen;
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
        let Seen(now) = seen_certificate(&config);
        if now == known {
            continue;
        }
        known = now;
        match shown.read_again(&config) {
            Ok(()) => tracing::info!("the doors show a changed certificate"),
            Err(faults) => {
                for fault in faults {
                    tracing::error!(%fault, "the changed certificate cannot be shown; the one before stays");
                }
            }
        }
    }
}

/// Looks at the folder of policies; to be done before they are read, so that no change falls between.
pub(super) fn seen(config: &Config) -> Seen {
    Seen(look(&config.path(&config.settings.files.policies)))
}

/// Looks again and again until Kith stops.
pub(super) async fn policies(config: Config, seen: Seen, house: Arc<House>, mut stop: watch::Receiver<bool>) {
    let folder = config.path(&config.settings.files.policies);
    let Seen(mut known) = seen;
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
        let now = look(&folder);
        if now == known {
            continue;
        }
        known = now;
        let read = assembly::policies(&config);
        match &read {
            Ok(policies) => tracing::info!(policies = policies.digest(), "changed policies are in force"),
            Err(faults) => {
                for fault in faults {
                    tracing::error!(%fault, "changed policies are broken; those in force stay");
                }
            }
        }
        house.policies.replace(read.map_err(|faults| told(&faults)));
    }
}

fn told(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// What tells whether anything in the folder changed: names, lengths and times.
fn look(folder: &Path) -> Vec<(String, u64, Option<SystemTime>)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter_map(|entry| about(&entry.path(), entry.file_name().to_string_lossy().into_owned()))
        .collect();
    files.sort();
    files
}

fn about(file: &Path, name: String) -> Option<(String, u64, Option<SystemTime>)> {
    let about = std::fs::metadata(file).ok()?;
    Some((name, about.len(), about.modified().ok()))
}
