//! The definitions as the validator asks for them.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::profile::definition::{Element, Structure};
use crate::profile::definitions::{DefinitionError, Definitions};
use crate::profile::needs::{self, CodeStatus, FilterName, Holds, Membership};
use crate::profile::snapshot;
use crate::profile::terminology::{self, Lookup, ValueSet};

/// So many codes a plan keeps for itself.
const LISTED_MAX: usize = 256;

/// What nobody has told us of is none; what cannot be used is an error.
fn known<T>(found: Result<T, DefinitionError>) -> Result<Option<T>, String> {
    match found {
        Ok(one) => Ok(Some(one)),
        Err(DefinitionError::Unknown { .. }) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// The first element of a differential that stands before one which its snapshot has earlier. Elements are known by their ids.
fn out_of_order(differential: &[Element], snapshot: &[Element]) -> Option<String> {
    let places: HashMap<&str, usize> =
        snapshot.iter().enumerate().map(|(place, one)| (&*one.id, place)).collect();
    let mut last = 0;
    for element in differential {
        let Some(place) = places.get(&*element.id) else { continue };
        if *place < last {
            return Some(element.id.clone());
        }
        last = *place;
    }
    None
}

/// What terminology says of a code, without the words.
fn said(membership: terminology::Membership) -> Membership {
    match membership {
        terminology::Membership::In(_) => Membership::In,
        terminology::Membership::NotIn => Membership::NotIn,
        terminology::Membership::UnknownSystem(_) => Membership::UnknownSystem,
        terminology::Membership::CannotTell(_) => Membership::CannotTell,
    }
}

impl needs::Definitions for Definitions {
    fn structure(&self, canonical_or_type: &str) -> Result<Option<Arc<Structure>>, String> {
        known(match canonical_or_type.contains(['/', ':']) {
            true => Definitions::structure(self, canonical_or_type),
            false => self.type_structure(canonical_or_type),
        })
    }

    fn misfit(&self, structure: &Structure) -> Option<String> {
        match snapshot::generate(structure, self) {
            Err(DefinitionError::NoSnapshot { canonical, element, .. }) if canonical == structure.url => {
                Some(element)
            }
            Ok(elements) => out_of_order(&structure.differential, &elements),
            _ => None,
        }
    }

    fn form(&self, canonical: &str) -> Result<Option<Arc<Value>>, String> {
        known(Definitions::form(self, canonical))
    }

    fn globals(&self, type_name: &str) -> Vec<&str> {
        Definitions::globals(self, type_name)
    }

    fn member(&self, value_set: &str, system: Option<&str>, code: &str) -> Membership {
        match known(Definitions::member(self, value_set, system, code)) {
            Ok(found) => found.map_or(Membership::CannotTell, said),
            Err(reason) => Membership::Broken(reason),
        }
    }

    fn holds(&self, value_set: &Value) -> Box<Holds> {
        let Some(value_set) = ValueSet::read(value_set) else {
            return Box::new(|_, _| Membership::CannotTell);
        };
        match self.expansion_of(&value_set) {
            Ok(expansion) => Box::new(move |system, code| said(expansion.member(system, code))),
            Err(error) => Box::new(move |_, _| Membership::Broken(error.to_string())),
        }
    }

    fn code(&self, system: &str, code: &str, display: Option<&str>) -> CodeStatus {
        match self.lookup(system, code, display) {
            Ok(Lookup::Known { is_called: false, display: Some(own), .. }) => CodeStatus::KnownAs(own),
            Ok(Lookup::Known { .. }) => CodeStatus::Known,
            Ok(Lookup::NoSuchCode) => CodeStatus::Unknown,
            Ok(Lookup::Supplement) => CodeStatus::Supplement,
            Ok(Lookup::UnknownSystem) => CodeStatus::UnknownSystem,
            Ok(Lookup::CannotTell(_)) => CodeStatus::CannotTell,
            Err(error) => CodeStatus::Broken(error.to_string()),
        }
    }

    fn is_value_set(&self, canonical: &str) -> bool {
        // Only what looks like one is looked for.
        canonical.contains("/ValueSet/") && self.value_set(canonical).is_ok()
    }

    fn filter(&self, system: &str, name: &str) -> FilterName {
        let system = match known(self.code_system(system)) {
            Ok(Some(system)) => system,
            Ok(None) => return FilterName::UnknownSystem,
            Err(reason) => return FilterName::Broken(reason),
        };
        let Some(names) = &system.names else { return FilterName::UnknownSystem };
        match names.iter().find(|(known, _)| known == name) {
            Some((_, None)) => FilterName::Filter,
            Some((_, Some(kind))) => FilterName::Property(kind.clone()),
            None => FilterName::Nothing,
        }
    }

    fn enumerate(&self, value_set: &str) -> Option<Vec<(Box<str>, Box<str>)>> {
        let expansion = self.expansion(value_set).ok()?;
        let codes = expansion.listed(LISTED_MAX)?;
        Some(codes.into_iter().map(|(system, code)| (system.into(), code.into())).collect())
    }
}
