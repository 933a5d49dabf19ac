//! The single values of a record, each with the item that its row gives it.

use kith::domain::Item;
use kith::json::Tree;
use kith::map::Mapping;
use serde_json::{Value, json};

/// How many single values a JSON value holds.
pub fn count(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(object) => object.values().map(count).sum(),
        _ => 1,
    }
}

/// A value that cannot be mistaken for any other.
pub struct Canary {
    /// As it would stand in the bytes.
    pub mark: String,
    /// To which item it belongs.
    pub item: Item,
    /// The path of its row.
    pub place: String,
    /// Whether it shows where the child may be found.
    pub shows_where: bool,
}

/// The record with a canary at each text and number. Truth values stay: two values cannot be told apart by looking.
pub fn plant(mapping: &Mapping, record: &Value) -> (Value, Vec<Canary>) {
    let mut planted = Tree::of(record);
    let mut canaries = Vec::new();
    for (_, row, path, item) in mapping.data_rows() {
        for (indices, value) in path.read(record, &[]) {
            let number = 7_000_000_000_u64 + canaries.len() as u64;
            let canary = match value {
                Value::String(_) => json!(format!("canary-{number}-canary")),
                Value::Number(_) => json!(number),
                _ => continue,
            };
            let mark = canary.as_str().map_or_else(|| canary.to_string(), str::to_owned);
            path.write(&mut planted, &indices, owned(&canary));
            let (place, shows_where) = (path.to_string(), row.shows_where);
            canaries.push(Canary { mark, item, place, shows_where });
        }
    }
    (planted.to_value(), canaries)
}

/// The record as somebody would have sent it who had nothing to say but this item.
pub fn without_others(mapping: &Mapping, record: &Value, item: Item) -> Value {
    let mut alone = Tree::object([]);
    for (_, _, path, _) in mapping.data_rows().filter(|(_, _, _, of)| *of == item) {
        for (indices, value) in path.read(record, &[]) {
            path.write(&mut alone, &indices, Tree::of(value));
        }
    }
    alone.to_value()
}

fn owned(value: &Value) -> Tree<'static> {
    match value {
        Value::String(text) => Tree::text(text.clone()),
        number => Tree::Number(number.to_string().into()),
    }
}
