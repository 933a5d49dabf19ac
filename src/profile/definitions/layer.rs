//! One loaded package, found by canonical.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use serde_json::Value;

use super::{TypeName, Versioned, split};
use crate::profile::definition::{Structure, own};
use crate::profile::pack::Kind;
use crate::profile::package::Package;
use crate::profile::terminology::{CodeSystem, ValueSet};

/// By canonical, all versions that the package has of it.
type Index<T> = HashMap<String, Vec<Arc<T>>>;

#[derive(Debug)]
pub(super) struct Layer {
    structures: Index<Structure>,
    value_sets: Index<ValueSet>,
    code_systems: Index<CodeSystem>,
    forms: Index<Value>,
    globals: Vec<(String, String)>,
}

impl Layer {
    pub(super) fn new(package: Package) -> Self {
        Self {
            structures: index(package.structures, |one| one.url.clone()),
            value_sets: index(package.value_sets, |one| one.url.clone()),
            code_systems: index(package.code_systems, |one| one.url.clone()),
            forms: index(package.forms, |one| own(one, "url")),
            globals: package.globals,
        }
    }

    pub(super) fn structure(&self, canonical: &str) -> Option<Arc<Structure>> {
        pick(&self.structures, canonical)
    }

    pub(super) fn value_set(&self, canonical: &str) -> Option<Arc<ValueSet>> {
        pick(&self.value_sets, canonical)
    }

    pub(super) fn code_system(&self, canonical: &str) -> Option<Arc<CodeSystem>> {
        pick(&self.code_systems, canonical)
    }

    pub(super) fn form(&self, canonical: &str) -> Option<Arc<Value>> {
        pick(&self.forms, canonical)
    }

    pub(super) fn globals(&self, type_name: &str) -> impl Iterator<Item = &str> {
        self.globals.iter().filter(move |one| one.0 == type_name).map(|one| &*one.1)
    }

    pub(super) fn urls(&self, kind: Kind) -> Vec<&str> {
        match kind {
            Kind::Structure => self.structures.keys().map(String::as_str).collect(),
            Kind::ValueSet => self.value_sets.keys().map(String::as_str).collect(),
            Kind::CodeSystem => self.code_systems.keys().map(String::as_str).collect(),
        }
    }

    /// New types, sorted.
    pub(super) fn types(&self) -> Vec<TypeName> {
        let structures = self.structures.values().flatten().filter(|structure| !structure.constrains);
        let mut types: Vec<TypeName> = structures
            .map(|structure| TypeName { name: structure.type_name.clone(), url: structure.url.clone() })
            .collect();
        types.sort_by(|one, other| one.url.cmp(&other.url));
        types
    }
}

fn index<K: Hash + Eq, T>(items: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<Arc<T>>> {
    let mut index: HashMap<K, Vec<Arc<T>>> = HashMap::with_capacity(items.len());
    for item in items {
        index.entry(key(&item)).or_default().push(Arc::new(item));
    }
    index
}

/// The version asked for; else the last one, so that asking for another version can say which there is.
fn pick<T: Versioned>(index: &Index<T>, canonical: &str) -> Option<Arc<T>> {
    let (url, wanted) = split(canonical);
    let held = index.get(url)?;
    let exact = held.iter().rev().find(|one| wanted.is_some() && one.version() == wanted);
    exact.or_else(|| held.last()).map(Arc::clone)
}
