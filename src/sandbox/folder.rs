//! The sandbox's own folder: made anew, readable by its owner only, gone at the end.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::config::Config;

/// A temporary folder that is removed when it is dropped.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes a folder that did not exist before.
    pub(super) fn new() -> io::Result<Self> {
        let name = format!("kith-sandbox-{}", Uuid::new_v4().simple());
        let path = Config::temporary_folder().join(name);
        // Not "create all": a folder that somebody else put there must be an error.
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file that only its owner can read, in a folder below if the name says so.
    pub(super) fn write(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.0.join(name);
        if let Some(parent) = path.parent() {
            DirBuilder::new().mode(0o700).recursive(true).create(parent)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(text.as_bytes())?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), cause = %error, "cannot remove the sandbox's folder");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn only_its_owner_reads_it_and_it_goes_away() {
        let folder = Folder::new().unwrap();
        let file = folder.write("policies/a.cedar", "text").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(folder.path()), mode(&file)), (0o700, 0o600));
        assert!(folder.write("policies/a.cedar", "other").is_err(), "nothing is written over");
        let path = folder.path().to_owned();
        drop(folder);
        assert!(!path.exists());
    }
}
