//! Everything that is defined: the core definitions in the program, and the packages that were loaded.
//!
//! Nothing is decoded before it is asked for; what was decoded is kept. A definition that is missing or broken is an
//! error for whoever asks: nothing is ever called valid because there was nothing to check it against.

mod cache;
mod error;
mod layer;
mod version;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

pub use error::DefinitionError;

use super::definition::Structure;
use super::pack::{CORE, Kind, Pack};
use super::package::Package;
use super::snapshot::{self, Source};
use super::terminology::{CodeSystem, Expansion, ValueSet};
use cache::{Absent, Cache};
use layer::Layer;
use version::Versioned;

/// Where types that have only a name are defined.
const TYPES: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The version of FHIR that the core pack defines.
const FHIR_VERSION: &str = "4.0.1";

/// Structures that a structure may need to be understood, one through the other.
const DEPTH_MAX: usize = 24;

/// The definitions.
#[derive(Debug)]
pub struct Definitions {
    core: Pack<'static>,
    /// Loaded packages; later ones come first.
    layers: Vec<Arc<Layer>>,
    structures: Cache<Structure>,
    value_sets: Cache<ValueSet>,
    code_systems: Cache<CodeSystem>,
    /// Code systems that were asked for in vain.
    absent: Absent,
    pub(super) expansions: Cache<Expansion>,
}

/// A type as the index has it, for type models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    /// Such as `Patient`.
    pub name: String,
    /// The address of its definition.
    pub url: String,
}

impl Definitions {
    /// The core definitions only.
    pub fn core() -> Result<Self, DefinitionError> {
        Ok(Self {
            core: Pack::open(CORE)?,
            layers: Vec::new(),
            structures: Cache::default(),
            value_sets: Cache::default(),
            code_systems: Cache::default(),
            absent: Absent::default(),
            expansions: Cache::default(),
        })
    }

    /// These and a package's, which win over those of the same canonical. What was decoded so far is decoded anew,
    /// since it may be built on what the package replaces.
    #[must_use]
    pub fn with(mut self, package: Package) -> Self {
        self.layers.insert(0, Arc::new(Layer::new(package)));
        Self {
            core: self.core,
            layers: self.layers,
            structures: Cache::default(),
            value_sets: Cache::default(),
            code_systems: Cache::default(),
            absent: Absent::default(),
            expansions: Cache::default(),
        }
    }

    /// The structure with that canonical (perhaps with `|version`), its snapshot made if it had none.
    pub fn structure(&self, canonical: &str) -> Result<Arc<Structure>, DefinitionError> {
        self.structure_within(canonical, None)
    }

    /// The structure that defines a type, by name such as `Patient` or by address.
    pub fn type_structure(&self, name: &str) -> Result<Arc<Structure>, DefinitionError> {
        if name.contains("://") { self.structure(name) } else { self.structure(&format!("{TYPES}{name}")) }
    }

    /// The value set with that canonical.
    pub fn value_set(&self, canonical: &str) -> Result<Arc<ValueSet>, DefinitionError> {
        self.value_sets.get_or(canonical, || {
            let held = self.layers.iter().filter_map(|layer| layer.value_set(canonical));
            self.find(canonical, "value set", Kind::ValueSet, held, |pack, number| pack.value_set(number))
        })
    }

    /// The code system with that canonical.
    pub fn code_system(&self, canonical: &str) -> Result<Arc<CodeSystem>, DefinitionError> {
        self.code_systems.get_or(canonical, || {
            let held = self.layers.iter().filter_map(|layer| layer.code_system(canonical));
            self.find(canonical, "code system", Kind::CodeSystem, held, |pack, number| {
                pack.code_system(number)
            })
        })
    }

    /// The code system with that canonical; none where nobody has told us of it, which is found out once.
    pub fn code_system_if_known(&self, canonical: &str) -> Result<Option<Arc<CodeSystem>>, DefinitionError> {
        if self.absent.has(canonical) {
            return Ok(None);
        }
        match self.code_system(canonical) {
            Ok(system) => Ok(Some(system)),
            Err(DefinitionError::Unknown { .. }) => {
                self.absent.add(canonical);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The Questionnaire, Measure or SearchParameter with that canonical, as its package has it. The core is asked for none.
    pub fn form(&self, canonical: &str) -> Result<Arc<Value>, DefinitionError> {
        let held = self.layers.iter().filter_map(|layer| layer.form(canonical));
        choose(canonical, "questionnaire, measure or search parameter", held, || Ok(None))
    }

    /// The profiles that the implementation guides of loaded packages ask of all resources of a type.
    pub fn globals(&self, type_name: &str) -> Vec<&str> {
        self.layers.iter().flat_map(|layer| layer.globals(type_name)).collect()
    }

    /// All canonicals of a kind, sorted, without versions.
    pub fn canonicals(&self, kind: Kind) -> Result<BTreeSet<String>, DefinitionError> {
        let mut urls = BTreeSet::new();
        for number in 0..self.core.count(kind) {
            urls.insert(self.core.entry(kind, number)?.url.to_owned());
        }
        urls.extend(self.layers.iter().flat_map(|layer| layer.urls(kind)).map(str::to_owned));
        Ok(urls)
    }

    /// The addresses of all code systems, sorted.
    pub fn code_systems(&self) -> Result<BTreeSet<String>, DefinitionError> {
        self.canonicals(Kind::CodeSystem)
    }

    /// All types (not profiles) by name, from the index alone: a type model reads the structures it meets.
    pub fn types(&self) -> Result<Vec<TypeName>, DefinitionError> {
        let mut types = Vec::new();
        for number in 0..self.core.count(Kind::Structure) {
            let entry = self.core.entry(Kind::Structure, number)?;
            if !entry.constrains {
                types.push(TypeName { name: entry.type_name.to_owned(), url: entry.url.to_owned() });
            }
        }
        types.extend(self.layers.iter().rev().flat_map(|layer| layer.types()));
        Ok(types)
    }

    fn structure_within(
        &self,
        canonical: &str,
        outer: Option<&Trail<'_>>,
    ) -> Result<Arc<Structure>, DefinitionError> {
        self.structures.get_or(canonical, || {
            let held = self.layers.iter().filter_map(|layer| layer.structure(canonical));
            let found = self
                .find(canonical, "structure", Kind::Structure, held, |pack, number| pack.structure(number))?;
            if !found.snapshot.is_empty() {
                return Ok(found);
            }
            let trail = Trail::new(self, &found.url, outer)?;
            let mut whole = Structure::clone(&found);
            whole.snapshot = snapshot::generate(&found, &trail)?;
            Ok(Arc::new(whole))
        })
    }

    /// What a package holds, or else the core pack, in the version asked for.
    fn find<T: Versioned>(
        &self,
        canonical: &str,
        what: &'static str,
        kind: Kind,
        held: impl Iterator<Item = Arc<T>>,
        decode: impl Fn(&Pack<'static>, usize) -> Result<T, super::pack::Damaged>,
    ) -> Result<Arc<T>, DefinitionError> {
        choose(canonical, what, held, || {
            let number = self.core.find(kind, split(canonical).0)?;
            Ok(number.map(|number| decode(&self.core, number)).transpose()?.map(Arc::new))
        })
    }
}

/// The first that has the version asked for: packages first, then the core. A package that has it in another version
/// does not hide the version that is asked for.
fn choose<T: Versioned>(
    canonical: &str,
    what: &'static str,
    held: impl Iterator<Item = Arc<T>>,
    core: impl FnOnce() -> Result<Option<Arc<T>>, DefinitionError>,
) -> Result<Arc<T>, DefinitionError> {
    let (_, wanted) = split(canonical);
    let fits = |one: &Arc<T>| wanted.is_none() || one.version() == wanted;
    let mut other = None;
    for one in held {
        if fits(&one) {
            return Ok(one);
        }
        other.get_or_insert(one);
    }
    if let Some(one) = core()? {
        // The core package names what it holds by the version of FHIR, whatever business version that has itself:
        // `v3-NullFlavor|4.0.1` is there as 2018-08-12.
        if fits(&one) || wanted == Some(FHIR_VERSION) {
            return Ok(one);
        }
        other.get_or_insert(one);
    }
    let canonical = canonical.to_owned();
    let Some(other) = other else { return Err(DefinitionError::Unknown { what, canonical }) };
    let held = other.version().unwrap_or("without number").to_owned();
    Err(DefinitionError::OtherVersion { what, canonical, held })
}

impl Source for Definitions {
    fn structure(&self, canonical: &str) -> Result<Arc<Structure>, DefinitionError> {
        Definitions::structure(self, canonical)
    }
}

/// The structures whose snapshots are being made, one for the other, so that none is made for itself.
struct Trail<'t> {
    definitions: &'t Definitions,
    url: &'t str,
    outer: Option<&'t Trail<'t>>,
}

impl<'t> Trail<'t> {
    fn new(
        definitions: &'t Definitions,
        url: &'t str,
        outer: Option<&'t Trail<'t>>,
    ) -> Result<Self, DefinitionError> {
        let mut depth = 0;
        let mut at = outer;
        while let Some(trail) = at {
            depth += 1;
            if trail.url == url {
                return Err(DefinitionError::Cyclic { canonical: url.to_owned() });
            }
            at = trail.outer;
        }
        if depth > DEPTH_MAX {
            let limit = format!("more than {DEPTH_MAX} structures, each built on the next");
            return Err(DefinitionError::TooCostly { canonical: url.to_owned(), limit });
        }
        Ok(Self { definitions, url, outer })
    }
}

impl Source for Trail<'_> {
    fn structure(&self, canonical: &str) -> Result<Arc<Structure>, DefinitionError> {
        self.definitions.structure_within(canonical, Some(self))
    }
}

/// `url|version`.
pub(super) fn split(canonical: &str) -> (&str, Option<&str>) {
    match canonical.split_once('|') {
        Some((url, version)) => (url, Some(version)),
        None => (canonical, None),
    }
}

#[cfg(test)]
mod tests;
