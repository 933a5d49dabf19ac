//! Structures in the pack.

use super::bytes::{Cursor, Token};
use super::element::{self, Names};
use super::{Damaged, Entry};
use crate::profile::definition::Structure;

pub(super) fn encode(structure: &Structure) -> Vec<Token> {
    let texts = |list: &[String]| list.iter().cloned().map(Token::Text).collect::<Vec<_>>();
    let mut tokens = vec![
        Token::Text(structure.name.clone()),
        Token::Text(structure.kind.clone()),
        Token::TextOrNone(structure.base.clone()),
        Token::Number(u64::from(structure.is_abstract)),
        Token::Number(structure.contexts.len() as u64),
    ];
    for (kind, expression) in &structure.contexts {
        tokens.extend([Token::Text(kind.clone()), Token::Text(expression.clone())]);
    }
    tokens.push(Token::Number(structure.context_invariants.len() as u64));
    tokens.extend(texts(&structure.context_invariants));
    // The differential is of use only where a snapshot has to be made from it.
    let is_differential = structure.snapshot.is_empty();
    let elements = if is_differential { &structure.differential } else { &structure.snapshot };
    tokens.push(Token::Number(u64::from(is_differential)));
    tokens.push(Token::Number(elements.len() as u64));
    let mut names = Names::default();
    elements.iter().for_each(|one| element::encode(one, &mut names, &mut tokens));
    tokens
}

pub(super) fn decode(entry: &Entry<'_>, from: &mut Cursor<'_>) -> Result<Structure, Damaged> {
    let mut structure = Structure {
        url: entry.url.to_owned(),
        version: entry.version.map(str::to_owned),
        type_name: entry.type_name.to_owned(),
        constrains: entry.constrains,
        name: from.text()?,
        kind: from.text()?,
        base: from.text_or_none()?,
        is_abstract: from.number()? == 1,
        contexts: from.list(|from| Ok((from.text()?, from.text()?)))?,
        context_invariants: from.list(Cursor::text)?,
        ..Structure::default()
    };
    let is_differential = from.number()? == 1;
    let mut names = Names::default();
    let elements = from.list(|from| element::decode(from, &mut names))?;
    if is_differential {
        structure.differential = elements;
    } else {
        structure.snapshot = elements;
    }
    Ok(structure)
}
