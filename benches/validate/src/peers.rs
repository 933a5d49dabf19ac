//! What Kith is held against.

use std::hint::black_box;

use serde::de::IgnoredAny;
use serde_json::Value;

/// A validator: from text to a verdict.
pub type Peer = Box<dyn Fn(&str)>;

/// The floor: a text made into a tree.
pub fn sonic(text: &str) {
    let value: sonic_rs::Value = sonic_rs::from_str(text).unwrap();
    black_box(&value);
}

/// The floor of a parser that keeps nothing.
pub fn lexed(text: &str) {
    black_box(serde_json::from_str::<IgnoredAny>(text).unwrap());
}

/// Every peer whose parts are at hand; says which are not.
pub fn all() -> Vec<(&'static str, Peer)> {
    let mut peers: Vec<(&'static str, Peer)> = Vec::new();
    match std::env::var("FHIR_SCHEMA") {
        Ok(path) => peers.push(("jsonschema with fhir.schema.json", schema(&path))),
        Err(_) => println!("FHIR_SCHEMA names no fhir.schema.json: jsonschema is left out"),
    }
    #[cfg(feature = "rh")]
    peers.push(("rh-validator", rh()));
    #[cfg(not(feature = "rh"))]
    println!("built without the feature rh: rh-validator is left out");
    peers
}

/// The official schema, one for each type that the inputs have: with one for all, the first wrong branch of a great
/// `oneOf` decides about the time.
fn schema(path: &str) -> Peer {
    let mut whole: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    whole["definitions"]["Resource"] = serde_json::json!({ "$ref": "#/definitions/ResourceList" });
    let of = |name: &str| {
        let mut one = whole.clone();
        let object = one.as_object_mut().unwrap();
        object.remove("oneOf");
        object.remove("discriminator");
        object.remove("id");
        object.insert("$ref".to_owned(), Value::String(format!("#/definitions/{name}")));
        (name.to_owned(), jsonschema::options().with_draft(jsonschema::Draft::Draft6).build(&one).unwrap())
    };
    let schemas = ["Patient", "Observation", "Bundle"].map(of);
    Box::new(move |text| {
        let value: Value = serde_json::from_str(text).unwrap();
        let name = value["resourceType"].as_str().unwrap();
        let (_, schema) = schemas.iter().find(|one| one.0 == name).unwrap();
        assert!(schema.is_valid(&value), "the peer must find it valid too");
    })
}

#[cfg(feature = "rh")]
fn rh() -> Peer {
    use rh_validator::{FhirValidator, FhirVersion};
    let validator = FhirValidator::new(FhirVersion::R4, None).unwrap();
    Box::new(move |text| {
        let value: Value = serde_json::from_str(text).unwrap();
        black_box(validator.validate_auto(&value).unwrap());
    })
}
