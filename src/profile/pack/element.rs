//! Elements in the pack: which fields there are as bits, then these fields; lists that recur as shared parts.

use serde_json::Value;

use super::Damaged;
use super::bytes::{Cursor, Token};
use crate::profile::definition::{Binding, Constraint, Element, Max, Slicing, TypeRef};

const SLICE_NAME: u64 = 1;
const MIN: u64 = 1 << 1;
const MAX: u64 = 1 << 2;
const BASE_MAX: u64 = 1 << 3;
const CONTENT_REFERENCE: u64 = 1 << 4;
const TYPES: u64 = 1 << 5;
const FIXED: u64 = 1 << 6;
const PATTERN: u64 = 1 << 7;
const MIN_VALUE: u64 = 1 << 8;
const MAX_VALUE: u64 = 1 << 9;
const MAX_LENGTH: u64 = 1 << 10;
const CONSTRAINTS: u64 = 1 << 11;
const BINDING: u64 = 1 << 12;
const SLICING: u64 = 1 << 13;
const IS_MODIFIER: u64 = 1 << 14;
const MUST_SUPPORT: u64 = 1 << 15;
const NAMED_IN_FULL: u64 = 1 << 16;

/// Ids and paths of the elements on the way down, so that an element is named by its last step.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<(String, String)>);

impl Names {
    /// What an element at that depth with that step is called.
    fn of(&self, depth: usize, step: &str) -> Option<(String, String)> {
        let name = step.split(':').next().unwrap_or_default();
        if depth == 0 {
            return Some((step.to_owned(), name.to_owned()));
        }
        let (id, path) = self.0.get(depth - 1)?;
        Some((format!("{id}.{step}"), format!("{path}.{name}")))
    }

    fn enter(&mut self, depth: usize, id: &str, path: &str) {
        self.0.truncate(depth);
        self.0.push((id.to_owned(), path.to_owned()));
    }
}

pub(super) fn encode(element: &Element, names: &mut Names, tokens: &mut Vec<Token>) {
    let depth = element.id.matches('.').count();
    let step = element.id.rsplit('.').next().unwrap_or_default();
    let usual = names.of(depth, step);
    let is_usual = usual.is_some_and(|(id, path)| id == element.id && path == element.path);
    let mut flags = if is_usual { 0 } else { NAMED_IN_FULL };
    names.enter(depth, &element.id, &element.path);
    let mut fields = vec![Token::Number(depth as u64)];
    if is_usual {
        fields.push(Token::Text(step.to_owned()));
    } else {
        fields.extend([Token::Text(element.id.clone()), Token::Text(element.path.clone())]);
    }
    let mut put = |flag: u64, field: Option<Token>| {
        if let Some(field) = field {
            flags |= flag;
            fields.push(field);
        }
    };
    let max = |max: Max| match max {
        Max::Unbounded => Token::Number(0),
        Max::Times(times) => Token::Number(u64::from(times) + 1),
    };
    let json = |value: &Value| Token::Text(value.to_string());
    let limit = |(kind, value): &(String, Value)| Token::Part(vec![Token::Text(kind.clone()), json(value)]);
    put(SLICE_NAME, element.slice_name.clone().map(Token::Text));
    put(MIN, element.min.map(|min| Token::Number(u64::from(min))));
    put(MAX, element.max.map(max));
    put(BASE_MAX, element.base_max.map(max));
    put(CONTENT_REFERENCE, element.content_reference.clone().map(Token::Text));
    put(TYPES, list(&element.types, type_tokens));
    put(FIXED, element.fixed.as_ref().map(json));
    put(PATTERN, element.pattern.as_ref().map(json));
    put(MIN_VALUE, element.min_value.as_ref().map(limit));
    put(MAX_VALUE, element.max_value.as_ref().map(limit));
    put(MAX_LENGTH, element.max_length.map(|most| Token::Number(u64::from(most))));
    put(CONSTRAINTS, list(&element.constraints, constraint_tokens));
    put(BINDING, element.binding.as_ref().map(binding_tokens));
    put(SLICING, element.slicing.as_ref().map(slicing_tokens));
    flags |= if element.is_modifier { IS_MODIFIER } else { 0 };
    flags |= if element.must_support { MUST_SUPPORT } else { 0 };
    tokens.push(Token::Number(flags));
    tokens.append(&mut fields);
}

pub(super) fn decode(from: &mut Cursor<'_>, names: &mut Names) -> Result<Element, Damaged> {
    let flags = from.number()?;
    let depth = from.number()? as usize;
    let (id, path) = if flags & NAMED_IN_FULL != 0 {
        (from.text()?, from.text()?)
    } else {
        let step = from.text()?;
        names.of(depth, &step).ok_or(Damaged("an element has no parent"))?
    };
    names.enter(depth, &id, &path);
    // In the order in which `encode` puts them.
    let slice_name = if flags & SLICE_NAME != 0 { Some(from.text()?) } else { None };
    let min = if flags & MIN != 0 { Some(from.small()?) } else { None };
    let max = if flags & MAX != 0 { Some(max(from)?) } else { None };
    let base_max = if flags & BASE_MAX != 0 { Some(self::max(from)?) } else { None };
    let content_reference = if flags & CONTENT_REFERENCE != 0 { Some(from.text()?) } else { None };
    let types = if flags & TYPES != 0 { from.part()?.list(type_ref)? } else { vec![] };
    let fixed = if flags & FIXED != 0 { Some(json(from)?) } else { None };
    let pattern = if flags & PATTERN != 0 { Some(json(from)?) } else { None };
    let min_value = if flags & MIN_VALUE != 0 { Some(limit(from)?) } else { None };
    let max_value = if flags & MAX_VALUE != 0 { Some(limit(from)?) } else { None };
    let max_length = if flags & MAX_LENGTH != 0 { Some(from.small()?) } else { None };
    let constraints = if flags & CONSTRAINTS != 0 { from.part()?.list(constraint)? } else { vec![] };
    let binding = if flags & BINDING != 0 { Some(binding(from)?) } else { None };
    let slicing = if flags & SLICING != 0 { Some(slicing(from)?) } else { None };
    let (is_modifier, must_support) = (flags & IS_MODIFIER != 0, flags & MUST_SUPPORT != 0);
    #[rustfmt::skip]
    let element = Element {
        id, path, slice_name, min, max, base_max, content_reference, types, fixed, pattern, min_value, max_value,
        max_length, regex: None, constraints, binding, slicing, is_modifier, must_support, short: None,
    };
    Ok(element)
}

fn list<T>(items: &[T], tokens: impl Fn(&T) -> Token) -> Option<Token> {
    let mut list = vec![Token::Number(items.len() as u64)];
    list.extend(items.iter().map(tokens));
    (!items.is_empty()).then_some(Token::Part(list))
}

fn texts(texts: &[String]) -> Token {
    let mut list = vec![Token::Number(texts.len() as u64)];
    list.extend(texts.iter().cloned().map(Token::Text));
    Token::Part(list)
}

fn type_tokens(one: &TypeRef) -> Token {
    let lists = [texts(&one.profiles), texts(&one.targets), texts(&one.aggregation)];
    Token::Part([Token::Text(one.code.clone())].into_iter().chain(lists).collect())
}

fn type_ref(from: &mut Cursor<'_>) -> Result<TypeRef, Damaged> {
    let mut from = from.part()?;
    let code = from.text()?;
    let mut texts = || from.part()?.list(Cursor::text);
    Ok(TypeRef { code, profiles: texts()?, targets: texts()?, aggregation: texts()? })
}

fn constraint_tokens(one: &Constraint) -> Token {
    Token::Part(vec![
        Token::Text(one.key.clone()),
        Token::Number(u64::from(one.is_error)),
        Token::Text(one.human.clone()),
        Token::TextOrNone(one.expression.clone()),
        Token::TextOrNone(one.source.clone()),
    ])
}

fn constraint(from: &mut Cursor<'_>) -> Result<Constraint, Damaged> {
    let mut from = from.part()?;
    Ok(Constraint {
        key: from.text()?,
        is_error: from.number()? == 1,
        human: from.text()?,
        expression: from.text_or_none()?,
        source: from.text_or_none()?,
    })
}

fn binding_tokens(one: &Binding) -> Token {
    Token::Part(vec![
        Token::Text(one.strength.clone()),
        Token::TextOrNone(one.value_set.clone()),
        Token::TextOrNone(one.max_value_set.clone()),
    ])
}

fn binding(from: &mut Cursor<'_>) -> Result<Binding, Damaged> {
    let mut from = from.part()?;
    Ok(Binding {
        strength: from.text()?,
        value_set: from.text_or_none()?,
        max_value_set: from.text_or_none()?,
    })
}

fn slicing_tokens(one: &Slicing) -> Token {
    let mut tokens = vec![Token::Text(one.rules.clone()), Token::Number(u64::from(one.ordered))];
    tokens.push(Token::Number(one.discriminators.len() as u64));
    for (kind, path) in &one.discriminators {
        tokens.extend([Token::Text(kind.clone()), Token::Text(path.clone())]);
    }
    Token::Part(tokens)
}

fn slicing(from: &mut Cursor<'_>) -> Result<Slicing, Damaged> {
    let mut from = from.part()?;
    Ok(Slicing {
        rules: from.text()?,
        ordered: from.number()? == 1,
        discriminators: from.list(|from| Ok((from.text()?, from.text()?)))?,
    })
}

fn max(from: &mut Cursor<'_>) -> Result<Max, Damaged> {
    Ok(from.small()?.checked_sub(1).map_or(Max::Unbounded, Max::Times))
}

fn json(from: &mut Cursor<'_>) -> Result<Value, Damaged> {
    serde_json::from_str(&from.text()?).map_err(|_| Damaged("a value is not JSON"))
}

fn limit(from: &mut Cursor<'_>) -> Result<(String, Value), Damaged> {
    let mut from = from.part()?;
    Ok((from.text()?, json(&mut from)?))
}
