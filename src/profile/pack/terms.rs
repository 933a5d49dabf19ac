//! Value sets and code systems in the pack. Codes and names stand in place, since few recur, and are deflated.

use super::bytes::{Cursor, Token};
use super::{Damaged, Entry};
use crate::profile::terminology::{Code, CodeSystem, Concept, Content, Filter, Part, ValueSet};

/// How a name is written: not there, here, or the same as the code.
const NO_NAME: u64 = 0;
const NAME: u64 = 1;
const NAME_IS_CODE: u64 = 2;

/// `named` says what a code system of the pack calls a code: a name that repeats it is left out.
pub(super) fn encode_value_set<'n>(
    set: &ValueSet,
    named: &dyn Fn(&str, &str) -> Option<&'n str>,
) -> Vec<Token> {
    let mut tokens = Vec::new();
    for parts in [&set.include, &set.exclude] {
        tokens.push(Token::Number(parts.len() as u64));
        parts.iter().for_each(|part| encode_part(part, named, &mut tokens));
    }
    let Some(codes) = &set.expansion else {
        tokens.push(Token::Number(0));
        return tokens;
    };
    tokens.extend([Token::Number(1), Token::Number(codes.len() as u64)]);
    for one in codes {
        tokens.push(Token::Text(one.system.clone()));
        put_code(&one.code, one.display.as_deref(), &mut tokens);
    }
    tokens
}

fn encode_part<'n>(part: &Part, named: &dyn Fn(&str, &str) -> Option<&'n str>, tokens: &mut Vec<Token>) {
    tokens.push(Token::TextOrNone(part.system.clone()));
    tokens.push(Token::Number(part.concepts.len() as u64));
    for (code, name) in &part.concepts {
        let known = part.system.as_deref().and_then(|system| named(system, code));
        let name = name.as_deref().filter(|name| known != Some(name));
        put_code(code, name, tokens);
    }
    tokens.push(Token::Number(part.filters.len() as u64));
    for filter in &part.filters {
        let texts = [&filter.property, &filter.operator, &filter.value];
        tokens.extend(texts.map(|text| Token::Inline(text.clone())));
    }
    tokens.push(Token::Number(part.value_sets.len() as u64));
    tokens.extend(part.value_sets.iter().cloned().map(Token::Text));
}

pub(super) fn decode_value_set(entry: &Entry<'_>, from: &mut Cursor<'_>) -> Result<ValueSet, Damaged> {
    let mut set = ValueSet {
        url: entry.url.to_owned(),
        version: entry.version.map(str::to_owned),
        include: from.list(decode_part)?,
        exclude: from.list(decode_part)?,
        expansion: None,
    };
    if from.number()? == 1 {
        let codes = from.list(|from| {
            let system = from.text()?;
            let (code, display) = code(from)?;
            Ok(Code { system, code, display })
        });
        set.expansion = Some(codes?);
    }
    Ok(set)
}

fn decode_part(from: &mut Cursor<'_>) -> Result<Part, Damaged> {
    let filter = |from: &mut Cursor<'_>| {
        Ok(Filter { property: from.inline()?, operator: from.inline()?, value: from.inline()? })
    };
    Ok(Part {
        system: from.text_or_none()?,
        concepts: from.list(code)?,
        filters: from.list(filter)?,
        value_sets: from.list(Cursor::text)?,
    })
}

/// `keeps` says which properties filters ask for.
pub(super) fn encode_code_system(system: &CodeSystem, keeps: &dyn Fn(&str) -> bool) -> Vec<Token> {
    let content = match system.content {
        Content::Complete => 0,
        Content::Partial => 1,
        Content::Absent => 2,
        Content::Supplement => 3,
    };
    let concepts = system.concepts();
    let mut tokens = vec![
        Token::Number(u64::from(system.case_sensitive)),
        Token::Number(content),
        Token::Number(concepts.len() as u64),
    ];
    for (number, concept) in (0u32..).zip(concepts) {
        put_code(&concept.code, concept.display.as_deref(), &mut tokens);
        tokens.push(Token::Number(concept.parents.len() as u64));
        // Parents are mostly near; the detour by wrapping lets the few that come later be written as well.
        let distances = concept.parents.iter().map(|parent| u64::from(number.wrapping_sub(*parent)));
        tokens.extend(distances.map(Token::Number));
        let kept: Vec<_> = concept.properties.iter().filter(|(name, _)| keeps(name)).collect();
        tokens.push(Token::Number(kept.len() as u64));
        for (name, value) in kept {
            tokens.extend([Token::Inline(name.clone()), Token::Inline(value.clone())]);
        }
        tokens.push(Token::Number(concept.designations.len() as u64));
        tokens.extend(concept.designations.iter().cloned().map(Token::Inline));
    }
    tokens
}

pub(super) fn decode_code_system(entry: &Entry<'_>, from: &mut Cursor<'_>) -> Result<CodeSystem, Damaged> {
    let case_sensitive = from.number()? == 1;
    let content = match from.number()? {
        0 => Content::Complete,
        1 => Content::Partial,
        2 => Content::Absent,
        3 => Content::Supplement,
        _ => return Err(Damaged("a code system's content has no such mode")),
    };
    let mut number = 0u32;
    let concepts = from.list(|from| {
        let (code, display) = code(from)?;
        let parents = from.list(|from| Ok(number.wrapping_sub(from.small()?)))?;
        let properties = from.list(|from| Ok((from.inline()?, from.inline()?)))?;
        let designations = from.list(Cursor::inline)?;
        number += 1;
        Ok(Concept { code, display, designations, parents, properties })
    })?;
    let (url, version) = (entry.url.to_owned(), entry.version.map(str::to_owned));
    Ok(CodeSystem::new(url, version, case_sensitive, content, concepts))
}

fn put_code(code: &str, name: Option<&str>, tokens: &mut Vec<Token>) {
    tokens.push(Token::Inline(code.to_owned()));
    match name {
        None => tokens.push(Token::Number(NO_NAME)),
        Some(name) if name == code => tokens.push(Token::Number(NAME_IS_CODE)),
        Some(name) => tokens.extend([Token::Number(NAME), Token::Inline(name.to_owned())]),
    }
}

fn code(from: &mut Cursor<'_>) -> Result<(String, Option<String>), Damaged> {
    let code = from.inline()?;
    let name = match from.number()? {
        NO_NAME => None,
        NAME_IS_CODE => Some(code.clone()),
        _ => Some(from.inline()?),
    };
    Ok((code, name))
}
