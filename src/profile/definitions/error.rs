//! Why a definition cannot be used. None of these ever means "valid".

use crate::profile::pack::Damaged;

/// A definition is missing, broken or of no use.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum DefinitionError {
    /// Nobody has told us of it.
    #[error("the {what} '{canonical}' is not known; load the package that defines it")]
    Unknown {
        /// `structure`, `value set` or `code system`.
        what: &'static str,
        /// The address asked for.
        canonical: String,
    },
    /// It is here in another version than the one asked for.
    #[error("the {what} '{canonical}' is only known in version {held}")]
    OtherVersion {
        /// `structure`, `value set` or `code system`.
        what: &'static str,
        /// The address asked for, with its version.
        canonical: String,
        /// The version that is here.
        held: String,
    },
    /// The definitions in the program cannot be read.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// It is needed to understand itself.
    #[error("the structure '{canonical}' is built on itself; a snapshot cannot be made of it")]
    Cyclic {
        /// The structure that comes round again.
        canonical: String,
    },
    /// It contradicts itself or what it is made from.
    #[error("no snapshot can be made of '{canonical}': {element}: {reason}")]
    NoSnapshot {
        /// The structure.
        canonical: String,
        /// The element, as its differential names it.
        element: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Understanding it takes more than any honest definition does.
    #[error("'{canonical}' is too large or too deep ({limit}); refused")]
    TooCostly {
        /// The definition.
        canonical: String,
        /// The limit that was met.
        limit: String,
    },
}
