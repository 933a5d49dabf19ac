//! Policies that changed on disk are put in force without a restart; broken ones are told, and those in force stay.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::assembly;
use crate::config::{Config, Fault};
use crate::pipeline::House;

/// How often the folder is looked at.
const PAUSE: Duration = Duration::from_secs(2);

/// What the folder of policies looked like at some moment.
pub(super) struct Seen(Vec<(String, u64, Option<SystemTime>)>);

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
        .filter_map(|entry| {
            let about = entry.metadata().ok()?;
            Some((entry.file_name().to_string_lossy().into_owned(), about.len(), about.modified().ok()))
        })
        .collect();
    files.sort();
    files
}
