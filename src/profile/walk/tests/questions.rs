//! Questionnaires, and the answers to them.

use serde_json::{Value, json};

use super::core::{errors, found};
use crate::problem::Severity;

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
    let plain = json!({ "url": format!("{EXTENSIONS}maxValue"), "valueQuantity": limit });
    assert_eq!(given(&plain, 1999.5, "g", "g"), 0);
    assert_eq!(given(&plain, 2000.5, "g", "g"), 1);
    assert_eq!(given(&extensions[1], 1.0, "gram", "g"), 0);
    assert_eq!(given(&extensions[1], 1.0, "ounce", "g"), 1);
    assert_eq!(given(&extensions[2], 1.5, "g", "g"), 0);
    assert_eq!(given(&extensions[2], 1.25, "g", "g"), 1);
}

#[test]
fn a_response_is_about_whom_the_questionnaire_is_for() {
    let warned = |subject: &str| {
        let mut form = questionnaire(json!([{ "linkId": "1", "type": "string" }]));
        form["subjectType"] = json!(["Patient"]);
        let response = json!({
            "resourceType": "QuestionnaireResponse", "status": "in-progress", "questionnaire": "http://x.test/q",
            "subject": { "reference": subject }
        });
        found(Severity::Warning, &response, &[form])
    };
    assert_eq!(warned("Patient/1"), [""; 0]);
    assert_eq!(warned("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"), [""; 0]);
    assert_eq!(warned("Practitioner/1"), ["QuestionnaireResponse.subject"]);
}

#[test]
fn invariants_of_a_questionnaire_hold_for_what_is_finished() {
    let rule = |name: &str, severity: &str, expression: &str| {
        json!({ "url": format!("{EXTENSIONS}{name}"), "extension": [
            { "url": "key", "valueId": "r1" }, { "url": "severity", "valueCode": severity },
            { "url": "expression", "valueString": expression }, { "url": "human", "valueString": "Say more." }
        ] })
    };
    let seen = |weight: Severity, status: &str, whole: Value, of_item: Value| {
        let mut form = questionnaire(json!([{ "linkId": "1", "type": "string", "extension": [of_item] }]));
        form["extension"] = json!([whole]);
        let response = json!({
            "resourceType": "QuestionnaireResponse", "status": status, "questionnaire": "http://x.test/q",
            "item": [{ "linkId": "1", "answer": [{ "valueString": "ab" }] }]
        });
        found(weight, &response, &[form])
    };
    let fine = rule("targetConstraint", "error", "item.where(linkId = '1').answer.value = 'ab'");
    let long = |severity: &str| rule("questionnaire-constraint", severity, "answer.value.length() > 2");
    let at = ["QuestionnaireResponse.item[0]"];
    let other = rule("questionnaire-constraint", "error", "%resource.item.count() = 2");
    assert_eq!(seen(Severity::Error, "completed", fine.clone(), fine.clone()), at);
    assert_eq!(seen(Severity::Error, "completed", fine.clone(), long("error")), at);
    assert_eq!(seen(Severity::Error, "in-progress", fine.clone(), long("error")), [""; 0]);
    assert_eq!(seen(Severity::Warning, "completed", fine.clone(), long("warning")), at);
    assert_eq!(seen(Severity::Error, "completed", other, long("warning")), ["QuestionnaireResponse"]);
    let unknown = rule("questionnaire-constraint", "error", "%qitem.required");
    assert_eq!(seen(Severity::Error, "completed", fine.clone(), unknown.clone()), [""; 0]);
    assert!(seen(Severity::Information, "completed", fine, unknown).contains(&at[0].to_owned()));
}

#[test]
fn who_sends_answers_cannot_make_their_rules_costly() {
    let rule = json!({ "url": format!("{EXTENSIONS}questionnaire-constraint"), "extension": [
        { "url": "key", "valueId": "r1" }, { "url": "severity", "valueCode": "error" },
        { "url": "expression", "valueString": "answer.value = 'b'" }, { "url": "human", "valueString": "No." }
    ] });
    let mut form =
        questionnaire(json!([{ "linkId": "1", "type": "string", "repeats": true, "extension": [rule] }]));
    let item = json!({ "linkId": "1", "answer": [{ "valueString": "b" }] });
    let mut response = json!({
        "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "http://x.test/q",
        "item": vec![item; 1_100]
    });
    let known = [form.clone()];
    assert_eq!(found(Severity::Information, &response, &known), ["QuestionnaireResponse.item[1000]"]);
    response["item"][999]["answer"][0]["valueString"] = json!("a");
    response["item"][1_000]["answer"][0]["valueString"] = json!("a");
    assert_eq!(found(Severity::Error, &response, &known), ["QuestionnaireResponse.item[999]"]);
    form["id"] = json!("q");
    response["contained"] = json!([form]);
    response["questionnaire"] = json!("#q");
    assert_eq!(found(Severity::Error, &response, &[]), [""; 0]);
    assert_eq!(found(Severity::Information, &response, &[]), ["QuestionnaireResponse.item[0]"]);
}

#[test]
fn what_is_offered_and_filled_in_is_of_the_type_of_the_question() {
    let item = |kind: &str, name: &str, value: Value| {
        errors(&questionnaire(json!([{ "linkId": "1", "type": kind, name: [value] }])), &[])
    };
    for (kind, value) in [
        ("boolean", json!({ "valueBoolean": true })),
        ("date", json!({ "valueDate": "2020-01-01" })),
        ("url", json!({ "valueUri": "http://x.test" })),
        ("choice", json!({ "valueReference": { "reference": "Patient/1" } })),
    ] {
        assert_eq!(item(kind, "initial", value), [""; 0], "{kind}");
    }
    let wrong = item("date", "initial", json!({ "valueDateTime": "2020-01-01T10:00:00Z" }));
    assert_eq!(wrong, ["Questionnaire.item[0].initial[0]"]);
    let wrong = item("integer", "answerOption", json!({ "valueString": "one" }));
    assert_eq!(wrong, ["Questionnaire.item[0].answerOption[0]"]);
}

#[test]
fn a_condition_compares_with_what_can_be_an_answer() {
    let when = |kind: &str, answer: Value| {
        let mut condition = json!({ "question": "1", "operator": "=" });
        condition.as_object_mut().unwrap().extend(answer.as_object().unwrap().clone());
        let items = json!([
            { "linkId": "1", "type": kind }, { "linkId": "2", "type": "string", "enableWhen": [condition] }
        ]);
        found(Severity::Warning, &questionnaire(items), &[])
    };
    assert_eq!(when("decimal", json!({ "answerInteger": 1 })), [""; 0]);
    assert_eq!(when("url", json!({ "answerString": "http://x.test" })), [""; 0]);
    assert_eq!(when("boolean", json!({ "answerString": "yes" })), ["Questionnaire.item[1].enableWhen"]);
}

#[test]
fn references_are_to_what_a_profile_is_about_and_codes_are_codes() {
    let items = json!([
        { "linkId": "1", "type": "reference", "extension": [
            { "url": format!("{EXTENSIONS}questionnaire-referenceProfile"), "valueCanonical": format!("{EXTENSIONS}Patient") }
        ] },
        { "linkId": "2", "type": "choice", "answerValueSet": "http://hl7.org/fhir/ValueSet/administrative-gender" },
        { "linkId": "3", "type": "url", "maxLength": 12 }
    ]);
    let given = |who: &str, gender: Value, address: &str| {
        let given = json!([
            { "linkId": "1", "answer": [{ "valueReference": { "reference": who } }] },
            { "linkId": "2", "answer": [{ "valueCoding": gender }] },
            { "linkId": "3", "answer": [{ "valueUri": address }] }
        ]);
        answered(items.clone(), given)
    };
    let female = json!({ "system": "http://hl7.org/fhir/administrative-gender", "code": "female" });
    assert_eq!(given("Patient/1", female, "http://x.io"), [""; 0]);
    let at = |number: usize, kind: &str| {
        format!("QuestionnaireResponse.item[{number}].answer[0].value.ofType({kind})")
    };
    let wrong = given("Practitioner/1", json!({ "display": "Female" }), "http://x.test/long");
    assert_eq!(wrong, [at(0, "Reference"), at(1, "Coding"), at(2, "uri")]);
}

#[test]
fn what_is_derived_takes_nothing_back() {
    let base = json!({
        "resourceType": "Questionnaire", "url": "http://x.test/base", "status": "active",
        "item": [
            { "linkId": "1", "type": "string", "required": true, "maxLength": 5 },
            { "linkId": "2", "type": "choice", "answerOption": [{ "valueCoding": { "code": "a" } }, { "valueCoding": { "code": "b" } }] }
        ]
    });
    let derived = |way: &str, item: Value| {
        let coding = json!({ "system": "http://hl7.org/fhir/questionnaire-derivationType", "code": way });
        let url = "http://hl7.org/fhir/StructureDefinition/questionnaire-derivationType";
        let own = json!({
            "resourceType": "Questionnaire", "status": "active", "derivedFrom": ["http://x.test/base"],
            "_derivedFrom": [{ "extension": [{ "url": url, "valueCoding": coding }] }], "item": [item]
        });
        !errors(&own, std::slice::from_ref(&base)).contains(&"Questionnaire.item[0]".to_owned())
    };
    let code = |code: &str| json!([{ "valueCoding": { "code": code, "display": "A" } }]);
    for (item, is_good) in [
        (json!({ "linkId": "1", "type": "string", "required": true, "maxLength": 4 }), true),
        (json!({ "linkId": "1", "type": "text", "required": true, "maxLength": 4 }), false),
        (json!({ "linkId": "1", "type": "string", "required": false, "maxLength": 4 }), false),
        (json!({ "linkId": "1", "type": "string", "repeats": true, "maxLength": 4 }), false),
        (json!({ "linkId": "1", "type": "string", "required": true, "maxLength": 6 }), false),
        (json!({ "linkId": "1", "type": "string", "required": true }), false),
        (json!({ "linkId": "2", "type": "choice", "answerOption": code("a") }), true),
        (json!({ "linkId": "2", "type": "choice", "answerOption": code("c") }), false),
        (json!({ "linkId": "2", "type": "choice", "answerValueSet": "http://x.test/set" }), false),
    ] {
        assert_eq!(derived("extends", item.clone()), is_good, "{item}");
    }
    let new = json!({ "linkId": "3", "type": "string" });
    assert!(derived("extends", new.clone()));
    assert!(!derived("compliesWith", new.clone()));
    assert!(derived("inspiredBy", new));
}
