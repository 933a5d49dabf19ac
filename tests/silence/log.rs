//! Hears everything that Kith and its libraries log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::EnvFilter;

/// Everything that was logged.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// All of it so far.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Logs everything that Kith says and what its libraries say to a developer.
pub fn listen() -> Log {
    let log = Log::default();
    let writer = log.clone();
    let filter = EnvFilter::new("debug,kith=trace");
    let all = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    all.with_writer(move || writer.clone()).try_init().unwrap();
    log
}
