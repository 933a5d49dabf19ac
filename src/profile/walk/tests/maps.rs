//! StructureMaps: variables are in scope, groups are there, elements are of their types.

use serde_json::{Value, json};

use super::core::errors;

const NONE: [&str; 0] = [];

/// A map of names: `change` makes it another.
fn mapped(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut map = json!({
        "resourceType": "StructureMap", "url": "http://x.test/m", "name": "M", "status": "draft",
        "structure": [
            { "url": "http://hl7.org/fhir/StructureDefinition/Patient", "mode": "source", "alias": "From" },
            { "url": "http://hl7.org/fhir/StructureDefinition/Person", "mode": "target" }
        ],
        "group": [
            {
                "name": "main", "typeMode": "none",
                "input": [{ "name": "from", "type": "From", "mode": "source" }, { "name": "to", "type": "Person", "mode": "target" }],
                "rule": [
                    {
                        "name": "names",
                        "source": [{ "context": "from", "element": "name", "variable": "a" }],
                        "target": [{ "context": "to", "contextType": "variable", "element": "name", "variable": "b",
                                     "transform": "create", "parameter": [{ "valueString": "HumanName" }] }],
                        "rule": [{
                            "name": "family",
                            "source": [{ "context": "a", "element": "family", "variable": "f" }],
                            "target": [{ "context": "b", "contextType": "variable", "element": "family",
                                         "transform": "copy", "parameter": [{ "valueId": "f" }] }]
                        }],
                        "dependent": [{ "name": "more", "variable": ["a", "b"] }]
                    },
                    { "name": "day", "source": [{ "context": "from", "element": "birthDate", "variable": "d" }],
                      "target": [{ "context": "to", "contextType": "variable", "element": "birthDate",
                                   "transform": "copy", "parameter": [{ "valueId": "d" }] }] }
                ]
            },
            {
                "name": "more", "typeMode": "none",
                "input": [{ "name": "one", "mode": "source" }, { "name": "other", "mode": "target" }],
                "rule": [{ "name": "any", "source": [{ "context": "one", "element": "anything" }] }]
            }
        ]
    });
    change(&mut map);
    errors(&map, &[])
}

fn with(pointer: &str, value: Value) -> Vec<String> {
    mapped(|map| *map.pointer_mut(pointer).unwrap() = value)
}

#[test]
fn a_map_that_can_be_run_has_no_fault() {
    assert_eq!(mapped(|_| ()), NONE);
}

#[test]
fn a_variable_is_known_in_its_rule_and_within_and_nowhere_else() {
    let day = "StructureMap.group[0].rule[1]";
    assert_eq!(with("/group/0/rule/1/source/0/context", json!("a")), [format!("{day}.source[0].context")]);
    assert_eq!(
        with("/group/0/rule/1/target/0/parameter/0/valueId", json!("f")),
        [format!("{day}.target[0].parameter[0].value.ofType(id)")]
    );
    assert_eq!(
        with("/group/0/rule/0/rule/0/source/0/context", json!("from")),
        ["StructureMap.group[0].rule[0].rule[0].source[0].element"]
    );
    assert_eq!(
        with("/group/0/rule/0/dependent/0/variable/1", json!("c")),
        ["StructureMap.group[0].rule[0].dependent[0].variable[1]"]
    );
}

#[test]
fn an_element_is_one_of_its_type_as_far_as_that_is_known() {
    assert_eq!(
        with("/group/0/rule/0/rule/0/target/0/element", json!("surname")),
        ["StructureMap.group[0].rule[0].rule[0].target[0].element"]
    );
    assert_eq!(
        with("/group/0/rule/1/source/0/element", json!("birthday")),
        ["StructureMap.group[0].rule[1].source[0].element"]
    );
    assert_eq!(with("/group/0/input/0/type", json!("SomethingElse")), NONE);
    let of_another_type =
        |map: &mut Value| map["group"][0]["rule"][0]["source"][0]["type"] = json!("Address");
    assert_eq!(mapped(of_another_type), ["StructureMap.group[0].rule[0].rule[0].source[0].element"]);
}

#[test]
fn a_group_is_there_once_and_gets_what_it_takes() {
    let applied = "StructureMap.group[0].rule[0].dependent[0].name";
    assert_eq!(with("/group/0/rule/0/dependent/0/name", json!("less")), [applied]);
    assert_eq!(with("/group/0/rule/0/dependent/0/name", json!("family")), NONE, "a rule");
    assert_eq!(with("/group/0/rule/0/dependent/0/variable", json!(["a"])), [applied]);
    assert_eq!(
        mapped(|map| {
            map["group"][0]["rule"][0]["dependent"][0]["name"] = json!("less");
            map["import"] = json!(["http://x.test/other"]);
        }),
        NONE
    );
    assert_eq!(mapped(|map| map["group"][1]["extends"] = json!("nobody")), ["StructureMap.group[1].extends"]);
    assert_eq!(with("/group/1/name", json!("main")), [applied, "StructureMap.group[1].name"]);
}

#[test]
fn a_transform_gets_as_many_parameters_as_it_takes() {
    let here = "StructureMap.group[0].rule[1].target[0].transform";
    for (transform, wrong) in
        [("copy", false), ("create", false), ("uuid", true), ("translate", true), ("c", false)]
    {
        let found = with("/group/0/rule/1/target/0/transform", json!(transform));
        assert_eq!(found.iter().any(|at| at == here), wrong, "{transform}: {found:?}");
    }
}
