//! The core definitions as one compact file that is in the program: opening it costs nothing, and a definition is
//! decoded when it is first asked for.
//!
//! Layout, all integers little-endian (`bytes.rs` has the primitives): a header of [`HEADER`] with the place of each
//! section; texts, each once; parts (lists of constraints, types, bindings …), each once; an index sorted by canonical
//! for each kind of definition; the definitions. Structures lie there ready to decode; value sets and code systems are
//! deflated. `profiles/core/make` writes the file with [`write`] from hl7.fhir.r4.core 4.0.1.

mod bytes;
mod element;
mod structures;
mod terms;
mod write;

use bytes::{Cursor, u32_at};

use super::definition::Structure;
use super::terminology::{CodeSystem, ValueSet};

pub use write::write;

/// The core definitions of FHIR R4.
pub const CORE: &[u8] = include_bytes!("../../profiles/core/r4.pack");

/// First bytes: name and version of the format.
const MAGIC: &[u8; 8] = b"KITHPK01";

/// Bytes of the header: magic, then start of each of six sections, counts of three kinds, whole length.
const HEADER: usize = 8 + 4 * 10;

/// Bytes of an entry in the index: canonical, version + 1, type's name, flags, start and length.
const ENTRY: usize = 4 * 6;

/// The pack cannot be read.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("the pack of core definitions is damaged ({0}); run profiles/core/make again")]
pub struct Damaged(pub &'static str);

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A StructureDefinition.
    Structure,
    /// A ValueSet.
    ValueSet,
    /// A CodeSystem.
    CodeSystem,
}

/// What the index says of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'b> {
    /// Canonical address.
    pub url: &'b str,
    /// Business version.
    pub version: Option<&'b str>,
    /// For structures the type defined or constrained.
    pub type_name: &'b str,
    /// Whether the structure constrains its base.
    pub constrains: bool,
    body: &'b [u8],
}

/// An open pack.
#[derive(Debug, Clone, Copy)]
pub struct Pack<'b> {
    text_places: &'b [u8],
    texts: &'b [u8],
    part_places: &'b [u8],
    parts: &'b [u8],
    index: &'b [u8],
    bodies: &'b [u8],
    counts: [usize; 3],
}

impl<'b> Pack<'b> {
    /// Opens a pack. Nothing is decoded, so this takes well under a microsecond.
    pub fn open(bytes: &'b [u8]) -> Result<Self, Damaged> {
        if bytes.get(..MAGIC.len()) != Some(MAGIC) {
            return Err(Damaged("it does not begin as a pack does"));
        }
        let field = |number: usize| u32_at(bytes, MAGIC.len() + 4 * number).map(|value| value as usize);
        let section = |number: usize| -> Result<&'b [u8], Damaged> {
            let end = if number == 5 { bytes.len() } else { field(number + 1)? };
            bytes.get(field(number)?..end).ok_or(Damaged("a section lies outside"))
        };
        if field(9)? != bytes.len() {
            return Err(Damaged("it is cut off"));
        }
        let counts = [field(6)?, field(7)?, field(8)?];
        let index = section(4)?;
        if counts.iter().sum::<usize>().checked_mul(ENTRY) != Some(index.len()) {
            return Err(Damaged("the index has another length than it says"));
        }
        let [text_places, texts, part_places, parts] = [section(0)?, section(1)?, section(2)?, section(3)?];
        Ok(Self { text_places, texts, part_places, parts, index, bodies: section(5)?, counts })
    }

    /// How many definitions of the kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.counts[kind as usize]
    }

    /// What the index says of the definition with that number.
    pub fn entry(&self, kind: Kind, number: usize) -> Result<Entry<'b>, Damaged> {
        let before: usize = self.counts[..kind as usize].iter().sum();
        if number >= self.count(kind) {
            return Err(Damaged("there is no such entry"));
        }
        let at = (before + number) * ENTRY;
        let field = |number: usize| u32_at(self.index, at + 4 * number).map(|value| value as usize);
        let version = match field(1)? {
            0 => None,
            text => Some(self.text(text - 1)?),
        };
        let (start, length) = (field(4)?, field(5)?);
        let body = self.bodies.get(start..start + length).ok_or(Damaged("a definition lies outside"))?;
        let constrains = field(3)? & 1 == 1;
        Ok(Entry { url: self.text(field(0)?)?, version, type_name: self.text(field(2)?)?, constrains, body })
    }

    /// The number of the definition with that canonical (without version).
    pub fn find(&self, kind: Kind, url: &str) -> Result<Option<usize>, Damaged> {
        let (mut low, mut high) = (0, self.count(kind));
        while low < high {
            let middle = low.midpoint(high);
            match self.entry(kind, middle)?.url.cmp(url) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some(middle)),
            }
        }
        Ok(None)
    }

    /// Decodes a structure. Its differential is kept only where it has no snapshot; short descriptions are not kept.
    pub fn structure(&self, number: usize) -> Result<Structure, Damaged> {
        let entry = self.entry(Kind::Structure, number)?;
        structures::decode(&entry, &mut self.cursor(entry.body))
    }

    /// Decodes a value set.
    pub fn value_set(&self, number: usize) -> Result<ValueSet, Damaged> {
        let entry = self.entry(Kind::ValueSet, number)?;
        let body = bytes::inflate(entry.body)?;
        terms::decode_value_set(&entry, &mut self.cursor(&body))
    }

    /// Decodes a code system.
    pub fn code_system(&self, number: usize) -> Result<CodeSystem, Damaged> {
        let entry = self.entry(Kind::CodeSystem, number)?;
        let body = bytes::inflate(entry.body)?;
        terms::decode_code_system(&entry, &mut self.cursor(&body))
    }

    fn cursor<'c>(&'c self, bytes: &'c [u8]) -> Cursor<'c> {
        Cursor::new(self, bytes)
    }

    fn text(&self, number: usize) -> Result<&'b str, Damaged> {
        let bytes = placed(self.text_places, self.texts, number)?;
        std::str::from_utf8(bytes).map_err(|_| Damaged("a text is not UTF-8"))
    }

    fn part(&self, number: usize) -> Result<&'b [u8], Damaged> {
        placed(self.part_places, self.parts, number)
    }
}

/// The bytes between two neighbouring places.
fn placed<'b>(places: &[u8], bytes: &'b [u8], number: usize) -> Result<&'b [u8], Damaged> {
    let start = u32_at(places, number * 4)? as usize;
    let end = u32_at(places, number * 4 + 4)? as usize;
    bytes.get(start..end).ok_or(Damaged("a text or part lies outside"))
}

#[cfg(test)]
mod tests;
