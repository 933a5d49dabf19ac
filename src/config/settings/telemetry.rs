//! The settings of what Kith tells of its own work.

use serde::Deserialize;

/// `[log]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `json` or `text`.
    pub format: String,
    /// Filter.
    pub level: String,
}

/// `[telemetry]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// Base address of the collector; empty for none.
    pub otlp_endpoint: String,
    /// The name under which it shows what Kith does.
    pub service: String,
    /// Which part of all traces is collected, from 0 to 1.
    pub sampled: f64,
}

impl Telemetry {
    /// What is wrong with them; `may_call` says whether an address may be called.
    pub(super) fn faults(&self, may_call: impl Fn(&str) -> bool) -> Vec<String> {
        let mut texts = Vec::new();
        if !self.otlp_endpoint.is_empty() && !may_call(&self.otlp_endpoint) {
            texts.push("telemetry.otlp_endpoint must be an https address (http only on this machine, with security.allow_http_loopback).".to_owned());
        }
        if !(0.0..=1.0).contains(&self.sampled) {
            texts.push("telemetry.sampled is from 0.0 (none) to 1.0 (all).".to_owned());
        }
        texts
    }
}
