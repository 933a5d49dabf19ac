//! The same model, each type read when it is first asked for: to read all of them takes more than most messages do.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::hash::Quick;
use super::{DESCENT_MAX, Types};
use crate::profile::definition::Structure;
use crate::profile::fhirpath::model::{ElementType, Model};

/// Reads the definition at an address.
type Read = dyn Fn(&str) -> Option<Arc<Structure>> + Send + Sync;

/// The types of a set of definitions.
pub struct LazyTypes {
    types: HashMap<Box<str>, Slot, Quick>,
    read: Box<Read>,
}

struct Slot {
    url: Box<str>,
    /// The type and its parts.
    types: OnceLock<Types>,
}

impl LazyTypes {
    /// The types of these names, whose definitions are at these addresses; of two of one name the later counts. A type
    /// that cannot be read has no elements.
    pub fn new<'n>(
        names: impl IntoIterator<Item = (&'n str, &'n str)>,
        read: impl Fn(&str) -> Option<Arc<Structure>> + Send + Sync + 'static,
    ) -> Self {
        let slot = |url: &str| Slot { url: url.into(), types: OnceLock::new() };
        let types = names.into_iter().map(|(name, url)| (name.into(), slot(url))).collect();
        Self { types, read: Box::new(read) }
    }

    /// The types of which the one with that name, or path of a part, is one.
    fn of(&self, type_name: &str) -> Option<&Types> {
        let name = type_name.split_once('.').map_or(type_name, |(name, _)| name);
        let slot = self.types.get(name)?;
        Some(slot.types.get_or_init(|| {
            let structure = (self.read)(&slot.url);
            Types::new(structure.as_deref())
        }))
    }
}

impl Model for LazyTypes {
    fn element(&self, type_name: &str, element: &str) -> Option<ElementType<'_>> {
        self.of(type_name)?.element(type_name, element)
    }

    fn is_subtype(&self, type_name: &str, ancestor: &str) -> bool {
        let mut name = type_name;
        for _ in 0..DESCENT_MAX {
            if name == ancestor {
                return true;
            }
            match self.of(name).and_then(|types| types.line(name)) {
                Some((base, _)) if !base.is_empty() => name = base,
                _ => return false,
            }
        }
        false
    }

    fn is_type(&self, name: &str) -> bool {
        match name.contains('.') {
            true => self.of(name).is_some_and(|types| types.is_type(name)),
            false => self.types.contains_key(name),
        }
    }

    fn public_name<'m>(&'m self, type_name: &'m str) -> &'m str {
        self.of(type_name).map_or(type_name, |types| types.public_name(type_name))
    }
}

impl std::fmt::Debug for LazyTypes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("LazyTypes").field("types", &self.types.len()).finish_non_exhaustive()
    }
}
