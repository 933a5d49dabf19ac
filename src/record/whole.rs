//! Whole numbers are written without a point. JSON Schema calls `2.0` an integer, FHIR does not
//! (<https://hl7.org/fhir/R4/datatypes.html#integer>), and a number that FHIR cannot hold would not come back.

use serde_json::Value;

use super::schema::resolve;

/// The steps to every number that should be whole and is written with a point or an exponent.
pub fn written_otherwise(root: &Value, record: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    walk(root, root, record, &mut Vec::new(), &mut found);
    found
}

fn walk(root: &Value, schema: &Value, value: &Value, at: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let schema = resolve(root, schema);
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if let Some(schema) = schema.get("properties").and_then(|properties| properties.get(name)) {
                    step(root, schema, value, name.clone(), at, found);
                }
            }
        }
        Value::Array(list) => {
            let Some(items) = schema.get("items") else { return };
            for (index, value) in list.iter().enumerate() {
                step(root, items, value, index.to_string(), at, found);
            }
        }
        Value::Number(number) => {
            let integer = schema.get("type").and_then(Value::as_str) == Some("integer");
            if integer && number.to_string().contains(['.', 'e', 'E']) {
                found.push(at.clone());
            }
        }
        _ => {}
    }
}

fn step(
    root: &Value,
    schema: &Value,
    value: &Value,
    name: String,
    at: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) {
    at.push(name);
    walk(root, schema, value, at, found);
    at.pop();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_a_whole_number_is_found_where_it_stands() {
        let schema = serde_json::json!({
            "$defs": { "many": { "type": "array", "items": { "type": "integer" } } },
            "properties": { "n": { "$ref": "#/$defs/many" }, "weight": { "type": "number" } },
        });
        let record = serde_json::from_str(r#"{ "n": [1, 2.0, 1e1], "weight": 3.50 }"#).unwrap();
        assert_eq!(written_otherwise(&schema, &record), [["n", "1"], ["n", "2"]]);
    }
}
