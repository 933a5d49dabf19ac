//! What changed on disk counts without a restart, all of it or none: what is broken is told, and what was there stays.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::task::JoinSet;
use toml::{Table, Value};

use super::certificates::Shown;
use super::configured::Configured;
use crate::config::Config;
use crate::receive::Doors;

/// How often the files are looked at. What changed is read when it has been the same for so long: whoever writes several files, or a
/// long one, has finished by then.
const PAUSE: Duration = Duration::from_secs(1);

/// What the files looked like at some moment: names, lengths and times.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen(Vec<(PathBuf, u64, Option<SystemTime>)>);

impl Seen {
    /// All files of which the configuration consists; to be looked at before they are read, so that no change falls between. What the
    /// settings name that are there and do not count yet is among them: it may be what keeps them from counting.
    pub(super) fn now(config: &Config) -> Self {
        let mut seen = Vec::new();
        let next = config.read_again().ok();
        for path in named(config).into_iter().chain(next.iter().flat_map(named)) {
            look(&path, &mut seen);
        }
        seen.sort();
        seen.dedup();
        Self(seen)
    }
}

/// The files and folders that settings and directory name.
fn named(config: &Config) -> Vec<PathBuf> {
    let settings = &config.settings;
    let (server, security, files) = (&settings.server, &settings.security, &settings.files);
    let one_each = [
        "kith.toml",
        &server.tls_certificate,
        &server.tls_key,
        &security.trusted_authorities,
        &security.client_certificate,
        &security.client_key,
        &settings.sign_in.client_secret_file,
        &settings.smtp.password_file,
        &files.directory,
        &files.policies,
        &files.mappings,
    ];
    let directory = std::fs::read_to_string(config.path(&files.directory)).unwrap_or_default();
    let mut secrets = Vec::new();
    // A directory that cannot be read names nothing; that it changed is seen all the same.
    secret_files(&Value::Table(directory.parse::<Table>().unwrap_or_default()), &mut secrets);
    let all = one_each.into_iter().chain(files.packages.iter().map(String::as_str));
    let all = all.chain(secrets.iter().map(String::as_str));
    all.filter(|name| !name.is_empty()).map(|name| config.path(name)).collect()
}

/// What partners' entries name in `key_file` and `secret_file`, however deep.
fn secret_files(value: &Value, files: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            for (name, value) in table {
                match value {
                    Value::String(file) if name.ends_with("_file") => files.push(file.clone()),
                    _ => secret_files(value, files),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| secret_files(value, files)),
        _ => {}
    }
}

/// A file, or all in a folder.
fn look(path: &Path, seen: &mut Vec<(PathBuf, u64, Option<SystemTime>)>) {
    let Ok(about) = std::fs::metadata(path) else { return };
    if about.is_dir() {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            look(&entry.path(), seen);
        }
    } else {
        seen.push((path.to_owned(), about.len(), about.modified().ok()));
    }
}

/// Looks at the files again and again until Kith stops, and goes on by what they say; in the end all attempts have ended.
pub(super) async fn keep(
    mut configured: Configured,
    mut counts: Seen,
    doors: Arc<Doors>,
    shown: Option<Arc<Shown>>,
    mut stop: watch::Receiver<bool>,
) {
    let mut ending = JoinSet::new();
    let mut before = None;
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
        while ending.try_join_next().is_some() {}
        let seen = Seen::now(&configured.config);
        if seen == counts || before.as_ref() != Some(&seen) {
            before = Some(seen);
            continue;
        }
        counts = seen;
        // Reading takes longer than anybody else may be kept waiting.
        match tokio::task::block_in_place(|| configured.again(shown.as_deref())) {
            Ok(next) => {
                doors.replace(Arc::clone(&next.door));
                let old = std::mem::replace(&mut configured, next);
                ending.spawn(old.stop());
                let policies = configured.door.house.policies.digest();
                tracing::info!(policies, "the changed configuration counts");
            }
            Err(faults) => {
                for fault in &faults {
                    tracing::error!(%fault, "the changed configuration is broken; the one before stays");
                }
                doors.stay(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
            }
        }
    }
    configured.stop().await;
    while ending.join_next().await.is_some() {}
}
