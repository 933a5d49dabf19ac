//! What is kept in the repository: no secret, no machine of anybody's, no package from an unknown place.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::source::{self, root};

/// Marks of secrets and of machines, cut in two so that this file does not hold them itself.
const MARKS: &[(&str, &str, &str)] = &[
    ("PRIVATE KEY", "-----", "a private key; make it where it is used"),
    ("AKI", "A", "a cloud access key; take it out and revoke it"),
    ("gh", "p_", "a forge token; take it out and revoke it"),
    ("/ho", "me/", "a path of somebody's machine; write it relative to the project"),
    ("/ro", "ot/", "a path of somebody's machine; write it relative to the project"),
    ("/wo", "rk/", "a path of somebody's machine; write it relative to the project"),
    ("/Use", "rs/", "a path of somebody's machine; write it relative to the project"),
];

/// Files that git keeps; when there is no git, as in an unpacked archive, all files of the project's folders.
fn kept() -> Vec<String> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    match listed {
        Ok(output) if output.status.success() => {
            let paths = String::from_utf8_lossy(&output.stdout).into_owned();
            paths
                .split('\0')
                .filter(|path| !path.is_empty() && root().join(path).is_file())
                .map(str::to_owned)
                .collect()
        }
        _ => {
            ["src", "tests", "mappings", "config", "migrations"].into_iter().flat_map(source::walk).collect()
        }
    }
}

/// Secrets and machine paths in files that are kept.
pub fn secrets_and_machines() -> Vec<String> {
    let mut faults = Vec::new();
    for path in kept() {
        let bytes = std::fs::read(root().join(&path)).expect("a file that git lists");
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        for (start, end, what) in MARKS {
            let mark = format!("{start}{end}");
            for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.contains(&mark)) {
                // Code that writes the head of a key is no secret; a head that a key follows is.
                let follows = lines.get(index + 1).copied().unwrap_or_default();
                if path_like_or_secret(line, &mark) && (!mark.contains(' ') || is_key_text(follows)) {
                    faults.push(format!("{path}:{}: '{mark}' looks like {what}", index + 1));
                }
            }
        }
    }
    faults
}

/// A line of a key's own text.
fn is_key_text(line: &str) -> bool {
    line.len() >= 32 && line.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))
}

/// A path begins where a word begins; `https://example/work/` is none of a machine.
fn path_like_or_secret(line: &str, mark: &str) -> bool {
    line.match_indices(mark).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let inside_word = before
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$' | '}' | '"'));
        let absolute = before.is_none_or(|c| matches!(c, ' ' | '"' | '\'' | '=' | '(' | '`' | ':'));
        if mark.starts_with('/') { absolute } else { !inside_word || mark.contains(' ') }
    })
}

/// Lock files that name a registry: a package comes from wherever the machine's own client takes it.
pub fn lock_files() -> Vec<String> {
    let mut faults = Vec::new();
    for path in kept().iter().filter(|path| path.ends_with("package-lock.json")) {
        for (index, line) in source::read(path).lines().enumerate() {
            if line.contains("\"resolved\"") {
                faults.push(format!(
                    "{path}:{}: names a registry; install with omit-lockfile-registry-resolved=true",
                    index + 1
                ));
            }
        }
        let lock: Value = serde_json::from_str(&source::read(path)).expect("a lock file is JSON");
        for (name, package) in
            lock["packages"].as_object().into_iter().flatten().filter(|(name, _)| !name.is_empty())
        {
            // What is bundled comes inside the archive of the package around it, whose hash covers it.
            let is_inside = package.get("inBundle").is_some_and(|inside| inside == true);
            if package.get("integrity").is_none() && package.get("link").is_none() && !is_inside {
                faults.push(format!("{path}:1: '{name}' has no integrity hash; install it again"));
            }
        }
    }
    for (index, line) in source::read("Cargo.lock").lines().enumerate() {
        if line.starts_with("source = ") && !line.contains("crates.io-index") {
            faults.push(format!(
                "Cargo.lock:{}: a crate that is not from crates.io; take a published version",
                index + 1
            ));
        }
    }
    faults
}

/// Lock files of packages that are built with Kith, and do not know all that it stands on: with --locked they would not build.
pub fn stale_locks() -> Vec<String> {
    let manifest: toml::Table = source::read("Cargo.toml").parse().expect("a manifest");
    let stands_on = manifest["dependencies"].as_table().expect("dependencies");
    let locks = kept().into_iter().filter(|path| path.ends_with("/Cargo.lock"));
    let stale = locks.filter_map(|path| {
        let lock: toml::Table = source::read(&path).parse().expect("a lock file");
        let mut packages = lock["package"].as_array().into_iter().flatten();
        let kith = packages.find(|package| package["name"].as_str() == Some("kith"))?;
        let known: BTreeSet<&str> =
            kith["dependencies"].as_array().into_iter().flatten().filter_map(name).collect();
        let missing: Vec<&String> = stands_on.keys().filter(|name| !known.contains(name.as_str())).collect();
        let folder = path.trim_end_matches("/Cargo.lock");
        (!missing.is_empty()).then(|| format!("{path}:1: lacks {missing:?}; run cargo metadata in {folder}"))
    });
    stale.collect()
}

/// A dependency in a lock file: its name, and its version where there are several.
fn name(dependency: &toml::Value) -> Option<&str> {
    dependency.as_str()?.split(' ').next()
}

/// Files of one forge: the project's checks are `tests/run`, wherever it lives.
pub fn forge() -> Vec<String> {
    let forge = kept().into_iter().filter(|path| path.starts_with(".github/") || path.starts_with(".gitlab"));
    forge.map(|path| format!("{path}:1: belongs to one forge; put what it does into tests/run")).collect()
}
