//! A record as people read it: the words of its schema beside its values, group by group. No kind is known here.

use serde_json::Value;

/// Values that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they are about.
    pub title: String,
    /// Name and value of each.
    pub facts: Vec<(String, String)>,
}

/// The groups of a record, in its own order; each item of a list of objects is a group.
pub fn groups(schema: &Value, record: &Value) -> Vec<Group> {
    let mut groups = Vec::new();
    for (name, value) in record.as_object().into_iter().flatten() {
        let node = resolved(schema, &schema["properties"][name]);
        let title = title(node, name);
        match value {
            Value::Array(items) if items.iter().any(Value::is_object) => {
                let item = resolved(schema, &node["items"]);
                groups.extend(
                    items.iter().map(|one| Group {
                        title: self::title(item, &title),
                        facts: facts(schema, item, one),
                    }),
                );
            }
            Value::Object(_) => groups.push(Group { title, facts: facts(schema, node, value) }),
            simple => groups.push(Group { title: String::new(), facts: vec![(title, text(simple))] }),
        }
    }
    groups.retain(|group| !group.facts.is_empty());
    groups
}

fn facts(schema: &Value, node: &Value, value: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, inner) in value.as_object().into_iter().flatten() {
        let node = resolved(schema, &node["properties"][name]);
        let title = title(node, name);
        match inner {
            // A name reads as people write it.
            Value::Object(parts) if parts.contains_key("family") || parts.contains_key("given") => {
                let given = parts.get("given").map(text).unwrap_or_default().replace(", ", " ");
                let family = parts.get("family").map(text).unwrap_or_default();
                found.push((title, format!("{given} {family}").trim().to_owned()));
            }
            Value::Object(_) => found.extend(facts(schema, node, inner)),
            Value::Array(items) if items.iter().any(Value::is_object) => {
                let item = resolved(schema, &node["items"]);
                found.extend(items.iter().flat_map(|one| facts(schema, item, one)));
            }
            simple => found.push((title, text(simple))),
        }
    }
    found
}

fn resolved<'s>(schema: &'s Value, node: &'s Value) -> &'s Value {
    let target = node["$ref"].as_str().and_then(|path| schema.pointer(path.strip_prefix('#')?));
    target.filter(|_| node["title"].is_null()).unwrap_or(node)
}

fn title(node: &Value, name: &str) -> String {
    node["title"].as_str().unwrap_or(name).to_owned()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => match text.parse::<chrono::NaiveDate>() {
            Ok(day) => day.format("%-d %B %Y").to_string(),
            Err(_) => text.clone(),
        },
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_reads_in_the_words_of_its_schema() {
        let schema = json!({
            "properties": {
                "child": { "title": "The child", "properties": { "name": { "title": "Name", "$ref": "#/$defs/name" }, "birthDate": { "title": "Birth date" } } },
                "needs": { "title": "Needs", "items": { "title": "Need", "properties": { "what": { "title": "What to do" }, "who": { "title": "Who is trained" } } } },
            },
            "$defs": { "name": {} },
        });
        let record = json!({
            "child": { "name": { "given": ["Maja", "Rose"], "family": "W" }, "birthDate": "2020-03-02" },
            "needs": [{ "what": "Pen", "who": ["A", "B"] }, { "what": "Inhaler" }],
        });
        let groups = groups(&schema, &record);
        let titles: Vec<&str> = groups.iter().map(|group| group.title.as_str()).collect();
        assert_eq!(titles, ["The child", "Need", "Need"]);
        assert_eq!(groups[0].facts[0], ("Name".to_owned(), "Maja Rose W".to_owned()));
        assert_eq!(groups[1].facts[1], ("Who is trained".to_owned(), "A, B".to_owned()));
    }
}
