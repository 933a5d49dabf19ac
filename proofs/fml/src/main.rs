//! Runs exported maps on every example of the mappings, in both directions and in both forms, and compares with Kith's results.
//!
//! `kith-fml EXPORTED ROOT`: EXPORTED is what `kith map export` wrote, ROOT the project. Exit 1 where something differs that
//! `differences.txt` does not name, or where a difference that it names is gone.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fml_check::{CoreDefinitions, PackageDefinitions, Release};
use fml_engine::{Engine, FhirPathExpressions, Limits};
use fml_model::StructureMap;
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let [exported, root] = arguments.as_slice() else {
        eprintln!("kith-fml EXPORTED ROOT");
        std::process::exit(2);
    };
    let known = fs::read_to_string(root.join("proofs/fml/differences.txt")).unwrap_or_default();
    let known: BTreeSet<String> =
        known.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect();
    let (mut runs, mut found) = (0, BTreeSet::new());
    for file in examples(&root.join("profiles/examples/pass")) {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let Some((kind, example)) = name.split_once("--") else { continue };
        let message = read(&file);
        let record = read(&root.join(format!("mappings/{kind}/examples/{example}.json")));
        for (direction, given, expected) in
            [("to-fhir", &record, &message), ("to-record", &message, &record)]
        {
            for form in ["map", "json"] {
                runs += 1;
                let got = run(exported, kind, direction, form, given).await;
                let differences = match got {
                    Ok(got) if direction == "to-fhir" => differences(&anonymous(&got), &anonymous(expected)),
                    Ok(got) => differences(&without_type(got), expected),
                    Err(text) => vec![format!("error: {text}")],
                };
                found.extend(differences.into_iter().map(|one| format!("{kind} {direction} {one}")));
            }
        }
    }
    let (new, gone) = (found.difference(&known), known.difference(&found));
    let new: Vec<&String> = new.collect();
    let gone: Vec<&String> = gone.collect();
    new.iter().for_each(|one| println!("differs: {one}"));
    gone.iter().for_each(|one| println!("no longer differs, strike it out of differences.txt: {one}"));
    println!("kith-fml: {runs} runs, {} places differ as differences.txt says, {} otherwise", known.len() - gone.len(), new.len() + gone.len());
    std::process::exit(i32::from(!new.is_empty() || !gone.is_empty()));
}

fn examples(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of examples");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    files
}

fn read(file: &Path) -> Value {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

async fn run(exported: &Path, kind: &str, direction: &str, form: &str, given: &Value) -> Result<Value, String> {
    let map: StructureMap = if form == "json" {
        let json = read(&exported.join(format!("StructureMap-{kind}-{direction}.json")));
        fml_model::from_json(json).map_err(|error| error.to_string())?
    } else {
        let text = fs::read_to_string(exported.join(format!("{kind}-{direction}.map")));
        let compiled = fml_model::compile(&text.map_err(|error| error.to_string())?);
        if compiled.has_errors() {
            return Err(format!("{:?}", compiled.diagnostics));
        }
        compiled.map
    };
    let mut definitions = PackageDefinitions::new(CoreDefinitions::new(Release::R4));
    definitions.add(&read(&exported.join(format!("StructureDefinition-record-{kind}.json"))))?;
    let expressions = FhirPathExpressions::new(Release::R4).await.map_err(|error| error.to_string())?;
    let engine = Engine::new(&definitions, expressions).with_limits(Limits::default());
    engine.transform(&map, given).await.map(|done| done.target).map_err(|error| error.to_string())
}

/// The message with its resources' addresses by their place, and without what the maps do not say: ids and narratives.
fn anonymous(message: &Value) -> Value {
    let mut text = message.to_string();
    for (at, entry) in message["entry"].as_array().into_iter().flatten().enumerate() {
        if let Some(address) = entry["fullUrl"].as_str() {
            let id = address.trim_start_matches("urn:uuid:");
            text = text.replace(id, &format!("entry-{at}"));
        }
    }
    let mut message: Value = serde_json::from_str(&text).expect("JSON");
    for entry in message["entry"].as_array_mut().into_iter().flatten() {
        if let Some(resource) = entry["resource"].as_object_mut() {
            resource.remove("text");
        }
    }
    message
}

fn without_type(mut record: Value) -> Value {
    if let Some(object) = record.as_object_mut() {
        object.remove("resourceType");
    }
    record
}

/// Where two values differ, lists by place; never the values.
fn differences(got: &Value, expected: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(got, expected, "", &mut found);
    found
}

fn compare(got: &Value, expected: &Value, path: &str, found: &mut Vec<String>) {
    match (got, expected) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let none = json!(null);
                let (one, other) = (one.get(key).unwrap_or(&none), other.get(key).unwrap_or(&none));
                compare(one, other, &format!("{path}.{key}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                let place = match other["resource"]["resourceType"].as_str() {
                    Some(kind) => format!("{path}[{kind}]"),
                    None => format!("{path}[{at}]"),
                };
                compare(one, other, &place, found);
            }
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        _ if got == expected => {}
        _ => found.push(format!("{path}: {}", if got.is_null() { "missing" } else if expected.is_null() { "too much" } else { "another" })),
    }
}
