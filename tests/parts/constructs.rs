//! Each construct of the mapping language (`mappings/README.md`) that no kind needs to prove it: both directions, and
//! what `kith map check` says of a page that breaks its rule.

use kith::catalogue::{Catalogue, Files, Kind};
use serde_json::{Value, json};

use crate::values::{envelope, to_fhir, to_record};

const PAGE: &str = "# Small\n\n- kind: small\n- about: identity\n- event: urn:x|small\n\n\
## Patient: child\n\n| record | FHIR | as | dataset |\n| --- | --- | --- | --- |\n\
| narrative | text | narrative | — |\n\
| name | name[0].family | text | identity/name |\n\
| also name | name[0].text | text | — |\n\
| sex | gender | code sex | identity/sex |\n\
| default unknown for sex | gender | code | — |\n\n\
## Encounter: visit\n\n| record | FHIR | as | dataset |\n| --- | --- | --- | --- |\n\
| visit.day + visit.time | period.start | dateTime | registration |\n\n\
## Flag: warning, for each entries[] where entries[].type is risk\n\n| record | FHIR | as | dataset |\n| --- | --- | --- | --- |\n\
| entries[].type + entries[].words | code | concept type | needs |\n\
| entries[].number | identifier[0].value | text | needs |\n\n\
## Condition: illness, for each entries[] where entries[].type is illness\n\n| record | FHIR | as | dataset |\n| --- | --- | --- | --- |\n\
| entries[].type + entries[].words | code | concept type | needs |\n\
| entries[].number | identifier[0].value | text | needs |\n\n\
## CarePlan: plan\n\n| record | FHIR | as | dataset |\n| --- | --- | --- | --- |\n\
| -> goal | goal[] | reference | — |\n\
| actions[].what | activity[].detail.description | text | needs |\n\
| actions[].goal | activity[].detail.goal[0] | reference goal by goals[].number | needs |\n\n\
## Goal: goal, for each goals[]\n\n| record | FHIR | as | dataset |\n| --- | --- | --- | --- |\n\
| goals[].number | identifier[0].value | text | needs |\n";

fn files(page: &str) -> Files {
    let word = json!({ "type": "string", "minLength": 1, "maxLength": 40 });
    let object = |properties: Value, required: &[&str]| json!({ "type": "object", "additionalProperties": false, "minProperties": 1, "required": required, "properties": properties });
    let list = |item: Value| json!({ "type": "array", "minItems": 1, "maxItems": 9, "items": item });
    let kind = json!({ "type": "string", "enum": ["risk", "illness"] });
    let schema = object(
        json!({
            "name": { "type": "string", "minLength": 1, "maxLength": 40, "title": "Family name" },
            "sex": { "type": "string", "enum": ["male", "female"] },
            "visit": object(json!({ "day": { "type": "string", "format": "date" }, "time": { "type": "string", "format": "clock-time" } }), &["day"]),
            "entries": list(object(json!({ "type": kind, "words": word, "number": word }), &["type"])),
            "actions": list(object(json!({ "what": word, "goal": word }), &["what"])),
            "goals": list(object(json!({ "number": word }), &["number"])),
        }),
        &["name"],
    );
    let csv = |rows: &str| format!("record,system,code,display,note\n{rows}");
    Files::from([
        ("small/mapping.md".to_owned(), page.to_owned()),
        ("small/record.schema.json".to_owned(), schema.to_string()),
        ("small/codes/sex.csv".to_owned(), csv("male,urn:sex,male,Male,\nfemale,urn:sex,female,Female,\n")),
        ("small/codes/type.csv".to_owned(), csv("risk,urn:t,r,Risk,\nillness,urn:t,i,Illness,\n")),
    ])
}

fn kind() -> std::sync::Arc<Kind> {
    let catalogue = Catalogue::load(&files(PAGE)).unwrap_or_else(|faults| panic!("{faults:#?}"));
    catalogue.kind("small").expect("the kind").clone()
}

fn record() -> Value {
    json!({
        "name": "Okafor <&>",
        "visit": { "day": "2026-07-05", "time": "09:30" },
        "entries": [
            { "type": "illness", "words": "wheezes at night", "number": "1" },
            { "type": "risk", "number": "2" },
            { "type": "illness", "number": "3" },
        ],
        "actions": [{ "what": "call", "goal": "g2" }, { "what": "write", "goal": "no such goal" }],
        "goals": [{ "number": "g1" }, { "number": "g2" }],
    })
}

fn there(record: &Value) -> Value {
    to_fhir(&kind().mapping, record, &envelope("small", record)).0
}

fn resources<'b>(bundle: &'b Value, kind: &str) -> Vec<&'b Value> {
    let entries = bundle["entry"].as_array().expect("entries").iter().map(|entry| &entry["resource"]);
    entries.filter(|resource| resource["resourceType"] == kind).collect()
}

#[test]
fn every_construct_comes_back_with_an_empty_ledger() {
    let (back, ledger) = to_record(&kind().mapping, &there(&record()));
    assert_eq!(back, record());
    assert!(ledger.is_empty(), "{ledger:#?}");
}

#[test]
fn a_value_in_two_places_a_default_and_the_narrative_are_written() {
    let (bundle, ledger) = to_fhir(&kind().mapping, &record(), &envelope("small", &record()));
    let child = resources(&bundle, "Patient")[0];
    assert_eq!(child["name"][0], json!({ "family": "Okafor <&>", "text": "Okafor <&>" }));
    assert_eq!(child["gender"], "unknown");
    assert!(ledger.iter().any(|issue| issue.expression.as_deref() == Some("sex")), "the default is told");
    let div = child["text"]["div"].as_str().expect("a narrative");
    assert!(div.contains("<th>Family name</th><td>Okafor &lt;&amp;&gt;</td>"), "{div}");
    assert_eq!(resources(&bundle, "Encounter")[0]["period"]["start"], "2026-07-05T09:30:00+01:00");
}

#[test]
fn a_list_is_divided_by_a_value_and_keeps_its_order() {
    let bundle = there(&record());
    assert_eq!((resources(&bundle, "Condition").len(), resources(&bundle, "Flag").len()), (2, 1));
    let codes = resources(&bundle, "Condition")[0]["code"].clone();
    assert_eq!(
        codes,
        json!({ "coding": [{ "system": "urn:t", "code": "i", "display": "Illness" }], "text": "wheezes at night" })
    );
    // What belongs in another resource is not believed here.
    let mut swapped = bundle.clone();
    let flag = swapped["entry"]
        .as_array_mut()
        .expect("entries")
        .iter_mut()
        .find(|e| e["resource"]["resourceType"] == "Flag");
    flag.expect("the flag")["resource"]["code"]["coding"][0]["code"] = json!("i");
    let (back, ledger) = to_record(&kind().mapping, &swapped);
    assert!(!ledger.is_empty() && !kind().schema.faults(&back).is_empty());
}

#[test]
fn references_find_the_item_by_its_key() {
    let bundle = there(&record());
    let plan = resources(&bundle, "CarePlan")[0].clone();
    assert_eq!(plan["goal"].as_array().map(Vec::len), Some(2));
    assert_eq!(plan["activity"][0]["detail"]["goal"][0]["reference"], plan["goal"][1]["reference"]);
    assert!(plan["activity"][1]["detail"]["goal"][0].get("reference").is_none());
    // Another system names the resource and no key: the key is the one the resource has.
    let mut foreign = bundle.clone();
    let entry = foreign["entry"]
        .as_array_mut()
        .expect("entries")
        .iter_mut()
        .find(|e| e["resource"]["resourceType"] == "CarePlan");
    let goal = &mut entry.expect("the plan")["resource"]["activity"][0]["detail"]["goal"][0];
    goal.as_object_mut().expect("a reference").remove("identifier");
    let (back, ledger) = to_record(&kind().mapping, &foreign);
    assert_eq!(back, record());
    assert!(ledger.is_empty(), "{ledger:#?}");
}

#[test]
fn what_differs_in_the_second_place_is_in_the_ledger() {
    let mut bundle = there(&record());
    let child = bundle["entry"]
        .as_array_mut()
        .expect("entries")
        .iter_mut()
        .find(|e| e["resource"]["resourceType"] == "Patient");
    let child = &mut child.expect("the child")["resource"];
    child["name"][0]["text"] = json!("Another");
    child["text"]["div"] = json!("<div xmlns=\"http://www.w3.org/1999/xhtml\">Another</div>");
    let (back, ledger) = to_record(&kind().mapping, &bundle);
    let places: Vec<&str> = ledger.iter().filter_map(|issue| issue.expression.as_deref()).collect();
    assert_eq!(back, record());
    assert!(places.iter().any(|place| place.ends_with("name[0].text")), "{places:?}");
    assert!(places.iter().any(|place| place.ends_with("text.div")), "{places:?}");
}

#[test]
fn every_construct_is_exported_as_fhir_has_it() {
    let catalogue = Catalogue::load(&files(PAGE)).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let conformance = kith::profile::Conformance::new(vec![], kith::clock::now).expect("the profiles");
    for definition in catalogue.definitions() {
        let found = conformance.validate(&definition.to_string(), &[]);
        let errors = |issue: &kith::problem::Issue| issue.severity == kith::problem::Severity::Error;
        let faults: Vec<_> = found.issues().into_iter().filter(errors).collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", definition["id"]);
    }
    let there = catalogue.exported(&kind(), kith::map::Direction::ToFhir).text;
    assert!(there.contains("where (type in ('risk')"), "{there}");
    let back = catalogue.exported(&kind(), kith::map::Direction::ToRecord).text;
    assert!(
        back.contains("resource.ofType(Flag).exists()) or (resource.ofType(Condition).exists()"),
        "{back}"
    );
}

/// Changes the page and looks for the sentence.
#[track_caller]
fn refused(old: &str, new: &str, sentence: &str) {
    assert!(PAGE.contains(old), "{old}");
    let faults = Catalogue::load(&files(&PAGE.replace(old, new))).expect_err("a fault");
    let told = |fault: &kith::catalogue::Fault| fault.line > 0 && fault.text.contains(sentence);
    assert!(faults.iter().any(told), "{faults:#?}");
}

#[test]
fn a_page_that_breaks_a_rule_is_refused_with_its_line() {
    refused("where entries[].type is risk", "where entries[].type is rubbish", "is never 'rubbish'");
    refused("where entries[].type is risk", "where entries[].type is illness", "makes 'warning' already");
    refused("where entries[].type is risk", "where entries[].words is risk", "so it is a required value");
    refused(" where entries[].type is risk", "", "divide the list with 'where'");
    refused("## Condition: illness", "## Flag: illness", "add an 'is' row");
    refused("default unknown for sex", "default male for sex", "would be read as the record's own");
    refused("also name", "also nothing", "none carries 'nothing'");
    refused("visit.day + visit.time", "visit.time + visit.day", "'clock-time'");
    refused("reference goal by goals[].number", "reference goal by goals[].nothing", "is no single value");
    refused("| narrative | text |", "| narrative | name[0].text |", "the narrative is the element 'text'");
}

#[test]
fn a_row_that_is_half_written_is_told_what_is_missing() {
    refused("| also name |", "| also |", "also PATH");
    refused("| default unknown for sex |", "| default |", "default VALUE for PATH");
    refused("| default unknown for sex |", "| default unknown |", "default VALUE for PATH");
    refused("| default unknown for sex |", "| = |", "= VALUE");
    refused("visit.day + visit.time", "visit.day +", "PATH + PATH");
    refused(
        "| sex | gender | code sex | identity/sex |",
        "| sex | gender | code sex | — |",
        "to which dataset",
    );
}

#[test]
fn columns_hold_every_value_of_a_flat_record() {
    let with = |rows: &str| format!("{PAGE}\n## Columns\n\n| column | record |\n| --- | --- |\n{rows}");
    let faults = Catalogue::load(&files(&with(
        "| Name | name |\n| name | sex |\n| What | actions[].what |\n| X | nothing |\n",
    )))
    .expect_err("faults");
    let told: Vec<&str> = faults.iter().map(|fault| fault.text.as_str()).collect();
    for sentence in [
        "there are two columns 'name'",
        "'actions[].what' is in a list of groups, which a row cannot hold",
        "no single value at 'nothing'",
        "no column holds 'visit.day'",
    ] {
        assert!(told.iter().any(|text| text.contains(sentence)), "{sentence}: {told:#?}");
    }
}

#[test]
fn a_row_names_an_element_that_fhir_has_there() {
    refused("| sex | gender |", "| sex | gendre |", "Patient has no element 'gendre' in FHIR R4");
    refused("period.start", "period.begin", "Period has no element 'begin' in FHIR R4");
    refused("name[0].family", "name.family", "'name' of Patient repeats in FHIR");
    refused("| sex | gender |", "| sex | gender[0] |", "'gender' of Patient does not repeat in FHIR");
    refused("name[0].text", "name[usage=official].text", "HumanName has no element 'usage'");
    refused("| sex | gender |", "| sex | deceased |", "write deceasedBoolean, deceasedDateTime");
    refused(
        "| sex | gender | code sex |",
        "| sex | gender | coding sex |",
        "of the type code in FHIR; the row writes Coding",
    );
    refused("## Encounter: visit", "## Visit: visit", "FHIR R4 has no resource 'Visit'");
}
