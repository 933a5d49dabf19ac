//! Logs: JSON for machines or text for people; and traces to a collector (OTLP). Fields are named where they are logged; types that identify
//! a child do not print themselves, and nothing logs a body, a query or a token.
//!
//! A log that nobody reads any more, or a collector that is away, stops nothing: what cannot be written or sent is dropped.

mod collector;

pub use collector::Traces;

use std::io::{self, IsTerminal, Write};

use tracing::Subscriber;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry};

use crate::config::Log;

/// Starts logging to standard error, and sending traces where they are collected. A second call changes nothing.
pub fn start(log: &Log, traces: Option<&Traces>) -> Result<(), String> {
    let filter =
        EnvFilter::try_new(&log.level).map_err(|error| format!("log.level is not a filter: {error}"))?;
    let layers = written(log).with_filter(filter);
    // Starting twice is for tests, where the first one holds.
    let _ = Registry::default().with(layers).with(traces.map(Traces::layer)).try_init();
    Ok(())
}

fn written<S: Subscriber + for<'s> LookupSpan<'s>>(log: &Log) -> Box<dyn Layer<S> + Send + Sync> {
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(|| Careless(io::stderr()))
        // It would be said on the same standard error, and end whoever logs.
        .log_internal_errors(false);
    if log.format == "json" {
        layer.json().flatten_event(true).with_current_span(false).boxed()
    } else {
        layer.compact().with_ansi(io::stderr().is_terminal()).boxed()
    }
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
