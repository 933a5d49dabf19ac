//! The walk over a small world of definitions: one resource, one extension.

mod bundles;
mod core;
mod maps;
mod measures;
mod narrowing;
mod operations;
mod profiles;
mod questions;
mod searches;
mod structures;
mod terminology;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::profile::definition::Structure;
use crate::profile::needs::{CodeStatus, Definitions, FilterName, Membership, NoRules};
use crate::profile::validator::Validator;
use crate::profile::walk::Settings;

struct World;

fn element(path: &str, min: u32, max: &str, types: &[&str]) -> Value {
    let types: Vec<Value> = types.iter().map(|code| json!({ "code": code })).collect();
    json!({ "id": path, "path": path, "min": min, "max": max, "base": { "max": max }, "type": types })
}

fn definition(kind: &str, name: &str, elements: Vec<Value>) -> Value {
    let url = format!("http://hl7.org/fhir/StructureDefinition/{name}");
    json!({
        "resourceType": "StructureDefinition", "url": url, "name": name, "kind": kind, "type": name,
        "snapshot": { "element": elements }
    })
}

fn thing() -> Value {
    let mut status = element("Thing.status", 1, "1", &["code"]);
    status["binding"] = json!({ "strength": "required", "valueSet": "http://x.test/status" });
    let mut part = element("Thing.part", 0, "*", &["BackboneElement"]);
    part["slicing"] = json!({ "discriminator": [{ "type": "value", "path": "kind" }], "rules": "closed" });
    let mut slice = element("Thing.part", 0, "*", &["BackboneElement"]);
    slice["sliceName"] = json!("first");
    slice["id"] = json!("Thing.part:first");
    slice["max"] = json!("1");
    let mut kind = element("Thing.part.kind", 1, "1", &["string"]);
    kind["fixedString"] = json!("first");
    let elements = vec![
        element("Thing", 0, "*", &[]),
        element("Thing.id", 0, "1", &["http://hl7.org/fhirpath/System.String"]),
        element("Thing.extension", 0, "*", &["Extension"]),
        status,
        element("Thing.name", 0, "*", &["string"]),
        element("Thing.when[x]", 0, "1", &["date", "string"]),
        part,
        element("Thing.part.kind", 1, "1", &["string"]),
        slice,
        kind,
    ];
    definition("resource", "Thing", elements)
}

impl Definitions for World {
    fn structure(&self, name: &str) -> Result<Option<Arc<Structure>>, String> {
        let value = match name {
            "Thing" => thing(),
            "Element" => definition(
                "complex-type",
                "Element",
                vec![element("Element", 0, "*", &[]), element("Element.extension", 0, "*", &["Extension"])],
            ),
            "Extension" => definition(
                "complex-type",
                "Extension",
                vec![
                    element("Extension", 0, "*", &[]),
                    element("Extension.url", 1, "1", &["http://hl7.org/fhirpath/System.String"]),
                    element("Extension.value[x]", 0, "1", &["string"]),
                ],
            ),
            _ => return Ok(None),
        };
        Ok(Structure::read(&value).map(Arc::new))
    }

    fn form(&self, _: &str) -> Result<Option<Arc<Value>>, String> {
        Ok(None)
    }

    fn member(&self, _: &str, _: Option<&str>, code: &str) -> Membership {
        if code == "on" { Membership::In } else { Membership::NotIn }
    }

    fn code(&self, _: &str, _: &str, _: Option<&str>) -> CodeStatus {
        CodeStatus::UnknownSystem
    }

    fn filter(&self, _: &str, _: &str) -> FilterName {
        FilterName::UnknownSystem
    }

    fn enumerate(&self, _: &str) -> Option<Vec<(Box<str>, Box<str>)>> {
        None
    }
}

/// What is found in a Thing with these members: expressions, lines and columns.
fn check(members: &str, expect: &[(&str, usize, usize)]) {
    let text = format!("{{\"resourceType\":\"Thing\",\n{members}}}");
    let validator = Validator::new(Arc::new(World), Arc::new(NoRules), Settings::default());
    let outcome = validator.validate(&text, &[]);
    let found: Vec<(String, usize, usize)> = outcome
        .findings
        .iter()
        .map(|one| {
            let (line, column) = one.issue.position.unwrap_or_default();
            (one.issue.expression.clone().unwrap_or_default(), line, column)
        })
        .collect();
    let found: Vec<(&str, usize, usize)> =
        found.iter().map(|(path, line, column)| (&**path, *line, *column)).collect();
    assert_eq!(found, expect, "{text}\n{:#?}", outcome.findings);
}

#[test]
fn what_fits_has_no_findings() {
    check(
        "\"status\":\"on\",\"name\":[\"a\",null],\"_name\":[null,{\"extension\":[{\"url\":\"http://example.org/a\",\"valueString\":\"b\"}]}]",
        &[("Thing.name[1].extension[0]", 2, 61)],
    );
    check("\"status\":\"on\",\"whenDate\":\"2024-02\",\"part\":[{\"kind\":\"first\"}]", &[]);
}

#[test]
fn shapes_and_values_are_checked_where_they_stand() {
    check("\"id\":\"a\"", &[("Thing", 1, 1)]);
    check("\"status\":\"off\"", &[("Thing.status", 2, 1)]);
    check("\"status\":[\"on\"]", &[("Thing.status", 2, 1)]);
    check("\"status\":\"on\",\"name\":\"a\"", &[("Thing.name", 2, 15)]);
    check("\"status\":\"on\",\"name\":[]", &[("Thing.name", 2, 15)]);
    check("\"status\":\"on\",\"name\":[null]", &[("Thing.name[0]", 2, 23)]);
    check("\"status\":\"on\",\"_status\":null", &[("Thing.status", 2, 15)]);
    check("\"status\":\"on\",\"nmae\":[\"a\"]", &[("Thing", 2, 15)]);
    check("\"status\":\"on\",\"whenDate\":\"2024-13\"", &[("Thing.when.ofType(date)", 2, 15)]);
    check("\"status\":\"on\",\"whenDate\":\"2024\",\"whenString\":\"a\"", &[("Thing.whenString", 2, 33)]);
}

#[test]
fn slices_are_counted_and_closed() {
    check("\"status\":\"on\",\"part\":[{\"kind\":\"other\"}]", &[("Thing.part[0]", 2, 23)]);
    let twice = "\"status\":\"on\",\"part\":[{\"kind\":\"first\"},{\"kind\":\"first\"}]";
    check(twice, &[("Thing.part", 2, 15)]);
}

#[test]
fn nothing_is_valid_without_definitions_or_with_an_unknown_profile() {
    let validator = Validator::new(Arc::new(World), Arc::new(NoRules), Settings::default());
    let thing = "{\"resourceType\":\"Thing\",\"status\":\"on\"}";
    assert!(validator.validate(thing, &[]).is_valid());
    assert!(!validator.validate(thing, &["http://x.test/unknown"]).is_valid());
    for other in ["{\"resourceType\":\"Other\"}", "{}", "[]", "1", "", "{\"resourceType\":1}"] {
        assert!(!validator.validate(other, &[]).is_valid(), "{other}");
    }
}

#[test]
fn issues_are_limited() {
    let names = vec!["\"\""; 5_000].join(",");
    let text = format!("{{\"resourceType\":\"Thing\",\"status\":\"on\",\"name\":[{names}]}}");
    let validator = Validator::new(Arc::new(World), Arc::new(NoRules), Settings::default());
    assert_eq!(validator.validate(&text, &[]).findings.len(), 1_001);
}

#[test]
fn many_remarks_hide_no_error_and_are_none() {
    let remark = "{\"extension\":[{\"url\":\"http://example.org/a\",\"valueString\":\"b\"}]}";
    let names = vec![remark; 3_000].join(",");
    let validator = Validator::new(Arc::new(World), Arc::new(NoRules), Settings::default());
    let found = |last: &str| {
        let text = format!("{{\"resourceType\":\"Thing\",\"status\":\"on\",\"_name\":[{names}]{last}}}");
        validator.validate(&text, &[])
    };
    assert!(found("").is_valid());
    assert_eq!(found("").findings.len(), 1_001);
    assert!(!found(",\"nmae\":1").is_valid());
}
