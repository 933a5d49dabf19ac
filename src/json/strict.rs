//! The one visitor that makes a value or a tree of a text, and refuses on the way what a lenient parser would let pass.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::tree::{Members, Tree};

/// What a text can be read as.
pub(super) trait Made<'t>: Sized {
    /// An object that is being made.
    type Members: Default;

    fn null() -> Self;
    fn bool(yes: bool) -> Self;
    fn number(digits: String) -> Result<Self, &'static str>;
    fn text(text: Cow<'t, str>) -> Self;
    fn list(items: Vec<Self>) -> Self;
    fn object(object: Self::Members) -> Self;
    /// Whether the object has a member of that name.
    fn has(object: &Self::Members, name: &str) -> bool;
    /// Adds a member of a name that the object has not.
    fn add(object: &mut Self::Members, name: Cow<'t, str>, value: Self);
}

impl<'t> Made<'t> for Value {
    type Members = Map<String, Value>;

    fn null() -> Self {
        Self::Null
    }

    fn bool(yes: bool) -> Self {
        Self::Bool(yes)
    }

    fn number(digits: String) -> Result<Self, &'static str> {
        digits.parse().map(Self::Number).map_err(|_| "This is not a number.")
    }

    fn text(text: Cow<'t, str>) -> Self {
        Self::String(text.into_owned())
    }

    fn list(items: Vec<Self>) -> Self {
        Self::Array(items)
    }

    fn object(object: Self::Members) -> Self {
        Self::Object(object)
    }

    fn has(object: &Self::Members, name: &str) -> bool {
        object.contains_key(name)
    }

    fn add(object: &mut Self::Members, name: Cow<'t, str>, value: Self) {
        object.insert(name.into_owned(), value);
    }
}

/// An object while it is read: few names are looked for one after another, many in a set, so that the cost stays linear.
#[derive(Default)]
pub(super) struct Reading<'t> {
    members: Members<'t>,
    names: HashSet<Cow<'t, str>>,
}

const FEW: usize = 16;

impl<'t> Made<'t> for Tree<'t> {
    type Members = Reading<'t>;

    fn null() -> Self {
        Self::Null
    }

    fn bool(yes: bool) -> Self {
        Self::Bool(yes)
    }

    fn number(digits: String) -> Result<Self, &'static str> {
        // An exponent is written as serde_json writes it.
        if digits.contains(['e', 'E']) {
            let number: Number = digits.parse().map_err(|_| "This is not a number.")?;
            return Ok(Self::Number(Cow::Owned(number.to_string())));
        }
        Ok(Self::Number(Cow::Owned(digits)))
    }

    fn text(text: Cow<'t, str>) -> Self {
        Self::Text(text)
    }

    fn list(items: Vec<Self>) -> Self {
        Self::List(items)
    }

    fn object(object: Reading<'t>) -> Self {
        Self::Object(object.members)
    }

    fn has(object: &Reading<'t>, name: &str) -> bool {
        match object.names.is_empty() {
            true => object.members.get(name).is_some(),
            false => object.names.contains(name),
        }
    }

    fn add(object: &mut Reading<'t>, name: Cow<'t, str>, value: Self) {
        if object.members.len() == FEW {
            object.names.extend(object.members.names().cloned());
        }
        if object.members.len() >= FEW {
            object.names.insert(name.clone());
        }
        object.members.push(name, value);
    }
}

/// Makes a value or a tree while it refuses what a lenient parser would let pass.
pub(super) struct Strict<T> {
    left: usize,
    made: PhantomData<T>,
}

impl<T> Strict<T> {
    pub(super) fn new(depth: usize) -> Self {
        Self { left: depth, made: PhantomData }
    }

    fn deeper<E: serde::de::Error>(&self) -> Result<usize, E> {
        self.left.checked_sub(1).ok_or_else(|| E::custom("The JSON nests too deep."))
    }
}

/// The key under which `serde_json` hands over a number whose digits are to be kept.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de, T: Made<'de>> DeserializeSeed<'de> for Strict<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Made<'de>> Visitor<'de> for Strict<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<T, E> {
        Ok(T::bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<T, E> {
        T::number(value.to_string()).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<T, E> {
        T::number(value.to_string()).map_err(E::custom)
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::null())
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<T, E> {
        printable(text).map(|()| T::text(Cow::Borrowed(text)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        printable(text).map(|()| T::text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut read: A) -> Result<T, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = read.next_element_seed(Strict::new(inner))? {
            items.push(item);
        }
        Ok(T::list(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut read: A) -> Result<T, A::Error> {
        let inner = self.deeper()?;
        let (mut object, mut is_first) = (T::Members::default(), true);
        while let Some(name) = read.next_key_seed(Name)? {
            if is_first && name == NUMBER {
                return number(read.next_value()?).and_then(T::number).map_err(A::Error::custom);
            }
            is_first = false;
            if T::has(&object, &name) {
                return Err(A::Error::custom(
                    "This object has the same key twice; which one holds is not certain.",
                ));
            }
            let value = read.next_value_seed(Strict::new(inner))?;
            T::add(&mut object, name, value);
        }
        Ok(T::object(object))
    }
}

fn printable<E: serde::de::Error>(text: &str) -> Result<(), E> {
    // Most texts are plain, which is seen many bytes at a time.
    if text.bytes().fold(true, |plain, byte| plain & (b' '..=b'~').contains(&byte)) {
        return Ok(());
    }
    let forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if text.contains(forbidden) {
        return Err(E::custom("A control character (such as NUL) stands in this string; remove it."));
    }
    Ok(())
}

/// A member's name, borrowed where no escape stands in it.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// More digits than any measurement has are an attack on whoever computes with them.
const DIGITS_MAX: usize = 40;

fn number(digits: String) -> Result<String, &'static str> {
    if digits.len() > DIGITS_MAX { Err("This number has more than 40 digits.") } else { Ok(digits) }
}
