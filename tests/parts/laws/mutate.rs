//! What another system may do to a Bundle: add, change or take away anything.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// One change, without the Bundle it is made to: places are chosen by index among those there are.
#[derive(Debug, Clone)]
pub enum Mutation {
    /// A field that no row knows, in any object.
    Field(Index, String, Value),
    /// A field whose name looks like the path to one that a row carries.
    PathLikeField(Index, Index),
    /// An extension that no row knows, in any object of a resource.
    Extension(Index, String),
    /// Another resource; where `true`, a copy of one that is there.
    Resource(Index, bool, String),
    /// Another identifier of a resource.
    Identifier(Index, String),
    /// Another element in any list.
    Element(Index, Value),
    /// Other characters in a text: a code, a display, a value.
    Text(Index, String),
    /// Another number or truth value.
    Number(Index),
    /// A value of another type.
    Type(Index, Value),
    /// A resource taken away.
    Removal(Index),
}

/// A Bundle after a mutation, and where it was changed.
pub struct Changed {
    /// The Bundle.
    pub bundle: Value,
    /// What was done, in words.
    pub what: String,
}

/// Any mutation.
pub fn mutations() -> impl Strategy<Value = Mutation> {
    let name = || {
        select(vec![
            "zzz",
            "note",
            "text",
            "_birthDate",
            "value",
            "extension",
            "contained",
            "a/b",
            "a~1b",
            "",
            "id2",
        ])
    };
    let value = || {
        select(vec![
            json!("said"),
            json!(7),
            json!(true),
            json!(null),
            json!({}),
            json!([]),
            json!({ "a": ["b"] }),
            json!([{ "x": 1 }]),
        ])
    };
    let kind =
        || select(vec!["Observation", "Patient", "MessageHeader", "Organization", "Flag", "Consent", "Zzz"]);
    prop_oneof![
        3 => (any::<Index>(), name(), value()).prop_map(|(at, name, value)| Mutation::Field(at, name.to_owned(), value)),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(at, of)| Mutation::PathLikeField(at, of)),
        2 => (any::<Index>(), "[a-z]{3,8}").prop_map(|(at, name)| Mutation::Extension(at, name)),
        2 => (any::<Index>(), any::<bool>(), kind()).prop_map(|(at, copy, kind)| Mutation::Resource(at, copy, kind.to_owned())),
        1 => (any::<Index>(), "[a-z]{3,8}").prop_map(|(at, value)| Mutation::Identifier(at, value)),
        1 => (any::<Index>(), value()).prop_map(|(at, value)| Mutation::Element(at, value)),
        4 => (any::<Index>(), select(vec!["x", " ", "-", "é"])).prop_map(|(at, more)| Mutation::Text(at, more.to_owned())),
        1 => any::<Index>().prop_map(Mutation::Number),
        3 => (any::<Index>(), value()).prop_map(|(at, value)| Mutation::Type(at, value)),
        1 => any::<Index>().prop_map(Mutation::Removal),
    ]
}

/// The changed Bundle; `None` where there is nothing of that sort to change.
pub fn apply(mutation: &Mutation, bundle: &Value) -> Option<Changed> {
    let mut changing = Changing { old: bundle, places: Vec::new(), new: bundle.clone() };
    walk(bundle, &mut String::new(), &mut changing.places);
    let place = match mutation {
        Mutation::Field(at, name, value) => changing.field(at, name, value),
        Mutation::PathLikeField(at, of) => changing.path_like_field(at, of),
        Mutation::Extension(at, name) => {
            let fits = |place: &str, value: &Value| {
                value.is_object() && place.contains("/resource") && matters(place)
            };
            let address = format!("https://other.example/{name}");
            changing.member(at, fits, "extension", json!({ "url": address, "valueString": "said" }))
        }
        Mutation::Resource(at, copy, kind) => changing.resource(at, *copy, kind),
        Mutation::Identifier(at, value) => {
            let identifier = json!({ "system": "https://other.example/id", "value": value });
            changing.member(at, |place, _| is_resource(place), "identifier", identifier)
        }
        Mutation::Element(at, value) => {
            let place = changing.chosen(at, |place, value| value.is_array() && matters(place))?;
            push(changing.new.pointer_mut(&place)?, value.clone());
            Some(place)
        }
        Mutation::Text(at, more) => {
            changing.replace(at, |old| Some(json!(format!("{}{more}", old.as_str()?))))
        }
        Mutation::Number(at) => changing.replace(at, |old| {
            let other = old.as_bool().map_or_else(|| json!(9_999_999), |truth| json!(!truth));
            (old.is_number() || old.is_boolean()).then_some(other)
        }),
        Mutation::Type(at, value) => changing.replace(at, |old| {
            (std::mem::discriminant(old) != std::mem::discriminant(value)).then(|| value.clone())
        }),
        Mutation::Removal(at) => changing.removal(at),
    }?;
    (changing.new != *bundle)
        .then(|| Changed { bundle: changing.new, what: format!("{mutation:?} at {place}") })
}

/// A Bundle before and after; each method gives the place it changed.
struct Changing<'b> {
    old: &'b Value,
    /// Pointers of all there is.
    places: Vec<String>,
    new: Value,
}

impl Changing<'_> {
    /// One of the places that fit.
    fn chosen(&self, at: &Index, fits: impl Fn(&str, &Value) -> bool) -> Option<String> {
        let value = |place: &str| self.old.pointer(place);
        let fitting = self.places.iter().filter(|place| value(place).is_some_and(|value| fits(place, value)));
        let fitting: Vec<&String> = fitting.collect();
        (!fitting.is_empty()).then(|| at.get(&fitting).to_string())
    }

    fn field(&mut self, at: &Index, name: &str, value: &Value) -> Option<String> {
        let new = |old: &Value| old.is_object() && old.get(name).is_none();
        let place = self.chosen(at, |place, old| new(old) && matters(&format!("{place}/{name}")))?;
        object(&mut self.new, &place)?.insert(name.to_owned(), value.clone());
        Some(place)
    }

    fn path_like_field(&mut self, at: &Index, of: &Index) -> Option<String> {
        let deep = |place: &str| place.starts_with("/entry/") && below(&self.places, place).next().is_some();
        let place = self.chosen(at, |place, value| value.is_object() && matters(place) && deep(place))?;
        let below: Vec<&str> = below(&self.places, &place).collect();
        let name = of.get(&below).trim_start_matches('/').to_owned();
        object(&mut self.new, &place)?.insert(name, json!("said"));
        Some(place)
    }

    /// Adds an element to a list that is a member of the chosen object.
    fn member(
        &mut self,
        at: &Index,
        fits: impl Fn(&str, &Value) -> bool,
        name: &str,
        element: Value,
    ) -> Option<String> {
        let place = self.chosen(at, fits)?;
        push(object(&mut self.new, &place)?.entry(name).or_insert(Value::Null), element);
        Some(place)
    }

    fn resource(&mut self, at: &Index, copy: bool, kind: &str) -> Option<String> {
        let place = self.chosen(at, |place, _| is_resource(place))?;
        let other = json!({ "resourceType": kind, "status": "said" });
        let added = if copy { self.old.pointer(&place)?.clone() } else { other };
        let url = "urn:uuid:9d6c1a5e-0b1f-4b6e-8a44-2f3f5d0d7c11";
        push(self.new.pointer_mut("/entry")?, json!({ "fullUrl": url, "resource": added }));
        Some(place)
    }

    /// Puts another value where `other` knows one.
    fn replace(&mut self, at: &Index, other: impl Fn(&Value) -> Option<Value>) -> Option<String> {
        let place = self.chosen(at, |place, old| matters(place) && other(old).is_some())?;
        let value = self.new.pointer_mut(&place)?;
        *value = other(value)?;
        Some(place)
    }

    fn removal(&mut self, at: &Index) -> Option<String> {
        let place = self.chosen(at, |place, _| is_resource(place) && matters(place))?;
        let index: usize = place.trim_start_matches("/entry/").trim_end_matches("/resource").parse().ok()?;
        self.new.pointer_mut("/entry")?.as_array_mut()?.remove(index);
        Some(place)
    }
}

/// What says nothing of the child: the envelope, which the doors read and check before any mapping does, and the names by
/// which entries refer to each other.
fn matters(place: &str) -> bool {
    const ENVELOPE: &[&str] = &["/resourceType", "/type", "/id", "/timestamp"];
    const HEADER: &[&str] =
        &["", "/id", "/resourceType", "/eventCoding", "/source", "/source/endpoint", "/focus"];
    let header = place.strip_prefix("/entry/0/resource");
    let name = place.rsplit('/').next();
    let entry_name = place.split('/').count() == 4 && name == Some("fullUrl");
    let resource_id = place.split('/').count() == 5 && name == Some("id");
    !(ENVELOPE.contains(&place)
        || entry_name
        || resource_id
        || place == "/entry/0"
        || header.is_some_and(|below| {
            HEADER.contains(&below) || below.starts_with("/eventCoding/") || below.starts_with("/focus/")
        }))
}

fn is_resource(place: &str) -> bool {
    place.split('/').count() == 4 && place.ends_with("/resource")
}

fn below<'p>(places: &'p [String], place: &'p str) -> impl Iterator<Item = &'p str> {
    let deeper = places.iter().filter_map(move |other| other.strip_prefix(place));
    deeper.filter(|rest| rest.starts_with('/') && rest[1..].contains('/'))
}

/// The pointers of everything below a value, itself included.
fn walk(value: &Value, at: &mut String, places: &mut Vec<String>) {
    places.push(at.clone());
    let children: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (escaped(key), value)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => vec![],
    };
    for (key, value) in children {
        let length = at.len();
        at.push('/');
        at.push_str(&key);
        walk(value, at, places);
        at.truncate(length);
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn object<'v>(value: &'v mut Value, place: &str) -> Option<&'v mut Map<String, Value>> {
    value.pointer_mut(place)?.as_object_mut()
}

fn push(list: &mut Value, element: Value) {
    if !list.is_array() {
        *list = json!([]);
    }
    list.as_array_mut().expect("made a list above").push(element);
}
