//! FHIR packages: definitions that others publish (<https://hl7.org/fhir/R4/packages.html>, package specification
//! <https://confluence.hl7.org/display/FHIR/NPM+Package+Specification>).
//!
//! A package is a `.tgz` with one resource a file below `package/`. Whoever calls reads the bytes; this room reads no
//! files. Structures, value sets and code systems are kept, already reduced, and the forms that others answer.

mod archive;
mod xml;

use serde_json::Value;

use super::definition::{Structure, list, own, text};
use super::terminology::{CodeSystem, ValueSet};

pub use archive::{Limits, each_file};

/// What a package defines.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Its name, such as `hl7.fhir.r4.core`, or what the caller called it.
    pub name: String,
    /// Its version, if it says one.
    pub version: Option<String>,
    /// Profiles, extensions, types.
    pub structures: Vec<Structure>,
    /// Value sets.
    pub value_sets: Vec<ValueSet>,
    /// Code systems.
    pub code_systems: Vec<CodeSystem>,
    /// What other resources are held against, as it is: Questionnaires by responses, Measures by reports, SearchParameters by those that
    /// are derived from them and by CapabilityStatements.
    pub forms: Vec<Value>,
    /// What its ImplementationGuide asks of all resources of a type: the type, and the canonical of the profile
    /// (<https://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.global>).
    pub globals: Vec<(String, String)>,
}

/// Why a package cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The archive is damaged, or is none.
    #[error("{name}: this is not a readable package (.tgz): {cause}")]
    Archive {
        /// What the caller called the package.
        name: String,
        /// What went wrong.
        cause: std::io::Error,
    },
    /// More than any honest package holds.
    #[error("{name}: the package has more than {limit}; refused, since unpacking it could exhaust memory")]
    TooLarge {
        /// What the caller called the package.
        name: String,
        /// The limit that was met.
        limit: String,
    },
    /// A name that points out of the package.
    #[error("{name}: the entry '{file}' points outside the package; refused")]
    Outside {
        /// What the caller called the package.
        name: String,
        /// The entry's name.
        file: String,
    },
    /// A file that is not JSON.
    #[error("{name}: {file} is not JSON: {cause}")]
    Json {
        /// What the caller called the package.
        name: String,
        /// The file.
        file: String,
        /// Where and why.
        cause: serde_json::Error,
    },
    /// A file in XML that is no resource.
    #[error("{name}: {file} is not FHIR in XML: {cause}")]
    Xml {
        /// What the caller called the package.
        name: String,
        /// The file.
        file: String,
        /// Why, as a sentence without a full stop.
        cause: String,
    },
    /// A definition that lacks what it is found by.
    #[error("{name}: {file} is a {kind} without a url, so nothing could refer to it")]
    Nameless {
        /// What the caller called the package.
        name: String,
        /// The file.
        file: String,
        /// The resource's type.
        kind: String,
    },
    /// Nothing to check against.
    #[error(
        "{name}: there is no StructureDefinition, ValueSet, CodeSystem, Questionnaire, Measure, SearchParameter or ImplementationGuide with global profiles in it"
    )]
    Empty {
        /// What the caller called it.
        name: String,
    },
}

impl Package {
    /// Reads a `.tgz`; `name` is what errors call it until the package says its own name.
    pub fn from_archive(name: &str, bytes: &[u8]) -> Result<Self, Unreadable> {
        Self::from_archive_within(name, bytes, Limits::default())
    }

    /// Reads a `.tgz` within limits of the caller's.
    pub fn from_archive_within(name: &str, bytes: &[u8], limits: Limits) -> Result<Self, Unreadable> {
        let mut package = Self::named(name);
        archive::each_file(name, bytes, limits, |file, bytes| package.add(name, file, bytes))?;
        package.not_empty(name)
    }

    /// Reads files, given as (name, bytes), as they lie in a folder.
    pub fn from_files<N: AsRef<str>, B: AsRef<[u8]>>(
        name: &str,
        files: impl IntoIterator<Item = (N, B)>,
    ) -> Result<Self, Unreadable> {
        let mut package = Self::named(name);
        for (file, bytes) in files {
            package.add(name, file.as_ref(), bytes.as_ref())?;
        }
        package.not_empty(name)
    }

    /// Reads one resource: a definition, or a Bundle of some.
    pub fn from_resource(name: &str, bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut package = Self::named(name);
        package.add(name, name, bytes)?;
        package.not_empty(name)
    }

    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    fn not_empty(self, name: &str) -> Result<Self, Unreadable> {
        let is_empty = self.structures.is_empty()
            && self.value_sets.is_empty()
            && self.code_systems.is_empty()
            && self.forms.is_empty()
            && self.globals.is_empty();
        if is_empty { Err(Unreadable::Empty { name: name.to_owned() }) } else { Ok(self) }
    }

    fn add(&mut self, name: &str, file: &str, bytes: &[u8]) -> Result<(), Unreadable> {
        if !is_definition_file(file) {
            return Ok(());
        }
        let bytes = strip_mark(bytes);
        let value = if is_xml(bytes) { read_xml(name, file, bytes)? } else { read_json(name, file, bytes)? };
        if base_name(file) == "package.json" {
            self.name = text(&value, "name").unwrap_or(name).to_owned();
            self.version = text(&value, "version").map(str::to_owned);
            return Ok(());
        }
        if text(&value, "resourceType") == Some("Bundle") {
            return list(&value, "entry")
                .filter_map(|entry| entry.get("resource"))
                .try_for_each(|resource| self.add_resource(name, file, resource));
        }
        self.add_resource(name, file, &value)
    }

    /// Adds a resource that is already parsed; what is no definition is passed over.
    pub(super) fn add_resource(&mut self, name: &str, file: &str, value: &Value) -> Result<(), Unreadable> {
        let kind = text(value, "resourceType").unwrap_or_default();
        let is_definition = matches!(kind, "StructureDefinition" | "ValueSet" | "CodeSystem");
        if is_definition && text(value, "url").unwrap_or_default().is_empty() {
            let (name, file, kind) = (name.to_owned(), file.to_owned(), kind.to_owned());
            return Err(Unreadable::Nameless { name, file, kind });
        }
        self.structures.extend(Structure::read(value));
        self.value_sets.extend(ValueSet::read(value));
        self.code_systems.extend(CodeSystem::read(value));
        // One without a url can be filled in, but nothing can refer to it.
        if matches!(kind, "Questionnaire" | "Measure" | "SearchParameter") && value.get("url").is_some() {
            self.forms.push(value.clone());
        }
        if kind == "ImplementationGuide" {
            self.globals.extend(list(value, "global").map(|one| (own(one, "type"), own(one, "profile"))));
        }
        Ok(())
    }
}

/// Whether a file may hold a definition. Examples, schemas and indexes may hold anything, broken JSON included.
fn is_definition_file(file: &str) -> bool {
    let mut folders = file.split('/');
    let base = folders.next_back().unwrap_or_default();
    let is_aside =
        folders.any(|folder| matches!(folder, "examples" | "example" | "openapi" | "other" | "tests"));
    (base.ends_with(".json") || base.ends_with(".xml"))
        && !base.starts_with('.')
        && !base.ends_with(".openapi.json")
        && !is_aside
}

fn base_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or_default()
}

fn read_json(name: &str, file: &str, bytes: &[u8]) -> Result<Value, Unreadable> {
    serde_json::from_slice(bytes).map_err(|cause| Unreadable::Json {
        name: name.to_owned(),
        file: file.to_owned(),
        cause,
    })
}

fn read_xml(name: &str, file: &str, bytes: &[u8]) -> Result<Value, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned());
    // Packages have other XML too, such as schemas; only this namespace is FHIR's.
    if text.as_ref().is_ok_and(|text| !text.contains("\"http://hl7.org/fhir\"")) {
        return Ok(Value::Null);
    }
    text.and_then(xml::to_json).map_err(|cause| Unreadable::Xml {
        name: name.to_owned(),
        file: file.to_owned(),
        cause,
    })
}

/// JSON never begins so, whatever the file is called.
fn is_xml(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

/// Some editors put a byte order mark before the text; RFC 8259 §8.1 lets readers ignore it.
fn strip_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

#[cfg(test)]
mod tests;
