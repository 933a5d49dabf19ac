//! Whole numbers are written without a point. JSON Schema calls `2.0` an integer, FHIR does not
//! (<https://hl7.org/fhir/R4/datatypes.html#integer>), and a number that FHIR cannot hold would not come back.

use serde_json::Value;

use super::schema::resolve;

/// A step into a record.
#[derive(Clone, Copy)]
enum Step<'v> {
    Member(&'v str),
    Item(usize),
}

/// The steps to every number that should be whole and is written with a point or an exponent.
pub fn written_otherwise(root: &Value, record: &Value) -> Vec<Vec<String>> {
    let mut pointed = Vec::new();
    with_a_point(record, &mut Vec::new(), &mut pointed);
    // Few numbers have a point, so the schema is asked about these alone.
    pointed.retain(|steps| should_be_whole(root, steps));
    let word = |step: &Step<'_>| match step {
        Step::Member(name) => (*name).to_owned(),
        Step::Item(index) => index.to_string(),
    };
    pointed.iter().map(|steps| steps.iter().map(word).collect()).collect()
}

fn with_a_point<'v>(value: &'v Value, at: &mut Vec<Step<'v>>, found: &mut Vec<Vec<Step<'v>>>) {
    let mut step = |step: Step<'v>, value: &'v Value| {
        at.push(step);
        with_a_point(value, at, found);
        at.pop();
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| step(Step::Member(name), value)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| step(Step::Item(index), value));
        }
        Value::Number(number) if number.as_str().contains(['.', 'e', 'E']) => found.push(at.clone()),
        _ => {}
    }
}

fn should_be_whole(root: &Value, steps: &[Step<'_>]) -> bool {
    let mut schema = resolve(root, root);
    for step in steps {
        let inner = match step {
            Step::Member(name) => schema.get("properties").and_then(|properties| properties.get(name)),
            Step::Item(_) => schema.get("items"),
        };
        let Some(inner) = inner else { return false };
        schema = resolve(root, inner);
    }
    schema.get("type").and_then(Value::as_str) == Some("integer")
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
