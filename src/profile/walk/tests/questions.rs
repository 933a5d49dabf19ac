//! Questionnaires, and the answers to them.

use serde_json::{Value, json};

use super::core::errors;

const EXTENSIONS: &str = "http://hl7.org/fhir/StructureDefinition/";
const UCUM: &str = "http://unitsofmeasure.org";

fn questionnaire(items: Value) -> Value {
    json!({ "resourceType": "Questionnaire", "url": "http://x.test/q", "status": "active", "item": items })
}

/// The errors of a finished response to a questionnaire.
fn answered(items: Value, given: Value) -> Vec<String> {
    let response = json!({
        "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "http://x.test/q",
        "item": given
    });
    errors(&response, &[questionnaire(items)])
}

#[test]
fn options_may_be_a_value_set_inside_the_questionnaire() {
    let inside = json!({
        "resourceType": "ValueSet", "id": "v", "status": "active",
        "compose": { "include": [{ "system": "http://x.test/s", "concept": [{ "code": "a" }] }] }
    });
    let mut form = questionnaire(json!([{ "linkId": "1", "type": "choice", "answerValueSet": "#v" }]));
    form["contained"] = json!([inside]);
    let chosen = |code: &str| {
        let coding = json!({ "system": "http://x.test/s", "code": code });
        let response = json!({
            "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "http://x.test/q",
            "item": [{ "linkId": "1", "answer": [{ "valueCoding": coding }] }]
        });
        errors(&response, std::slice::from_ref(&form))
    };
    assert_eq!(chosen("a"), [""; 0]);
    assert_eq!(chosen("b"), ["QuestionnaireResponse.item[0].answer[0].value.ofType(Coding)"]);
}

#[test]
fn items_depend_on_questions_outside_of_them() {
    let when = |question: &str| {
        let condition = json!([{ "question": question, "operator": "exists", "answerBoolean": true }]);
        let inner = json!([{ "linkId": "3", "type": "string" }]);
        let group = json!({ "linkId": "2", "type": "group", "enableWhen": condition, "item": inner });
        errors(&questionnaire(json!([{ "linkId": "1", "type": "string" }, group])), &[])
    };
    assert_eq!(when("1"), [""; 0]);
    for wrong in ["2", "3", "4"] {
        assert_eq!(when(wrong), ["Questionnaire.item[1]"], "{wrong}");
    }
}

#[test]
fn items_repeat_the_words_of_their_question() {
    let items = json!([{ "linkId": "1", "text": "How much?", "type": "integer" }]);
    let given = |text: &str| json!([{ "linkId": "1", "text": text, "answer": [{ "valueInteger": 1 }] }]);
    assert_eq!(answered(items.clone(), given("How much?")), [""; 0]);
    assert_eq!(answered(items, given("How many?")), ["QuestionnaireResponse.item[0]"]);
}

#[test]
fn groups_are_filled_where_they_must_be_and_left_out_where_they_do_not_apply() {
    let inner = json!([{ "linkId": "3", "type": "boolean" }]);
    let group = json!([{ "linkId": "2", "type": "group", "required": true, "item": inner }]);
    assert_eq!(answered(group.clone(), json!([{ "linkId": "2" }])), ["QuestionnaireResponse.item[0]"]);
    let filled =
        json!([{ "linkId": "2", "item": [{ "linkId": "3", "answer": [{ "valueBoolean": true }] }] }]);
    assert_eq!(answered(group.clone(), filled.clone()), [""; 0]);
    let mut items = json!([{ "linkId": "1", "type": "string" }, group[0]]);
    items[1]["enableWhen"] = json!([{ "question": "1", "operator": "exists", "answerBoolean": true }]);
    assert_eq!(answered(items, filled), ["QuestionnaireResponse.item[0]"]);
}

#[test]
fn quantities_are_compared_across_units_and_may_use_the_units_that_are_offered() {
    let limit = json!({ "value": 2, "system": UCUM, "code": "kg" });
    let most = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity";
    let gram = json!({ "system": UCUM, "code": "g", "display": "gram" });
    let extensions = [
        json!({ "url": most, "valueQuantity": limit }),
        json!({ "url": format!("{EXTENSIONS}questionnaire-unitOption"), "valueCoding": gram }),
        json!({ "url": format!("{EXTENSIONS}maxDecimalPlaces"), "valueInteger": 1 }),
    ];
    let given = |extension: &Value, value: f64, unit: &str, code: &str| {
        let items = json!([{ "linkId": "1", "type": "quantity", "extension": [extension] }]);
        let own = json!({ "value": value, "unit": unit, "system": UCUM, "code": code });
        answered(items, json!([{ "linkId": "1", "answer": [{ "valueQuantity": own }] }])).len()
    };
    assert_eq!(given(&extensions[0], 1999.5, "g", "g"), 0);
    assert_eq!(given(&extensions[0], 2000.5, "g", "g"), 1);
    assert_eq!(given(&extensions[0], 1.0, "m", "m"), 1);
    assert_eq!(given(&extensions[1], 1.0, "gram", "g"), 0);
    assert_eq!(given(&extensions[1], 1.0, "ounce", "g"), 1);
    assert_eq!(given(&extensions[2], 1.5, "g", "g"), 0);
    assert_eq!(given(&extensions[2], 1.25, "g", "g"), 1);
}
