//! Nothing passes but what the tables name, wherever else a source puts it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::domain::{Item, NhsNumber, PartnerId};

const PLANTED: &str = "PLANTED";

fn all() -> BTreeSet<Item> {
    Item::all().collect()
}

fn cut(resource: &Value, permitted: &BTreeSet<Item>) -> Cut {
    let number: NhsNumber = "9990000018".parse().unwrap();
    let source = PartnerId("source".to_owned());
    let child = Child { number: &number, ids: vec!["p1".to_owned()], source: &source };
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
fn without_its_dataset_nothing_of_a_resource_passes_and_of_others_only_theirs() {
    let but = |name: &str| all().into_iter().filter(|item| item.to_string() != name).collect::<BTreeSet<_>>();
    assert_eq!(cut(&team(), &but("registration")), Cut::Withheld);
    let weight = json!({
        "resourceType": "Observation", "status": "final", "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] },
        "subject": { "reference": "Patient/p1" }, "performer": [{ "display": "Ruth Anand" }],
    });
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
    assert!(fault(&format!("{head}Flag,*,*,needs,\n"), rows).contains("no element of Flag passes"));
    assert!(fault(&format!("{head}Flag\n"), &good).contains("fewer than 4 columns"));
}
