//! Members of an object in JSON, as elements of XML fill them.

use serde_json::{Map, Value};

use crate::profile::primitive::{Form, Primitive};

/// Adds a value, to a list where the element is one.
pub(super) fn put(object: &mut Map<String, Value>, name: &str, is_list: bool, value: Value) {
    if !is_list {
        object.insert(name.to_owned(), value);
        return;
    }
    let list = object.entry(name.to_owned()).or_insert_with(|| Value::Array(vec![]));
    if let Value::Array(list) = list {
        list.push(value);
    }
}

/// A simple value, and its twin for what else it has.
pub(super) fn put_simple(
    object: &mut Map<String, Value>,
    name: &str,
    is_list: bool,
    primitive: Primitive,
    mut inner: Map<String, Value>,
) -> Result<(), String> {
    let value = inner.remove("value").map(|value| typed(primitive, value)).transpose()?;
    let twin = (!inner.is_empty()).then_some(Value::Object(inner));
    let key = format!("_{name}");
    if !is_list {
        value.map(|value| object.insert(name.to_owned(), value));
        twin.map(|twin| object.insert(key, twin));
        return Ok(());
    }
    let length = object.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    put(object, name, true, value.unwrap_or(Value::Null));
    if twin.is_some() || object.contains_key(&key) {
        let list = object.entry(key).or_insert_with(|| Value::Array(vec![]));
        if let Value::Array(list) = list {
            list.resize(length, Value::Null);
            list.push(twin.unwrap_or(Value::Null));
        }
    }
    Ok(())
}

fn typed(primitive: Primitive, value: Value) -> Result<Value, String> {
    let Value::String(text) = &value else { return Ok(value) };
    let text = text.trim();
    match primitive.form() {
        Form::String => Ok(value),
        Form::Boolean => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err("a boolean is neither true nor false".to_owned()),
        },
        Form::Number => {
            let number = serde_json::from_str::<serde_json::Number>(text.trim_start_matches('+'));
            number.map(Value::Number).map_err(|_| "a number is not written as one".to_owned())
        }
    }
}
