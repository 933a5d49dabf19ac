//! The setting of the numbers that Kith gives of itself.

use serde::Deserialize;

/// `[metrics]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsSettings {
    /// Who may read `/metrics`.
    pub from: Scrapers,
}

/// From where `/metrics` may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scrapers {
    /// From this machine.
    Loopback,
    /// From wherever Kith can be reached.
    Anywhere,
    /// Not at all.
    Nowhere,
}
