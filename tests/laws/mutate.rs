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
    let mut places = Vec::new();
    walk(bundle, &mut String::new(), &mut places);
    let chosen = |at: &Index, fits: &dyn Fn(&str, &Value) -> bool| {
        let fitting: Vec<&String> = places
            .iter()
            .filter(|place| bundle.pointer(place).is_some_and(|value| fits(place, value)))
            .collect();
        (!fitting.is_empty()).then(|| at.get(&fitting).to_string())
    };
    let resource = |place: &str, _: &Value| is_resource(place);
    let mut new = bundle.clone();
    let place = match mutation {
        Mutation::Field(at, name, value) => {
            let place = chosen(at, &|place, value| {
                value.is_object() && value.get(name).is_none() && matters(&format!("{place}/{name}"))
            })?;
            object(&mut new, &place)?.insert(name.clone(), value.clone());
            place
        }
        Mutation::PathLikeField(at, of) => {
            let place = chosen(at, &|place, value| {
                value.is_object()
                    && place.starts_with("/entry/")
                    && matters(place)
                    && below(&places, place).next().is_some()
            })?;
            let below: Vec<&str> = below(&places, &place).collect();
            let name = of.get(&below).trim_start_matches('/');
            object(&mut new, &place)?.insert(name.to_owned(), json!("said"));
            place
        }
        Mutation::Extension(at, name) => {
            let place = chosen(at, &|place, value| {
                value.is_object() && place.contains("/resource") && matters(place)
            })?;
            let extension = json!({ "url": format!("https://other.example/{name}"), "valueString": "said" });
            push(object(&mut new, &place)?.entry("extension").or_insert(Value::Null), extension);
            place
        }
        Mutation::Resource(at, copy, kind) => {
            let place = chosen(at, &resource)?;
            let added = if *copy {
                bundle.pointer(&place)?.clone()
            } else {
                json!({ "resourceType": kind, "status": "said" })
            };
            let entry =
                json!({ "fullUrl": "urn:uuid:9d6c1a5e-0b1f-4b6e-8a44-2f3f5d0d7c11", "resource": added });
            push(new.pointer_mut("/entry")?, entry);
            place
        }
        Mutation::Identifier(at, value) => {
            let place = chosen(at, &resource)?;
            let identifier = json!({ "system": "https://other.example/id", "value": value });
            push(object(&mut new, &place)?.entry("identifier").or_insert(Value::Null), identifier);
            place
        }
        Mutation::Element(at, value) => {
            let place = chosen(at, &|place, value| value.is_array() && matters(place))?;
            push(new.pointer_mut(&place)?, value.clone());
            place
        }
        Mutation::Text(at, more) => {
            let place = chosen(at, &|place, value| value.is_string() && matters(place))?;
            let text = new.pointer(&place)?.as_str()?.to_owned();
            *new.pointer_mut(&place)? = json!(format!("{text}{more}"));
            place
        }
        Mutation::Number(at) => {
            let place =
                chosen(at, &|place, value| (value.is_number() || value.is_boolean()) && matters(place))?;
            let value = new.pointer_mut(&place)?;
            *value = value.as_bool().map_or_else(|| json!(9_999_999), |truth| json!(!truth));
            place
        }
        Mutation::Type(at, value) => {
            let place = chosen(at, &|place, old| {
                std::mem::discriminant(old) != std::mem::discriminant(value) && matters(place)
            })?;
            *new.pointer_mut(&place)? = value.clone();
            place
        }
        Mutation::Removal(at) => {
            let place = chosen(at, &|place, _| is_resource(place) && matters(place))?;
            let index: usize =
                place.trim_start_matches("/entry/").trim_end_matches("/resource").parse().ok()?;
            new.pointer_mut("/entry")?.as_array_mut()?.remove(index);
            place
        }
    };
    (new != *bundle).then(|| Changed { bundle: new, what: format!("{mutation:?} at {place}") })
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
