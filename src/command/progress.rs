//! How far long work is, for the person at the terminal; nobody else sees it.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Less than this is done before anybody looks.
const LONG_BYTES: u64 = 4 << 20;
const LONG_PIECES: usize = 500;

#[derive(Clone)]
/// A bar on standard error, where that is a terminal and the work is long.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// For these files; of standard input nobody knows how long it is.
    pub(super) fn of(files: &[PathBuf]) -> Self {
        let size = |file: &PathBuf| std::fs::metadata(file).map(|data| data.len()).ok();
        let sizes: Option<Vec<u64>> = files.iter().map(size).collect();
        let total = sizes.map(|sizes| sizes.iter().sum::<u64>());
        if !std::io::stderr().is_terminal() || total.is_some_and(|total| total < LONG_BYTES) {
            return Self(ProgressBar::hidden());
        }
        let (bar, template) = match total {
            Some(total) => {
                (ProgressBar::new(total), "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left")
            }
            None => (ProgressBar::no_length(), "{spinner} {bytes}, {bytes_per_sec}"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// For so many pieces, of which each takes some milliseconds.
    pub(super) fn of_pieces(count: usize) -> Self {
        if !std::io::stderr().is_terminal() || count < LONG_PIECES {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(count as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len}, {eta} left") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// So many bytes or pieces more are done.
    pub(super) fn add(&self, done: usize) {
        self.0.inc(done as u64);
    }

    /// Prints without the bar in between.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// The bar goes away.
    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}
