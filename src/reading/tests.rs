//! Nothing passes but what the tables name, wherever else a source puts it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::domain::{Item, NHS_NUMBER_SYSTEM, NhsNumber, ODS_SYSTEM, PartnerId};

mod hidden;

const PLANTED: &str = "PLANTED";

fn all() -> BTreeSet<Item> {
    Item::all().collect()
}

fn cut(resource: &Value, permitted: &BTreeSet<Item>) -> Cut {
    cut_of_a_child(resource, permitted, false)
}

fn cut_of_a_child(resource: &Value, permitted: &BTreeSet<Item>, hides_where: bool) -> Cut {
    let numbers: Vec<NhsNumber> = vec!["9990000018".parse().unwrap(), "9991000216".parse().unwrap()];
    let source = PartnerId("source".to_owned());
    let child = Child { numbers: &numbers, ids: vec!["p1".to_owned()], source: &source, hides_where };
    Table::builtin().unwrap().cut(resource, &child, permitted)
}

/// Something hidden in every object: what carries no meaning that Kith knows must not pass.
fn planted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut object: serde_json::Map<String, Value> =
                object.iter().map(|(key, inner)| (key.clone(), planted(inner))).collect();
            object
                .insert("extension".to_owned(), json!([{ "url": "https://x.test", "valueString": PLANTED }]));
            object.insert(
                "_status".to_owned(),
                json!({ "extension": [{ "url": "https://x.test", "valueString": PLANTED }] }),
            );
            object.insert("valueAttachment".to_owned(), json!({ "title": PLANTED }));
            object.entry("id").or_insert_with(|| json!(PLANTED));
            Value::Object(object)
        }
        Value::Array(list) => Value::Array(list.iter().map(planted).collect()),
        plain => plain.clone(),
    }
}

fn team() -> Value {
    json!({
        "resourceType": "CareTeam", "id": "t", "status": "active", "name": "Team",
        "text": { "status": "generated", "div": PLANTED },
        "note": [{ "text": PLANTED }],
        "telecom": [{ "system": "phone", "value": PLANTED }],
        "contained": [{ "resourceType": "RelatedPerson", "id": "r", "name": [{ "text": PLANTED }] }],
        "subject": { "reference": "Patient/p1", "display": PLANTED },
        "participant": [
            { "member": { "reference": "Practitioner/1", "display": "Ruth Anand" } },
            { "member": { "reference": "RelatedPerson/2", "display": PLANTED } },
            { "member": { "reference": "#r", "display": PLANTED } },
            { "member": { "type": "Patient", "identifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": PLANTED }, "display": PLANTED } },
            { "member": { "identifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": PLANTED } } }
        ],
        "managingOrganization": [{ "identifier": { "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RZ998" }, "display": "Trust" }]
    })
}

#[test]
fn what_is_hidden_anywhere_does_not_pass_and_what_is_named_does() {
    let Cut::Kept(kept) = cut(&planted(&team()), &all()) else { panic!("it may pass") };
    let text = kept.to_string();
    assert!(!text.contains(PLANTED), "{text}");
    for passes in ["Ruth Anand", "RZ998", "\"Team\"", "SUBSETTED"] {
        assert!(text.contains(passes), "{passes}: {text}");
    }
    assert!(
        !text.contains("Practitioner/1") && !text.contains("\"id\":\"t\""),
        "no way back into the source: {text}"
    );
}

#[test]
fn of_a_person_passes_only_who_is_known_to_be_a_professional() {
    let member = |member: Value| {
        let mut team = team();
        team["contained"] = json!([{ "resourceType": "RelatedPerson", "id": "r" }, { "resourceType": "Practitioner", "id": "p" }]);
        team["participant"] = json!([{ "role": [{ "text": "role" }], "member": member }]);
        let Cut::Kept(kept) = cut(&team, &all()) else { panic!("it may pass") };
        let text = kept.to_string();
        assert!(text.contains("role") && !text.contains(PLANTED), "{text}");
        text.contains("Ruth Anand")
    };
    let (ods, number) = (ODS_SYSTEM, NHS_NUMBER_SYSTEM);
    for passes in [
        json!({ "reference": "https://source.test/fhir/Practitioner/1/_history/2", "display": "Ruth Anand" }),
        json!({ "reference": "HealthcareService/1", "display": "Ruth Anand" }),
        json!({ "identifier": { "system": ods, "value": "RZ998" }, "display": "Ruth Anand" }),
        json!({ "type": "PractitionerRole", "identifier": { "system": "https://source.test/staff", "value": PLANTED }, "display": "Ruth Anand" }),
        json!({ "type": "Practitioner", "identifier": { "value": PLANTED }, "display": "Ruth Anand" }),
        json!({ "type": "Organization", "display": "Ruth Anand" }),
        json!({ "reference": "#p", "display": "Ruth Anand" }),
    ] {
        assert!(member(passes.clone()), "{passes}");
    }
    for person in [
        json!({ "reference": "Patient/2", "display": PLANTED }),
        json!({ "reference": "Practitioner/2", "display": PLANTED, "type": "RelatedPerson" }),
        json!({ "reference": "urn:uuid:0f4e3c60-22c5-4d6c-9d80-0d4b1a2b3c4d", "display": PLANTED, "type": "Practitioner" }),
        json!({ "reference": "#nobody", "display": PLANTED }),
        json!({ "reference": "#r", "display": PLANTED }),
        json!({ "identifier": { "system": number, "value": PLANTED }, "display": PLANTED }),
        json!({ "identifier": { "system": "https://source.test/people", "value": PLANTED }, "display": PLANTED }),
        json!({ "identifier": { "system": "https://source.test/people", "value": PLANTED } }),
        json!({ "identifier": { "value": PLANTED } }),
        json!({ "identifier": { "system": number, "value": PLANTED, "assigner": { "display": PLANTED } }, "display": PLANTED, "type": "RelatedPerson" }),
        json!({ "identifier": { "system": ods, "value": PLANTED }, "display": PLANTED, "type": "Patient" }),
        json!({ "display": PLANTED }),
        json!({ "display": PLANTED, "type": "RelatedPerson" }),
    ] {
        assert!(!member(person.clone()), "{person}");
    }
    let plan = json!({
        "resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": { "reference": "Patient/p1" },
        "category": [{ "coding": [{ "system": "http://snomed.info/sct", "code": "735324008", "display": "kept" }] }],
        "activity": [{ "progress": [{ "authorString": PLANTED, "text": "going well" }, { "authorReference": { "display": PLANTED }, "text": "as before" }],
            "detail": { "status": "in-progress", "description": "Weekly group", "performer": [{ "display": "Kenford North Children's Centre" }, { "display": PLANTED, "type": "RelatedPerson" }] } }],
    });
    let Cut::Kept(kept) = cut(&plan, &all()) else { panic!("it may pass") };
    assert_eq!(kept["activity"][0]["progress"], json!([{ "text": "going well" }, { "text": "as before" }]));
    assert_eq!(
        kept["activity"][0]["detail"]["performer"],
        json!([{ "display": "Kenford North Children's Centre" }]),
        "who does what is what a plan says"
    );
    assert!(kept["category"][0]["coding"][0]["display"] == "kept" && !kept.to_string().contains(PLANTED));
}

#[test]
fn a_coding_passes_that_has_nothing_but_words() {
    let answer = json!({
        "resourceType": "QuestionnaireResponse", "status": "completed", "subject": { "reference": "Patient/p1" },
        "questionnaire": "https://kith.example/fhir/Questionnaire/feeding",
        "item": [{ "linkId": "method", "answer": [{ "valueCoding": { "display": "by cup" } }] }],
    });
    let Cut::Kept(kept) = cut(&answer, &all()) else { panic!("it may pass") };
    assert_eq!(kept["item"], answer["item"]);
    let encounter = json!({
        "resourceType": "Encounter", "status": "finished", "subject": { "reference": "Patient/p1" },
        "class": { "display": "home visit" }, "type": [{ "coding": [{ "display": "14-day check" }] }],
        "participant": [{ "individual": { "display": PLANTED } }],
    });
    let Cut::Kept(kept) = cut(&encounter, &all()) else { panic!("it may pass") };
    assert_eq!((&kept["class"], &kept["type"]), (&encounter["class"], &encounter["type"]));
    assert!(!kept.to_string().contains(PLANTED), "{kept}");
}

#[test]
fn without_its_dataset_nothing_of_a_resource_passes_and_of_others_only_theirs() {
    let but = |name: &str| all().into_iter().filter(|item| item.to_string() != name).collect::<BTreeSet<_>>();
    assert_eq!(cut(&team(), &but("registration")), Cut::Withheld);
    let weight = json!({
        "resourceType": "Observation", "status": "final", "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] },
        "subject": { "reference": "Patient/p1" }, "performer": [{ "reference": "Practitioner/1", "display": "Ruth Anand" }],
    });
    let Cut::Kept(kept) = cut(&weight, &all()) else { panic!("it may pass") };
    assert_eq!(kept["performer"], json!([{ "display": "Ruth Anand" }]));
    assert_eq!(cut(&weight, &but("measurements")), Cut::Withheld);
    let Cut::Kept(kept) = cut(&weight, &but("registration")) else { panic!("it may pass") };
    assert!(kept.get("performer").is_none() && kept["status"] == "final");
}

#[test]
fn another_childs_resources_and_those_that_nobody_classified_or_that_may_mean_the_opposite_do_not_pass() {
    let changed = |change: fn(&mut Value)| {
        let mut team = team();
        change(&mut team);
        matches!(cut(&team, &all()), Cut::Unfit(_))
    };
    assert!(changed(|team| team["subject"] = json!({ "reference": "Patient/p2" })));
    assert!(changed(
        |team| team["subject"] = json!({ "reference": "Patient/p1", "identifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9991000208" } })
    ));
    assert!(changed(|team| team["subject"] = json!({ "display": "somebody" })));
    assert!(changed(|team| team["resourceType"] = json!("Condition")));
    assert!(changed(|team| team["modifierExtension"] = json!([{ "url": "https://x.test" }])));
    assert!(changed(
        |team| team["participant"][0]["modifierExtension"] = json!([{ "url": "https://x.test" }])
    ));
    assert!(changed(|team| team["implicitRules"] = json!("https://x.test")));
}

#[test]
fn whose_it_is_says_the_number_or_the_patient_and_neither_says_another() {
    let (number, other) = ("9990000018", "9991000208");
    let nhs = |value: &str| json!({ "system": NHS_NUMBER_SYSTEM, "value": value });
    for (subject, is_the_childs) in [
        (json!({ "identifier": nhs(number) }), true),
        (json!({ "identifier": nhs("9991000216") }), true),
        (json!({ "identifier": nhs("9991000216"), "reference": "Patient/p2" }), false),
        (json!({ "identifier": nhs(number), "reference": "Patient/p1" }), true),
        (json!({ "reference": "https://source.test/fhir/Patient/p1/_history/7" }), true),
        (
            json!({ "reference": "Patient/p1", "identifier": { "system": "https://source.test/Id", "value": other } }),
            true,
        ),
        (json!({ "identifier": nhs(other) }), false),
        (json!({ "identifier": { "system": "https://source.test/Id", "value": number } }), false),
        (json!({ "identifier": { "value": number } }), false),
        (json!({ "identifier": nhs(number), "reference": "Patient/p2" }), false),
        (json!({ "identifier": nhs(number), "reference": "#p1" }), false),
        (json!({ "identifier": nhs(other), "reference": "Patient/p1" }), false),
        (json!({ "reference": "Group/p1" }), false),
        (json!({ "reference": "p1" }), false),
        (json!({}), false),
    ] {
        let mut team = team();
        team["subject"] = subject.clone();
        let kept = matches!(cut(&team, &all()), Cut::Kept(_));
        assert_eq!(kept, is_the_childs, "{subject}");
    }
}

#[test]
fn the_narrative_says_what_is_left_and_is_safe() {
    let div = |resource: Value| {
        let Cut::Kept(kept) = cut(&resource, &all()) else { panic!("it may pass") };
        assert_eq!(kept["text"]["status"], "generated");
        kept["text"]["div"].as_str().unwrap().to_owned()
    };
    let weight = json!({
        "resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-03-14",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }], "text": "<b>Weight</b> & \"more\"" },
        "valueQuantity": { "value": 4.1, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" },
        "subject": { "reference": "Patient/p1" },
    });
    assert_eq!(
        div(weight),
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Observation: &lt;b&gt;Weight&lt;/b&gt; &amp; &quot;more&quot;, 4.1 kg, final, 2026-03-14</p></div>"
    );
    assert!(div(team()).contains("<p>CareTeam: Team, active</p>"));
}

#[test]
fn a_resource_belongs_to_what_the_table_says_and_to_nothing_where_it_says_two_things() {
    let table = Table::builtin().unwrap();
    let items = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect::<BTreeSet<Item>>();
    assert_eq!(
        table.types().collect::<Vec<_>>(),
        ["CarePlan", "CareTeam", "Encounter", "Flag", "Observation", "QuestionnaireResponse"]
    );
    assert_eq!(table.possible("CarePlan"), items(&["needs"]).into_iter().collect::<Vec<_>>());
    assert!(table.possible("Condition").is_empty());
    let (weight, mood) = (
        json!({ "system": "http://loinc.org", "code": "29463-7" }),
        json!({ "system": "http://snomed.info/sct", "code": "364589006" }),
    );
    let observation =
        |codings: &[&Value]| json!({ "resourceType": "Observation", "code": { "coding": codings } });
    assert_eq!(table.items_of(&observation(&[&weight])), items(&["measurements"]));
    let mut by_somebody = observation(&[&weight, &weight]);
    by_somebody["performer"] = json!([{ "display": "Ruth Anand" }]);
    assert_eq!(
        table.items_of(&by_somebody),
        items(&["measurements", "registration"]),
        "who weighed is told too"
    );
    assert!(
        table.items_of(&observation(&[&weight, &mood])).is_empty(),
        "nobody can tell which of the two it is"
    );
    assert!(table.items_of(&observation(&[])).is_empty());
    assert!(table.items_of(&json!({ "resourceType": "Condition" })).is_empty());
    let response = |url: &str| json!({ "resourceType": "QuestionnaireResponse", "questionnaire": url });
    let feeding = "https://kith.example/fhir/Questionnaire/feeding";
    assert_eq!(table.items_of(&response(&format!("{feeding}|1.0.0"))), items(&["feeding"]));
    assert!(table.items_of(&response("https://kith.example/fhir/Questionnaire/other")).is_empty());
}

#[test]
fn a_table_that_is_wrong_is_refused_with_its_line() {
    let fault = |datasets: &str, elements: &str| Table::read(datasets, elements).unwrap_err()[0].to_string();
    let (head, rows) = ("resource,by,value,dataset,note\n", "resource,element,dataset,note\n");
    let good = format!("{rows}Flag,status,own,\n");
    assert!(
        fault(&format!("{head}Flag,*,*,colour,\n"), &good)
            .starts_with("reading-datasets.csv:2: there is no dataset")
    );
    assert!(fault(&format!("{head}Flag,*,*,identity,\n"), &good).contains("agreed to in parts"));
    assert!(fault(&format!("{head}Flag,code,x,needs,\n"), &good).contains("system|code"));
    assert!(fault(&format!("{head}Flag,category,x,needs,\n"), &good).contains("system|code"));
    assert!(fault(&format!("{head}Flag,questionnaire,feeding,needs,\n"), &good).contains("its address"));
    assert!(Table::read(&format!("{head}Flag,category,a|b,needs\n"), &good).is_ok());
    assert!(fault(&format!("{head}Flag,*,*,needs,\n"), rows).contains("no element of Flag passes"));
    assert!(fault(&format!("{head}Flag\n"), &good).contains("fewer than 4 columns"));
}
