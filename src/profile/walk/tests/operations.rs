//! OperationDefinitions: what goes in and comes out, as profiles on Parameters describe it.

use serde_json::{Value, json};

use super::core::{errors, found, profile};
use crate::problem::Severity;

/// A profile on Parameters with one parameter: a day, once.
fn described() -> Value {
    let part = |name: &str, rest: Value| {
        let mut element = json!({
            "id": format!("Parameters.parameter:day{name}"), "path": format!("Parameters.parameter{name}")
        });
        for (key, value) in rest.as_object().into_iter().flatten() {
            element[key] = value.clone();
        }
        element
    };
    let slicing = json!({ "discriminator": [{ "type": "value", "path": "name" }], "rules": "open" });
    profile(
        "Parameters",
        json!([
            { "id": "Parameters", "path": "Parameters" },
            { "id": "Parameters.parameter", "path": "Parameters.parameter", "slicing": slicing },
            part("", json!({ "sliceName": "day", "min": 1, "max": "1" })),
            part(".name", json!({ "fixedString": "day" })),
            part(".value[x]", json!({ "type": [{ "code": "date" }] })),
            part(".resource", json!({ "max": "0" })),
            part(".part", json!({ "max": "0" }))
        ]),
    )
}

fn operation(profile: &str, parameter: Value) -> Value {
    json!({
        "resourceType": "OperationDefinition", "name": "Age", "status": "draft", "kind": "operation", "code": "age",
        "system": true, "type": false, "instance": false, "inputProfile": profile, "parameter": [parameter]
    })
}

#[test]
fn an_operation_and_its_profile_say_the_same() {
    let day = |kind: &str, min: u8, max: &str| json!({ "name": "day", "use": "in", "type": kind, "min": min, "max": max });
    let of = |parameter: Value| errors(&operation("http://x.test/p", parameter), &[described()]);
    let here = "OperationDefinition.inputProfile.parameter[0]";
    assert_eq!(of(day("date", 1, "1")), [""; 0]);
    assert_eq!(of(day("string", 1, "1")), [here]);
    assert_eq!(of(day("date", 0, "*")), [here, here]);
    let other = json!({ "name": "other", "use": "in", "type": "date", "min": 1, "max": "1" });
    assert_eq!(of(other.clone()), [""; 0]);
    let said = found(Severity::Warning, &operation("http://x.test/p", other), &[described()]);
    assert_eq!(said, ["OperationDefinition.inputProfile"]);
}

#[test]
fn what_describes_an_operation_is_a_profile_on_parameters() {
    let day = json!({ "name": "day", "use": "in", "type": "date", "min": 1, "max": "1" });
    for wrong in ["http://hl7.org/fhir/StructureDefinition/Patient", "http://nobody.test/knows"] {
        assert_eq!(
            errors(&operation(wrong, day.clone()), &[]),
            ["OperationDefinition.inputProfile"],
            "{wrong}"
        );
    }
}
