//! Functions on texts (FHIRPath 2.0.0, §5.6). Places in texts count characters, not bytes.

mod encode;

use std::borrow::Cow;

use regex::Regex;

use super::super::fault::Fault;
use super::super::function::Function;
use super::super::pattern;
use super::super::tree::ExprId;
use super::super::value::{Collection, Item, Value, maybe, one};
use super::{Arguments, Evaluator, Outcome, Scope, integer, string};

impl<'d> Evaluator<'_, 'd> {
    pub(super) fn strings(
        &mut self,
        id: ExprId,
        function: Function,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        use Function as F;
        if function == F::Join {
            return self.join(arguments, input, scope);
        }
        let Some(text) = string(input)? else {
            return Ok(Collection::new());
        };
        self.meter.charge(text.len() / 16)?;
        match function {
            F::Upper => Ok(one(Value::String(text.to_uppercase().into()))),
            F::Lower => Ok(one(Value::String(text.to_lowercase().into()))),
            F::Length => Ok(one(count(&text))),
            F::Trim => Ok(one(Value::String(text.trim().to_owned().into()))),
            F::ToChars => {
                self.meter.check(text.len())?;
                Ok(text.chars().map(|c| Item::Value(Value::String(c.to_string().into()))).collect())
            }
            F::Substring => self.substring(&text, arguments, scope),
            F::Matches | F::MatchesFull | F::ReplaceMatches => {
                self.patterns(id, function, arguments, &text, scope)
            }
            F::Replace => self.replace(&text, arguments, scope),
            _ => {
                let other = string(&self.first_argument(arguments, scope)?)?;
                Ok(other.map(|other| search(function, &text, &other)).unwrap_or_default())
            }
        }
    }

    /// §5.6.2
    fn substring(&mut self, text: &str, arguments: Arguments<'d>, scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let start = integer(&self.first_argument(arguments, scope)?)?;
        let length = match arguments.get(1) {
            Some(length) => integer(&self.argument(*length, scope)?)?,
            None => None,
        };
        let Some(start) = start.and_then(|start| usize::try_from(start).ok()) else {
            return Ok(Collection::new());
        };
        let length = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
        if text.chars().nth(start).is_none() {
            return Ok(Collection::new());
        }
        let part: String = text.chars().skip(start).take(length).collect();
        Ok(one(Value::String(part.into())))
    }

    /// §5.6.8. An empty pattern stands before, between and after all characters.
    fn replace(&mut self, text: &str, arguments: Arguments<'d>, scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let pattern = string(&self.first_argument(arguments, scope)?)?;
        let other = match arguments.get(1) {
            Some(other) => string(&self.argument(*other, scope)?)?,
            None => None,
        };
        let (Some(pattern), Some(other)) = (pattern, other) else { return Ok(Collection::new()) };
        self.meter.check(text.len().saturating_add(1).saturating_mul(other.len() + 1))?;
        Ok(one(Value::String(text.replace(&*pattern, &other).into())))
    }

    /// §5.6.9 to §5.6.11
    fn patterns(
        &mut self,
        id: ExprId,
        function: Function,
        arguments: Arguments<'d>,
        text: &str,
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        let replaces = function == Function::ReplaceMatches;
        let other = match arguments.get(1).filter(|_| replaces) {
            Some(other) => match string(&self.argument(*other, scope)?)? {
                Some(other) => other,
                None => return Ok(Collection::new()),
            },
            None => Cow::Borrowed(""),
        };
        let Some(regex) = self.regex(id, function, arguments, scope)? else { return Ok(Collection::new()) };
        if !replaces {
            return Ok(one(regex.is_match(text)));
        }
        // Nothing to look for is nothing to replace.
        if regex.as_str().is_empty() {
            return Ok(one(Value::String(text.to_owned().into())));
        }
        self.meter.check(text.len().saturating_add(1).saturating_mul(other.len() + 1))?;
        let replaced = regex.replace_all(text, pattern::substitution(&other).as_str()).into_owned();
        self.meter.check(replaced.len())?;
        Ok(one(Value::String(replaced.into())))
    }

    /// The pattern: compiled when the expression was parsed, or else now, unless it is the last one again.
    fn regex(
        &mut self,
        id: ExprId,
        function: Function,
        arguments: Arguments<'d>,
        scope: &Scope<'_, 'd>,
    ) -> Result<Option<Regex>, Fault> {
        if let Some((_, regex)) = self.tree.patterns.iter().find(|(call, _)| *call == id) {
            return Ok(Some(regex.clone()));
        }
        let Some(text) = string(&self.first_argument(arguments, scope)?)? else { return Ok(None) };
        let flags = match arguments.get(if function == Function::ReplaceMatches { 2 } else { 1 }) {
            Some(flags) => string(&self.argument(*flags, scope)?)?.unwrap_or_default(),
            None => Cow::Borrowed(""),
        };
        let whole = function == Function::MatchesFull;
        let key = format!("{whole}/{flags}/{text}");
        if let Some((last, regex)) = &self.pattern
            && *last == key
        {
            return Ok(Some(regex.clone()));
        }
        self.meter.charge(1_000 + text.len() * 10)?;
        let regex = pattern::compile(&text, &flags, whole)?;
        self.pattern = Some((key, regex.clone()));
        Ok(Some(regex))
    }

    /// §5.6.20
    fn join(&mut self, arguments: Arguments<'d>, input: &[Item<'d>], scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let separator = string(&self.first_argument(arguments, scope)?)?.unwrap_or_default();
        if input.is_empty() {
            return Ok(Collection::new());
        }
        let mut whole = String::new();
        for (index, item) in input.iter().enumerate() {
            if index > 0 {
                whole.push_str(&separator);
            }
            let text = item.string().ok_or_else(|| Fault::execution("Only Strings can be joined."))?;
            whole.push_str(&text);
            self.meter.check(whole.len())?;
        }
        Ok(one(Value::String(whole.into())))
    }
}

fn count(text: &str) -> Value<'static> {
    Value::Integer(i32::try_from(text.chars().count()).unwrap_or(i32::MAX))
}

/// Functions that take another text.
fn search<'d>(function: Function, text: &str, other: &str) -> Collection<'d> {
    use Function as F;
    let place = |at: Option<usize>| match at {
        Some(at) => count(text.get(..at).unwrap_or_default()),
        None => Value::Integer(-1),
    };
    match function {
        F::IndexOf => one(place(text.find(other))),
        F::LastIndexOf => one(place(text.rfind(other))),
        F::StartsWith => one(text.starts_with(other)),
        F::EndsWith => one(text.ends_with(other)),
        F::Contains => one(text.contains(other)),
        F::Split if other.is_empty() => {
            text.chars().map(|c| Item::Value(Value::String(c.to_string().into()))).collect()
        }
        F::Split => {
            text.split(other).map(|part| Item::Value(Value::String(part.to_owned().into()))).collect()
        }
        F::Encode => maybe(encode::encode(text, other).map(|text| Value::String(text.into()))),
        F::Decode => maybe(encode::decode(text, other).map(|text| Value::String(text.into()))),
        F::Escape => maybe(encode::escape(text, other).map(|text| Value::String(text.into()))),
        _ => maybe(encode::unescape(text, other).map(|text| Value::String(text.into()))),
    }
}
