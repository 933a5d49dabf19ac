//! Business versions, by which a canonical may ask for a definition (`url|version`).

use serde_json::Value;

use crate::profile::definition::Structure;
use crate::profile::terminology::{CodeSystem, ValueSet};

/// What has a business version.
pub(super) trait Versioned {
    fn version(&self) -> Option<&str>;
}

impl Versioned for Structure {
    fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

impl Versioned for ValueSet {
    fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

impl Versioned for CodeSystem {
    fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

impl Versioned for Value {
    fn version(&self) -> Option<&str> {
        self.get("version").and_then(Value::as_str)
    }
}
