//! Writes a pack. The same package gives the same bytes, whatever the order of its files.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

use super::bytes::{Shared, Token, deflate};
use super::{ENTRY, HEADER, MAGIC, structures, terms};
use crate::profile::package::Package;
use crate::profile::terminology::CodeSystem;

/// A definition on its way into the pack.
struct Draft {
    url: String,
    version: Option<String>,
    type_name: String,
    constrains: bool,
    is_deflated: bool,
    tokens: Vec<Token>,
}

/// Writes the definitions of a package as a pack.
pub fn write(package: &Package) -> io::Result<Vec<u8>> {
    let kinds = [structure_drafts(package), value_set_drafts(package), code_system_drafts(package)];
    let counts = kinds.each_ref().map(Vec::len);
    let drafts: Vec<Draft> = kinds.into_iter().flatten().collect();
    let heads: Vec<Vec<Token>> = drafts.iter().map(head).collect();
    let all = drafts.iter().map(|draft| draft.tokens.as_slice()).chain(heads.iter().map(Vec::as_slice));
    let (mut shared, texts) = Shared::of(all);
    let (mut index, mut bodies) = (Vec::with_capacity(drafts.len() * ENTRY), Vec::new());
    for draft in &drafts {
        let plain = shared.render(&draft.tokens)?;
        let body = if draft.is_deflated { deflate(&plain)? } else { plain };
        let version = draft.version.as_ref().map(|version| shared.text(version)).transpose()?;
        let fields = [
            shared.text(&draft.url)?,
            version.map_or(0, |number| number + 1),
            shared.text(&draft.type_name)?,
            u64::from(draft.constrains),
            bodies.len() as u64,
            body.len() as u64,
        ];
        fields.into_iter().try_for_each(|field| put_u32(&mut index, field))?;
        bodies.extend_from_slice(&body);
    }
    let (text_places, texts) = place(texts.iter().map(String::as_bytes))?;
    let (part_places, parts) = place(shared.parts().iter().map(Vec::as_slice))?;
    assemble([text_places, texts, part_places, parts, index, bodies], counts)
}

fn assemble(sections: [Vec<u8>; 6], counts: [usize; 3]) -> io::Result<Vec<u8>> {
    let length = HEADER + sections.iter().map(Vec::len).sum::<usize>();
    let mut bytes = MAGIC.to_vec();
    let mut start = HEADER;
    for section in &sections {
        put_u32(&mut bytes, start as u64)?;
        start += section.len();
    }
    counts.into_iter().chain([length]).try_for_each(|number| put_u32(&mut bytes, number as u64))?;
    sections.iter().for_each(|section| bytes.extend_from_slice(section));
    Ok(bytes)
}

/// The texts of the index, which must be counted too.
fn head(draft: &Draft) -> Vec<Token> {
    vec![
        Token::Text(draft.url.clone()),
        Token::TextOrNone(draft.version.clone()),
        Token::Text(draft.type_name.clone()),
    ]
}

fn structure_drafts(package: &Package) -> Vec<Draft> {
    let drafts = package.structures.iter().map(|structure| Draft {
        url: structure.url.clone(),
        version: structure.version.clone(),
        type_name: structure.type_name.clone(),
        constrains: structure.constrains,
        is_deflated: false,
        tokens: structures::encode(structure),
    });
    sorted(drafts)
}

fn value_set_drafts(package: &Package) -> Vec<Draft> {
    let systems: HashMap<&str, &CodeSystem> =
        package.code_systems.iter().map(|system| (system.url.as_str(), system)).collect();
    let named = |system: &str, code: &str| systems.get(system)?.concept(code)?.display.as_deref();
    let drafts = package.value_sets.iter().map(|set| Draft {
        url: set.url.clone(),
        version: set.version.clone(),
        type_name: String::new(),
        constrains: false,
        is_deflated: true,
        tokens: terms::encode_value_set(set, &named),
    });
    sorted(drafts)
}

fn code_system_drafts(package: &Package) -> Vec<Draft> {
    let parts = package.value_sets.iter().flat_map(|set| set.include.iter().chain(&set.exclude));
    let asked: HashSet<&str> =
        parts.flat_map(|part| &part.filters).map(|filter| filter.property.as_str()).collect();
    let keeps = |name: &str| asked.contains(name) || name == "notSelectable";
    let drafts = package.code_systems.iter().map(|system| Draft {
        url: system.url.clone(),
        version: system.version.clone(),
        type_name: String::new(),
        constrains: false,
        is_deflated: true,
        tokens: terms::encode_code_system(system, &keeps),
    });
    sorted(drafts)
}

/// Sorted by canonical, as the index must be; of two with the same canonical the later wins.
fn sorted(drafts: impl Iterator<Item = Draft>) -> Vec<Draft> {
    drafts.map(|draft| (draft.url.clone(), draft)).collect::<BTreeMap<_, _>>().into_values().collect()
}

fn place<'p>(pieces: impl Iterator<Item = &'p [u8]>) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let (mut places, mut bytes) = (Vec::new(), Vec::new());
    put_u32(&mut places, 0)?;
    for piece in pieces {
        bytes.extend_from_slice(piece);
        put_u32(&mut places, bytes.len() as u64)?;
    }
    Ok((places, bytes))
}

fn put_u32(bytes: &mut Vec<u8>, number: u64) -> io::Result<()> {
    let number = u32::try_from(number).map_err(io::Error::other)?;
    bytes.extend_from_slice(&number.to_le_bytes());
    Ok(())
}
