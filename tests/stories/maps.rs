//! The mappings in FHIR's own mapping language: every map is a StructureMap without a fault, and is there for whoever asks.
//! That another engine makes of them what Kith makes of the pages, `proofs/fml/run` shows.

use std::collections::BTreeSet;

use crate::world::{Caller, World, run};
use kith::catalogue::{Catalogue, Kind};
use kith::map::Direction;
use kith::problem::Severity;
use kith::profile::Conformance;
use serde_json::Value;

fn all() -> (Catalogue, Conformance) {
    let catalogue = Catalogue::builtin().expect("the mappings");
    (catalogue, Conformance::new(vec![], kith::clock::now).expect("the profiles"))
}

#[test]
fn every_map_and_model_is_what_fhir_says_it_is() {
    let (catalogue, conformance) = all();
    for definition in catalogue.definitions() {
        let found = conformance.validate(&definition.to_string(), &[]);
        let faults: Vec<String> = found
            .issues()
            .into_iter()
            .filter(|issue| issue.severity == Severity::Error)
            .map(|issue| format!("{:?}: {}", issue.expression, issue.text))
            .collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", definition["id"]);
    }
}

/// The names of the leaves that a map writes or reads of the record.
fn elements(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("element").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|inner| elements(inner, found));
        }
        Value::Array(list) => list.iter().for_each(|inner| elements(inner, found)),
        _ => {}
    }
}

fn carried(kind: &Kind) -> impl Iterator<Item = String> {
    kind.mapping.data_rows().filter_map(|(_, _, path, _)| Some(path.0.last()?.name.clone()))
}

#[test]
fn every_value_of_a_record_is_in_both_maps() {
    let (catalogue, _) = all();
    for kind in catalogue.kinds() {
        for direction in Direction::ALL {
            let exported = catalogue.exported(kind, direction);
            let mut found = BTreeSet::new();
            elements(&exported.resource, &mut found);
            // What the language cannot say is named in the map itself; a time of day is all of it.
            let lacking: Vec<String> = carried(kind).filter(|name| !found.contains(name)).collect();
            let said = exported.resource["purpose"].as_str().unwrap_or_default();
            assert!(
                lacking.iter().all(|name| name == "time" && said.contains("time")),
                "{}: {lacking:?}",
                kind.name
            );
        }
    }
}

#[test]
fn maps_are_served_as_resources_and_as_text() {
    run(async {
        let world = World::start().await;
        let caller = Caller::of(&world, "health-visitor");
        let one = caller.gets("/fhir/StructureMap/new-birth-visit-to-fhir").await.expect(200);
        assert_eq!(one.json()["url"], "https://kith.example/fhir/StructureMap/new-birth-visit-to-fhir");
        let url = "https://kith.example/fhir/StructureMap/concern-to-record";
        let found = caller.gets(&format!("/fhir/StructureMap?url={url}")).await.expect(200);
        assert_eq!(found.json()["total"], 1);
        let model = caller.gets("/fhir/StructureDefinition/record-joint-plan").await.expect(200);
        assert_eq!(model.json()["kind"], "logical");
        let text = caller.gets("/maps/new-birth-visit-to-record.map").await.expect(200).text();
        assert!(text.starts_with("map \"https://kith.example/fhir/StructureMap/new-birth-visit-to-record\""));
        caller.gets("/maps/new-birth-visit.map").await.expect(404);
        caller.gets("/fhir/StructureMap/new-birth-visit").await.expect(404);
    });
}
