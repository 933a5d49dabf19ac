//! Logs: JSON for machines or text for people. Fields are named where they are logged; types that identify a child do
//! not print themselves, and nothing logs a body, a query or a token.
//!
//! A log that nobody reads any more stops nothing: what cannot be written is dropped.

use std::io::{self, IsTerminal, Write};

use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging to standard error. A second call changes nothing.
pub fn start(log: &Log) -> Result<(), String> {
    let filter =
        EnvFilter::try_new(&log.level).map_err(|error| format!("log.level is not a filter: {error}"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| Careless(io::stderr()))
        // It would be said on the same standard error, and end whoever logs.
        .log_internal_errors(false);
    // Starting twice is for tests, where the first one holds.
    let _ = if log.format == "json" {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.compact().with_ansi(io::stderr().is_terminal()).try_init()
    };
    Ok(())
}

/// A writer that never fails: with nobody at the other end of the pipe, or no room on the disk, the line is lost.
struct Careless<W>(W);

impl<W: Write> Write for Careless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}
