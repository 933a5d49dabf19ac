//! Logs: JSON for machines or text for people. Fields are named where they are logged; types that identify a child do
//! not print themselves, and nothing logs a body, a query or a token.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging to standard error. A second call changes nothing.
pub fn start(log: &Log) -> Result<(), String> {
    let filter =
        EnvFilter::try_new(&log.level).map_err(|error| format!("log.level is not a filter: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Starting twice is for tests, where the first one holds.
    let _ = if log.format == "json" {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.compact().with_ansi(std::io::stderr().is_terminal()).try_init()
    };
    Ok(())
}
