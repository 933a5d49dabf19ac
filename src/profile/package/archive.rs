//! Unpacks a `.tgz` in memory, within limits, so that a small file cannot become more than the machine holds.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use super::Unreadable;

/// What a package may hold at most.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes unpacked, in all.
    pub unpacked_bytes: u64,
    /// Files.
    pub entries: usize,
    /// Unpacked bytes for each packed byte. JSON packs about 11 to 1, definitions up to 30 to 1; bombs 1,000 to 1.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        // The core package, one of the largest, has 49 MB in 4,581 files.
        Self { unpacked_bytes: 512 << 20, entries: 50_000, ratio: 100 }
    }
}

/// Below this, no ratio matters: a package of a few empty files may pack very well.
const SMALL_BYTES: u64 = 1 << 20;

/// Hands every regular file to `take`.
pub fn each_file(
    name: &str,
    bytes: &[u8],
    limits: Limits,
    mut take: impl FnMut(&str, &[u8]) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let allowed =
        (bytes.len() as u64).saturating_mul(limits.ratio).max(SMALL_BYTES).min(limits.unpacked_bytes);
    let limited = Limited { inner: MultiGzDecoder::new(bytes), left: allowed };
    let fault = |cause: io::Error| fault(name, allowed, cause);
    let mut archive = tar::Archive::new(limited);
    let mut buffer = Vec::new();
    for (number, entry) in archive.entries().map_err(fault)?.enumerate() {
        let mut entry = entry.map_err(fault)?;
        if number >= limits.entries {
            let limit = format!("{} files", limits.entries);
            return Err(Unreadable::TooLarge { name: name.to_owned(), limit });
        }
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).replace('\\', "/");
        // Nothing is written to disk, yet a package that tries this is not one to trust.
        if path.starts_with('/') || path.split('/').any(|step| step == "..") {
            return Err(Unreadable::Outside { name: name.to_owned(), file: path });
        }
        buffer.clear();
        entry.read_to_end(&mut buffer).map_err(fault)?;
        take(&path, &buffer)?;
    }
    Ok(())
}

fn fault(name: &str, allowed: u64, cause: io::Error) -> Unreadable {
    let name = name.to_owned();
    // `tar` wraps what readers say in errors of its own, so the kind alone tells ours from others.
    if cause.kind() == io::ErrorKind::FileTooLarge {
        return Unreadable::TooLarge { name, limit: format!("{allowed} bytes unpacked") };
    }
    Unreadable::Archive { name, cause }
}

/// Reads no more than it may, and says so, where `take` would pretend that the file ends there.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::ErrorKind::FileTooLarge.into()),
        }
        Ok(read)
    }
}
