//! JSON as a lean tree: what stands in a text already, or in another tree, is borrowed from there and not copied.
//!
//! Members keep their order and are looked for one after another, since objects of records and of FHIR have few. Numbers keep their
//! digits. For trees that are read once or written once; what is kept for long is a [`serde_json::Value`].

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::plain::plain;

/// Room for a text that is about to be written, in bytes: most records fit.
const SHORT: usize = 4 << 10;

/// A JSON value.
#[derive(Debug, Clone, Default)]
pub enum Tree<'t> {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as its digits.
    Number(Cow<'t, str>),
    /// A string, its escapes undone.
    Text(Cow<'t, str>),
    /// `[…]`
    List(Vec<Tree<'t>>),
    /// `{…}`
    Object(Members<'t>),
}

/// What an object holds, in its order.
#[derive(Debug, Clone, Default)]
pub struct Members<'t>(Vec<(Cow<'t, str>, Tree<'t>)>);

impl<'t> Tree<'t> {
    /// The same as a value, which it borrows from.
    pub fn of(value: &'t Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(yes) => Self::Bool(*yes),
            Value::Number(number) => Self::Number(Cow::Borrowed(number.as_str())),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(list) => Self::List(list.iter().map(Tree::of).collect()),
            Value::Object(object) => {
                let member = |(name, value): (&'t String, &'t Value)| (Cow::from(name), Tree::of(value));
                Self::Object(Members(object.iter().map(member).collect()))
            }
        }
    }

    /// A string.
    pub fn text(text: impl Into<Cow<'t, str>>) -> Self {
        Self::Text(text.into())
    }

    /// An object with these members.
    pub fn object<const N: usize>(members: [(&'t str, Tree<'t>); N]) -> Self {
        Self::Object(Members(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect()))
    }

    /// The same, borrowing from this one.
    pub fn lent(&self) -> Tree<'_> {
        match self {
            Self::Null => Tree::Null,
            Self::Bool(yes) => Tree::Bool(*yes),
            Self::Number(digits) => Tree::Number(Cow::Borrowed(digits)),
            Self::Text(text) => Tree::Text(Cow::Borrowed(text)),
            Self::List(list) => Tree::List(list.iter().map(Tree::lent).collect()),
            Self::Object(members) => {
                let lent = members.iter().map(|(name, value)| (Cow::Borrowed(name), value.lent()));
                Tree::Object(Members(lent.collect()))
            }
        }
    }

    /// The same as a value that borrows from nothing; this one stays.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(yes) => Value::Bool(*yes),
            Self::Number(digits) => digits.parse().map_or(Value::Null, Value::Number),
            Self::Text(text) => Value::String(text.to_string()),
            Self::List(list) => Value::Array(list.iter().map(Tree::to_value).collect()),
            Self::Object(members) => {
                let mut object = Map::with_capacity(members.len());
                object.extend(members.iter().map(|(name, value)| (name.to_owned(), value.to_value())));
                Value::Object(object)
            }
        }
    }

    /// As JSON text, on one line.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(SHORT);
        self.write(&mut text);
        text
    }

    /// Adds it as JSON text, on one line.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => quoted(text, out),
            Self::List(list) => {
                out.push('[');
                for (nth, item) in list.iter().enumerate() {
                    if nth > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (nth, (name, value)) in members.iter().enumerate() {
                    if nth > 0 {
                        out.push(',');
                    }
                    quoted(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// The member of that name, of an object that has it.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object().and_then(|members| members.get(name))
    }

    /// A string's text.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A list's items.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// An object's members.
    pub fn as_object(&self) -> Option<&Members<'t>> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// The items of the list that the member of that name is; none where there is no such list.
    pub fn items(&self, name: &str) -> &[Self] {
        self.get(name).and_then(Tree::as_list).unwrap_or_default()
    }

    /// The text that the member of that name is.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Tree::as_str)
    }

    /// What these names lead to, one below the other.
    pub fn at(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |tree, name| tree.get(name))
    }

    /// Whether it holds the same as a value; members may stand in any order.
    pub fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(one), Value::Bool(other)) => one == other,
            (Self::Number(one), Value::Number(other)) => one == other.as_str(),
            (Self::Text(one), Value::String(other)) => one == other,
            (Self::List(one), Value::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is(other))
            }
            (Self::Object(one), Value::Object(other)) => {
                let same =
                    |(name, one): (&str, &Tree<'_>)| other.get(name).is_some_and(|other| one.is(other));
                one.len() == other.len() && one.iter().all(same)
            }
            _ => false,
        }
    }

    /// Whether there is nothing in it: `null`, an empty list, an empty object.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::List(list) => list.is_empty(),
            Self::Object(members) => members.0.is_empty(),
            _ => false,
        }
    }
}

impl<'t> Members<'t> {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Tree<'t>> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The place of that name, made last where there is none.
    pub fn place(&mut self, name: impl Into<Cow<'t, str>>) -> &mut Tree<'t> {
        let name = name.into();
        let at = self.0.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            self.0.push((name, Tree::Null));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tree<'t>)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Keeps those members for which this holds.
    pub fn retain(&mut self, mut holds: impl FnMut(&str, &mut Tree<'t>) -> bool) {
        self.0.retain_mut(|(name, value)| holds(name, value));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'t> Members<'t> {
    /// Adds a member last; whether there is one of that name already is for the caller to know.
    pub(super) fn push(&mut self, name: Cow<'t, str>, value: Tree<'t>) {
        self.0.push((name, value));
    }

    /// None yet, with room for so many.
    pub(super) fn with_capacity(many: usize) -> Self {
        Self(Vec::with_capacity(many))
    }
}

impl<'t> IntoIterator for Members<'t> {
    type Item = (Cow<'t, str>, Tree<'t>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Two trees are equal when they hold the same; members may stand in any order.
impl PartialEq<Tree<'_>> for Tree<'_> {
    fn eq(&self, other: &Tree<'_>) -> bool {
        match (self, other) {
            (Self::Null, Tree::Null) => true,
            (Self::Bool(one), Tree::Bool(other)) => one == other,
            (Self::Number(one), Tree::Number(other)) | (Self::Text(one), Tree::Text(other)) => one == other,
            (Self::List(one), Tree::List(other)) => one == other,
            (Self::Object(one), Tree::Object(other)) => {
                one.len() == other.len() && one.iter().all(|(name, value)| other.get(name) == Some(value))
            }
            _ => false,
        }
    }
}

impl Eq for Tree<'_> {}

/// As JSON text, on one line.
impl std::fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_text())
    }
}

/// A string in quotes. Most need no escapes, which is seen many bytes at a time.
fn quoted(text: &str, out: &mut String) {
    if plain(text.as_bytes()) == text.len() {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}
