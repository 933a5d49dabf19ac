//! Every setting: defaults, then the file, then the environment; normalised, then checked whole before anything starts.

mod layers;
mod settings;

pub use settings::{
    AlertsSettings, Delivery, Files, IssuerSettings, Log, Policy, Scrapers, Security, Server, Settings,
    SignIn, SmtpSettings, SmtpTls, StoreSettings, Telemetry,
};

use std::fmt;
use std::path::{Path, PathBuf};

use crate::store::Address;

/// The documented defaults: also the reference of every setting.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// A fault in the configuration, where it is, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 when the fault is of the whole file.
    pub line: usize,
    /// A sentence.
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.file, self.text)
        } else {
            write!(f, "{}:{}: {}", self.file, self.line, self.text)
        }
    }
}

#[allow(clippy::disallowed_methods)] // The one place that reads the environment.
fn environment() -> std::env::Vars {
    std::env::vars()
}

/// The configuration folder with its settings read and checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder; relative paths of settings start here.
    pub folder: PathBuf,
    /// The settings.
    pub settings: Settings,
    /// Whether of the environment only the settings of `[log]` count.
    is_sandbox: bool,
}

impl Config {
    /// Reads `kith.toml` of a folder over the defaults, and the environment over both. All faults are named.
    pub fn read(folder: &Path) -> Result<Self, Vec<Fault>> {
        Self::read_over(folder, false)
    }

    /// Reads `kith.toml` of the sandbox's own folder. Of the environment only the settings of `[log]` count: what is set
    /// for a real gateway must not lead the sandbox to a real store or provider.
    pub fn read_sandbox(folder: &Path) -> Result<Self, Vec<Fault>> {
        Self::read_over(folder, true)
    }

    /// Reads the same again, as the files are now.
    pub fn read_again(&self) -> Result<Self, Vec<Fault>> {
        Self::read_over(&self.folder, self.is_sandbox)
    }

    fn read_over(folder: &Path, is_sandbox: bool) -> Result<Self, Vec<Fault>> {
        let environment = environment().filter(|(name, _)| !is_sandbox || name.starts_with("KITH__LOG__"));
        let file = folder.join("kith.toml");
        let name = file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|error| {
            vec![Fault { file: name.clone(), line: 0, text: format!("cannot be read: {error}") }]
        })?;
        let settings = layers::settings(&name, &text, environment)?;
        let faults = settings.faults(&name);
        if faults.is_empty() {
            Ok(Self { folder: folder.to_owned(), settings, is_sandbox })
        } else {
            Err(faults)
        }
    }

    /// Where the store is.
    pub fn store(&self) -> Address {
        let store = &self.settings.store;
        let text = if store.url.reveal().is_empty() { &store.path } else { store.url.reveal() };
        Address::read(text, &self.folder)
    }

    /// Where this system keeps temporary files.
    pub fn temporary_folder() -> PathBuf {
        std::env::temp_dir()
    }

    /// This program's own file, where the system says which that is.
    pub fn program() -> Option<PathBuf> {
        std::env::current_exe().ok()
    }

    /// A path of a setting, from the folder.
    pub fn path(&self, setting: &str) -> PathBuf {
        self.folder.join(setting)
    }
}
