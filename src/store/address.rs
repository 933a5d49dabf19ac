//! Where a store is.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::domain::Private;

/// A file, or a server.
#[derive(Debug, Clone)]
pub enum Address {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL database, as `postgres://user:password@host/database`. It may hold a password.
    Server(Private<String>),
}

impl Address {
    /// Reads what people write: an address of PostgreSQL, or else a path, which begins at a folder.
    pub fn read(text: &str, folder: &Path) -> Self {
        if ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            Self::Server(Private::new(text.to_owned()))
        } else {
            Self::File(folder.join(text))
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(_) => f.write_str("the PostgreSQL database"),
        }
    }
}
